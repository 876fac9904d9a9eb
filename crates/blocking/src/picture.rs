use std::{fs, path::Path};

use imagesearch_core::{Error, ErrorKind, Image};

/// Reads a picture from a file.
///
/// ```no_run
/// let photo = imagesearch_blocking::image_from_path("shoe.jpg")?;
/// # Ok::<(), imagesearch_blocking::Error>(())
/// ```
///
/// # Errors
///
/// The file cannot be read. Its content is checked when the picture is sent.
pub fn image_from_path(path: impl AsRef<Path>) -> Result<Image, Error> {
    let path = path.as_ref();
    fs::read(path).map(Image::from).map_err(|error| {
        Error::new(ErrorKind::File, format!("could not read the picture `{}`", path.display()))
            .with_source(error)
    })
}
