//! One instance: its settings, and its pictures with their index.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use imagesearch_core::Filter;
use imagesearch_core::answers::ServiceType;
use imagesearch_core::values::Timestamp;

use super::contents::InstanceContents;
use super::pictures::{Change, Edit, Pictures};
use super::storage::Storage;
use super::tasks::{Busy, Job, Task, Tasks};
use super::{Attributes, ImageKey, NewImage, StoreError, StoredImage};
use crate::store::instance_settings::InstanceSettings;
use imagesearch_similarity::{Hit, Look, Query};

/// The pictures of an instance. Operations on many pictures hold its lock only while they copy
/// them, so that a change does not wait for a search.
///
/// Handles from before a change of settings still see the old settings and the same pictures.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) settings: InstanceSettings,
    pub(crate) created: Timestamp,
    pub(crate) tasks: Arc<Tasks>,
    collection: Arc<Collection>,
    storage: Arc<Storage>,
}

/// The pictures of an instance, whatever its settings.
#[derive(Debug, Default)]
struct Collection {
    pictures: RwLock<Pictures>,
    /// No change is made any more, since the instance has been removed.
    removed: AtomicBool,
}

/// The pictures most like a query, nearest first.
#[derive(Debug)]
pub(crate) struct Nearest {
    pub(crate) images: Vec<(Arc<StoredImage>, Hit)>,
    /// How many there are, asked for or not.
    pub(crate) total: usize,
}

impl Instance {
    /// Creates an instance with pictures that have been counted already.
    pub(super) fn new(contents: InstanceContents, storage: Arc<Storage>) -> Self {
        let InstanceContents { settings, created, pictures, tasks } = contents;
        let collection = Collection { pictures: RwLock::new(pictures), ..Collection::default() };
        let tasks = Arc::new(Tasks::restored(tasks));
        Self { settings, created, tasks, collection: Arc::new(collection), storage }
    }

    /// Returns the same instance with other settings.
    pub(super) fn with(&self, settings: InstanceSettings, created: Timestamp) -> Self {
        let (collection, storage) = (Arc::clone(&self.collection), Arc::clone(&self.storage));
        Self { settings, created, tasks: Arc::clone(&self.tasks), collection, storage }
    }

    pub(crate) fn service_type(&self) -> ServiceType {
        self.settings.service_type
    }

    /// Counts the pictures.
    pub(crate) fn len(&self) -> usize {
        self.read().len()
    }

    /// Estimates how many bytes of memory the pictures take.
    pub(crate) fn bytes(&self) -> u64 {
        self.read().bytes()
    }

    /// Returns whether pictures of these keys could be added.
    pub(crate) fn has_room_for<'a>(&self, keys: impl IntoIterator<Item = &'a ImageKey>) -> bool {
        self.read().has_room_for(keys, self.settings.capacity)
    }

    /// Adds pictures, or replaces those of the same keys; all of them or, if one does not fit, none.
    pub(crate) fn put(&self, mut images: Vec<NewImage>) -> Result<(), StoreError> {
        if !self.storage.keep_images {
            images.iter_mut().for_each(|image| image.picture = None);
        }
        self.change(Change::Put(images)).map(drop)
    }

    /// Returns a picture.
    pub(crate) fn get(&self, key: &ImageKey) -> Option<Arc<StoredImage>> {
        let pictures = self.read();
        pictures.image(pictures.id(key)?).cloned()
    }

    /// Returns a picture and how it looks.
    pub(crate) fn described(&self, key: &ImageKey) -> Option<(Arc<StoredImage>, Look)> {
        let pictures = self.read();
        let id = pictures.id(key)?;
        Some((Arc::clone(pictures.image(id)?), pictures.index.get(id)?))
    }

    /// Returns a picture's bytes as they were sent; `None` unless pictures are kept.
    pub(crate) fn picture(&self, key: &ImageKey) -> Result<Option<Bytes>, StoreError> {
        let pictures = self.read();
        let Some(id) = pictures.id(key) else {
            return Ok(None);
        };
        match &self.storage.data {
            Some(data) => data.database.kept(self.settings.name(), id).map_err(StoreError::data),
            None => Ok(pictures.kept(id).cloned()),
        }
    }

    /// Returns whether a picture's bytes are kept.
    pub(crate) fn has_picture(&self, key: &ImageKey) -> Result<bool, StoreError> {
        let pictures = self.read();
        let Some(id) = pictures.id(key) else {
            return Ok(false);
        };
        match &self.storage.data {
            Some(data) => data.database.keeps(self.settings.name(), id).map_err(StoreError::data),
            None => Ok(pictures.kept(id).is_some()),
        }
    }

    /// Changes the attributes of one picture, or of all of a product; returns how many.
    pub(crate) fn update(
        &self,
        product_id: &str,
        pic_name: Option<&str>,
        attributes: &Attributes,
    ) -> Result<usize, StoreError> {
        let edits = self.change(Change::Update { product_id, pic_name, attributes })?;
        Ok(edits.len())
    }

    /// Removes one picture, or all of a product; returns the names of those that were there.
    pub(crate) fn remove(
        &self,
        product_id: &str,
        pic_name: Option<&str>,
    ) -> Result<Vec<String>, StoreError> {
        match pic_name {
            Some(name) => self.remove_named(product_id, [name]),
            None => self.change(Change::RemoveProduct(product_id)).map(removed_names),
        }
    }

    /// Removes pictures of a product by their names, in one step; returns the names of those that were
    /// there.
    pub(crate) fn remove_named<'a>(
        &self,
        product_id: &str,
        pic_names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<String>, StoreError> {
        let pic_names = pic_names.into_iter().collect();
        self.change(Change::RemoveNamed { product_id, pic_names }).map(removed_names)
    }

    /// Removes all pictures that match; returns their names.
    pub(crate) fn remove_matching(&self, filter: &Filter) -> Result<Vec<String>, StoreError> {
        self.change(Change::RemoveMatching(filter)).map(removed_names)
    }

    /// Lists the pictures that match, in the order they were added.
    pub(crate) fn matching(
        &self,
        filter: &Filter,
        start: usize,
        count: usize,
    ) -> Vec<Arc<StoredImage>> {
        let matching = self.images().into_iter().filter(|image| image.matches(filter));
        matching.skip(start).take(count).collect()
    }

    /// Lists a page of the pictures that match, in the order they were added, and counts all that do.
    pub(crate) fn page(
        &self,
        filter: Option<&Filter>,
        start: usize,
        count: usize,
    ) -> (Vec<Arc<StoredImage>>, usize) {
        let Some(filter) = filter else {
            let pictures = self.read();
            let page = pictures.images().skip(start).take(count).cloned().collect();
            return (page, pictures.len());
        };
        let mut matching = self.images();
        matching.retain(|image| image.matches(filter));
        let total = matching.len();
        (matching.into_iter().skip(start).take(count).collect(), total)
    }

    /// Finds the `count` pictures most like a query that `keep` accepts and that score enough, and
    /// counts all of those. Without `keep`, all are accepted.
    ///
    /// Of equally near ones, that which was added first comes first. The lock is not held while
    /// pictures are compared, which takes longest: what is searched are the pictures of the moment
    /// before, and those that have been removed meanwhile are left out. Many pictures are compared on as
    /// many threads as the caller may use.
    pub(crate) fn nearest(
        &self,
        query: &Query,
        count: usize,
        least_score: f32,
        threads: usize,
        keep: Option<&dyn Fn(&StoredImage) -> bool>,
    ) -> Nearest {
        let (snapshot, images) = {
            let pictures = self.read();
            let images = || pictures.images_after(None).map(numbered).collect::<Vec<_>>();
            (pictures.index.snapshot().with_threads(threads), keep.map(|keep| (keep, images())))
        };
        let ranking = match images {
            None => snapshot.search(query, count, least_score, |_| true),
            Some((keep, mut images)) => {
                images.retain(|(_, image)| keep(image));
                let keep = |id| images.binary_search_by_key(&id, |(id, _)| *id).is_ok();
                snapshot.search(query, count, least_score, keep)
            }
        };
        let pictures = self.read();
        let images = ranking.hits.into_iter();
        let images = images.filter_map(|hit| Some((Arc::clone(pictures.image(hit.id)?), hit)));
        Nearest { images: images.collect(), total: ranking.total }
    }

    /// Returns all pictures, in the order they were added.
    pub(crate) fn images(&self) -> Vec<Arc<StoredImage>> {
        self.read().images().cloned().collect()
    }

    /// Returns pictures with their numbers, in the order they were added, from after a number on.
    pub(crate) fn images_after(
        &self,
        id: Option<u64>,
        count: usize,
    ) -> Vec<(u64, Arc<StoredImage>)> {
        let pictures = self.read();
        pictures.images_after(id).take(count).map(numbered).collect()
    }

    /// Returns whether any picture has a category, so that others can be predicted.
    pub(crate) fn has_categories(&self) -> bool {
        self.read().has_categories()
    }

    /// Starts a task, unless one of its kind is running.
    pub(crate) fn start_task(
        &self,
        job: Job,
        now: Timestamp,
    ) -> Result<Result<Task, Busy>, StoreError> {
        let started = self.tasks.start(job, now);
        if let Ok(task) = &started
            && let Err(error) = self.keep_task(task)
        {
            self.tasks.withdraw(task.id);
            return Err(error);
        }
        Ok(started)
    }

    /// Creates a task durable as it is now, where that is wanted.
    pub(crate) fn keep_task(&self, task: &Task) -> Result<(), StoreError> {
        let _writer = self.lock_writer()?;
        self.storage.put_task(self.settings.name(), task)
    }

    /// Forgets a task on the disk, as it is in memory.
    pub(crate) fn forget_task(&self, id: i64) -> Result<(), StoreError> {
        let _writer = self.lock_writer()?;
        self.storage.remove_task(self.settings.name(), id)
    }

    /// Creates a change, all of it or nothing; returns its steps.
    fn change(&self, change: Change<'_>) -> Result<Vec<Edit>, StoreError> {
        let writer = self.lock_writer()?;
        // Only who is the writer changes pictures, so they stay as they are until they are locked.
        let mut edits = self.read().plan(change, self.settings.capacity)?;
        let kept = self.storage.take_kept(&mut edits);
        let (freed, taken) = self.read().weigh(&edits);
        self.storage.memory.check(freed, taken)?;
        self.storage.write(self.settings.name(), &edits, &kept)?;
        let before = self.bytes();
        self.write().apply(&edits);
        // Steps may replace what others of them add, so that less comes of it than was checked.
        self.storage.memory.replace(before, self.bytes());
        drop(writer);
        Ok(edits)
    }

    /// Returns all of it as it is now, but its tasks: they go on whatever is brought back.
    pub(super) fn contents(&self) -> InstanceContents {
        let (settings, pictures) = (self.settings.clone(), self.read().clone());
        InstanceContents { settings, created: self.created, pictures, tasks: Vec::new() }
    }

    /// Becomes the only writer, unless the instance has been removed.
    fn lock_writer(&self) -> Result<MutexGuard<'_, ()>, StoreError> {
        let writer = self.storage.writer();
        if self.collection.removed.load(Ordering::Relaxed) {
            return Err(StoreError::NoInstance { name: self.settings.name.clone() });
        }
        Ok(writer)
    }

    /// Removes all pictures and returns how many. Only the writer does this, and counts what they took.
    pub(super) fn clear(&self) -> usize {
        self.write().clear()
    }

    /// Replaces all pictures. Only the writer does this, and counts what they take.
    pub(super) fn set_pictures(&self, pictures: Pictures) {
        *self.write() = pictures;
    }

    /// Refuses every later change. Only the writer does this.
    pub(super) fn set_removed(&self) {
        self.collection.removed.store(true, Ordering::Relaxed);
    }

    // A panic inside a lock would leave the maps as they were between two steps at worst; going on
    // with them is better than refusing every later call.
    fn read(&self) -> RwLockReadGuard<'_, Pictures> {
        self.collection.pictures.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Pictures> {
        self.collection.pictures.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn numbered((id, image): (u64, &Arc<StoredImage>)) -> (u64, Arc<StoredImage>) {
    (id, Arc::clone(image))
}

fn removed_names(edits: Vec<Edit>) -> Vec<String> {
    let removed = edits.into_iter().filter_map(|edit| match edit {
        Edit::Remove { image, .. } => Some(image.key.pic_name.clone()),
        _ => None,
    });
    removed.collect()
}

#[cfg(test)]
mod tests;
