//! Exports what is known of all pictures of an instance: JSON, one line a picture.

use std::io::Write;

use super::{TaskRunner, failure};
use crate::answer::Refusal;
use crate::operations::stored_picture;
use crate::store::instance::Instance;

/// How many pictures are copied at a time, so that calls do not wait for the whole export.
const BATCH: usize = 1_000;

/// Writes the pictures in the order in which they were added.
///
/// A line has the names that `CheckImageExists` answers with; the service does not document its own.
/// Pictures that come or go meanwhile may be in it or not; those that stay are.
pub(super) fn run(
    runner: &TaskRunner,
    instance: &Instance,
    file: &mut impl Write,
) -> Result<(), Refusal> {
    let mut last = None;
    loop {
        runner.go_on()?;
        let images = instance.images_after(last, BATCH);
        let Some((id, _)) = images.last() else {
            return Ok(());
        };
        last = Some(*id);
        for (_, image) in &images {
            let written = serde_json::to_writer(&mut *file, &stored_picture(image))
                .map_err(std::io::Error::from)
                .and_then(|()| file.write_all(b"\n"));
            written.map_err(|error| failure(&error.to_string()))?;
        }
    }
}
