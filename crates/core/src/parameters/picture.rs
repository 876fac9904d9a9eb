use crate::image::Image;

/// A picture with its stored name.
///
/// ```
/// use imagesearch_core::{Image, parameters::Picture};
///
/// let picture = Picture::new("front.jpg", Image::from_bytes(vec![0xff, 0xd8, 0xff]));
/// assert_eq!(picture.name(), "front.jpg");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    name: String,
    image: Image,
}

impl Picture {
    /// Creates a named picture.
    pub fn new(name: impl Into<String>, image: impl Into<Image>) -> Self {
        Self { name: name.into(), image: image.into() }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the picture.
    pub fn image(&self) -> &Image {
        &self.image
    }
}

impl<N: Into<String>, I: Into<Image>> From<(N, I)> for Picture {
    fn from((name, image): (N, I)) -> Self {
        Self::new(name, image)
    }
}
