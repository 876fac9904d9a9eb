//! The bombs, and what each is answered with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::pictures::{black_png, chunky_png, claims};

const MIB: usize = 1024 * 1024;

/// A request that is to be refused, or to be answered in bounds.
pub(super) struct Bomb {
    pub(super) name: String,
    pub(super) pieces: Box<dyn Fn() -> Box<dyn Iterator<Item = Vec<u8>>> + Sync>,
    pub(super) status: u16,
    pub(super) contains: &'static str,
}

pub(super) fn bombs() -> Vec<Bomb> {
    let form = "application/x-www-form-urlencoded";
    let multipart = "multipart/form-data; boundary=B";
    let part = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";
    let named = "InstanceName=demo&ProductId=1&PicName=1&";
    let parameters = format!("{named}{}", "a=b&".repeat(1_000_000));
    let start = "InstanceName=demo&ProductId=";
    let large = format!("{start}{}", "x".repeat(16 * MIB - start.len()));
    let base64 = format!("{named}PicContent={}", "A".repeat(8 * MIB));
    let header =
        format!("--B\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n", "a".repeat(MIB));
    let gzip = [&b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..], &[0; 1000]].concat();
    let nested = "{\"duplicate_execution\":{\"then\":".repeat(30_000);
    let deep = format!("[{{\"id\":\"a\",\"effect\":{nested}");
    let mut bombs = vec![
        whole("a million parameters", form, parameters.into_bytes(), 400, "InvalidParameter"),
        whole("a parameter of 16 MiB", form, large.into_bytes(), 400, "InvalidProductId"),
        whole("8 MiB of Base64", form, base64.into_bytes(), 400, "InvalidPicContent"),
        whole("10,000 fields", multipart, part.repeat(10_000).into_bytes(), 400, "MalformedPOST"),
        whole("a header of a part", multipart, header.into_bytes(), 400, "Malformed"),
        whole("what is packed", &format!("{form}\r\ncontent-encoding: gzip"), gzip, 400, "Code"),
        sent_to("/_emulator/faults", "deep JSON", deep.into_bytes(), 400, "recursion"),
        signed("a long text to sign", 400, "Code"),
        claimed("4 GiB of a call", form, 413, "InvalidParameter"),
        claimed("4 GiB of an upload", multipart, 400, "EntityTooLarge"),
        endless("a call without end", form, 413, "InvalidParameter"),
        endless("an upload without end", multipart, 400, "EntityTooLarge"),
    ];
    let picture = |name: String, content: &[u8], status: u16, contains: &'static str| {
        let content = STANDARD.encode(content).replace('+', "%2B");
        whole(&name, form, format!("{named}PicContent={content}").into_bytes(), status, contains)
    };
    let black = black_png(10_000, 10_000, 8, 0, 1);
    assert!(black.len() < MIB, "{}", black.len());
    bombs.push(picture("a PNG of 100 megapixels".to_owned(), &black, 400, "UnsupportedPicPixels"));
    // The largest that the service takes, in its most wasteful form; that it is taken is right.
    let largest = black_png(4_096, 4_096, 16, 6, 8);
    bombs.push(picture("the largest PNG".to_owned(), &largest, 200, "success"));
    bombs.push(picture("a PNG of many chunks".to_owned(), &chunky_png(), 200, "success"));
    for (name, content) in claims() {
        bombs.push(picture(format!("{name} that claims much"), &content, 400, "UnsupportedPic"));
    }
    bombs
}

fn head(path: &str, content_type: &str, framing: &str) -> Vec<u8> {
    let method = if path == "/" { "POST" } else { "PUT" };
    format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {content_type}\r\n\
         x-acs-action: AddImage\r\nx-acs-version: 2020-12-14\r\n{framing}\r\n\r\n"
    )
    .into_bytes()
}

fn bomb(
    name: &str,
    pieces: impl Fn() -> Box<dyn Iterator<Item = Vec<u8>>> + Sync + 'static,
    status: u16,
    contains: &'static str,
) -> Bomb {
    Bomb { name: name.to_owned(), pieces: Box::new(pieces), status, contains }
}

/// A request with all of its body.
fn whole(
    name: &str,
    content_type: &str,
    body: Vec<u8>,
    status: u16,
    contains: &'static str,
) -> Bomb {
    let head = head("/", content_type, &format!("content-length: {}", body.len()));
    bomb(name, move || Box::new([head.clone(), body.clone()].into_iter()), status, contains)
}

/// A request to another path.
fn sent_to(path: &str, name: &str, body: Vec<u8>, status: u16, contains: &'static str) -> Bomb {
    let head = head(path, "application/json", &format!("content-length: {}", body.len()));
    bomb(name, move || Box::new([head.clone(), body.clone()].into_iter()), status, contains)
}

/// A request that claims to have more than fits, and has nothing.
fn claimed(name: &str, content_type: &str, status: u16, contains: &'static str) -> Bomb {
    let head = head("/", content_type, "content-length: 4294967296");
    bomb(name, move || Box::new([head.clone()].into_iter()), status, contains)
}

/// A request in chunks that do not end until the connection does.
fn endless(name: &str, content_type: &str, status: u16, contains: &'static str) -> Bomb {
    let head = head("/", content_type, "transfer-encoding: chunked");
    let chunk = [&b"10000\r\n"[..], &[b'x'; 0x10000], b"\r\n"].concat();
    // Far beyond the limit, and less than is read in order to be forgotten.
    let chunks = 32 * MIB / 0x10000;
    let pieces = move || -> Box<dyn Iterator<Item = Vec<u8>>> {
        Box::new([head.clone()].into_iter().chain(std::iter::repeat_n(chunk.clone(), chunks)))
    };
    bomb(name, pieces, status, contains)
}

/// A request whose text to sign is five times as long as itself.
fn signed(name: &str, status: u16, contains: &'static str) -> Bomb {
    let body = format!("a={}", "!".repeat(15 * MIB));
    let head = format!(
        "POST /?Action=AddImage&Version=2020-12-14&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0\
         &AccessKeyId=emulator&SignatureNonce=1&Timestamp=2026-01-02T03%3A04%3A05Z&Signature=AAAA \
         HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let pieces = [head.into_bytes(), body.into_bytes()];
    bomb(name, move || Box::new(pieces.clone().into_iter()), status, contains)
}
