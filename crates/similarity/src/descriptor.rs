//! The descriptor: 1024 signed bytes. The angle between two descriptors measures similarity.

use std::fmt;

use crate::colour_pyramid::colour_pyramid;
use crate::picture::Picture;
use crate::projection::{SHORT, project};
use crate::resample::to_working_size;
use crate::vlad::vlad;

/// The version of the descriptors. Store it beside the bytes of [`Look::to_bytes`].
///
/// Descriptors of different versions must not be compared. It is raised with every change that alters
/// the descriptor or the subject of any picture, which the tests notice.
///
/// [`Look::to_bytes`]: crate::Look::to_bytes
pub const DESCRIPTOR_VERSION: u32 = 2;

/// Share of colours in the joined vector; shapes have 1.
const COLOUR_SHARE: f32 = 0.5;

/// Steps of the signed bytes in one unit of the joined vector. Its 1024 numbers are spread like
/// 0.035 around zero, so that saturation at 127 (0.14) concerns about one in 10,000.
const STEPS: f32 = 900.0;

/// A description of how a picture looks, in 1024 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Descriptor([i8; Descriptor::LENGTH]);

impl Descriptor {
    /// Number of signed bytes in a descriptor.
    pub const LENGTH: usize = SHORT;

    /// Reads a stored descriptor back; `None` unless there are 1024 numbers.
    pub fn from_slice(numbers: &[i8]) -> Option<Self> {
        numbers.try_into().ok().map(Self)
    }

    /// Returns the numbers, to store or to compare.
    pub fn as_slice(&self) -> &[i8] {
        &self.0
    }

    pub(crate) fn as_array(&self) -> &[i8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Debug for Descriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Descriptor(..)")
    }
}

/// Computes the descriptor of a picture.
///
/// The same pixels give the same bytes in every build and on every machine.
///
/// ```
/// use imagesearch_similarity::{describe, synthetic};
///
/// let picture = synthetic::picture(1);
/// assert_eq!(describe(&picture), describe(&picture.clone()));
/// assert_ne!(describe(&picture), describe(&synthetic::picture(2)));
/// ```
pub fn describe(picture: &Picture) -> Descriptor {
    describe_at_working_size(&to_working_size(picture))
}

pub(crate) fn describe_at_working_size(picture: &Picture) -> Descriptor {
    let colours = colour_pyramid(picture).into_iter().map(|number| number * COLOUR_SHARE);
    // Joined without scaling to one length again: a picture without shapes stays a short vector.
    Descriptor(project(colours.chain(vlad(picture))).map(quantise))
}

fn quantise(number: f32) -> i8 {
    let scaled = number * STEPS;
    let half = if scaled < 0.0 { -0.5 } else { 0.5 };
    // The cast cuts towards zero; -128 is kept out so that negation never overflows.
    (scaled + half).clamp(-127.0, 127.0) as i8
}

#[cfg(test)]
mod tests;
