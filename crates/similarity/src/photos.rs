//! Twelve free photos, for demonstrations and tests: JPEG files of at most 480 pixels a side.
//!
//! `photos/README.md` says where each is from, and on which terms.
//!
//! ```
//! use imagesearch_similarity::{DecodeLimits, decode, photos};
//!
//! let cat = decode(photos::CAT, DecodeLimits::default())?;
//! assert!(cat.width() <= 480 && cat.height() <= 480);
//! # Ok::<(), imagesearch_similarity::DecodeError>(())
//! ```

/// A portrait of an astronaut.
pub const ASTRONAUT: &[u8] = include_bytes!("../photos/astronaut.jpg");

/// A wall of bricks.
pub const BRICK: &[u8] = include_bytes!("../photos/brick.jpg");

/// A man with a camera, in grey.
pub const CAMERAMAN: &[u8] = include_bytes!("../photos/cameraman.jpg");

/// A cat.
pub const CAT: &[u8] = include_bytes!("../photos/cat.jpg");

/// A clock, blurred by motion.
pub const CLOCK: &[u8] = include_bytes!("../photos/clock.jpg");

/// A cup of coffee.
pub const COFFEE: &[u8] = include_bytes!("../photos/coffee.jpg");

/// Old coins, in grey.
pub const COINS: &[u8] = include_bytes!("../photos/coins.jpg");

/// Galaxies, seen from space.
pub const GALAXIES: &[u8] = include_bytes!("../photos/galaxies.jpg");

/// Grass, in grey.
pub const GRASS: &[u8] = include_bytes!("../photos/grass.jpg");

/// Gravel, in grey.
pub const GRAVEL: &[u8] = include_bytes!("../photos/gravel.jpg");

/// The retina of an eye.
pub const RETINA: &[u8] = include_bytes!("../photos/retina.jpg");

/// The start of a rocket.
pub const ROCKET: &[u8] = include_bytes!("../photos/rocket.jpg");

/// All of them, with their names.
pub const ALL: [(&str, &[u8]); 12] = [
    ("astronaut", ASTRONAUT),
    ("brick", BRICK),
    ("cameraman", CAMERAMAN),
    ("cat", CAT),
    ("clock", CLOCK),
    ("coffee", COFFEE),
    ("coins", COINS),
    ("galaxies", GALAXIES),
    ("grass", GRASS),
    ("gravel", GRAVEL),
    ("retina", RETINA),
    ("rocket", ROCKET),
];
