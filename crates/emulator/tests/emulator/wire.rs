//! HTTP/1.1 and both signatures by hand, from the documentation and not from the client's code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use imagesearch_core::values::Timestamp;
use imagesearch_emulator::{Clock, Emulator, EmulatorBuilder};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// When all tests with a clock of their own take place.
pub(crate) const NOW: &str = "2026-01-02T03:04:05Z";

/// Starts an emulator whose clock stands still at [`NOW`].
pub(crate) fn start(builder: EmulatorBuilder) -> Emulator {
    builder.clock(clock()).start().unwrap()
}

/// Waits for something to become true, but not for ever.
pub(crate) fn until(mut is_true: impl FnMut() -> bool) {
    let given_up = Instant::now() + Duration::from_secs(60);
    while !is_true() {
        assert!(Instant::now() < given_up, "it does not become true");
        std::thread::yield_now();
    }
}

/// Creates a clock that stands still at [`NOW`].
pub(crate) fn clock() -> Clock {
    Clock::manual(NOW.parse::<Timestamp>().unwrap())
}

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Returns status and code of an error.
    pub(crate) fn error(&self) -> (u16, String) {
        let code = self.json()["Code"].as_str().unwrap_or_default().to_owned();
        (self.status, code)
    }
}

/// A request that can be bent out of shape before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A call before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct Unsigned<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) action: &'a str,
    pub(crate) version: &'a str,
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) form: &'a [(&'a str, &'a str)],
    pub(crate) key: (&'a str, &'a str),
    pub(crate) token: Option<&'a str>,
    pub(crate) date: &'a str,
    pub(crate) nonce: &'a str,
}

impl<'a> Unsigned<'a> {
    pub(crate) fn new(action: &'a str, form: &'a [(&'a str, &'a str)], nonce: &'a str) -> Self {
        Self {
            method: "POST",
            path: "/",
            action,
            version: "2020-12-14",
            query: &[],
            form,
            key: (Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET),
            token: None,
            date: NOW,
            nonce,
        }
    }

    fn parts(&self, emulator: &Emulator) -> Request {
        let form: Vec<_> =
            self.form.iter().map(|(name, it)| (name.to_string(), it.to_string())).collect();
        let content_type = if form.is_empty() { "" } else { "application/x-www-form-urlencoded" };
        self.with_body(emulator, content_type, encode_pairs(&form).as_bytes())
    }

    fn with_body(&self, emulator: &Emulator, content_type: &str, body: &[u8]) -> Request {
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let pairs = pairs.iter();
            pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let mut headers = vec![("host".to_owned(), emulator.local_addr().to_string())];
        if !content_type.is_empty() {
            headers.push(("content-type".to_owned(), content_type.to_owned()));
        }
        Request {
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            query: owned(self.query),
            headers,
            body: body.to_vec(),
        }
    }

    /// Signs with ACS3-HMAC-SHA256.
    pub(crate) fn acs3(&self, emulator: &Emulator) -> Request {
        self.sign_acs3(self.parts(emulator))
    }

    /// Signs with ACS3-HMAC-SHA256 a call with any body.
    pub(crate) fn acs3_of(&self, emulator: &Emulator, content_type: &str, body: &[u8]) -> Request {
        self.sign_acs3(self.with_body(emulator, content_type, body))
    }

    fn sign_acs3(&self, mut request: Request) -> Request {
        let hash = hex(&Sha256::digest(&request.body));
        for (name, value) in [
            ("x-acs-action", self.action),
            ("x-acs-version", self.version),
            ("x-acs-date", self.date),
            ("x-acs-signature-nonce", self.nonce),
            ("x-acs-content-sha256", &hash),
        ] {
            request.headers.push((name.to_owned(), value.to_owned()));
        }
        if let Some(token) = self.token {
            request.headers.push(("x-acs-security-token".to_owned(), token.to_owned()));
        }
        let mut signed = request.headers.clone();
        signed.sort();
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let mut query = request.query.clone();
        query.sort();
        let mut canonical = format!("{}\n{}\n{}\n", self.method, self.path, encode_pairs(&query));
        for (name, value) in &signed {
            writeln!(canonical, "{name}:{value}").unwrap();
        }
        write!(canonical, "\n{names}\n{hash}").unwrap();
        let text = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(&canonical)));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.1.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential={},SignedHeaders={names},Signature={signature}",
            self.key.0
        );
        request.headers.push(("authorization".to_owned(), authorization));
        request
    }

    /// Signs with HMAC-SHA1 of version 1.0.
    pub(crate) fn rpc(&self, emulator: &Emulator) -> Request {
        let form = self.form.iter();
        let form = form.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.sign_rpc(self.parts(emulator), form)
    }

    /// Signs with HMAC-SHA1 of version 1.0 a call with any body; what of it is a form is covered.
    pub(crate) fn rpc_of(&self, emulator: &Emulator, content_type: &str, body: &[u8]) -> Request {
        let request = self.with_body(emulator, content_type, body);
        let is_form = content_type == "application/x-www-form-urlencoded";
        let form = if is_form { decode_pairs(body) } else { Vec::new() };
        self.sign_rpc(request, form)
    }

    fn sign_rpc(&self, mut request: Request, form: Vec<(String, String)>) -> Request {
        for (name, value) in [
            ("Action", self.action),
            ("Version", self.version),
            ("Format", "json"),
            ("Timestamp", self.date),
            ("SignatureNonce", self.nonce),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("AccessKeyId", self.key.0),
        ] {
            request.query.push((name.to_owned(), value.to_owned()));
        }
        if let Some(token) = self.token {
            request.query.push(("SecurityToken".to_owned(), token.to_owned()));
        }
        let mut all = request.query.clone();
        all.extend(form);
        all.sort();
        let text = format!("{}&%2F&{}", self.method, encode(&encode_pairs(&all)));
        let key = format!("{}&", self.key.1);
        let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        request.query.push(("Signature".to_owned(), signature));
        request
    }
}

impl Request {
    pub(crate) fn header(&mut self, name: &str) -> &mut String {
        let header = self.headers.iter_mut().find(|(it, _)| it == name);
        &mut header.unwrap_or_else(|| panic!("no header {name}")).1
    }

    pub(crate) fn send(&self, emulator: &Emulator) -> Answer {
        exchange(emulator, &serialize(self))
    }
}

/// Writes a request as it travels; the connection is to end with it.
pub(crate) fn serialize(request: &Request) -> Vec<u8> {
    let mut head = format!("{} {}", request.method, request.path);
    if !request.query.is_empty() {
        write!(head, "?{}", encode_pairs(&request.query)).unwrap();
    }
    head.push_str(" HTTP/1.1\r\n");
    for (name, value) in &request.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    write!(head, "content-length: {}\r\nconnection: close\r\n\r\n", request.body.len()).unwrap();
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&request.body);
    bytes
}

/// Sends bytes as they are and reads the answer.
pub(crate) fn exchange(emulator: &Emulator, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(emulator.local_addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // A server may answer and close before it has read everything.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.and_then(|status| status.parse().ok()).unwrap_or(0),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

pub(crate) fn encode_pairs(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter();
    let pairs: Vec<_> =
        pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Reads what of a form can be read.
fn decode_pairs(form: &[u8]) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut parts = text.split('%');
        bytes.extend_from_slice(parts.next().unwrap_or_default().replace('+', " ").as_bytes());
        for part in parts {
            let escape = part.get(..2).and_then(|it| u8::from_str_radix(it, 16).ok());
            bytes.extend(escape);
            bytes.extend_from_slice(part.get(2..).unwrap_or_default().replace('+', " ").as_bytes());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let text = String::from_utf8_lossy(form);
    let fields = text.split('&').filter(|field| !field.is_empty());
    let pairs = fields.map(|field| field.split_once('=').unwrap_or((field, "")));
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => write!(encoded, "%{byte:02X}").unwrap(),
        }
    }
    encoded
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
