use base64::prelude::{BASE64_STANDARD, Engine};
use imagesearch_core::{
    Image,
    parameters::{Picture, Value},
};

use crate::json::Json;

/// Reads a list of pictures: `[{"name": "front.jpg", "content_base64": "..."}]`.
pub(super) fn read(key: &str, list: Vec<Json>) -> Result<Value, String> {
    let pictures = list.into_iter().enumerate().map(|(index, json)| {
        picture(json).map_err(|problem| format!("`{key}[{index}]` {problem}"))
    });
    pictures.collect::<Result<Vec<_>, _>>().map(Value::Pictures)
}

/// Reads a list of names.
pub(super) fn read_names(key: &str, list: Vec<Json>) -> Result<Value, String> {
    let names = list.into_iter().enumerate().map(|(index, json)| match json {
        Json::Text(name) => Ok(name),
        _ => Err(format!("`{key}[{index}]` must be a string, the name of a picture")),
    });
    names.collect::<Result<Vec<_>, _>>().map(Value::Names)
}

fn picture(json: Json) -> Result<Picture, &'static str> {
    const FORM: &str = r#"must be {"name": ..., "content_base64": ...}, both strings"#;
    let Json::Object(entries) = json else {
        return Err(FORM);
    };
    let (mut name, mut content) = (None, None);
    for (key, value) in entries {
        let place = match key.as_str() {
            "name" => &mut name,
            "content_base64" => &mut content,
            _ => return Err(FORM),
        };
        match (place.is_none(), value) {
            (true, Json::Text(text)) => *place = Some(text),
            _ => return Err(FORM),
        }
    }
    let (name, content) = name.zip(content).ok_or(FORM)?;
    match BASE64_STANDARD.decode(content) {
        Ok(bytes) => Ok(Picture::new(name, Image::from_bytes(bytes))),
        Err(_) => Err("has a `content_base64` that is not Base64"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Vec<Json> {
        match serde_json::from_str(text).unwrap() {
            Json::List(list) => list,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reads_pictures_and_names() {
        let pictures = parse(r#"[{"content_base64": "AAEC", "name": "a^.jpg"}]"#);
        let expected = Picture::new("a^.jpg", Image::from_bytes(vec![0, 1, 2]));
        assert_eq!(read("pictures", pictures), Ok(Value::Pictures(vec![expected])));
        let names = read_names("pic_list", parse(r#"["a", "b"]"#));
        assert_eq!(names, Ok(Value::Names(vec!["a".to_owned(), "b".to_owned()])));
    }

    #[test]
    fn says_which_picture_is_wrong() {
        for (text, words) in [
            ("[7]", "`pictures[0]` must be"),
            (r#"[{"name": "a"}]"#, "content_base64"),
            (r#"[{"name": "a", "name": "b", "content_base64": ""}]"#, "both strings"),
            (r#"[{"name": "a", "content_base64": "", "more": ""}]"#, "both strings"),
            (r#"[{"name": "a", "content_base64": "?"}]"#, "not Base64"),
        ] {
            let problem = read("pictures", parse(text)).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
        let problem = read_names("pic_list", parse(r#"["a", 1]"#)).unwrap_err();
        assert!(problem.contains("`pic_list[1]`"), "{problem}");
    }
}
