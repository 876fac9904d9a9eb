//! One instance: its settings, and its pictures with their index.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use imagesearch_core::{Filter, ServiceType, Timestamp};

use super::{Attributes, ImageKey, StoredImage};
use crate::settings::InstanceSettings;
use imagesearch_similarity::{Hit, Index, Look, Query};

/// Holds the pictures of an instance. Searches share its lock; a change waits for them to end.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) settings: InstanceSettings,
    pub(crate) created: Timestamp,
    pictures: RwLock<Pictures>,
}

#[derive(Debug, Default)]
struct Pictures {
    index: Index,
    images: BTreeMap<u64, StoredImage>,
    ids: BTreeMap<ImageKey, u64>,
}

/// Tells that an instance holds as many pictures as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Instance {
    pub(crate) fn new(settings: InstanceSettings, created: Timestamp) -> Self {
        Self { settings, created, pictures: RwLock::default() }
    }

    pub(crate) fn service_type(&self) -> ServiceType {
        self.settings.service_type
    }

    /// Counts the pictures.
    pub(crate) fn len(&self) -> usize {
        self.read().images.len()
    }

    /// Tells whether pictures of these keys, each another, could be added.
    pub(crate) fn has_room_for<'a>(&self, keys: impl IntoIterator<Item = &'a ImageKey>) -> bool {
        self.read().has_room_for(keys, self.settings.capacity)
    }

    /// Adds pictures, or replaces those of the same keys; all of them or, if there is no room, none.
    pub(crate) fn put(&self, images: Vec<(StoredImage, Look)>) -> Result<(), Full> {
        let mut pictures = self.write();
        let keys = images.iter().map(|(image, _)| &image.key);
        if !pictures.has_room_for(keys, self.settings.capacity) {
            return Err(Full);
        }
        for (image, look) in images {
            pictures.put(image, &look);
        }
        Ok(())
    }

    /// Returns a picture.
    pub(crate) fn get(&self, key: &ImageKey) -> Option<StoredImage> {
        let pictures = self.read();
        let id = pictures.ids.get(key)?;
        pictures.images.get(id).cloned()
    }

    /// Returns a picture and how it looks.
    pub(crate) fn described(&self, key: &ImageKey) -> Option<(StoredImage, Look)> {
        let pictures = self.read();
        let id = *pictures.ids.get(key)?;
        Some((pictures.images.get(&id)?.clone(), pictures.index.get(id)?))
    }

    /// Changes the attributes of one picture, or of all of a product; returns how many.
    pub(crate) fn update(
        &self,
        product_id: &str,
        pic_name: Option<&str>,
        change: &Attributes,
    ) -> usize {
        let mut pictures = self.write();
        let ids = pictures.ids_of(product_id, pic_name);
        for id in &ids {
            if let Some(image) = pictures.images.get_mut(id) {
                image.attributes.update(change);
            }
        }
        ids.len()
    }

    /// Removes one picture, or all of a product; returns the names of those that were there.
    pub(crate) fn remove(&self, product_id: &str, pic_name: Option<&str>) -> Vec<String> {
        let mut pictures = self.write();
        let ids = pictures.ids_of(product_id, pic_name);
        pictures.remove(&ids)
    }

    /// Removes all pictures that match; returns their names.
    pub(crate) fn remove_matching(&self, filter: &Filter) -> Vec<String> {
        let mut pictures = self.write();
        let matching = pictures.images.iter().filter(|(_, image)| matches(filter, image));
        let ids: Vec<u64> = matching.map(|(id, _)| *id).collect();
        pictures.remove(&ids)
    }

    /// Lists the pictures that match, in the order they were added.
    pub(crate) fn matching(&self, filter: &Filter, start: usize, count: usize) -> Vec<StoredImage> {
        let pictures = self.read();
        let images = pictures.images.values();
        let matching = images.filter(|image| matches(filter, image));
        matching.skip(start).take(count).cloned().collect()
    }

    /// Ranks the pictures that `keep` accepts, nearest first, and hands them to `select`.
    ///
    /// Of equally near ones, that which was added first comes first.
    pub(crate) fn nearest<T>(
        &self,
        query: &Query,
        keep: impl Fn(&StoredImage) -> bool + Sync,
        select: impl FnOnce(&[(&StoredImage, Hit)]) -> T,
    ) -> T {
        let pictures = self.read();
        let accepted = |id: u64| pictures.images.get(&id).is_some_and(&keep);
        let hits = pictures.index.nearest(query, pictures.images.len(), accepted);
        let ranked: Vec<_> =
            hits.into_iter().filter_map(|hit| Some((pictures.images.get(&hit.id)?, hit))).collect();
        select(&ranked)
    }

    // A panic inside a lock would leave the maps as they were between two steps at worst; going on
    // with them is better than refusing every later call.
    fn read(&self) -> RwLockReadGuard<'_, Pictures> {
        self.pictures.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Pictures> {
        self.pictures.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pictures {
    fn has_room_for<'a>(
        &self,
        keys: impl IntoIterator<Item = &'a ImageKey>,
        capacity: u64,
    ) -> bool {
        let new = keys.into_iter().filter(|key| !self.ids.contains_key(key)).count();
        // Replacing is always possible, also where more is stored than fits.
        new == 0 || (self.images.len() as u64).saturating_add(new as u64) <= capacity
    }

    fn put(&mut self, image: StoredImage, look: &Look) {
        let id = match self.ids.get(&image.key).copied() {
            Some(id) => {
                self.index.replace(id, look);
                id
            }
            None => {
                let id = self.index.push(look);
                self.ids.insert(image.key.clone(), id);
                id
            }
        };
        self.images.insert(id, image);
    }

    fn ids_of(&self, product_id: &str, pic_name: Option<&str>) -> Vec<u64> {
        let from = ImageKey {
            product_id: product_id.to_owned(),
            pic_name: pic_name.unwrap_or_default().to_owned(),
        };
        if pic_name.is_some() {
            return self.ids.get(&from).copied().into_iter().collect();
        }
        self.ids
            .range(&from..)
            .take_while(|(key, _)| key.product_id == product_id)
            .map(|(_, id)| *id)
            .collect()
    }

    fn remove(&mut self, ids: &[u64]) -> Vec<String> {
        let mut names = Vec::with_capacity(ids.len());
        for id in ids {
            self.index.remove(*id);
            if let Some(image) = self.images.remove(id) {
                self.ids.remove(&image.key);
                names.push(image.key.pic_name);
            }
        }
        names
    }
}

/// A filter with text that is not understood matches nothing; validation lets none through.
fn matches(filter: &Filter, image: &StoredImage) -> bool {
    filter.matches(image).unwrap_or(false)
}

#[cfg(test)]
mod tests;
