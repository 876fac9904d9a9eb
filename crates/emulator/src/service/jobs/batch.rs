//! Adds and deletes the pictures that an `increment.meta` in a bucket lists.

mod lines;

use std::io::{Read, Write};
use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use super::increment_line::{self, Action, Entry};
use crate::service::Service;
use crate::service::buckets::Buckets;
use crate::service::compute::Compute;
use crate::service::operations::add_picture::{EntryError, add_picture};
use crate::service::refusal::{Refusal, task_failure};
use crate::service::tasks::Run;
use crate::store::instance::Instance;
use crate::store::tasks::{Job, Task};
use lines::{Line, Lines};

/// The name that the file of a batch task must have.
const FILE: &str = "increment.meta";

/// The longest picture that is read, in bytes; one more tells that it is too large.
const MAX_PICTURE_BYTES: u64 = 4 * 1024 * 1024 + 1;

/// A batch: where its pictures come from and go to.
pub(crate) struct Batch {
    instance: Arc<Instance>,
    buckets: Arc<Buckets>,
    compute: Compute,
    bucket: String,
    /// The folder of `increment.meta`, without a slash at its front.
    folder: String,
}

impl Batch {
    pub(crate) fn new(
        service: &Service,
        instance: Arc<Instance>,
        bucket: String,
        path: &str,
    ) -> Self {
        Self {
            instance,
            buckets: Arc::clone(&service.buckets),
            compute: service.compute.clone(),
            bucket,
            folder: path.trim_start_matches('/').to_owned(),
        }
    }

    /// Carries out the lines one after the other.
    ///
    /// A line that cannot be carried out is written to `errors`, and the rest goes on. The task itself
    /// fails only if the file cannot be read.
    pub(crate) fn run(&self, run: &Run<'_>, errors: &mut dyn Write) -> Result<(), Refusal> {
        let mut lines = Lines::new(self.buckets.open(&self.bucket, &self.key(FILE))?.content);
        while let Some(line) = lines.next().map_err(|error| task_failure(&error.to_string()))? {
            run.go_on()?;
            let entries = match &line {
                Line::Text(text) if text.is_empty() => continue,
                Line::Text(text) => increment_line::read(text),
                Line::TooLong => Err(Refusal::of("InvalidMetaItem")
                    .because(format!("the line is longer than {} KiB", lines::MAX_BYTES / 1024))),
            };
            let mut note = |entry: Option<&Entry>, refusal: &Refusal| {
                let name = |field: &str| entry.and_then(|entry| entry.field(field));
                let row = json!({
                    "Line": lines.number(), "ProductId": name("ProductId"), "PicName": name("PicName"),
                    "Code": refusal.code, "Message": refusal.message, "Recommend": refusal.advice,
                });
                writeln!(errors, "{row}").map_err(|error| task_failure(&error.to_string()))
            };
            match entries {
                Err(refusal) => note(None, &refusal)?,
                Ok(entries) => {
                    for entry in &entries {
                        match self.carry_out(entry) {
                            Ok(()) => {}
                            Err(EntryError::InstanceGone(refusal)) => return Err(refusal),
                            Err(EntryError::Refused(refusal)) => note(Some(entry), &refusal)?,
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the key of an object beside `increment.meta`.
    fn key(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }

    fn carry_out(&self, entry: &Entry) -> Result<(), EntryError> {
        match entry.action {
            Action::Add => self.add(entry),
            Action::Delete => self.delete(entry),
        }
    }

    /// Deletes a picture, or all of a product if none is named; succeeds also if there is none.
    fn delete(&self, entry: &Entry) -> Result<(), EntryError> {
        let product_id = entry.field("ProductId").filter(|it| !it.is_empty());
        let product_id = product_id.ok_or_else(|| Refusal::of("NoSpecifiedProductId"))?;
        self.instance.remove(product_id, entry.field("PicName"))?;
        Ok(())
    }

    /// Adds a picture as `AddImage` does, with the same checks.
    fn add(&self, entry: &Entry) -> Result<(), EntryError> {
        let content = self.picture(entry.field("PicName").unwrap_or_default());
        add_picture(&self.compute, &self.instance, entry.fields.clone(), content)?;
        Ok(())
    }

    /// Reads a picture: beside `increment.meta` as older pages want it, or else from the bucket's root.
    fn picture(&self, name: &str) -> Result<Bytes, Refusal> {
        let bare = name.rsplit('/').next().unwrap_or_default();
        if !bare.trim_start_matches('.').contains('.') {
            return Err(Refusal::of("InvalidPicName")
                .because("PicName must be the path of an object and have an extension"));
        }
        let open = |key: &str| self.buckets.open(&self.bucket, key);
        let opened = open(&self.key(name)).or_else(|_| open(name));
        let object =
            opened.map_err(|refusal| Refusal::of("PicNotExist").because(refusal.message))?;
        let mut content = Vec::new();
        let read = object.content.take(MAX_PICTURE_BYTES).read_to_end(&mut content);
        read.map_err(|error| Refusal::of("PictureError").because(error.to_string()))?;
        Ok(content.into())
    }
}

/// Calls the callback address of a batch task, if its host is allowed, and logs the result.
pub(crate) fn callback(service: &Service, instance: &Instance) -> impl FnOnce(&Task) + use<> {
    let (fetch, log) = (Arc::clone(&service.fetch), service.log.clone());
    let instance = instance.settings.name.clone();
    move |task| {
        let Job::Increase { bucket, path, callback: Some(address) } = &task.job else {
            return;
        };
        let (status, code, message) = task.progress.listed();
        let body = json!({
            "InstanceName": instance, "Id": task.id, "BucketName": bucket, "Path": path,
            "Status": status.as_str(), "Code": code, "Msg": message,
        });
        let outcome = match fetch.notify(address, &body) {
            Ok(status) => format!("answered {status}"),
            Err(error) => error,
        };
        log.write(&format!("callback of batch task {}: {outcome}", task.id));
    }
}
