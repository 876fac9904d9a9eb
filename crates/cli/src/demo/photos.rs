/// A photo that comes with the program; its source is in `photos/README.md`.
#[derive(Debug)]
pub(super) struct Photo {
    pub(super) name: &'static str,
    /// The subject; stored as `StrAttr`.
    pub(super) kind: &'static str,
    /// Stored as the custom content.
    pub(super) author: &'static str,
    pub(super) jpeg: &'static [u8],
}

impl Photo {
    /// Returns the product id of the photo.
    pub(super) fn product_id(&self) -> String {
        format!("photo-{}", self.name)
    }

    /// Returns the name of the picture within its product.
    pub(super) fn pic_name(&self) -> String {
        format!("{}.jpg", self.name)
    }
}

macro_rules! photos {
    ($($name:literal $kind:literal $author:literal,)*) => {
        &[$(Photo {
            name: $name,
            kind: $kind,
            author: $author,
            jpeg: include_bytes!(concat!("../../photos/", $name, ".jpg")),
        },)*]
    };
}

/// All photos, in the order they are added.
pub(super) static PHOTOS: &[Photo] = photos![
    "astronaut" "space" "Eileen Collins, NASA",
    "brick" "texture" "CC0Textures",
    "cameraman" "people" "Lav Varshney",
    "cat" "animals" "Stefan van der Walt",
    "clock" "things" "Stefan van der Walt",
    "coffee" "things" "Rachel Michetti",
    "coins" "things" "Brooklyn Museum",
    "galaxies" "space" "NASA, Hubble eXtreme Deep Field",
    "grass" "texture" "linolafett",
    "gravel" "texture" "CC0Textures",
    "retina" "medicine" "Mikael H\u{e4}ggstr\u{f6}m",
    "rocket" "space" "SpaceX",
];
