//! The twin of the fuzz target `answer`: documents with a few bytes changed, and bytes at random.

#[path = "../../fuzz/properties/answer.rs"]
mod answer;

use imagesearch_core::errors::Hop;
use imagesearch_tests::vectors::{sample, sample_names};
use proptest::{prelude::*, sample::Index};

/// Errors as the gateway, the service and the object storage write them.
const ERRORS: [&str; 5] = [
    r#"{"Code":"DeniedRequest","Message":"slow down","RequestId":"R","HostId":"h","Recommend":"u"}"#,
    r#"{"Code":10,"Msg":"bad","Success":false,"requestId":"R"}"#,
    r#"{"Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction":"a","NoPermissionType":"x"}}"#,
    "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>&lt;a&gt;</Message>\
     <RequestId>R</RequestId><HostId>h</HostId></Error>",
    "<html><h1>502 Bad Gateway</h1></html>",
];

/// Bytes that mean something to JSON and XML, and some that are no text.
const PIECES: [&[u8]; 20] = [
    b"",
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"true",
    b"-9e999",
    b"1e-400",
    b"<",
    b">",
    b"&amp;",
    b"</Code>",
    b"\\ud800",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\0",
];

fn documents() -> Vec<Vec<u8>> {
    let samples = sample_names().into_iter().map(|name| sample(&name).into_bytes());
    samples.chain(ERRORS.iter().map(|error| error.as_bytes().to_vec())).collect()
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(PIECES.to_vec());
    let edit = (any::<Index>(), 0..12_usize, piece);
    let changed = (prop::sample::select(documents()), prop::collection::vec(edit, 0..5));
    let changed = changed.prop_map(|(mut document, edits)| {
        for (at, length, piece) in edits {
            let start = at.index(document.len() + 1);
            let end = (start + length).min(document.len());
            document.splice(start..end, piece.iter().copied());
        }
        document
    });
    prop_oneof![4 => changed, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_read_or_one_error_that_keeps_its_status(
        hop in prop::sample::select(vec![Hop::Authorize, Hop::Upload, Hop::Invoke]),
        status in prop_oneof![Just(200), Just(403), Just(503), 200..600_u16],
        content_type in prop::sample::select(vec!["application/json", "text/xml", "a;charset=GBK", ""]),
        body in body(),
    ) {
        answer::judge(hop, status, content_type, &body);
    }
}
