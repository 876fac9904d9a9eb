//! The store: instances and their pictures.

mod contents;
mod data;
mod database;
mod error;
mod folder;
pub(crate) mod instance;
pub(crate) mod instance_settings;
mod memory;
mod pictures;
mod snapshots;
mod storage;
mod stored_image;
pub(crate) mod tasks;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use imagesearch_core::values::Timestamp;
use serde::Serialize;

use contents::{Contents, InstanceContents};
use data::Data;
use instance::Instance;
use instance_settings::InstanceSettings;
use memory::Memory;
use snapshots::Snapshots;
use storage::Storage;

pub(crate) use data::DataError;
pub use error::StoreError;
pub(crate) use stored_image::{Attributes, ImageKey, NewImage, StoredImage};

type Instances = BTreeMap<String, Arc<Instance>>;

/// The instances of an emulator, and its snapshots.
///
/// Every change is atomic, and changes are serialized; reads continue meanwhile.
#[derive(Debug)]
pub(crate) struct Store {
    instances: RwLock<Instances>,
    snapshots: Snapshots,
    storage: Arc<Storage>,
}

/// An instance whose settings were set.
#[derive(Debug)]
pub(crate) struct ChangedInstance {
    pub(crate) instance: Arc<Instance>,
    /// Whether there was none of its name.
    pub(crate) is_new: bool,
}

/// How a store is to work.
#[derive(Clone, Debug)]
pub(crate) struct StoreOptions {
    /// Whether pictures are kept as they were sent.
    pub(crate) keep_images: bool,
    /// How many bytes of memory pictures and snapshots may take.
    pub(crate) max_memory: u64,
    /// The folder of the durable copy; without one, all is in memory.
    pub(crate) data: Option<PathBuf>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { keep_images: false, max_memory: 2 << 30, data: None }
    }
}

/// Counts what was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Removed {
    /// Pictures in all instances that were reset.
    pub images: usize,
    /// Pictures that were uploaded and waited to be used; only a reset of everything removes them.
    pub uploads: usize,
}

impl Store {
    /// Creates an empty store or, if a folder is given, opens the one stored there.
    pub(crate) fn open(options: &StoreOptions) -> Result<Self, DataError> {
        let (data, contents) = match &options.data {
            Some(folder) => Data::open(folder).map(|(data, contents)| (Some(data), contents))?,
            None => (None, Contents::default()),
        };
        let (most, bytes) = (options.max_memory, contents.bytes());
        if bytes > most {
            return Err(DataError::TooLarge { bytes, most });
        }
        let memory = Memory::new(most);
        memory.replace(0, bytes);
        let this = Self {
            instances: RwLock::default(),
            snapshots: Snapshots::default(),
            storage: Arc::new(Storage::new(options.keep_images, memory, data)),
        };
        this.publish(contents);
        Ok(this)
    }

    /// Blocks until no task of any instance is running.
    pub(crate) fn wait_for_tasks(&self) {
        self.instances().iter().for_each(|instance| instance.tasks.wait());
    }

    /// Finds an instance by name.
    pub(crate) fn instance(&self, name: &str) -> Option<Arc<Instance>> {
        self.read().get(name).cloned()
    }

    /// Lists the instances by name.
    pub(crate) fn instances(&self) -> Vec<Arc<Instance>> {
        self.read().values().cloned().collect()
    }

    /// Estimates how many bytes of memory pictures and snapshots take.
    pub(crate) fn bytes(&self) -> u64 {
        self.storage.memory.used()
    }

    /// Creates an instance, or changes the settings of an existing one, which keeps its pictures.
    pub(crate) fn put_instance(
        &self,
        settings: InstanceSettings,
        now: Timestamp,
    ) -> Result<Arc<Instance>, StoreError> {
        let name = settings.name.clone();
        self.change_instance(&name, now, |_| settings).map(|changed| changed.instance)
    }

    /// Creates or changes an instance with a function of its settings, atomically.
    pub(crate) fn change_instance(
        &self,
        name: &str,
        now: Timestamp,
        change: impl FnOnce(Option<&InstanceSettings>) -> InstanceSettings,
    ) -> Result<ChangedInstance, StoreError> {
        let _writer = self.storage.writer();
        let old = self.instance(name);
        let is_new = old.is_none();
        let settings = change(old.as_ref().map(|old| &old.settings));
        settings.check().map_err(StoreError::Settings)?;
        let created = old.as_ref().map_or(now, |old| old.created);
        if let Some(data) = &self.storage.data {
            data.database.put_instance(&settings, created).map_err(StoreError::data)?;
        }
        let instance = match old {
            Some(old) => old.with(settings, created),
            None => {
                let (pictures, tasks) = Default::default();
                self.make(InstanceContents { settings, created, pictures, tasks })
            }
        };
        let instance = Arc::new(instance);
        self.write().insert(name.to_owned(), Arc::clone(&instance));
        Ok(ChangedInstance { instance, is_new })
    }

    /// Removes an instance with all its pictures, and counts them.
    pub(crate) fn remove_instance(&self, name: &str) -> Result<Removed, StoreError> {
        let _writer = self.storage.writer();
        let instance = self.named(name)?;
        if let Some(data) = &self.storage.data {
            data.database.remove_instance(name).map_err(StoreError::data)?;
        }
        self.write().remove(name);
        instance.set_removed();
        self.storage.memory.replace(instance.bytes(), 0);
        Ok(Removed { images: instance.len(), ..Removed::default() })
    }

    /// Removes the pictures of one instance or of all; instances stay with their settings.
    pub(crate) fn reset(&self, instance: Option<&str>) -> Result<Removed, StoreError> {
        let _writer = self.storage.writer();
        let instances = match instance {
            Some(name) => vec![self.named(name)?],
            None => self.instances(),
        };
        if let Some(data) = &self.storage.data {
            let names = instances.iter().map(|instance| instance.settings.name());
            data.database.clear(names).map_err(StoreError::data)?;
        }
        let images = instances.iter().map(|instance| {
            self.storage.memory.replace(instance.bytes(), 0);
            instance.clear()
        });
        Ok(Removed { images: images.sum(), ..Removed::default() })
    }

    /// Lists the names of all snapshots.
    pub(crate) fn snapshots(&self) -> Result<Vec<String>, StoreError> {
        match &self.storage.data {
            Some(data) => data.snapshots(),
            None => Ok(self.snapshots.names()),
        }
    }

    /// Stores a snapshot under a name, replacing any other of that name.
    ///
    /// Names have 1 to 64 letters, digits, dots, hyphens and underscores, the first no dot.
    pub(crate) fn snapshot(&self, name: &str) -> Result<(), StoreError> {
        snapshots::check_name(name)?;
        let _writer = self.storage.writer();
        let instances = self.instances();
        let instances = instances.iter().map(|instance| instance.contents());
        let contents = Contents { instances: instances.collect() };
        if let Some(data) = &self.storage.data {
            return data.put_snapshot(name, &contents);
        }
        let freed = self.snapshots.get(name).map_or(0, |old| old.bytes());
        // Data that it shares with the store now may be changed or removed there later.
        let taken = contents.bytes();
        self.storage.memory.check(freed, taken)?;
        self.snapshots.put(name, contents);
        self.storage.memory.replace(freed, taken);
        Ok(())
    }

    /// Restores the state of a snapshot, including instances.
    pub(crate) fn restore(&self, name: &str) -> Result<(), StoreError> {
        snapshots::check_name(name)?;
        let _writer = self.storage.writer();
        let freed = self.instances().iter().map(|instance| instance.bytes()).sum();
        let contents = match &self.storage.data {
            Some(data) => {
                let (keeper, contents) = data.snapshot(name)?;
                self.storage.memory.check(freed, contents.bytes())?;
                data.database.replace(&contents, Some(&keeper)).map_err(StoreError::data)?;
                contents
            }
            None => {
                let missing = || StoreError::NoSnapshot { name: name.to_owned() };
                let contents = self.snapshots.get(name).ok_or_else(missing)?;
                self.storage.memory.check(freed, contents.bytes())?;
                Contents::clone(&contents)
            }
        };
        self.storage.memory.replace(freed, contents.bytes());
        self.publish(contents);
        Ok(())
    }

    /// Forgets a snapshot.
    pub(crate) fn remove_snapshot(&self, name: &str) -> Result<(), StoreError> {
        snapshots::check_name(name)?;
        let _writer = self.storage.writer();
        if let Some(data) = &self.storage.data {
            return data.remove_snapshot(name);
        }
        let removed = self.snapshots.remove(name);
        let removed = removed.ok_or_else(|| StoreError::NoSnapshot { name: name.to_owned() })?;
        self.storage.memory.replace(removed.bytes(), 0);
        Ok(())
    }

    /// Releases the folder. Every later change is refused.
    pub(crate) fn close(&self) {
        let _writer = self.storage.writer();
        if let Some(data) = &self.storage.data {
            data.close();
        }
    }

    /// Shows new contents to all readers. Running calls keep the instances that stay.
    fn publish(&self, contents: Contents) {
        let mut instances = self.write();
        let mut old = std::mem::take(&mut *instances);
        for contents in contents.instances {
            let name = contents.settings.name.clone();
            let instance = match old.remove(&name) {
                Some(old) => {
                    old.set_pictures(contents.pictures);
                    old.with(contents.settings, contents.created)
                }
                None => self.make(contents),
            };
            instances.insert(name, Arc::new(instance));
        }
        old.values().for_each(|instance| instance.set_removed());
    }

    fn make(&self, contents: InstanceContents) -> Instance {
        Instance::new(contents, Arc::clone(&self.storage))
    }

    fn named(&self, name: &str) -> Result<Arc<Instance>, StoreError> {
        self.instance(name).ok_or_else(|| StoreError::NoInstance { name: name.to_owned() })
    }

    fn read(&self) -> RwLockReadGuard<'_, Instances> {
        self.instances.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Instances> {
        self.instances.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
