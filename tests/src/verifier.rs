//! A second, independent reading of the vendor's signature rules, to judge core's requests with.
//!
//! Nothing of core's signing is used: percent-encoding, canonical forms and comparison are written
//! here again, the way a gateway sees a request, from its bytes. Only the hashes are shared crates.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use imagesearch_core::body::Body;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Checks the `ACS3-HMAC-SHA256` signature of a request as a gateway would.
///
/// # Errors
///
/// Says in words what does not hold: the form of the header, what it leaves unsigned, the hash of
/// the body, or the signature.
pub fn verify_acs3(request: &Request<Body>, id: &str, secret: &str) -> Result<(), String> {
    let header = |name: &str| single_header(request, name);
    let authorization = header("authorization")?;
    let parts: Vec<&str> = authorization
        .strip_prefix("ACS3-HMAC-SHA256 ")
        .ok_or("the algorithm is another one")?
        .split(',')
        .collect();
    let [credential, names, signature] = parts[..] else {
        return Err(format!("`{authorization}` does not have three parts"));
    };
    if credential != format!("Credential={id}") {
        return Err(format!("`{credential}` names another key than {id}"));
    }
    let names = names.strip_prefix("SignedHeaders=").ok_or("no SignedHeaders")?;
    let signature = signature.strip_prefix("Signature=").ok_or("no Signature")?;

    let signed: Vec<&str> = names.split(';').collect();
    if !signed.windows(2).all(|pair| pair[0] < pair[1]) {
        return Err(format!("`{names}` is not sorted"));
    }
    for name in request.headers().keys().map(http::HeaderName::as_str) {
        let must = name == "host" || name == "content-type" || name.starts_with("x-acs-");
        if must && !signed.contains(&name) {
            return Err(format!("`{name}` is sent and not signed"));
        }
    }
    check_host(request)?;

    let hash = hex(&Sha256::digest(request.body().to_bytes()));
    if header("x-acs-content-sha256")? != hash {
        return Err("x-acs-content-sha256 is not the hash of the body".to_owned());
    }
    let query = decode_pairs(request.uri().query().unwrap_or_default())?;
    let mut canonical = format!(
        "{}\n{}\n{}\n",
        request.method(),
        request.uri().path(),
        canonical_query(query.iter())
    );
    for name in &signed {
        canonical += &format!("{name}:{}\n", header(name)?.trim());
    }
    canonical += &format!("\n{names}\n{hash}");
    let string_to_sign =
        format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|e| e.to_string())?;
    mac.update(string_to_sign.as_bytes());
    let expected = hex(&mac.finalize().into_bytes());
    if signature == expected {
        Ok(())
    } else {
        Err(format!("the signature is {signature}, not {expected}, of:\n{canonical}"))
    }
}

/// Checks the `HMAC-SHA1` signature of a request as a gateway would.
///
/// # Errors
///
/// Says in words what does not hold: a protocol parameter, or the signature.
pub fn verify_rpc(request: &Request<Body>, id: &str, secret: &str) -> Result<(), String> {
    check_host(request)?;
    let mut parameters = decode_pairs(request.uri().query().unwrap_or_default())?;
    let signatures: Vec<String> = parameters
        .iter()
        .filter(|(name, _)| name == "Signature")
        .map(|(_, value)| value.clone())
        .collect();
    let [signature] = &signatures[..] else {
        return Err(format!("there are {} signatures", signatures.len()));
    };
    for (name, value) in
        [("AccessKeyId", id), ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0")]
    {
        if !parameters.iter().any(|(n, v)| n == name && v == value) {
            return Err(format!("{name} is not {value}"));
        }
    }
    parameters.retain(|(name, _)| name != "Signature");
    parameters.extend(decode_form(request)?);
    let canonical = canonical_query(parameters.iter());
    let string_to_sign = format!("{}&%2F&{}", request.method(), encode(&canonical));
    let mut mac = Hmac::<Sha1>::new_from_slice(format!("{secret}&").as_bytes())
        .map_err(|error| error.to_string())?;
    mac.update(string_to_sign.as_bytes());
    let expected = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    if *signature == expected {
        Ok(())
    } else {
        Err(format!("the signature is {signature}, not {expected}, of:\n{string_to_sign}"))
    }
}

/// Checks the `acs id:signature` signature of a ROA request as a gateway would.
///
/// # Errors
///
/// Says in words what does not hold: the MD5 of the body, or the signature.
pub fn verify_roa(request: &Request<Body>, id: &str, secret: &str) -> Result<(), String> {
    check_host(request)?;
    let body = request.body().to_bytes();
    if !body.is_empty() && single_header(request, "content-md5")? != md5_base64(&body) {
        return Err("content-md5 is not the hash of the body".to_owned());
    }
    let mut text = format!("{}\n", request.method());
    for name in ["accept", "content-md5", "content-type", "date"] {
        let value =
            if request.headers().contains_key(name) { single_header(request, name)? } else { "" };
        text += &format!("{value}\n");
    }
    let mut own: Vec<&str> = request.headers().keys().map(http::HeaderName::as_str).collect();
    own.retain(|name| name.starts_with("x-acs-"));
    own.sort_unstable();
    for name in own {
        text += &format!("{name}:{}\n", single_header(request, name)?);
    }
    text += request.uri().path();
    let mut query = decode_query(request)?;
    query.sort();
    for (index, (name, value)) in query.iter().enumerate() {
        text += if index == 0 { "?" } else { "&" };
        text += name;
        if !value.is_empty() {
            text += &format!("={value}");
        }
    }
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).map_err(|e| e.to_string())?;
    mac.update(text.as_bytes());
    let expected = format!("acs {id}:{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    match single_header(request, "authorization")? {
        signed if signed == expected => Ok(()),
        signed => Err(format!("the signature is `{signed}`, not `{expected}`, of:\n{text}")),
    }
}

fn md5_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(Md5::digest(bytes))
}

/// Decodes the query of a request.
///
/// # Errors
///
/// It is not percent-encoded UTF-8.
pub fn decode_query(request: &Request<Body>) -> Result<Vec<(String, String)>, String> {
    decode_pairs(request.uri().query().unwrap_or_default())
}

/// Decodes the form body of a request; other bodies have no pairs.
///
/// # Errors
///
/// It is not percent-encoded UTF-8.
pub fn decode_form(request: &Request<Body>) -> Result<Vec<(String, String)>, String> {
    let kind = request.headers().get("content-type").map(http::HeaderValue::as_bytes);
    if kind != Some(b"application/x-www-form-urlencoded") {
        return Ok(Vec::new());
    }
    let body = request.body().to_bytes();
    decode_pairs(std::str::from_utf8(&body).map_err(|error| error.to_string())?)
}

/// Groups pairs by name.
pub fn multimap(pairs: Vec<(String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        map.entry(name).or_default().push(value);
    }
    map
}

/// The gateway finds the service by the host, so that URL and header must agree.
fn check_host(request: &Request<Body>) -> Result<(), String> {
    let host = single_header(request, "host")?;
    match request.uri().authority() {
        Some(authority) if authority.as_str() == host => Ok(()),
        other => Err(format!("the host header is {host}, the URL has {other:?}")),
    }
}

fn single_header<'a>(request: &'a Request<Body>, name: &str) -> Result<&'a str, String> {
    let values: Vec<_> = request.headers().get_all(name).iter().collect();
    match values[..] {
        [value] => value.to_str().map_err(|error| format!("{name}: {error}")),
        _ => Err(format!("there are {} headers `{name}`", values.len())),
    }
}

fn canonical_query<'a>(parameters: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut encoded: Vec<(&str, String)> = parameters
        .map(|(name, value)| (name.as_str(), format!("{}={}", encode(name), encode(value))))
        .collect();
    encoded.sort();
    encoded.into_iter().map(|(_, pair)| pair).collect::<Vec<_>>().join("&")
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(byte.into());
            }
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

fn decode_pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or(format!("`{pair}` has no `=`"))?;
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || {
                    let digit = char::from(rest.next()?).to_digit(16)?;
                    u8::try_from(digit).ok()
                };
                let (high, low) = (digit(), digit());
                high.zip(low)
                    .map(|(high, low)| high * 16 + low)
                    .ok_or(format!("`{text}` ends within an escape or has a bad one"))?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
