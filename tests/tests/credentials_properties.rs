//! The twin of the fuzz target `credentials`: documents with a few bytes changed, and bytes at random.

#[path = "../../fuzz/properties/credentials.rs"]
mod credentials;

use proptest::{prelude::*, sample::Index};

use crate::credentials::{Asked, Document, SECRET};

/// Documents as they should be, with the secret where one belongs.
const DOCUMENTS: [(Document, &str); 8] = [
    (
        Document::CliProfile,
        r#"{"current":"default","profiles":[{"name":"default","mode":"AK","access_key_id":"k","access_key_secret":"SECRET"}]}"#,
    ),
    (
        Document::CliProfile,
        r#"{"current":"a","profiles":[{"name":"a","mode":"ChainableRamRoleArn","source_profile":"b","ram_role_arn":"acs:ram::1:role/r","expired_seconds":900},{"name":"b","mode":"StsToken","access_key_id":"k","access_key_secret":"SECRET","sts_token":"SECRET","sts_expiration":4102444800}]}"#,
    ),
    (
        Document::SharedFile,
        "[default]\ntype = access_key\naccess_key_id = k # a key\naccess_key_secret = SECRET\n",
    ),
    (
        Document::SharedFile,
        "[default]\ntype = ram_role_arn\nrole_arn = acs:ram::1:role/r\nrole_session_name = s\n\
         access_key_id = k\naccess_key_secret = \"SECRET\"\n",
    ),
    (
        Document::Printed,
        r#"{"mode":"StsToken","access_key_id":"k","access_key_secret":"SECRET","sts_token":"SECRET","expiration":"2026-01-02T03:04:05Z"}"#,
    ),
    (
        Document::Answer(Asked::Metadata),
        r#"{"Code":"Success","AccessKeyId":"k","AccessKeySecret":"SECRET","SecurityToken":"SECRET","Expiration":"2026-01-02T03:04:05Z"}"#,
    ),
    (
        Document::Answer(Asked::Sts),
        r#"{"RequestId":"R","Credentials":{"AccessKeyId":"k","AccessKeySecret":"SECRET","SecurityToken":"SECRET","Expiration":"2026-01-02T03:04:05Z"}}"#,
    ),
    (
        Document::Answer(Asked::Uri),
        r#"{"AccessKeyId":"k","AccessKeySecret":"SECRET","SecurityToken":"SECRET","Expiration":1767323045}"#,
    ),
];

/// Bytes that mean something to JSON, INI and XML, and some that are no text.
const PIECES: [&[u8]; 18] = [
    b"",
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"=",
    b"#",
    b"\n",
    b"null",
    b"-9e999",
    b"<",
    b"\\ud800",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\0",
];

fn document() -> impl Strategy<Value = (Document, Vec<u8>)> {
    let piece = prop::sample::select(PIECES.to_vec());
    let edit = (any::<Index>(), 0..8_usize, piece);
    let changed = (prop::sample::select(DOCUMENTS.to_vec()), prop::collection::vec(edit, 0..4));
    let changed = changed.prop_map(|((document, text), edits)| {
        let mut bytes = text.replace("SECRET", SECRET).into_bytes();
        for (at, length, piece) in edits {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, piece.iter().copied());
        }
        (document, bytes)
    });
    let kinds = DOCUMENTS.map(|(document, _)| document).to_vec();
    let random = (prop::sample::select(kinds), prop::collection::vec(any::<u8>(), 0..200));
    prop_oneof![4 => changed, 1 => random]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_document_is_a_key_or_one_error_without_secrets(
        (document, bytes) in document(),
        status in prop_oneof![4 => Just(200), 1 => 200..600_u16],
    ) {
        let _key = credentials::judge(document, status, &bytes);
    }
}

#[test]
fn documents_as_they_should_be_are_keys() {
    for (document, text) in DOCUMENTS {
        let key = credentials::judge(document, 200, text.replace("SECRET", SECRET).as_bytes());
        // Roles and the metadata service need more than one kind of answer.
        let one_answer =
            !text.contains("role_arn") && document != Document::Answer(Asked::Metadata);
        assert_eq!(key, one_answer, "{document:?} {text}");
    }
}
