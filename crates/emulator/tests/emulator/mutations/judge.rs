//! What must hold for every answer.

use imagesearch_core::errors::ErrorCode;
use imagesearch_emulator::Emulator;
use serde_json::Value;

use super::requests::STS;

/// The longest refusal; answers do not repeat megabytes of a request.
const MOST_REFUSAL_BYTES: usize = 64 * 1024;

/// How the refusal of a handshake begins, which a request may look like.
const TLS_ALERT: [u8; 2] = [0x15, 3];

/// Says in a few words what came, or what is wrong with it.
pub(super) fn judge(answer: &[u8]) -> Result<String, String> {
    if answer.is_empty() {
        return Ok("the connection ended".to_owned());
    }
    if answer.starts_with(&TLS_ALERT) {
        return Ok("a handshake was refused".to_owned());
    }
    let text = std::str::from_utf8(answer).map_err(|_| "the answer is not UTF-8".to_owned())?;
    for secret in [Emulator::ACCESS_KEY_SECRET, STS.1, STS.2] {
        if text.contains(secret) {
            return Err(format!("the answer shows a secret: {text}"));
        }
    }
    // What follows a whole answer is one to the bytes behind the request.
    let (head, rest) = text.split_once("\r\n\r\n").ok_or("the head of the answer has no end")?;
    let status = head.split(' ').nth(1).and_then(|it| it.parse::<u16>().ok());
    let status = status.ok_or_else(|| format!("there is no status: {head}"))?;
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    };
    let length = header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let body = rest.get(..length).ok_or_else(|| format!("the body is cut short: {text}"))?;
    if status >= 400 && length > MOST_REFUSAL_BYTES {
        return Err(format!("a refusal of {length} bytes"));
    }
    let code = match header("content-type").unwrap_or_default() {
        _ if body.is_empty() => String::new(),
        it if it.starts_with("application/json") => {
            let json: Value = serde_json::from_str(body).map_err(|it| format!("{it}: {body}"))?;
            json["Code"].as_str().unwrap_or_default().to_owned()
        }
        "application/xml" => code_of_xml(body)?,
        other => return Err(format!("the answer is {other}: {body}")),
    };
    let documented = ErrorCode::from(code.as_str());
    let documented = documented.description().is_some_and(|it| it.http.contains(&status));
    // What fails inside the emulator is answered with this code.
    if status >= 500 && (!documented || code == "InternalError") {
        return Err(format!("an error that is not documented: {status} {body}"));
    }
    Ok(format!("{status} {code}").trim_end().to_owned())
}

/// Checks that elements are closed in order and that no text has a bare bracket; returns the code.
fn code_of_xml(document: &str) -> Result<String, String> {
    let malformed = || format!("not well-formed: {document}");
    let body = document.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let (mut open, mut code) = (Vec::new(), String::new());
    for part in body.ok_or_else(malformed)?.split('<').skip(1) {
        let (tag, text) = part.split_once('>').ok_or_else(malformed)?;
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name) => {}
            Some(_) => return Err(malformed()),
            None => open.push(tag),
        }
        if tag == "Code" {
            code = text.to_owned();
        }
        let control = |it: char| it.is_control() && !it.is_whitespace();
        if text.contains('>') || text.chars().any(control) {
            return Err(malformed());
        }
    }
    if open.is_empty() { Ok(code) } else { Err(malformed()) }
}

#[test]
fn a_judge_that_lets_everything_pass_would_be_none() {
    let json = "HTTP/1.1 400 x\r\ncontent-type: application/json\r\ncontent-length: ";
    let xml = "HTTP/1.1 403 x\r\ncontent-type: application/xml\r\ncontent-length: ";
    let declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    for (head, body, expected) in [
        (json, r#"{"Code":"BadRequest"}"#.to_owned(), Ok("400 BadRequest")),
        (json, r#"{"Code":"#.to_owned(), Err("EOF")),
        (json, format!(r#"{{"Code":"{}"}}"#, Emulator::ACCESS_KEY_SECRET), Err("secret")),
        (
            &json.replace("400", "500"),
            r#"{"Code":"InternalError"}"#.to_owned(),
            Err("not documented"),
        ),
        (
            &json.replace("400", "500"),
            r#"{"Code":"PictureError"}"#.to_owned(),
            Ok("500 PictureError"),
        ),
        (xml, format!("{declared}\n<Error><Code>A</Code></Error>"), Ok("403 A")),
        (xml, format!("{declared}\n<Error><Code>A</Error></Code>"), Err("well-formed")),
        (xml, format!("{declared}\n<Error><Code>a > b</Code></Error>"), Err("well-formed")),
        (xml, "<Error></Error>".to_owned(), Err("well-formed")),
    ] {
        let answer = format!("{head}{}\r\n\r\n{body}", body.len());
        match (judge(answer.as_bytes()), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(found), Err(part)) => assert!(found.contains(part), "{found}"),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }
    assert!(judge(format!("{json}9\r\n\r\n{{}}").as_bytes()).is_err());
}
