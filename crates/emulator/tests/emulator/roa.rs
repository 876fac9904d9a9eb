//! Calls with a path of their own: the `^` body and the ROA signature by hand.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use imagesearch_emulator::Emulator;
use md5::Md5;
use sha1::Sha1;
use sha2::Digest;

use crate::wire::{Request, encode_pairs};

/// The date of [`NOW`](crate::wire::NOW) as this signature writes it.
pub(crate) const DATE: &str = "Fri, 02 Jan 2026 03:04:05 GMT";

/// A call before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct RoaCall<'a> {
    pub(crate) path: &'a str,
    pub(crate) version: &'a str,
    pub(crate) query: Vec<(&'a str, &'a str)>,
    pub(crate) content_type: &'a str,
    pub(crate) body: Vec<u8>,
    pub(crate) key: (&'a str, &'a str),
    pub(crate) token: Option<&'a str>,
    pub(crate) date: &'a str,
    pub(crate) nonce: Option<&'a str>,
}

impl<'a> RoaCall<'a> {
    /// Creates a call of 2018-01-20 to the instance `demo`.
    pub(crate) fn v2018(path: &'a str, body: Vec<u8>) -> Self {
        Self {
            path,
            version: "2018-01-20",
            query: vec![("instanceName", "demo")],
            content_type: "application/octet-stream",
            body,
            key: (Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET),
            token: None,
            date: DATE,
            nonce: None,
        }
    }

    /// Creates a call of 2019-03-25 to the instance `demo`.
    pub(crate) fn v2019(path: &'a str, form: &[(&str, &str)]) -> Self {
        let scope = [("InstanceName", "demo")];
        let form = scope.iter().chain(form);
        let form: Vec<_> =
            form.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self {
            version: "2019-03-25",
            query: Vec::new(),
            content_type: "application/x-www-form-urlencoded",
            ..Self::v2018(path, encode_pairs(&form).into_bytes())
        }
    }

    pub(crate) fn sign(&self, emulator: &Emulator) -> Request {
        let content_md5 = STANDARD.encode(Md5::digest(&self.body));
        let mut acs = vec![
            ("x-acs-signature-method", "HMAC-SHA1"),
            ("x-acs-signature-version", "1.0"),
            ("x-acs-version", self.version),
        ];
        acs.extend(self.token.map(|token| ("x-acs-security-token", token)));
        acs.extend(self.nonce.map(|nonce| ("x-acs-signature-nonce", nonce)));
        acs.sort_unstable();
        let mut text = format!(
            "POST\napplication/json\n{content_md5}\n{}\n{}\n",
            self.content_type, self.date
        );
        for (name, value) in &acs {
            text.push_str(&format!("{name}:{value}\n"));
        }
        text.push_str(self.path);
        let mut query = self.query.clone();
        query.sort_unstable();
        for (index, (name, value)) in query.iter().enumerate() {
            text.push(if index == 0 { '?' } else { '&' });
            text.push_str(&format!("{name}={value}"));
        }
        let mut mac = Hmac::<Sha1>::new_from_slice(self.key.1.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let authorization = format!("acs {}:{signature}", self.key.0);
        let host = emulator.local_addr().to_string();
        acs.extend([
            ("host", host.as_str()),
            ("accept", "application/json"),
            ("content-md5", &content_md5),
            ("content-type", self.content_type),
            ("date", self.date),
            ("authorization", &authorization),
        ]);
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let pairs = pairs.iter();
            pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        Request {
            method: "POST".to_owned(),
            path: self.path.to_owned(),
            query: owned(&self.query),
            headers: owned(&acs),
            body: self.body.clone(),
        }
    }
}

/// Writes a body of entries and their values.
pub(crate) fn caret(entries: &[(&str, &str)]) -> Vec<u8> {
    let (mut meta, mut values) = (Vec::new(), String::new());
    for (name, value) in entries {
        let start = values.len();
        values.push_str(value);
        meta.push(format!("{name},{start},{}", values.len()));
    }
    format!("{}^{values}", meta.join("#")).into_bytes()
}

/// Writes a body of fields and pictures, with the list of the pictures' names at the end.
pub(crate) fn with_pictures(fields: &[(&str, &str)], pictures: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let encoded: Vec<(String, String)> = pictures
        .iter()
        .map(|(name, content)| (STANDARD.encode(name), STANDARD.encode(content)))
        .collect();
    let names: Vec<&str> = encoded.iter().map(|(name, _)| name.as_str()).collect();
    let list = names.join(",");
    let mut entries = fields.to_vec();
    entries.extend(encoded.iter().map(|(name, content)| (name.as_str(), content.as_str())));
    entries.push(("pic_list", &list));
    caret(&entries)
}
