//! The outcomes of operations, as data. Their rendering depends on the version of the call.

use std::sync::Arc;
use std::time::Duration;

use imagesearch_core::values::{BoundingBox, CategoryId};

use crate::store::StoredImage;
use crate::store::instance::Instance;
use crate::store::tasks::Task;

/// What was made of a picture.
#[derive(Debug)]
pub(crate) struct Recognized {
    pub(crate) category: CategoryId,
    pub(crate) boxes: Boxes,
    /// Whether the instance has categories to choose from.
    pub(crate) has_categories: bool,
}

/// Where in a picture its subjects are, in pixels of what was sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boxes {
    /// The given box, that around all subjects, or the whole picture.
    pub(crate) main: Option<BoundingBox>,
    /// The boxes of several subjects, largest first, or the same box again.
    pub(crate) each: Vec<BoundingBox>,
}

impl Boxes {
    /// Tells of one subject.
    pub(crate) fn one(main: BoundingBox) -> Self {
        Self { main: Some(main), each: vec![main] }
    }
}

/// Pictures were stored; this was made of the last one.
#[derive(Debug)]
pub(crate) struct Added(pub(crate) Recognized);

/// Pictures that are most like what was asked for.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) hits: Vec<Hit>,
    /// How many there are, on this page or not.
    pub(crate) total: usize,
    pub(crate) elapsed: Duration,
    pub(crate) recognized: Recognized,
}

/// A stored picture and its score, rounded.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) image: Arc<StoredImage>,
    pub(crate) score: f64,
}

/// Stored pictures, in the order they were added.
#[derive(Debug)]
pub(crate) struct Listed(pub(crate) Vec<Arc<StoredImage>>);

/// A stored picture, if it is there.
#[derive(Debug)]
pub(crate) struct Checked(pub(crate) Option<Arc<StoredImage>>);

/// How alike two pictures look.
#[derive(Debug)]
pub(crate) struct Compared {
    pub(crate) score: f64,
}

/// Pictures were removed, if they were there.
#[derive(Debug)]
pub(crate) struct Deleted {
    pub(crate) pic_names: Vec<String>,
}

/// Attributes were set.
#[derive(Debug)]
pub(crate) struct Updated;

/// An instance, to be described.
#[derive(Debug)]
pub(crate) struct Described(pub(crate) Arc<Instance>);

/// A task goes on in the background.
#[derive(Debug)]
pub(crate) struct Started(pub(crate) Task);

/// A page of tasks, and where it is among all of them.
#[derive(Debug)]
pub(crate) struct Tasks {
    pub(crate) rows: Vec<TaskRow>,
    pub(crate) number: i32,
    pub(crate) size: i32,
    pub(crate) total: usize,
}

/// A task, and the path of the file that it left behind.
#[derive(Debug)]
pub(crate) struct TaskRow {
    pub(crate) task: Task,
    pub(crate) file: Option<String>,
}
