//! The stored look of a picture, and the query of a search.

use crate::descriptor::{Descriptor, describe, describe_at_working_size};
use crate::picture::{Picture, Region};
use crate::resample::to_working_size;

/// The look of a picture: of the whole, and of its subject if there is one.
///
/// Both are indexed, and the one closer to the query counts: a product on a white page is found by
/// a photo of the product alone, and the reverse.
///
/// ```
/// use imagesearch_similarity::{Look, find_subject, synthetic};
///
/// let picture = synthetic::picture(1);
/// let look = Look::of(&picture, find_subject(&picture));
/// assert_eq!(look.subject, None);
/// assert_eq!(look.to_bytes().len(), 1024);
/// assert_eq!(Look::from_bytes(&look.to_bytes()), Some(look));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The whole picture.
    pub whole: Descriptor,
    /// The subject alone; `None` if nothing stands out.
    pub subject: Option<Descriptor>,
}

impl Look {
    /// Describes a picture and the part of it that is its subject.
    ///
    /// A subject that is empty or reaches outside the picture is ignored.
    pub fn of(picture: &Picture, subject: Option<Region>) -> Self {
        let subject = subject.and_then(|region| picture.cropped(region));
        Self { whole: describe(picture), subject: subject.map(|subject| describe(&subject)) }
    }

    /// Returns 1024 bytes, or 2048 if there is a subject.
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = self.descriptors().flat_map(Descriptor::as_slice);
        numbers.map(|&number| number.cast_unsigned()).collect()
    }

    /// Reads the bytes of [`to_bytes`](Self::to_bytes); `None` if their number is wrong.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let numbers: Vec<i8> = bytes.iter().map(|&byte| byte.cast_signed()).collect();
        let (whole, subject) = numbers.split_at_checked(Descriptor::LENGTH)?;
        let subject = match subject {
            [] => None,
            subject => Some(Descriptor::from_slice(subject)?),
        };
        Some(Self { whole: Descriptor::from_slice(whole)?, subject })
    }

    pub(crate) fn descriptors(&self) -> impl Iterator<Item = &Descriptor> {
        std::iter::once(&self.whole).chain(&self.subject)
    }
}

/// The query of a search: a picture, and its mirror image.
///
/// Indexing once and searching twice finds mirrored copies without more memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The picture.
    pub plain: Look,
    /// The mirrored picture; `None` if its pixels are no longer available.
    pub mirrored: Option<Look>,
}

impl Query {
    /// Describes a picture and the part of it that is its subject, each also mirrored.
    pub fn of(picture: &Picture, subject: Option<Region>) -> Self {
        let (whole, whole_mirrored) = both_ways(picture);
        let subject = subject.and_then(|region| picture.cropped(region));
        let (subject, subject_mirrored) = subject.map(|subject| both_ways(&subject)).unzip();
        Self {
            plain: Look { whole, subject },
            mirrored: Some(Look { whole: whole_mirrored, subject: subject_mirrored }),
        }
    }

    /// Returns all parts of the query, the whole picture first.
    pub(crate) fn descriptors(&self) -> impl Iterator<Item = &Descriptor> {
        self.plain.descriptors().chain(self.mirrored.iter().flat_map(Look::descriptors))
    }
}

impl From<Look> for Query {
    /// Creates a query from a stored look, without a mirror image.
    fn from(plain: Look) -> Self {
        Self { plain, mirrored: None }
    }
}

fn both_ways(picture: &Picture) -> (Descriptor, Descriptor) {
    let working = to_working_size(picture);
    (describe_at_working_size(&working), describe_at_working_size(&working.mirrored()))
}

#[cfg(test)]
mod tests {
    use super::{Look, Query};
    use crate::alterations::bordered;
    use crate::descriptor::{Descriptor, describe};
    use crate::picture::Region;
    use crate::{find_subject, synthetic};

    #[test]
    fn a_subject_is_described_like_a_picture_of_its_own() {
        let inside = synthetic::picture(3);
        let framed = bordered(&inside);
        let look = Look::of(&framed, find_subject(&framed));
        assert_eq!(look.whole, describe(&framed));
        assert_eq!(look.subject, Some(describe(&inside)));
        let outside = Region { x1: 0, x2: 5000, y1: 0, y2: 10 };
        assert_eq!(Look::of(&inside, Some(outside)).subject, None);
    }

    #[test]
    fn a_query_has_every_part_also_mirrored() {
        let framed = bordered(&synthetic::picture(3));
        for (subject, count) in [(None, 2), (find_subject(&framed), 4)] {
            let query = Query::of(&framed, subject);
            assert_eq!(query.plain, Look::of(&framed, subject));
            assert_eq!(query.descriptors().count(), count);
            assert_eq!(query.descriptors().next(), Some(&query.plain.whole));
            let mirrored = query.mirrored.unwrap();
            assert_eq!(mirrored.whole, describe(&framed.mirrored()));
            assert_ne!(mirrored, query.plain);
        }
    }

    #[test]
    fn bytes_come_back_and_other_lengths_are_refused() {
        let framed = bordered(&synthetic::picture(4));
        for (subject, length) in [(None, 1024), (find_subject(&framed), 2048)] {
            let look = Look::of(&framed, subject);
            let bytes = look.to_bytes();
            assert_eq!(bytes.len(), length);
            assert_eq!(Look::from_bytes(&bytes), Some(look));
            assert_eq!(Look::from_bytes(&bytes[1..]), None);
            assert_eq!(Look::from_bytes(&[&bytes[..], &[0]].concat()), None);
        }
        assert_eq!(Look::from_bytes(&[]), None);
        assert_eq!(Look::from_bytes(&[0; 3 * Descriptor::LENGTH]), None);
    }
}
