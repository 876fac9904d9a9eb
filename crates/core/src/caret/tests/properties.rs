use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// What a caller gives: fields and pictures, in an order to be mixed.
#[derive(Clone, Debug)]
enum Given {
    Field(String, String),
    Picture(String, Vec<u8>),
    Name(String),
}

fn given() -> impl Strategy<Value = Given> {
    let value = prop_oneof!["[\\^#,=a0]{0,12}", any::<String>()];
    let content = prop::collection::vec(any::<u8>(), 0..40);
    let picture_name = prop_oneof!["[\\^#,a ]{1,6}", "\\PC{1,9}"];
    prop_oneof![
        ("[^\\^#,]{1,8}", value).prop_map(|(name, value)| Given::Field(name, value)),
        (picture_name.clone(), content).prop_map(|(name, content)| Given::Picture(name, content)),
        picture_name.prop_map(Given::Name),
    ]
}

/// Builds a body with `pic_list` after so many entries.
fn build(given: &[Given], list_at: usize) -> Result<Body, CaretError> {
    let mut body = CaretBody::new().with_text(CaretText::Utf8);
    for (at, entry) in given.iter().enumerate() {
        if at == list_at {
            body = body.pic_list();
        }
        body = match entry {
            Given::Field(name, value) => body.field(name, value),
            Given::Picture(name, content) => body.picture(name, content.clone()),
            Given::Name(name) => body.picture_name(name),
        };
    }
    if list_at >= given.len() { body.pic_list() } else { body }.build()
}

/// Reads everything there is to read.
fn use_all(body: &Bytes) {
    if let Ok(parts) = decode(body) {
        let total: usize = parts.entries().iter().map(|entry| entry.value.len()).sum();
        assert!(total <= body.len());
        let _ = (parts.item_id(), parts.picture_names(), parts.added_pictures());
        let _ = (parts.search_picture(), format!("{parts:?}"));
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        given in prop::collection::vec(given(), 0..10),
        list_at in 0..11_usize,
    ) {
        let body = match build(&given, list_at) {
            Ok(body) => body,
            // The only mistake left to make.
            Err(error) => {
                prop_assert!(error.to_string().contains("given twice"), "{}", error);
                return Ok(());
            }
        };
        let sent = body.to_bytes();
        prop_assert_eq!(body.len(), sent.len() as u64);
        let parts = decode(&sent).expect("what is written can be read");

        let mut names: Vec<&str> = Vec::new();
        let mut contents = BTreeMap::new();
        for entry in &given {
            match entry {
                Given::Field(name, value) => {
                    prop_assert_eq!(parts.text(name).expect("is text"), Some(value.as_str()));
                }
                Given::Picture(name, content) => {
                    contents.insert(name.as_str(), content);
                    if !names.contains(&name.as_str()) {
                        names.push(name);
                    }
                }
                Given::Name(name) => {
                    if !names.contains(&name.as_str()) {
                        names.push(name);
                    }
                }
            }
        }
        let listed = parts.picture_names().expect("is a list").expect("is there");
        prop_assert_eq!(&listed, &names);
        if contents.len() == names.len() {
            for picture in parts.pictures().expect("all are there") {
                prop_assert_eq!(&picture.content[..], &contents[picture.name.as_str()][..]);
            }
        }
    }

    #[test]
    fn nothing_makes_the_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_all(&Bytes::from(bytes));
    }

    #[test]
    fn nothing_that_looks_like_a_body_makes_the_decoder_panic(
        text in "((pic_list|YQ==|item_id|),[0-9]{0,3},[0-9]{0,20}#?){0,4}\\^?[YQ=,^#]{0,12}",
    ) {
        use_all(&Bytes::from(text));
    }

    #[test]
    fn a_changed_body_is_read_or_refused(
        given in prop::collection::vec(given(), 1..6),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let Ok(body) = build(&given, 0) else { return Ok(()) };
        let mut bytes = body.to_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        use_all(&Bytes::from(bytes.clone()));
        bytes.truncate(cut.index(bytes.len()));
        use_all(&Bytes::from(bytes));
    }
}
