//! The recorded requests of 2018-01-20, as far as the tests read them.

use std::{collections::BTreeMap, fs, path::PathBuf};

use imagesearch_core::{
    Image,
    operation::Operation,
    parameters::{Parameters, Picture},
    values::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;

use crate::vectors::{Keys, Recorded, base64};

/// The version of the API that the vectors are of.
pub const VERSION: &str = "2018-01-20";

/// A request as the official Python classes sent it, with the text that was signed.
#[derive(Debug, Deserialize)]
pub struct LegacyVector {
    /// Names the vector in failure messages.
    pub id: String,
    /// What it was signed with.
    pub credentials: Keys,
    /// The `Date` header.
    pub timestamp: String,
    /// The region, which is sent twice.
    pub region: String,
    /// The wire name of the operation.
    pub operation: String,
    /// The values that the classes were given, by names of the recording.
    parameters: BTreeMap<String, Value>,
    /// What arrived.
    pub request: Recorded,
    /// What the SDK computed the signature of.
    pub string_to_sign: String,
    /// The `Authorization` header.
    pub authorization: String,
    /// The signature.
    pub signature_value: String,
}

impl LegacyVector {
    /// Finds the operation in the table of core.
    pub fn described_by(&self) -> &'static Operation {
        Operation::find(VERSION, &self.operation)
            .unwrap_or_else(|| panic!("{}: the table has no such operation", self.id))
    }

    /// Returns the time of the `Date` header.
    pub fn signed_at(&self) -> Timestamp {
        iso_date(&self.timestamp).parse().unwrap_or_else(|error| panic!("{}: {error}", self.id))
    }

    /// Returns the parameters as core takes them.
    pub fn typed_parameters(&self) -> Parameters {
        let mut parameters = Parameters::new();
        for (name, value) in &self.parameters {
            match (name.as_str(), value) {
                ("pictures", Value::Array(list)) if self.operation == "DeleteItem" => {
                    let names: Vec<String> = list.iter().map(text).collect();
                    if !names.is_empty() {
                        parameters.set("pic_list", names);
                    }
                }
                ("pictures", Value::Array(list)) => {
                    let picture = |it: &Value| {
                        let content = base64(&text(&it["content_base64"]));
                        Picture::new(text(&it["name"]), Image::from_bytes(content))
                    };
                    parameters.set("pictures", list.iter().map(picture).collect::<Vec<_>>());
                }
                ("picture_base64", value) => {
                    parameters.set("searchPic", Image::from_bytes(base64(&text(value))));
                }
                ("start", value) => parameters.set("s", value.as_i64().expect("is a number")),
                ("num", value) => parameters.set("n", value.as_i64().expect("is a number")),
                (name, value) => parameters.set(name.to_owned(), text(value)),
            }
        }
        parameters
    }
}

/// Reads the vectors.
pub fn vectors() -> Vec<LegacyVector> {
    #[derive(Deserialize)]
    struct File {
        count: usize,
        cases: Vec<LegacyVector>,
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/legacy_roa_20180120.json");
    let text = fs::read_to_string(path).expect("the vectors are there");
    let file: File = serde_json::from_str(&text).expect("the vectors are as described");
    assert_eq!(file.cases.len(), file.count);
    file.cases
}

/// Rewrites an HTTP date of January, the month of the recording: `2026-01-02T03:04:05Z`.
fn iso_date(date: &str) -> String {
    let words: Vec<&str> = date.split(' ').collect();
    let [_, day, "Jan", year, time, "GMT"] = words[..] else {
        panic!("{date} is of another month")
    };
    format!("{year}-01-{day}T{time}Z")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
