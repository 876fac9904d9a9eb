use imagesearch_core::values::Timestamp;

use super::pictures::Pictures;
use super::tasks::Task;
use crate::store::instance_settings::InstanceSettings;

/// All that a store holds at one time. A clone shares what takes most memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    pub(super) instances: Vec<InstanceContents>,
}

/// An instance as it is at one time.
#[derive(Clone, Debug)]
pub(super) struct InstanceContents {
    pub(super) settings: InstanceSettings,
    pub(super) created: Timestamp,
    pub(super) pictures: Pictures,
    /// Not part of a snapshot.
    pub(super) tasks: Vec<Task>,
}

impl Contents {
    /// Returns how much memory it takes once it shares nothing any more.
    pub(super) fn bytes(&self) -> u64 {
        self.instances.iter().map(|instance| instance.pictures.bytes()).sum()
    }
}
