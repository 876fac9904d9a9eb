//! A service that takes pictures and keeps nothing, so that only the client's memory grows.

use std::sync::{
    Barrier,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;

use crate::{
    scenario::authorization,
    scripted_server::{Act, Answering, ScriptedServer, http_answer},
};

/// Starts a server that answers the three requests of an `AddImage`: authorization, upload, call.
///
/// The first requests are answered when there are so many together, as on loopback a client would
/// otherwise be done with one before it begins the next.
pub fn start(together: usize) -> ScriptedServer {
    let (arrived, all) = (AtomicUsize::new(0), Barrier::new(together));
    ScriptedServer::start(Act::AnswerEach(Answering::new(move |head| {
        if arrived.fetch_add(1, Ordering::Relaxed) < together {
            all.wait();
        }
        answer(head)
    })))
}

fn answer(head: &str) -> Vec<u8> {
    let header = |wanted: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.next().map(|(_, value)| value.trim()).unwrap_or_default()
    };
    match header("x-acs-action") {
        "AuthorizeFileUpload" => http_answer("200 OK", &authorization(header("host"))),
        "AddImage" => http_answer("200 OK", &added().to_string()),
        "" if header("content-type").starts_with("multipart/form-data") => stored(),
        _ => http_answer("400 Bad Request", r#"{"Code":"InvalidAction.NotFound"}"#),
    }
}

fn added() -> serde_json::Value {
    json!({
        "Code": 0,
        "Message": "success",
        "PicInfo": { "CategoryId": 88_888_888, "Region": "0,639,0,479" },
        "RequestId": "7F5A1D1C-5A8E-4A43-8A7A-6F0F3E1B2C3E",
        "Success": true,
    })
}

fn stored() -> Vec<u8> {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse>\n  \
                <Key>1234567890/2026/picture</Key>\n</PostResponse>\n";
    let length = body.len();
    let head = "HTTP/1.1 201 Created\r\nContent-Type: application/xml\r\n";
    format!("{head}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}
