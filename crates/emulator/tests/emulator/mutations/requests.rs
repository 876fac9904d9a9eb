//! Right requests of every operation and hop, and what is changed in them.

use imagesearch_core::operations::OPERATIONS;
use imagesearch_emulator::Emulator;

use super::random::Random;
use crate::error_codes::calls::Call;
use crate::pictures::corner;
use crate::roa::RoaCall;
use crate::uploads::{authorize, fields};
use crate::wire::{Request, Unsigned, serialize};

/// An account with a security token: key, secret and token.
pub(super) const STS: (&str, &str, &str) = ("mutant", "mutant-secret", "mutant+token/=");

/// A request as it is sent.
pub(super) struct Mutated {
    pub(super) about: String,
    pub(super) pieces: Vec<Vec<u8>>,
    /// Whether the client says that nothing follows, since something is missing.
    pub(super) ends: bool,
}

/// Names and values that mean something somewhere, or nothing anywhere.
const VALUES: [&str; 24] = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "99999999999999999999999999",
    "-9223372036854775808",
    "1e999",
    "NaN",
    "true",
    "True",
    "null",
    "{}",
    "[[[[[[[[",
    "\u{0}",
    "\r\nX: y",
    "%",
    "%zz",
    "é红\u{10FFFF}",
    "'; DROP TABLE--",
    "../../etc/passwd",
    "http://169.254.169.254/",
    "http://127.0.0.1:1/",
    "int_attr in (1,2) AND ((((((str_attr='",
];

const HEADERS: [&str; 12] = [
    "transfer-encoding: chunked",
    "content-length: 0",
    "content-length: 18446744073709551616",
    "content-length: -1",
    "content-type: multipart/form-data",
    "content-type: text/html; charset=x",
    "content-encoding: gzip",
    "expect: 100-continue",
    "host:",
    "connection: upgrade",
    "x-acs-action: DeleteImage",
    "x-emulator-call: \u{ff}",
];

/// Creates the request of a number: operation, signature and change follow from it.
pub(super) fn mutated(emulator: &Emulator, number: u64, random: &mut Random) -> Mutated {
    let hops = OPERATIONS.len() + 2;
    let hop = (number as usize) % hops;
    let signed_again = random.below(2) == 0;
    let nonce = format!("mutation-{number}");
    let (name, request) = match OPERATIONS.get(hop) {
        Some(operation) => {
            let name = format!("{}/{}", operation.version, operation.name);
            let mut call = Call::right(&name).request(emulator);
            if signed_again {
                change(&mut call, random);
            }
            (name, sign(emulator, &call, &nonce, random))
        }
        None if hop == OPERATIONS.len() => {
            let mut call = upload_authorization(emulator);
            if signed_again {
                change(&mut call, random);
            }
            ("AuthorizeFileUpload".to_owned(), sign(emulator, &call, &nonce, random))
        }
        None => ("PostObject".to_owned(), upload(emulator, &nonce, signed_again, random)),
    };
    let mut bytes = serialize(&request);
    let (what, ends) =
        if signed_again { ("changed and signed", false) } else { damage(&mut bytes, random) };
    let mut pieces = vec![bytes];
    for _ in 0..random.below(4) {
        let last = pieces.pop().unwrap_or_default();
        let (first, second) = last.split_at(random.below(last.len()));
        pieces.extend([first.to_vec(), second.to_vec()]);
    }
    Mutated { about: format!("{name}: {what}"), pieces, ends }
}

fn upload_authorization(emulator: &Emulator) -> Request {
    let query = [("Product", "ImageSearch"), ("RegionId", "cn-shanghai")];
    let call = Unsigned {
        method: "GET",
        version: "2019-12-19",
        query: &query,
        ..Unsigned::new("AuthorizeFileUpload", &[], "unsigned")
    };
    let mut request = call.acs3(emulator);
    request
        .headers
        .retain(|(name, _)| matches!(&**name, "host" | "x-acs-action" | "x-acs-version"));
    request
}

/// Creates a form with a picture, its fields changed if the mutation is one that is signed: the policy
/// and its signature then are what they were.
fn upload(emulator: &Emulator, nonce: &str, changed: bool, random: &mut Random) -> Request {
    let authorization = authorize(emulator, nonce);
    let mut fields: Vec<_> =
        fields(&authorization).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if changed {
        change_pairs(&mut fields, random);
    }
    let mut body = Vec::new();
    for (name, value) in &fields {
        let part =
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"--B\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n");
    body.extend_from_slice(&corner(1, 100, 100));
    body.extend_from_slice(b"\r\n--B--\r\n");
    crate::uploads::form(body)
}

/// Changes what a signature covers, before it is made.
fn change(request: &mut Request, random: &mut Random) {
    for _ in 0..=random.below(3) {
        match random.below(4) {
            0 => change_pairs(&mut request.query, random),
            1 => {
                let at = random.below(request.body.len());
                let count = random.below(8);
                let end = (at + random.below(8)).min(request.body.len());
                request.body.splice(at.min(end)..end, random.bytes(count));
            }
            2 => {
                let text = String::from_utf8_lossy(&request.body).into_owned();
                let mut parts: Vec<&str> = text.split('&').collect();
                match random.below(3) {
                    0 => parts.push(*random.one(&VALUES)),
                    1 => {
                        let by = random.below(parts.len());
                        parts.rotate_left(by);
                    }
                    _ => parts.extend(parts.clone()),
                }
                request.body = parts.join("&").into_bytes();
            }
            _ => {
                let types =
                    ["text/plain", "application/json", "multipart/form-data; boundary=B", ""];
                request.headers.retain(|(name, _)| name != "content-type");
                request.headers.push(("content-type".to_owned(), (*random.one(&types)).to_owned()));
            }
        }
    }
}

/// Duplicates, removes, renames or rewrites one of some pairs.
fn change_pairs(pairs: &mut Vec<(String, String)>, random: &mut Random) {
    let Some((name, value)) = pairs.get(random.below(pairs.len())).cloned() else {
        pairs.push(((*random.one(&VALUES)).to_owned(), (*random.one(&VALUES)).to_owned()));
        return;
    };
    let at = pairs.iter().position(|(it, _)| *it == name).unwrap_or_default();
    match random.below(5) {
        0 => pairs.push((name, value)),
        1 => drop(pairs.remove(at)),
        2 => pairs[at].0 = (*random.one(&VALUES)).to_owned(),
        3 => pairs[at].1 = value.repeat(random.below(500)),
        _ => pairs[at].1 = (*random.one(&VALUES)).to_owned(),
    }
}

/// Signs with one of the signatures that the path takes, by the test's own signers.
fn sign(emulator: &Emulator, call: &Request, nonce: &str, random: &mut Random) -> Request {
    let header = |name: &str| {
        let found = call.headers.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let borrowed = |pairs: &'_ [(String, String)]| {
        let pairs = pairs.iter();
        pairs.map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>()
    };
    let query = borrowed(&call.query);
    let query: Vec<_> = query.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
    let (key, token) = match random.below(3) {
        0 => ((STS.0, STS.1), Some(STS.2)),
        _ => ((Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET), None),
    };
    if call.path != "/" && random.below(2) == 0 {
        return RoaCall {
            version: header("x-acs-version"),
            query,
            content_type: header("content-type"),
            key,
            token,
            nonce: Some(nonce),
            ..RoaCall::v2018(&call.path, call.body.clone())
        }
        .sign(emulator);
    }
    let unsigned = Unsigned {
        method: &call.method,
        path: &call.path,
        action: header("x-acs-action"),
        version: header("x-acs-version"),
        query: &query,
        form: &[],
        key,
        token,
        date: crate::wire::NOW,
        nonce,
    };
    let content_type = header("content-type");
    if call.path == "/" && random.below(2) == 0 {
        unsigned.rpc_of(emulator, content_type, &call.body)
    } else {
        unsigned.acs3_of(emulator, content_type, &call.body)
    }
}

/// Damages the bytes of a whole request; tells what was done, and whether something is missing.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) -> (&'static str, bool) {
    let head = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap_or(bytes.len());
    match random.below(8) {
        0 => {
            for _ in 0..=random.below(8) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
            ("bits flipped", true)
        }
        1 => {
            bytes.truncate(random.below(bytes.len()));
            ("cut short", true)
        }
        2 => {
            let at = random.below(head);
            let count = random.below(40);
            bytes.splice(at..at, random.bytes(count));
            ("bytes in the head", true)
        }
        3 => {
            let line = format!("\r\n{}", random.one(&HEADERS));
            bytes.splice(head..head, line.into_bytes());
            ("one more header", true)
        }
        4 => {
            let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
            let mut lines: Vec<&str> = text.split("\r\n").collect();
            let at = random.below(lines.len());
            match random.below(3) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at]),
                _ => lines.swap(at, 0),
            }
            let lines = lines.join("\r\n");
            bytes.splice(..head, lines.into_bytes());
            ("headers removed, doubled or moved", true)
        }
        5 => {
            let length = *random.one(&["0", "1", "7", "999999", "4294967296", "x", "-1", "0x10"]);
            let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
            let (before, after) = text.split_once("content-length: ").unwrap_or((&text, ""));
            let rest = after.split_once("\r\n").map_or("", |(_, rest)| rest);
            let changed = format!("{before}content-length: {length}\r\n{rest}");
            bytes.splice(..head, changed.into_bytes());
            ("another length", true)
        }
        6 => {
            let more = bytes.clone();
            bytes.extend_from_slice(&more);
            ("sent twice on one connection", false)
        }
        _ => {
            let count = random.below(2_000);
            *bytes = random.bytes(count);
            ("nothing but noise", true)
        }
    }
}
