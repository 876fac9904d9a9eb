use std::time::Duration;

use serde_json::{Map, Value};

use crate::{
    credentials::{
        hosts::Hosts,
        issued_key::{point_in_time, text},
        no_credentials,
    },
    error::Error,
    tolerant,
    values::Timestamp,
};

/// One profile of a file.
pub(super) struct Profile<'a> {
    pub(super) path: &'a str,
    pub(super) name: &'a str,
    pub(super) values: &'a Map<String, Value>,
    pub(super) hosts: &'a Hosts,
    pub(super) now: Timestamp,
}

impl Profile<'_> {
    pub(super) fn required(&self, field: &str) -> Result<String, Error> {
        self.get(field).ok_or_else(|| self.refuse(&format!("has no `{field}`")))
    }

    pub(super) fn get(&self, field: &str) -> Option<String> {
        text(self.values, field)
    }

    pub(super) fn refuse(&self, why: &str) -> Error {
        no_credentials(format!("profile `{}` of `{}` {why}", self.name, self.path))
    }

    pub(super) fn log_in_again(&self, why: &str) -> Error {
        let mode = self.get("mode").unwrap_or_default();
        self.refuse(why).with_advice(format!(
            "log in again with `aliyun configure --profile {} --mode {mode}`",
            self.name
        ))
    }

    pub(super) fn duration(&self) -> Option<Duration> {
        let seconds = self.values.get("expired_seconds").and_then(tolerant::as_integer)?;
        // The CLI writes 0 if nothing was set.
        u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
    }

    pub(super) fn flag(&self, field: &str) -> bool {
        self.values.get(field).and_then(tolerant::as_boolean) == Some(true)
    }

    pub(super) fn time(&self, field: &str) -> Option<Timestamp> {
        self.values.get(field).and_then(point_in_time)
    }
}
