use super::*;

const DELETE: &str = "item_id,0,4#pic_list,4,37^1000c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==";
const ADD: &str = "cust_content,0,17#item_id,17,21#c2hvZXMyLmpwZw==,21,37#cat_id,37,38\
    #pic_list,38,71#c2hvZXMxLmpwZw==,71,87^{\"key1\":\"value1\"}1000cGljX2NvbnRlbnQy0\
    c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==cGljX2NvbnRlbnQx";
const SEARCH: &str = "s,0,1#n,1,3#cat_id,3,4#pic_list,4,16#c2VhcmNoUGlj,16,32\
    ^0100c2VhcmNoUGljcGljX2NvbnRlbnQx";

#[test]
fn the_deletion_of_two_pictures_is_that_of_the_page() {
    let body = CaretBody::new()
        .field(ITEM_ID, "1000")
        .picture_name("shoes1.jpg")
        .picture_name("shoes2.jpg")
        .pic_list()
        .build()
        .unwrap();
    assert_eq!(written(&body), DELETE);

    let parts = read(DELETE).unwrap();
    assert_eq!(parts.item_id().unwrap(), "1000");
    let names = parts.picture_names().unwrap().unwrap();
    assert_eq!(names, ["shoes1.jpg", "shoes2.jpg"]);
    assert_eq!(parts.pictures().unwrap_err().code(), Some("NoSpecifiedPic"));
}

#[test]
fn an_item_with_two_pictures_is_that_of_the_page_in_its_order() {
    let body = CaretBody::new()
        .picture_name("shoes1.jpg")
        .field("cust_content", r#"{"key1":"value1"}"#)
        .field(ITEM_ID, "1000")
        .picture("shoes2.jpg", "pic_content2")
        .field("cat_id", "0")
        .pic_list()
        .picture("shoes1.jpg", "pic_content1")
        .build()
        .unwrap();
    assert_eq!(written(&body), ADD);

    let parts = read(ADD).unwrap();
    assert_eq!(parts.text("cust_content").unwrap(), Some(r#"{"key1":"value1"}"#));
    assert_eq!(parts.text("crop").unwrap(), None);
    let pictures = parts.added_pictures().unwrap();
    let pictures: Vec<(&str, &[u8])> =
        pictures.iter().map(|picture| (&*picture.name, &*picture.content)).collect();
    let expected: [(&str, &[u8]); 2] =
        [("shoes1.jpg", b"pic_content1"), ("shoes2.jpg", b"pic_content2")];
    assert_eq!(pictures, expected);
}

#[test]
fn a_search_lists_its_picture_ahead_of_the_content() {
    let body = CaretBody::new()
        .field("s", "0")
        .field("n", "10")
        .field("cat_id", "0")
        .pic_list()
        .picture(SEARCH_PICTURE, "pic_content1")
        .build()
        .unwrap();
    assert_eq!(written(&body), SEARCH);
    let picture = read(SEARCH).unwrap().search_picture().unwrap();
    assert_eq!((&*picture.name, &*picture.content), ("searchPic", &b"pic_content1"[..]));
}

#[test]
fn values_are_parts_of_the_body_and_not_copies() {
    let body = Bytes::from(ADD);
    let parts = decode(&body).unwrap();
    let within = body.as_ptr() as usize..body.as_ptr() as usize + body.len();
    assert_eq!(parts.entries().len(), 6);
    for entry in parts.entries() {
        assert!(within.contains(&(entry.value.as_ptr() as usize)), "{entry:?}");
    }
}

#[test]
fn a_picture_is_not_copied_into_the_body_and_small_values_are_joined() {
    let picture = Bytes::from(vec![1; 4 << 20]);
    let body = CaretBody::new()
        .field(ITEM_ID, "1000")
        .field("cat_id", "0")
        .picture("a", picture.clone())
        .picture("b", picture.clone())
        .pic_list()
        .build()
        .unwrap();
    let lengths: Vec<usize> = body.chunks().map(|chunk| chunk.len()).collect();
    // Entries, both short values, 86 chunks for each picture, the list.
    assert_eq!(lengths.len(), 2 + 2 * 86 + 1);
    assert!(lengths.iter().all(|length| *length <= 64 * 1024));
    assert_eq!(lengths.iter().sum::<usize>() as u64, body.len());
    let parts = decode(&body.to_bytes()).unwrap();
    assert!(parts.added_pictures().unwrap().iter().all(|it| it.content == picture));
}

#[test]
fn debug_prints_names_and_lengths_only() {
    let body = CaretBody::new().field("item_id", "hush").picture("a.jpg", "hush").pic_list();
    let sent = body.clone().build().unwrap().to_bytes();
    let parts = decode(&sent).unwrap();
    let pictures = parts.pictures().unwrap();
    let printed = format!("{body:?} {parts:?} {pictures:?}");
    assert!(printed.contains("item_id") && printed.contains("\"a.jpg\": 4 bytes"), "{printed}");
    assert!(!printed.contains("hush") && !printed.contains("aHVzaA"), "{printed}");
}
