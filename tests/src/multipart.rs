//! Reads `multipart/form-data` strictly: what an object storage takes, and nothing more lenient.

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The file name, for the file.
    pub filename: Option<String>,
    /// The content.
    pub content: Vec<u8>,
}

/// Takes a body apart by the boundary that its content type names.
///
/// # Errors
///
/// Says in words what is malformed.
pub fn parse(content_type: &str, body: &[u8]) -> Result<Vec<Part>, String> {
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .ok_or(format!("`{content_type}` is not a form"))?;
    let delimiter = format!("\r\n--{boundary}");
    // The first boundary has no line before it.
    let padded = [b"\r\n", body].concat();
    let mut pieces = split(&padded, delimiter.as_bytes());
    if !pieces.first().is_some_and(|preamble| preamble.is_empty()) {
        return Err("something stands before the first boundary".to_owned());
    }
    if pieces.pop() != Some(b"--\r\n") {
        return Err("the last boundary does not end the form".to_owned());
    }
    pieces.iter().skip(1).map(|piece| part(piece)).collect()
}

fn part(piece: &[u8]) -> Result<Part, String> {
    let piece = piece.strip_prefix(b"\r\n").ok_or("no line break after a boundary")?;
    let [head, ..] = split(piece, b"\r\n\r\n")[..] else {
        return Err("a part is empty".to_owned());
    };
    let content = piece.get(head.len() + 4..).ok_or("a part has no content")?.to_vec();
    let head = std::str::from_utf8(head).map_err(|error| error.to_string())?;
    let disposition = head
        .split("\r\n")
        .find_map(|line| line.strip_prefix("Content-Disposition: form-data; name=\""))
        .ok_or(format!("`{head}` has no name"))?;
    let (name, rest) = disposition.split_once('"').ok_or("a name does not end")?;
    let filename = rest
        .strip_prefix("; filename=\"")
        .map(|rest| rest.strip_suffix('"').ok_or("a file name does not end"))
        .transpose()?;
    Ok(Part { name: name.to_owned(), filename: filename.map(str::to_owned), content })
}

fn split<'a>(mut bytes: &'a [u8], delimiter: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = bytes.windows(delimiter.len()).position(|window| window == delimiter) {
        pieces.push(&bytes[..at]);
        bytes = &bytes[at + delimiter.len()..];
    }
    pieces.push(bytes);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_well_formed_forms_only() {
        let head = "Content-Disposition: form-data; name=\"a\"";
        for (body, parts) in [
            (format!("--b\r\n{head}\r\n\r\nx\r\n--b--\r\n"), Some(1)),
            (format!("--b\r\n{head}\r\n\r\n\r\n--b\r\n{head}\r\n\r\n\r\n--b--\r\n"), Some(2)),
            // A boundary that does not begin a line belongs to the content.
            (format!("--b\r\n{head}\r\n\r\nx--b\r\n{head}\r\n\r\n\r\n--b--\r\n"), Some(1)),
            (format!("--b\r\n{head}\r\n\r\nx\r\n--b--"), None),
            (format!("--b\r\n{head}\r\n\r\nx\r\n--b\r\n"), None),
            (format!("x\r\n--b\r\n{head}\r\n\r\nx\r\n--b--\r\n"), None),
            ("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n".to_owned(), None),
            (String::new(), None),
        ] {
            let parsed = parse("multipart/form-data; boundary=b", body.as_bytes());
            assert_eq!(parsed.ok().map(|parts| parts.len()), parts, "{body:?}");
        }
    }
}
