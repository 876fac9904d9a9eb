//! Visual similarity of pictures: descriptors, scores and search.
//!
//! Classical image processing, no trained network: a pyramid of colour histograms and a VLAD of
//! gradient patches, projected to 1024 signed bytes. It finds copies that were resized,
//! recompressed, cropped, brightened, mirrored, slightly turned or marked, and ranks similar
//! colours and shapes before others. It does not know what a picture shows.
//!
//! `cargo xtask recall` measures how well this works, with photos that it downloads. On 2026-11-25,
//! with 57 photos, the original came first for these shares of altered ones, alone and among 10,024
//! parts of the other photos, turned and in other colours and light:
//!
//! | alteration | alone | among others |
//! |---|---|---|
//! | resized, JPEG quality 30, centre 80 %, darker, mirrored, watermarked | 100 % | 100 % |
//! | 80 % at random | 98 % | 98 % |
//! | 40 % brighter | 100 % | 98 % |
//! | turned by 5 degrees | 100 % | 96 % |
//! | white border | 100 % | 100 % |
//! | blurred | 100 % | 98 % |
//! | centre 60 % | 98 % | 91 % |
//! | turned by 15 degrees | 100 % | 75 % |
//! | turned by 90 degrees | 58 % | 49 % |
//!
//! The same pixels give the same descriptor in every build and on every machine: resizing and
//! counting are done in whole numbers, the rest uses only `+ - * /` and square roots in a fixed
//! order, all of which IEEE 754 defines to the last bit.
//!
//! What tests and measurements need besides is there with the feature `testing`: pictures to begin with
//! (`synthetic`), what happens to pictures on the web (`alterations`), and how the codebook came to be. The
//! feature `photos` has twelve free photos.
//!
//! ```
//! use imagesearch_similarity::{Index, Look, Query, score, synthetic};
//!
//! let mut index = Index::new();
//! let id = index.push(&Look::of(&synthetic::picture(1), None));
//! index.push(&Look::of(&synthetic::picture(2), None));
//!
//! let mirrored = synthetic::picture(1).mirrored();
//! let best = index.nearest(&Query::of(&mirrored, None), 1, |_| true)[0];
//! assert_eq!(best.id, id);
//! assert!(score(best.cosine) > 0.9);
//! ```

#[cfg(feature = "testing")]
pub mod alterations;
mod codebook;
mod colour_pyramid;
mod decode;
mod descriptor;
mod gradient_patches;
mod look;
#[cfg(feature = "photos")]
pub mod photos;
mod picture;
mod projection;
mod resample;
mod score;
mod search;
mod splitmix;
mod subject;
#[cfg(feature = "testing")]
pub mod synthetic;
mod vlad;

#[cfg(feature = "testing")]
pub use codebook::train_codebook;
pub use decode::{DecodeError, DecodeLimits, decode};
pub use descriptor::{DESCRIPTOR_VERSION, Descriptor, describe};
pub use look::{Look, Query};
pub use picture::{Picture, Region};
pub use score::{compare, cosine, query_cosine, score};
pub use search::{Hit, Index, Ranking, Snapshot};
pub use subject::{Subjects, find_subject, find_subjects};

#[cfg(test)]
mod tests;
