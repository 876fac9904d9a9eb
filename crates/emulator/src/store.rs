//! What is stored: instances and their pictures.

pub(crate) mod instance;
pub(crate) mod stored_image;

use std::collections::BTreeMap;
use std::sync::Arc;

use imagesearch_core::Timestamp;

use crate::settings::InstanceSettings;
use instance::Instance;

pub(crate) use stored_image::{Attributes, ImageKey, StoredImage};

/// Holds the instances of an emulator.
#[derive(Debug)]
pub(crate) struct Store {
    instances: BTreeMap<String, Arc<Instance>>,
}

impl Store {
    pub(crate) fn new(instances: Vec<InstanceSettings>, created: Timestamp) -> Self {
        let instances = instances.into_iter().map(|settings| {
            let name = settings.name.clone();
            (name, Arc::new(Instance::new(settings, created)))
        });
        Self { instances: instances.collect() }
    }

    /// Finds an instance by name.
    pub(crate) fn instance(&self, name: &str) -> Option<Arc<Instance>> {
        self.instances.get(name).cloned()
    }
}
