//! Cases of finding credentials: an environment, files and answers, and what should come of them.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use bytes::Bytes;
use http::Request;
use imagesearch_core::{
    Error,
    body::Body,
    errors::Hop,
    exchange::{Failure, FailurePhase, LoadError},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    fake::{Outcome, Reaction, Script, answer},
    verifier::{decode_form, decode_query, verify_acs3},
};

/// One case, a folder.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The variables of the environment: `env.json`.
    pub environment: BTreeMap<String, String>,
    /// The files by path: `fs/`, from the root.
    pub files: BTreeMap<String, Bytes>,
    /// What programs print, by command: `commands.json`.
    pub commands: BTreeMap<String, String>,
    /// The requests in order, and the result of them: `http.json`.
    pub http: Vec<Hopping>,
    /// What should come of it: `expect.json`.
    pub expect: Expected,
}

/// A request, and the result of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hopping {
    /// What is sent.
    pub request: ExpectedRequest,
    /// What is answered.
    pub response: Option<Response>,
    /// How it fails otherwise: `connect`, `response`, or `silence`.
    fail: Option<String>,
}

/// The expected parts of a request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedRequest {
    method: String,
    /// The URL without its query.
    pub url: String,
    /// Headers that it has.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Headers that it does not have.
    #[serde(default)]
    no_headers: Vec<String>,
    /// Parameters of its query.
    #[serde(default)]
    query: BTreeMap<String, String>,
    /// Fields of its form.
    #[serde(default)]
    form: BTreeMap<String, String>,
    /// Its body as JSON.
    json: Option<Value>,
    /// The id and secret that it is signed with.
    signed_by: Option<(String, String)>,
}

/// An answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Text as it is, anything else as JSON.
    #[serde(default)]
    body: Value,
}

fn ok() -> u16 {
    200
}

/// What should come of a case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The access key id, if there is a key.
    pub id: Option<String>,
    /// The secret, to check the signature of the call.
    pub secret: Option<String>,
    /// The security token, if it has one.
    pub token: Option<String>,
    /// The bearer token, if that is all.
    pub bearer: Option<String>,
    /// When it ends, as RFC 3339 has it.
    pub expires: Option<String>,
    /// What the error says, if there is no key.
    #[serde(default)]
    pub says: Vec<String>,
    /// Whether the same call may work later.
    pub retryable: Option<bool>,
    /// The shortest and longest that it may take, in milliseconds.
    pub took: Option<[u64; 2]>,
    /// The variables and files that were looked at, if that matters.
    pub looked_at: Option<Vec<String>>,
}

impl Case {
    /// Reads all cases.
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("credentials");
        let mut folders: Vec<_> = fs::read_dir(folder)
            .expect("is there")
            .map(|entry| entry.expect("can be read").path())
            .filter(|path| path.is_dir())
            .collect();
        folders.sort();
        folders.iter().map(|folder| Self::read(folder)).collect()
    }

    fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(&folder.join("fs"), "", &mut files);
        Self {
            name: folder.file_name().expect("has one").to_string_lossy().into_owned(),
            environment: json(folder, "env.json").unwrap_or_default(),
            files,
            commands: json(folder, "commands.json").unwrap_or_default(),
            http: json(folder, "http.json").unwrap_or_default(),
            expect: json(folder, "expect.json")
                .unwrap_or_else(|| panic!("{}: no expect.json", folder.display())),
        }
    }

    /// Returns whether real clients can play it: no time that has to pass, no programs, and no hosts
    /// but those that can be replaced.
    pub fn suits_the_wire(&self) -> bool {
        let near = ["https://sts", "http://100.100.100.200/", "http://127.0.0.1:1/"];
        // The hosts of the tests are put in place of the region's.
        self.commands.is_empty()
            && !self.environment.contains_key("ALIBABA_CLOUD_STS_REGION")
            && self.expect.took.is_none()
            && self.http.iter().all(|it| {
                it.fail.is_none() && near.iter().any(|near| it.request.url.starts_with(near))
            })
    }

    /// Creates the script of all that is loaded and sent.
    pub fn script(&self) -> Script {
        let mut script = Script::new(self.http.iter().map(Hopping::reaction));
        script.environment.clone_from(&self.environment);
        script.files.clone_from(&self.files);
        script.commands = self
            .commands
            .iter()
            .map(|(command, printed)| {
                let failed = printed.strip_prefix("error: ");
                let result = match failed {
                    Some(why) => Err(LoadError::Unreadable(why.to_owned())),
                    None => Ok(Bytes::from(printed.clone())),
                };
                (command.clone(), result)
            })
            .collect();
        script
    }

    /// Checks the requests for credentials, in order; exactly if hosts and clock were the expected
    /// ones.
    pub fn check_requests<'a>(
        &self,
        who: &str,
        requests: impl IntoIterator<Item = &'a Request<Body>>,
        exact: bool,
    ) {
        let requests: Vec<_> = requests.into_iter().collect();
        let urls: Vec<_> = requests.iter().map(|it| it.uri().to_string()).collect();
        assert_eq!(requests.len(), self.http.len(), "{} ({who}): {urls:?}", self.name);
        for (index, (request, hopping)) in requests.iter().zip(&self.http).enumerate() {
            let place = format!("{} ({who}), request {}", self.name, index + 1);
            hopping.request.check(&place, request, exact);
        }
    }

    /// Checks an error, or that there should be none.
    pub fn check_error(&self, who: &str, error: &Error) {
        let (name, text) = (&self.name, format!("{error:#}\n{error:?}"));
        assert!(!self.expect.says.is_empty(), "{name} ({who}): {error}");
        for words in &self.expect.says {
            assert!(text.contains(words.as_str()), "{name} ({who}): no {words:?} in {text}");
        }
        if let Some(retryable) = self.expect.retryable {
            assert_eq!(error.is_retryable(), retryable, "{name} ({who}): {text}");
        }
    }
}

impl Hopping {
    fn reaction(&self) -> Reaction {
        let outcome = match (&self.response, self.fail.as_deref()) {
            (Some(response), None) => {
                let body = match &response.body {
                    Value::String(text) => text.clone(),
                    Value::Null => String::new(),
                    body => body.to_string(),
                };
                let mut answer = answer(response.status, &body);
                for (name, value) in &response.headers {
                    let name: http::HeaderName = name.parse().expect("is a header's name");
                    answer.headers_mut().append(name, value.parse().expect("is a header's value"));
                }
                Outcome::Answer(answer)
            }
            (None, Some("connect")) => {
                Outcome::Failure(Failure::new(FailurePhase::Connect, "scripted"))
            }
            (None, Some("response")) => {
                Outcome::Failure(Failure::new(FailurePhase::Response, "scripted"))
            }
            (None, Some("silence")) => Outcome::Silence,
            other => panic!("a request is answered or fails, not {other:?}"),
        };
        let after = (!matches!(outcome, Outcome::Silence)).then_some(Duration::ZERO);
        Reaction { hop: Hop::Credentials, after, outcome, reached: None }
    }
}

impl ExpectedRequest {
    fn check(&self, place: &str, request: &Request<Body>, exact: bool) {
        assert_eq!(request.method().as_str(), self.method, "{place}");
        let expected: http::Uri = self.url.parse().expect("is a URL");
        if exact {
            assert_eq!(request.uri().scheme(), expected.scheme(), "{place}");
            assert_eq!(request.uri().authority(), expected.authority(), "{place}");
        }
        assert_eq!(request.uri().path(), expected.path(), "{place}");
        let header = |name: &str| request.headers().get(name).map(|it| it.to_str().expect("text"));
        let is_of_its_time = |name: &str, value: &str| {
            matches!(name, "Timestamp" | "x-acs-date")
                || name == "RoleSessionName" && value.starts_with("imagesearch-")
        };
        let counts = |name: &str, value: &str| exact || !is_of_its_time(name, value);
        for (name, value) in self.headers.iter().filter(|(name, value)| counts(name, value)) {
            assert_eq!(header(name), Some(&**value), "{place}: {name}");
        }
        for name in &self.no_headers {
            assert_eq!(header(name), None, "{place}: {name}");
        }
        assert!(header("user-agent").is_some_and(|it| it.contains("imagesearch-rust/")), "{place}");
        let query: BTreeMap<String, String> =
            decode_query(request).expect("is a query").into_iter().collect();
        for (name, value) in self.query.iter().filter(|(name, value)| counts(name, value)) {
            assert_eq!(query.get(name), Some(value), "{place}: {name}");
        }
        if !self.form.is_empty() {
            let form = decode_form(request).unwrap_or_default();
            let mut form: BTreeMap<_, _> = form.into_iter().collect();
            let mut expected = self.form.clone();
            form.retain(|name, value| counts(name, value));
            expected.retain(|name, value| counts(name, value));
            assert_eq!(form, expected, "{place}");
        }
        if let Some(json) = &self.json {
            let body: Value = serde_json::from_slice(&request.body().to_bytes()).expect("is JSON");
            assert_eq!(body, *json, "{place}");
        }
        if let Some((id, secret)) = &self.signed_by {
            verify_acs3(request, id, secret).unwrap_or_else(|why| panic!("{place}: {why}"));
        }
    }
}

fn json<T: DeserializeOwned>(folder: &Path, name: &str) -> Option<T> {
    let text = fs::read_to_string(folder.join(name)).ok()?;
    let place = folder.join(name);
    Some(serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", place.display())))
}

fn collect(folder: &Path, path: &str, files: &mut BTreeMap<String, Bytes>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.expect("can be read")) {
        let path = format!("{path}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &path, files);
        } else {
            files.insert(path, fs::read(entry.path()).expect("can be read").into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds what follows each name that ends in one of a secret's, as JSON, an INI file or a query.
    fn secrets(text: &str) -> Vec<String> {
        let text = text.replace("\\t", " ").replace("\\n", " ").replace(['"', '\'', '\\'], "");
        let lower = text.to_ascii_lowercase();
        let names = ["secret", "token", "private_key"].into_iter();
        let ends = names.flat_map(|name| lower.match_indices(name));
        ends.filter_map(|(start, name)| {
            let value = text[start + name.len()..].trim_start().strip_prefix([':', '='])?;
            let end = |it: char| it.is_whitespace() || ",}&#".contains(it);
            value.trim_start_matches(' ').split(end).next().map(str::to_owned)
        })
        .filter(|value| !value.is_empty() && !value.starts_with("[redacted]"))
        .collect()
    }

    #[test]
    fn every_secret_of_every_case_can_be_recognised() {
        let mut files = BTreeMap::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("credentials"), "", &mut files);
        let mut found = 0;
        for (path, content) in files {
            for secret in secrets(&String::from_utf8_lossy(&content)) {
                found += 1;
                let known = secret.starts_with("testsecret") || secret.starts_with("testtoken");
                assert!(known, "{path}: `{secret}` begins with neither testsecret nor testtoken");
            }
        }
        assert!(found >= 200, "only {found} secrets were found");
    }
}
