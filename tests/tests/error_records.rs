//! What both of our clients say where the official SDKs said something: side by side, over the wire.
//!
//! `error_records.md` is the table; `UPDATE_EXPECT=1 cargo test -p imagesearch-tests --test
//! error_records` writes it anew.

use std::{collections::BTreeMap, fmt::Write};

use expect_test::expect_file;
use http::Request;
use imagesearch_core::{
    Error, ErrorKind, Image, RetryPolicy, body::Body, client::SignatureMethod, errors::ErrorCode,
    exchange::Answer, parameters::Parameters,
};
use imagesearch_tests::{
    fake::answer,
    pictures,
    scripted_server::{Act, ScriptedServer},
    vectors::{ErrorVector, Reply, errors},
    wire::{Async, Blocking, Caller, Wire, raw_call, runtime, settings},
};
use serde_json::Value;

const SUCCESS: &str = r#"{"RequestId":"R","Success":true,"Code":0}"#;

/// The object storage has taken the picture; Python stumbles over the empty body of its answer.
const MISTAKEN: &str = "py.public.oss-204-empty";

#[test]
fn says_at_least_what_the_official_sdks_say() {
    let wire = Wire::start();
    let dropping = ScriptedServer::start(Act::ReadAndClose);
    let mut table = BTreeMap::new();
    for (sdk, column) in [("python", 0), ("node", 1)] {
        for record in errors(sdk) {
            let ours = replay(&wire, &dropping, &record);
            let theirs = Said::by_sdk(&record.result);
            if record.id != MISTAKEN {
                let missing = theirs.missing_in(&ours);
                assert_eq!(missing, Vec::<String>::new(), "{}: {ours:?}", record.id);
            }
            let row = table.entry(name(&record)).or_insert_with(Row::default);
            // Signature methods do not change what is said.
            row.theirs[column] = theirs.told();
            row.ours = ours.told();
        }
    }
    assert_eq!(table.len(), 27);
    expect_file!["../error_records.md"].assert_eq(&markdown(&table));
}

/// One kind of reply, and what everybody makes of it.
#[derive(Default)]
struct Row {
    theirs: [String; 2],
    ours: String,
}

/// The result of a call, in the terms that every SDK has.
#[derive(Debug, Default)]
struct Said {
    failed: bool,
    status: Option<String>,
    code: Option<String>,
    request_id: Option<String>,
    text: String,
}

impl Said {
    fn by_us(outcome: &Result<imagesearch_core::exchange::RawResponse, Error>) -> Self {
        match outcome {
            Ok(reply) => Self {
                status: Some(reply.meta().status().as_u16().to_string()),
                request_id: reply.meta().request_id().map(str::to_owned),
                ..Self::default()
            },
            Err(error) => Self {
                failed: true,
                status: error.http_status().map(|status| status.to_string()),
                code: error.code().map(ErrorCode::as_str).map(str::to_owned),
                request_id: error.request_id().map(str::to_owned),
                text: without_port(&error.to_string()),
            },
        }
    }

    fn by_sdk(result: &Value) -> Self {
        let Some(error) = result.get("error") else {
            let status = ["status_code", "statusCode"].iter().find_map(|it| result["ok"].get(it));
            return Self { status: status.and_then(plain), ..Self::default() };
        };
        let field = |names: &[&str]| {
            let places = [error, &error["data"]];
            let found = places.iter().find_map(|it| names.iter().find_map(|name| it.get(name)));
            found.and_then(plain)
        };
        Self {
            failed: true,
            status: field(&["status_code", "statusCode", "httpCode"]),
            // Python and Node use the field for names of their own exceptions and sockets, too.
            code: field(&["code"]).filter(|code| code != "ECONNRESET"),
            request_id: field(&["request_id", "requestId"]),
            text: field(&["message"]).unwrap_or_default(),
        }
    }

    /// Lists what is said here and not there.
    fn missing_in(&self, ours: &Self) -> Vec<String> {
        // What an SDK takes for success, we may well call a failure; not the other way round.
        let failure = (self.failed && !ours.failed).then(|| "the failure".to_owned());
        let facts = [
            (&self.status, &ours.status),
            (&self.code, &ours.code),
            (&self.request_id, &ours.request_id),
        ];
        let facts = facts.into_iter().filter(|_| self.failed);
        let lost = facts.filter(|(theirs, ours)| theirs.is_some() && theirs != ours);
        failure.into_iter().chain(lost.map(|(theirs, _)| format!("{theirs:?}"))).collect()
    }

    fn told(&self) -> String {
        if !self.failed {
            return "success".to_owned();
        }
        let facts = [
            self.status.as_ref().map(|status| format!("HTTP {status}")),
            self.code.clone(),
            self.request_id.as_ref().map(|id| format!("request id ..{}", &id[id.len() - 2..])),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        format!("{}<br>{}", one_line(&facts.join(", ")), one_line(&self.text))
    }
}

/// Reads a fact of a record, which may be absent in several ways.
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text != "undefined" && text != "None").then_some(text)
}

/// Runs the call of a record through both clients, which must agree.
fn replay(wire: &Wire, dropping: &ScriptedServer, record: &ErrorVector) -> Said {
    let uri = if record.reply.as_ref().is_some_and(|reply| reply.drop) {
        dropping.uri()
    } else {
        wire.uri()
    };
    let signature = match record.signature.as_deref() {
        Some("HMAC-SHA1") => SignatureMethod::HmacSha1,
        _ => SignatureMethod::Acs3HmacSha256,
    };
    let retry = match record.kind.as_str() {
        "retry" => imagesearch_tests::wire::swift_retry(),
        _ => RetryPolicy::never(),
    };
    let runtime = runtime();
    let callers: [Box<dyn Caller + '_>; 2] = [
        Box::new(Blocking(
            settings(&uri)
                .with_signature(signature)
                .with_retry(retry.clone())
                .with_validation(false)
                .build()
                .unwrap(),
        )),
        Box::new(Async(
            settings(&uri)
                .with_signature(signature)
                .with_retry(retry)
                .with_validation(false)
                .build()
                .unwrap(),
            &runtime,
        )),
    ];
    let [blocking, asynchronous] = callers.map(|caller| {
        wire.answer_with(answering(record, &wire.uri()));
        caller.call("demoinstance", call(record))
    });
    let (said, other) = (Said::by_us(&blocking), Said::by_us(&asynchronous));
    // What the HTTP library adds to a broken connection is its own.
    if blocking.as_ref().map_err(Error::kind).err() != Some(ErrorKind::Transport) {
        assert_eq!(format!("{said:?}"), format!("{other:?}"), "{}", record.id);
    }
    said
}

fn call(record: &ErrorVector) -> imagesearch_core::requests::RawRequest {
    let names = Parameters::new().with("ProductId", "1001").with("PicName", "1001.jpg");
    if record.kind == "oss-reply-mapping" {
        let picture = Image::from_bytes(pictures::png(200, 200));
        return raw_call("AddImage", &names.with("PicContent", picture));
    }
    raw_call("DeleteImage", &names)
}

/// Answers as the server of a record did.
fn answering(
    record: &ErrorVector,
    uri: &str,
) -> impl FnMut(&Request<Body>) -> Answer + Send + 'static {
    let authority = uri.trim_start_matches("http://").to_owned();
    let (bucket, endpoint) = authority.split_once('.').unwrap();
    let authorization = serde_json::json!({
        "AccessKeyId": "key", "Bucket": bucket, "Endpoint": endpoint, "ObjectKey": "object",
        "EncodedPolicy": "policy", "Signature": "signature", "UseAccelerate": false,
        "RequestId": "R",
    });
    let mut replies: Vec<Reply> = record.reply.iter().cloned().collect();
    replies.extend(
        record.replies.iter().filter_map(|reply| serde_json::from_value(reply.clone()).ok()),
    );
    replies.reverse();
    let uploads = record.kind == "oss-reply-mapping";
    move |request| {
        let action = request.headers().get("x-acs-action").and_then(|it| it.to_str().ok());
        match action {
            Some("AuthorizeFileUpload") => answer(200, &authorization.to_string()),
            Some(_) if uploads => answer(200, SUCCESS),
            _ => replies.pop().map_or_else(|| answer(200, SUCCESS), |reply| http(&reply)),
        }
    }
}

fn http(reply: &Reply) -> Answer {
    let mut builder = http::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    builder.body(reply.body.clone().into()).unwrap()
}

/// The part of a record's id that both SDKs share, without the method of signature.
fn name(record: &ErrorVector) -> String {
    let parts = record.id.split('.').skip(2).filter(|part| !matches!(*part, "acs3" | "rpcv1"));
    parts.filter(|part| *part != "error").collect::<Vec<_>>().join(".")
}

fn markdown(table: &BTreeMap<String, Row>) -> String {
    let mut text = String::from(
        "# What is said about the same reply\n\n\
         The replies that were given to the official SDKs 4.4.0, and what each made of them; ours \
         was\nmeasured by `tests/error_records.rs` with both clients over the wire.\n\n\
         | reply | Python | Node | imagesearch |\n| --- | --- | --- | --- |\n",
    );
    for (name, Row { theirs: [python, node], ours }) in table {
        writeln!(text, "| {name} | {python} | {node} | {ours} |").unwrap();
    }
    text
}

/// Fits a text into a cell.
fn one_line(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    line = line.replace('<', "&lt;");
    match line.char_indices().nth(300) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

/// Replaces the server's port, which differs in each run.
fn without_port(text: &str) -> String {
    let Some((before, after)) = text.split_once("127.0.0.1:") else { return text.to_owned() };
    let rest = after.trim_start_matches(|it: char| it.is_ascii_digit());
    format!("{before}127.0.0.1:PORT{rest}")
}
