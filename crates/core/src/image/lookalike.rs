//! Recognises files that are sent as pictures by mistake.

/// A picture as Base64 text; worth its own advice, as the older API took that.
pub(super) const BASE64: &str = "a picture in Base64";
/// A `data:` URL.
pub(super) const DATA_URL: &str = "a data: URL";

/// Advice for files that cannot be converted to a picture.
pub(super) const ANOTHER_FILE: &str = "pass the bytes of a JPEG, PNG or other picture file";

/// How much of a file to search: enough for any prologue before the first element.
const WINDOW: usize = 1024;

/// Magic numbers of other files people have at hand.
const BINARY: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1F\x8B", "gzip data"),
    (b"\x1A\x45\xDF\xA3", "a Matroska or WebM video"),
];

/// Magic numbers of picture formats the service doesn't list.
const PICTURES: &[(&[u8], &str)] = &[
    (b"P1", NETPBM),
    (b"P2", NETPBM),
    (b"P4", NETPBM),
    (b"P5", NETPBM),
    (b"P7", NETPBM),
    (b"8BPS", "a Photoshop document"),
    (b"\0\0\x01\0", "a Windows icon"),
    (b"\xFF\x0A", "a JPEG XL picture"),
    (b"\0\0\0\x0CJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0CjP  ", "a JPEG 2000 picture"),
];

const NETPBM: &str = "a PBM, PGM or PAM picture";
const SVG: &str = "an SVG drawing";

/// Beginnings of text files, in lower case.
const TEXT: &[(&[u8], &str)] = &[
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<svg", SVG),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"data:", DATA_URL),
    // The first bytes of JPEG, PNG, GIF and WebP files in Base64.
    (b"/9j/", BASE64),
    (b"ivborw0kggo", BASE64),
    (b"r0lgod", BASE64),
    (b"uklgr", BASE64),
];

/// Returns what a file looks like, with an article if English needs one.
pub(super) fn name(data: &[u8]) -> Option<&'static str> {
    let mut magics = BINARY.iter().chain(PICTURES);
    if let Some((_, name)) = magics.find(|(magic, _)| starts_with_magic(data, magic)) {
        return Some(name);
    }
    if data.get(4..8) == Some(b"ftyp") {
        return Some("an MP4 or QuickTime video");
    }
    if data.starts_with(b"\xFF\xFE") || data.starts_with(b"\xFE\xFF") {
        return Some("text");
    }
    is_text(data).then(|| text_name(data))
}

/// Returns the advice for a kind of file.
pub(super) fn advice(name: &str) -> &'static str {
    match name {
        BASE64 | DATA_URL => "decode it and pass the bytes",
        SVG => "convert it to JPEG",
        _ if PICTURES.iter().any(|(_, picture)| *picture == name) => "convert it to JPEG",
        _ => ANOTHER_FILE,
    }
}

/// Compares the first bytes. Two letters without a blank would match too many texts.
fn starts_with_magic(data: &[u8], magic: &[u8]) -> bool {
    data.strip_prefix(magic).is_some_and(|rest| match (magic, rest) {
        ([b'P', b'1'..=b'7'], [next, ..]) => next.is_ascii_whitespace(),
        ([b'P', b'1'..=b'7'], []) => false,
        _ => true,
    })
}

/// Returns whether a file starts with UTF-8 text.
pub(super) fn is_text(data: &[u8]) -> bool {
    let start = window(data);
    let valid = match std::str::from_utf8(start) {
        Ok(_) => true,
        // The window may have cut a character in two.
        Err(error) => error.error_len().is_none() && start.len() < data.len(),
    };
    valid && !start.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

fn text_name(data: &[u8]) -> &'static str {
    let start = window(data);
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let start = start.trim_ascii_start().to_ascii_lowercase();
    let contains = |tag: &[u8]| start.windows(tag.len()).any(|part| part == tag);
    if let Some((_, name)) = TEXT.iter().find(|(begin, _)| start.starts_with(begin)) {
        name
    } else if !start.starts_with(b"<") {
        "text"
    } else if contains(b"<svg") {
        SVG
    } else if contains(b"<html") {
        "an HTML page"
    } else {
        "XML"
    }
}

fn window(data: &[u8]) -> &[u8] {
    data.get(..WINDOW).unwrap_or(data)
}
