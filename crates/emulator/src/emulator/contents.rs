//! The data of an emulator, for the program that runs it.

use std::path::Path;
use std::sync::{Arc, mpsc};

use crate::emulator::Emulator;
use crate::service::instance_info::InstanceInfo;
use crate::service::seed::{SeedError, SeedReport, seed};
use crate::store::instance_settings::InstanceSettings;
use crate::store::{Removed, StoreError};

impl Emulator {
    /// Lists the instances by name.
    pub fn instances(&self) -> Vec<InstanceInfo> {
        let instances = self.context.service.store.instances();
        instances.iter().map(|instance| InstanceInfo::of(instance)).collect()
    }

    /// Creates an instance, or changes the settings of an existing one, which keeps its pictures.
    ///
    /// # Errors
    ///
    /// A setting is out of range, or the store cannot be written.
    pub fn put_instance(&self, settings: InstanceSettings) -> Result<(), StoreError> {
        let now = self.context.service.clock.now();
        self.context.service.store.put_instance(settings, now).map(drop)
    }

    /// Removes an instance with all its pictures.
    ///
    /// # Errors
    ///
    /// There is no such instance, or the store cannot be written.
    pub fn remove_instance(&self, name: &str) -> Result<Removed, StoreError> {
        self.context.service.store.remove_instance(name)
    }

    /// Removes the pictures of one instance or, with `None`, of all, and then also uploads and
    /// execution counts.
    ///
    /// Instances, accounts, fault rules, the clock and the journal stay, and so do nonces: replayed
    /// requests are still refused.
    ///
    /// ```
    /// use imagesearch_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().start()?;
    /// let removed = emulator.reset(None)?;
    /// assert_eq!(removed.images, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such instance, or the store cannot be written.
    pub fn reset(&self, instance: Option<&str>) -> Result<Removed, StoreError> {
        self.context.service.reset(instance)
    }

    /// Stores the pictures of a folder in an instance, and returns which were refused and why.
    ///
    /// Each picture is stored as a whole or not at all, with the checks of `AddImage`. Its product
    /// is named after the file, without folders and extension, and the picture after its path below
    /// the folder. A file `seed.jsonl` in the folder describes them instead, in lines such as
    /// `{"file": "a/1.jpg", "product_id": "1", "pic_name": "front", "category_id": 2, "int_attr":
    /// 5, "str_attr": "red", "custom_content": "..."}`, of which only `file` is required; other
    /// files are then ignored.
    ///
    /// # Errors
    ///
    /// There is no such instance, or the folder cannot be read.
    pub fn seed(&self, instance: &str, folder: impl AsRef<Path>) -> Result<SeedReport, SeedError> {
        let (send, receive) = mpsc::channel();
        let (context, instance) = (Arc::clone(&self.context), instance.to_owned());
        let folder = folder.as_ref().to_owned();
        // `block_in_place`, so that this also works from async code.
        self.handle.spawn_blocking(move || send.send(seed(&context.service, &instance, &folder)));
        receive.recv().unwrap_or(Err(SeedError::Interrupted))
    }

    /// Stores a snapshot of all instances and pictures under a name, replacing any other of that
    /// name.
    ///
    /// ```
    /// use imagesearch_emulator::{Emulator, InstanceSettings};
    ///
    /// let emulator = Emulator::builder().start()?;
    /// emulator.snapshot("empty")?;
    /// emulator.put_instance(InstanceSettings::new("shop"))?;
    /// emulator.restore("empty")?;
    /// assert_eq!(emulator.instances().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The name is not 1 to 64 letters, digits, dots, hyphens and underscores, or starts with a dot;
    /// there is no room for the snapshot, or it cannot be written.
    pub fn snapshot(&self, name: &str) -> Result<(), StoreError> {
        self.context.service.store.snapshot(name)
    }

    /// Restores all instances and pictures from a snapshot.
    ///
    /// # Errors
    ///
    /// There is no such snapshot, or the store cannot be written.
    pub fn restore(&self, name: &str) -> Result<(), StoreError> {
        self.context.service.store.restore(name)
    }

    /// Lists the names of all snapshots.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub fn snapshots(&self) -> Result<Vec<String>, StoreError> {
        self.context.service.store.snapshots()
    }

    /// Removes a snapshot.
    ///
    /// # Errors
    ///
    /// There is no such snapshot, or it cannot be removed.
    pub fn remove_snapshot(&self, name: &str) -> Result<(), StoreError> {
        self.context.service.store.remove_snapshot(name)
    }
}
