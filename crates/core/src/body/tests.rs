use base64::prelude::{BASE64_STANDARD, Engine};
use proptest::prelude::*;

use super::*;

fn joined(chunks: Chunks) -> Vec<u8> {
    chunks.flatten().collect()
}

#[test]
fn base64_is_right_at_every_boundary_of_a_chunk() {
    for length in [0, 1, 2, 3, 4, 49_151, 49_152, 49_153, 49_154, 98_304, 98_305] {
        let bytes: Vec<u8> = (0..length).map(|at: u32| (at % 251) as u8).collect();
        let body = Body::new([Segment::base64(bytes.clone())]);
        let expected = BASE64_STANDARD.encode(&bytes);
        assert_eq!(body.len(), expected.len() as u64, "{length}");
        assert_eq!(body.is_empty(), length == 0, "{length}");
        assert_eq!(joined(body.chunks()), expected.as_bytes(), "{length}");
        assert_eq!(body.to_bytes(), expected, "{length}");
    }
}

#[test]
fn a_picture_of_four_mebibytes_is_never_encoded_as_a_whole() {
    let body = Body::new([Segment::base64(vec![7; 4 << 20])]);
    let lengths: Vec<usize> = body.chunks().map(|chunk| chunk.len()).collect();
    assert_eq!(lengths.len(), 86);
    assert!(lengths.iter().all(|length| *length <= 64 * 1024), "{lengths:?}");
    assert_eq!(lengths.iter().sum::<usize>() as u64, body.len());
}

#[test]
fn plain_segments_are_not_copied() {
    let picture = Bytes::from(vec![1; 100_000]);
    let body = Body::new([Bytes::from_static(b"head"), picture.clone()]);
    let sent: Vec<Bytes> = body.clone().chunks().collect();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].as_ptr(), picture.as_ptr());
    let only = Body::new([picture.clone()]);
    assert_eq!(only.to_bytes().as_ptr(), picture.as_ptr());
}

#[test]
fn debug_prints_lengths_and_no_bytes() {
    let body = Body::new([Segment::plain("secret"), Segment::base64("secret")]);
    let printed = format!("{body:?} {:?} {:?}", body.chunks(), body.segments);
    assert!(printed.starts_with("Body(14 bytes)"), "{printed}");
    assert!(!printed.contains("secret") && !printed.contains("115"), "{printed}");
}

/// How a segment of the property travels.
#[derive(Clone, Copy, Debug)]
enum Travels {
    Plain,
    Base64,
    FormBase64,
}

impl Travels {
    fn segment(self, bytes: Vec<u8>) -> Segment {
        match self {
            Self::Plain => Segment::plain(bytes),
            Self::Base64 => Segment::base64(bytes),
            Self::FormBase64 => Segment::form_base64(bytes),
        }
    }

    fn sent(self, bytes: &[u8]) -> Vec<u8> {
        let text = BASE64_STANDARD.encode(bytes);
        match self {
            Self::Plain => bytes.to_vec(),
            Self::Base64 => text.into_bytes(),
            Self::FormBase64 => crate::percent::encode(&text).to_string().into_bytes(),
        }
    }
}

fn segment() -> impl Strategy<Value = (Travels, Vec<u8>)> {
    let length = prop_oneof![4 => 0..200_usize, 1 => 49_000..49_400_usize];
    let bytes = length.prop_flat_map(|length| prop::collection::vec(any::<u8>(), length));
    let travels = [Travels::Plain, Travels::Base64, Travels::FormBase64];
    (prop::sample::select(travels.to_vec()), bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_bytes_come_every_time(segments in prop::collection::vec(segment(), 0..6)) {
        let expected: Vec<u8> =
            segments.iter().flat_map(|(travels, bytes)| travels.sent(bytes)).collect();
        let body =
            Body::new(segments.into_iter().map(|(travels, bytes)| travels.segment(bytes)));
        prop_assert_eq!(body.len(), expected.len() as u64);
        prop_assert!(body.chunks().all(|chunk| !chunk.is_empty()));
        prop_assert_eq!(joined(body.chunks()), &expected[..]);
        prop_assert_eq!(joined(body.clone().chunks()), &expected[..]);
        prop_assert_eq!(&body.to_bytes()[..], &expected[..]);
    }
}
