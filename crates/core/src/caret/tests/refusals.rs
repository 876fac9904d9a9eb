use base64::prelude::{BASE64_STANDARD, Engine};

use super::*;
use CaretErrorKind as Kind;

#[test]
fn bodies_that_cannot_be_read_have_the_code_of_the_service() {
    let many = |count: usize| {
        let items: Vec<String> = (0..count).map(|at| format!("k{at},0,0")).collect();
        format!("{}^", items.join("#"))
    };
    assert_eq!(read(&many(MAX_ENTRIES)).unwrap().entries().len(), MAX_ENTRIES);
    let too_many = many(MAX_ENTRIES + 1);
    let cases = [
        ("", Kind::NoSeparator, "no `^` between"),
        ("item_id,0,4", Kind::NoSeparator, "no `^` between"),
        ("^", Kind::NoEntries, "no entries before"),
        ("^1000", Kind::NoEntries, "no entries before"),
        (&too_many, Kind::TooManyEntries, "more than 1024 entries"),
        ("item_id^1000", Kind::MalformedEntry, "the entry `item_id` is not"),
        ("a,0^", Kind::MalformedEntry, "`a,0` is not"),
        ("a,0,0,0^", Kind::MalformedEntry, "is not"),
        ("a,0,0#^", Kind::MalformedEntry, "the entry `` is not"),
        ("#a,0,0^", Kind::MalformedEntry, "is not"),
        ("a,,0^", Kind::MalformedEntry, "plain decimal"),
        ("a,0,+1^x", Kind::MalformedEntry, "plain decimal"),
        ("a,-0,1^x", Kind::MalformedEntry, "plain decimal"),
        ("a,00,1^x", Kind::MalformedEntry, "plain decimal"),
        ("a, 0,1^x", Kind::MalformedEntry, "plain decimal"),
        ("a,0,0x1^x", Kind::MalformedEntry, "plain decimal"),
        ("a,0,99999999999999999999^x", Kind::MalformedEntry, "plain decimal"),
        (",0,1^x", Kind::Name, "`,0,1` has an empty name"),
        ("a,0,1#a,1,2^xy", Kind::Name, "`a` occurs twice"),
        ("a,0,2^x", Kind::Offsets, "from 0 to 2 ends beyond the 1 bytes"),
        ("a,1,0^x", Kind::Offsets, "from 1 to 0 ends before it starts"),
        ("a,0,2#b,1,3^xyz", Kind::Offsets, "`b` from 1 to 3 overlaps"),
        ("b,1,2#a,0,1^xy", Kind::Offsets, "leaves a gap"),
        ("a,1,2^xy", Kind::Offsets, "`a` from 1 to 2 leaves a gap"),
        ("a,0,1#b,2,3^xyz", Kind::Offsets, "leaves a gap"),
        ("a,0,1^xy", Kind::Offsets, "values end at 1 and 2 bytes follow"),
        // What a count of UTF-16 units comes to: four instead of twelve.
        ("item_id,0,4^商品甲乙", Kind::Offsets, "count bytes, not characters"),
    ];
    for (body, kind, message) in cases {
        let error = read(body).expect_err(body);
        assert_eq!(error.kind(), kind, "{body}: {error}");
        assert!(error.to_string().contains(message), "{body}: {error}");
    }
    let error = decode(&Bytes::from_static(b"\xff,0,0^")).unwrap_err();
    assert_eq!(error.kind(), Kind::MalformedEntry);
}

#[test]
fn parts_that_miss_something_have_the_code_of_the_service() {
    type Use = fn(&CaretParts) -> Option<CaretError>;
    let item_id: Use = |parts| parts.item_id().err();
    let names: Use = |parts| parts.picture_names().err();
    let pictures: Use = |parts| parts.pictures().err();
    let added: Use = |parts| parts.added_pictures().err();
    let searched: Use = |parts| parts.search_picture().err();
    let cases = [
        ("a,0,1^x", item_id, Kind::NoItemId, Some("NoSpecifiedItemId")),
        ("item_id,0,0^", item_id, Kind::NoItemId, Some("NoSpecifiedItemId")),
        ("a,0,1^x", pictures, Kind::NoPicList, Some("NoPicList")),
        ("pic_list,0,0^", added, Kind::NoAddedPicture, Some("NoSpecifiedAddPic")),
        ("pic_list,0,0^", searched, Kind::NoSearchPicture, Some("NoSpecifiedSearchPic")),
        ("pic_list,0,4^YQ==", pictures, Kind::NoPicture, Some("NoSpecifiedPic")),
        ("pic_list,0,4#YQ==,4,8^YQ==YQ=!", pictures, Kind::PictureContent, None),
        ("pic_list,0,4#YQ==,4,6^YQ==YQ", pictures, Kind::PictureContent, None),
        (
            "pic_list,0,9#YQ==,9,9#Yg==,9,9^YQ==,Yg==",
            searched,
            Kind::PicList,
            Some("InvalidPicList"),
        ),
        ("pic_list,0,9^YQ==,YQ==", names, Kind::PicList, Some("InvalidPicList")),
        ("pic_list,0,1^,", names, Kind::PicList, Some("InvalidPicList")),
        ("pic_list,0,5^YQ==,", names, Kind::PicList, Some("InvalidPicList")),
        ("pic_list,0,5^a.jpg", names, Kind::PicList, Some("InvalidPicList")),
        ("pic_list,0,4^/w==", names, Kind::PicList, Some("InvalidPicList")),
    ];
    for (body, used, kind, code) in cases {
        let error = used(&read(body).expect(body)).expect(body);
        assert_eq!((error.kind(), error.code()), (kind, code), "{body}: {error}");
    }
    assert_eq!(read("a,0,1^x").unwrap().picture_names().unwrap(), None);
    assert_eq!(read("pic_list,0,0^").unwrap().pictures().unwrap(), []);
    let parts = decode(&Bytes::from_static(b"item_id,0,1^\xff")).unwrap();
    assert_eq!(parts.item_id().unwrap_err().kind(), Kind::Text);
}

#[test]
fn a_list_of_too_many_names_is_refused() {
    let list = |count: usize| {
        let names: Vec<String> =
            (0..count).map(|at| BASE64_STANDARD.encode(format!("{at:03x}"))).collect();
        let list = names.join(",");
        read(&format!("pic_list,0,{}^{list}", list.len())).unwrap().picture_names()
    };
    assert_eq!(list(MAX_ENTRIES).unwrap().unwrap().len(), MAX_ENTRIES);
    let error = list(MAX_ENTRIES + 1).unwrap_err();
    assert_eq!(error.kind(), Kind::PicList);
    assert!(error.to_string().contains("more than 1024 names"), "{error}");
}

#[test]
fn bodies_that_the_service_would_refuse_are_not_written() {
    let cases = [
        (CaretBody::new(), Kind::NoEntries, "no entries"),
        (
            CaretBody::new().picture_name("a.jpg").field("item_id", "1"),
            Kind::NoPicList,
            "pic_list()",
        ),
        (CaretBody::new().picture("a.jpg", "x"), Kind::NoPicList, "pic_list()"),
        (CaretBody::new().picture("", "x").pic_list(), Kind::PicList, "empty name"),
        (CaretBody::new().field("", "x"), Kind::Name, "name `` is empty"),
        (CaretBody::new().field("a,b", "x"), Kind::Name, "`a,b` has a separator"),
        (CaretBody::new().field("a#", "x"), Kind::Name, "has a separator"),
        (CaretBody::new().field("^", "x"), Kind::Name, "has a separator"),
        (CaretBody::new().field("a", "x").field("a", "y"), Kind::Name, "`a` is given twice"),
        (CaretBody::new().pic_list().pic_list(), Kind::Name, "`pic_list` is given twice"),
        (
            CaretBody::new().picture("a", "x").picture("a", "y").pic_list(),
            Kind::Name,
            "`YQ==` is given twice",
        ),
        (
            CaretBody::new().field("item_id", "a商"),
            Kind::Text,
            "the value of `item_id` has the character `商`, which is not ASCII, and official SDKs \
             disagree whether offsets count bytes or UTF-16 units; encode the value, or allow it \
             with `with_non_ascii_values()`",
        ),
    ];
    for (body, kind, message) in cases {
        let error = body.clone().build().expect_err("is refused");
        assert_eq!(error.kind(), kind, "{body:?}: {error}");
        assert!(error.to_string().contains(message), "{body:?}: {error}");
    }
}

#[test]
fn names_are_escaped_and_cut_in_messages() {
    let error = read(&format!("\u{7}{}^", "n".repeat(1_000_000))).unwrap_err();
    let shown = format!("the entry `\\u{{7}}{}...` is not", "n".repeat(39));
    assert!(error.to_string().starts_with(&shown), "{error}");
}
