//! Adds and deletes the pictures that an `increment.meta` in a bucket lists.

mod lines;

use std::io::{Read, Write};

use bytes::Bytes;
use serde_json::json;

use super::increment_line::{self, Action, Entry};
use super::{TaskRunner, failure};
use crate::answer::Refusal;
use crate::operations::add_picture;
use crate::store::instance::Instance;
use lines::{Line, Lines};

/// The name that the file of a batch task must have.
const FILE: &str = "increment.meta";

/// The longest picture that is read, in bytes; one more tells that it is too large.
const MOST_PICTURE_BYTES: u64 = 4 * 1024 * 1024 + 1;

/// Carries out the lines one after the other.
///
/// A line that cannot be carried out is written to `errors`, and the rest goes on. The task itself
/// fails only if the file cannot be read.
pub(super) fn run(
    runner: &TaskRunner,
    instance: &Instance,
    bucket: &str,
    path: &str,
    errors: &mut impl Write,
) -> Result<(), Refusal> {
    let source = Source { runner, instance, bucket, folder: path.trim_start_matches('/') };
    let mut lines = Lines::new(runner.buckets.open(bucket, &source.key(FILE))?.content);
    while let Some(line) = lines.next().map_err(|error| failure(&error.to_string()))? {
        runner.go_on()?;
        let entries = match &line {
            Line::Text(text) if text.is_empty() => continue,
            Line::Text(text) => increment_line::read(text),
            Line::TooLong => Err(Refusal::of("InvalidMetaItem")
                .because(format!("the line is longer than {} KiB", lines::MOST_BYTES / 1024))),
        };
        let mut note = |entry: Option<&Entry>, refusal: &Refusal| {
            let name = |field: &str| entry.and_then(|entry| entry.field(field));
            let row = json!({
                "Line": lines.number(), "ProductId": name("ProductId"), "PicName": name("PicName"),
                "Code": refusal.code, "Message": refusal.message, "Recommend": refusal.advice,
            });
            writeln!(errors, "{row}").map_err(|error| failure(&error.to_string()))
        };
        match entries {
            Err(refusal) => note(None, &refusal)?,
            Ok(entries) => {
                for entry in &entries {
                    match source.carry_out(entry) {
                        Ok(()) => {}
                        // The instance has been removed meanwhile; nothing more can be done.
                        Err(refusal) if refusal.code == "InvalidInstance" => return Err(refusal),
                        Err(refusal) => note(Some(entry), &refusal)?,
                    }
                }
            }
        }
    }
    Ok(())
}

/// Where the pictures of a task come from and go to.
struct Source<'a> {
    runner: &'a TaskRunner,
    instance: &'a Instance,
    bucket: &'a str,
    /// The folder of `increment.meta`, without a slash at either end.
    folder: &'a str,
}

impl Source<'_> {
    /// Returns the key of an object beside `increment.meta`.
    fn key(&self, name: &str) -> String {
        if self.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder) }
    }

    fn carry_out(&self, entry: &Entry) -> Result<(), Refusal> {
        match entry.action {
            Action::Add => self.add(entry),
            Action::Delete => self.delete(entry),
        }
    }

    /// Deletes a picture, or all of a product if none is named; succeeds also if there is none.
    fn delete(&self, entry: &Entry) -> Result<(), Refusal> {
        let product_id = entry.field("ProductId").filter(|it| !it.is_empty());
        let product_id = product_id.ok_or_else(|| Refusal::of("NoSpecifiedProductId"))?;
        self.instance.remove(product_id, entry.field("PicName"))?;
        Ok(())
    }

    /// Adds a picture as `AddImage` does, with the same checks.
    fn add(&self, entry: &Entry) -> Result<(), Refusal> {
        let content = self.picture(entry.field("PicName").unwrap_or_default());
        add_picture(&self.runner.compute, self.instance, entry.fields.clone(), content).map(drop)
    }

    /// Reads a picture: beside `increment.meta` as older pages want it, or else from the bucket's root.
    fn picture(&self, name: &str) -> Result<Bytes, Refusal> {
        let bare = name.rsplit('/').next().unwrap_or_default();
        if !bare.trim_start_matches('.').contains('.') {
            return Err(Refusal::of("InvalidPicName")
                .because("PicName must be the path of an object and have an extension"));
        }
        let open = |key: &str| self.runner.buckets.open(self.bucket, key);
        let opened = open(&self.key(name)).or_else(|_| open(name));
        let object =
            opened.map_err(|refusal| Refusal::of("PicNotExist").because(refusal.message))?;
        let mut content = Vec::new();
        let read = object.content.take(MOST_PICTURE_BYTES).read_to_end(&mut content);
        read.map_err(|error| Refusal::of("PictureError").because(error.to_string()))?;
        Ok(content.into())
    }
}
