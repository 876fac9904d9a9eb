//! Exports the data of all pictures of an instance: JSON, one line a picture.

use std::io::Write;

use crate::service::refusal::{Refusal, task_failure};
use crate::service::stored_picture::stored_picture;
use crate::service::tasks::Run;
use crate::store::instance::Instance;

/// How many pictures are copied at a time, so that calls do not wait for the whole export.
const BATCH: usize = 1_000;

/// Writes the pictures in the order in which they were added.
///
/// A line has the names that `CheckImageExists` answers with; the service does not document its own.
/// Pictures that come or go meanwhile may be in it or not; those that stay are.
pub(crate) fn export(
    instance: &Instance,
    run: &Run<'_>,
    mut file: &mut dyn Write,
) -> Result<(), Refusal> {
    let mut last = None;
    loop {
        run.go_on()?;
        let images = instance.images_after(last, BATCH);
        let Some((id, _)) = images.last() else {
            return Ok(());
        };
        last = Some(*id);
        for (_, image) in &images {
            let written = serde_json::to_writer(&mut file, &stored_picture(image))
                .map_err(std::io::Error::from)
                .and_then(|()| file.write_all(b"\n"));
            written.map_err(|error| task_failure(&error.to_string()))?;
        }
    }
}
