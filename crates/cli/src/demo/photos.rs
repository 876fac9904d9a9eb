use imagesearch_similarity::photos;

/// A photo that comes with the program, from [`photos`].
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
    ($($name:literal $jpeg:ident $kind:literal $author:literal,)*) => {
        &[$(Photo { name: $name, kind: $kind, author: $author, jpeg: photos::$jpeg },)*]
    };
}

/// All photos, in the order they are added.
pub(super) static PHOTOS: &[Photo] = photos![
    "astronaut" ASTRONAUT "space" "Eileen Collins, NASA",
    "brick" BRICK "texture" "CC0Textures",
    "cameraman" CAMERAMAN "people" "Lav Varshney",
    "cat" CAT "animals" "Stefan van der Walt",
    "clock" CLOCK "things" "Stefan van der Walt",
    "coffee" COFFEE "things" "Rachel Michetti",
    "coins" COINS "things" "Brooklyn Museum",
    "galaxies" GALAXIES "space" "NASA, Hubble eXtreme Deep Field",
    "grass" GRASS "texture" "linolafett",
    "gravel" GRAVEL "texture" "CC0Textures",
    "retina" RETINA "medicine" "Mikael H\u{e4}ggstr\u{f6}m",
    "rocket" ROCKET "space" "SpaceX",
];
