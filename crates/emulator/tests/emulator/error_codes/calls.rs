//! A right call of each operation, to be bent.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_core::operation::Location;
use imagesearch_core::operation::Operation;
use imagesearch_emulator::Emulator;

use crate::pictures::png;
use crate::roa::caret;
use crate::wire::{Answer, Request, encode_pairs};

/// The Base64 of `a.png`, the name of a picture of the oldest version.
pub(crate) const NAME: &str = "YS5wbmc=";

/// The Base64 of `searchPic`, the name that a picture to search with has in it.
pub(crate) const SEARCH_PIC: &str = "c2VhcmNoUGlj";

/// A call by its parameters; it is not signed.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    operation: &'static Operation,
    parameters: Vec<(String, String)>,
    /// A body instead of that of the parameters.
    body: Option<Vec<u8>>,
}

impl Call {
    /// Creates a call that nothing is wrong with; `operation` is a version and a name.
    pub(crate) fn right(operation: &str) -> Self {
        let (version, name) = operation.split_once('/').unwrap();
        let operation = Operation::find(version, name).unwrap();
        // Made once: in a test build it takes longer than all the rest of a call.
        static PICTURE: LazyLock<String> = LazyLock::new(|| STANDARD.encode(png(1)));

        let picture = PICTURE.as_str();
        let (product, stored) = (("ProductId", "shirt"), ("PicName", "front"));
        let parameters = match name {
            "AddImage" => vec![product, ("PicName", "new"), ("PicContent", picture)],
            "SearchImageByPic" | "SearchImage" => vec![("PicContent", picture)],
            "CompareSimilarByImage" => {
                vec![("PrimaryPicContent", picture), ("SecondaryPicContent", picture)]
            }
            "CheckImageExists" | "SearchImageByName" | "UpdateImage" => vec![product, stored],
            "SearchImageByFilter" => vec![("Filter", "int_attr=1")],
            "DeleteImage" => vec![("ProductId", "nothing")],
            "AddItem" => vec![("item_id", "shirt"), (NAME, picture), ("pic_list", NAME)],
            "DeleteItem" => vec![("item_id", "nothing"), ("pic_list", "")],
            "SearchItem" => vec![(SEARCH_PIC, picture), ("pic_list", SEARCH_PIC)],
            "SearchImageByText" => vec![("Text", "shirt")],
            "IncreaseInstance" => vec![("BucketName", "shop"), ("Path", "/autumn")],
            "Detail" | "DumpMeta" | "DumpMetaList" | "IncreaseList" => Vec::new(),
            other => panic!("no call of {other}"),
        };
        let scope = operation.parameters.iter().find(|it| it.scope).unwrap();
        let parameters = [(scope.name, Emulator::INSTANCE)].into_iter().chain(parameters);
        Self {
            operation,
            parameters: parameters.map(|(name, it)| (name.to_owned(), it.to_owned())).collect(),
            body: None,
        }
    }

    /// Sets a parameter, or adds it.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        match self.parameters.iter_mut().find(|(it, _)| it == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.parameters.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Leaves a parameter out.
    pub(crate) fn remove(&mut self, name: &str) {
        self.parameters.retain(|(it, _)| it != name);
    }

    /// Sends these bytes as the body, whatever the parameters.
    pub(crate) fn replace_body(&mut self, body: Vec<u8>) {
        self.body = Some(body);
    }

    pub(crate) fn send(&self, emulator: &Emulator) -> Answer {
        self.request(emulator).send(emulator)
    }

    /// Writes the call, each parameter where the specification places it.
    pub(crate) fn request(&self, emulator: &Emulator) -> Request {
        let in_query = |name: &str| {
            let parameter = self.operation.parameter(name);
            parameter.is_some_and(|it| it.location == Location::Query)
        };
        let (query, others): (Vec<_>, Vec<_>) =
            self.parameters.iter().cloned().partition(|(name, _)| in_query(name));
        let (content_type, body) = if self.operation.has_caret() {
            let entries: Vec<_> =
                others.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            ("application/octet-stream", caret(&entries))
        } else {
            ("application/x-www-form-urlencoded", encode_pairs(&others).into_bytes())
        };
        let host = emulator.local_addr().to_string();
        let headers = [
            ("host", host.as_str()),
            ("content-type", content_type),
            ("x-acs-action", self.operation.name),
            ("x-acs-version", self.operation.version),
        ];
        Request {
            method: self.operation.method.to_string(),
            path: self.operation.path().to_owned(),
            query,
            headers: headers.map(|(name, it)| (name.to_owned(), it.to_owned())).into(),
            body: self.body.clone().unwrap_or(body),
        }
    }
}
