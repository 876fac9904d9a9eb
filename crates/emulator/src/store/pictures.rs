//! The pictures of an instance with their index, and how changes are made to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use imagesearch_core::Filter;
use imagesearch_core::values::CategoryId;
use imagesearch_similarity::{Index, Look};

use super::memory::weight;
use super::{Attributes, ImageKey, NewImage, StoreError, StoredImage};

/// Holds the pictures of an instance. A clone shares what takes most memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Pictures {
    pub(super) index: Index,
    rows: BTreeMap<u64, Row>,
    ids: BTreeMap<ImageKey, u64>,
    /// How many have a category, that is another than 88888888.
    with_category: usize,
    bytes: u64,
}

/// A picture, all but its look.
#[derive(Clone, Debug)]
struct Row {
    image: Arc<StoredImage>,
    kept: Option<Bytes>,
    /// What it takes of memory, with its look.
    bytes: u64,
}

/// What a caller wants to be changed.
#[derive(Debug)]
pub(super) enum Change<'a> {
    /// Adds pictures, or replaces those of the same keys.
    Put(Vec<NewImage>),
    /// Sets attributes of one picture, or of all of a product.
    Update { product_id: &'a str, pic_name: Option<&'a str>, attributes: &'a Attributes },
    /// Removes all pictures of a product.
    RemoveProduct(&'a str),
    /// Removes pictures of a product, each once however often it is named.
    RemoveNamed { product_id: &'a str, pic_names: BTreeSet<&'a str> },
    /// Removes the pictures that match.
    RemoveMatching(&'a Filter),
}

/// A step of a change, with all that it needs: it can be written down, and then made.
#[derive(Debug)]
pub(super) enum Edit {
    Put { id: u64, image: Arc<StoredImage>, look: Box<Look>, kept: Option<Bytes> },
    Describe { id: u64, image: Arc<StoredImage> },
    Remove { id: u64, image: Arc<StoredImage> },
}

impl Pictures {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns how much memory they take, as [`weight`] estimates it.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn id(&self, key: &ImageKey) -> Option<u64> {
        self.ids.get(key).copied()
    }

    pub(super) fn image(&self, id: u64) -> Option<&Arc<StoredImage>> {
        self.rows.get(&id).map(|row| &row.image)
    }

    /// Returns the bytes of a picture, if they are kept in memory.
    pub(super) fn kept(&self, id: u64) -> Option<&Bytes> {
        self.rows.get(&id)?.kept.as_ref()
    }

    /// Visits the pictures in the order they were added.
    pub(super) fn images(&self) -> impl Iterator<Item = &Arc<StoredImage>> {
        self.rows.values().map(|row| &row.image)
    }

    /// Visits the pictures and their numbers in the order they were added, from after a number on.
    pub(super) fn images_after(
        &self,
        id: Option<u64>,
    ) -> impl Iterator<Item = (u64, &Arc<StoredImage>)> {
        let from = id.map_or(0, |id| id.saturating_add(1));
        self.rows.range(from..).map(|(id, row)| (*id, &row.image))
    }

    /// Returns whether any picture has a category.
    pub(super) fn has_categories(&self) -> bool {
        self.with_category > 0
    }

    /// Visits the numbers, what is stored, and the looks, in the order the pictures were added.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u64, &Arc<StoredImage>, Look)> {
        self.rows.iter().filter_map(|(id, row)| Some((*id, &row.image, self.index.get(*id)?)))
    }

    /// Returns whether pictures of these keys could be added.
    pub(super) fn has_room_for<'a>(
        &self,
        keys: impl IntoIterator<Item = &'a ImageKey>,
        capacity: u64,
    ) -> bool {
        let new = keys.into_iter().filter(|key| !self.ids.contains_key(key));
        let new = new.collect::<BTreeSet<_>>().len() as u64;
        // Replacing is always possible, also where more is stored than fits.
        new == 0 || (self.rows.len() as u64).saturating_add(new) <= capacity
    }

    /// Works out the steps of a change without making it.
    pub(super) fn plan(&self, change: Change<'_>, capacity: u64) -> Result<Vec<Edit>, StoreError> {
        let edits = match change {
            Change::Put(images) => {
                if !self.has_room_for(images.iter().map(|it| &it.image.key), capacity) {
                    return Err(StoreError::Full);
                }
                self.plan_put(images)
            }
            Change::Update { product_id, pic_name, attributes } => {
                let old = self.found(self.ids_of(product_id, pic_name));
                let described = old.map(|(id, image)| {
                    let mut image = StoredImage::clone(image);
                    image.attributes.update(attributes);
                    Edit::Describe { id, image: Arc::new(image) }
                });
                described.collect()
            }
            Change::RemoveProduct(product_id) => self.removals(self.ids_of(product_id, None)),
            Change::RemoveNamed { product_id, pic_names } => {
                let ids =
                    pic_names.into_iter().flat_map(|name| self.ids_of(product_id, Some(name)));
                self.removals(ids.collect())
            }
            Change::RemoveMatching(filter) => {
                let matching = self.rows.iter().filter(|(_, row)| row.image.matches(filter));
                self.removals(matching.map(|(id, _)| *id).collect())
            }
        };
        Ok(edits)
    }

    /// Estimates how many bytes the steps free and take.
    pub(super) fn weigh(&self, edits: &[Edit]) -> (u64, u64) {
        edits.iter().fold((0, 0), |(freed, taken), edit| {
            (freed + self.bytes_of(edit.id()), taken + self.weight(edit))
        })
    }

    /// Creates the steps of a change that was planned on these very pictures.
    pub(super) fn apply(&mut self, edits: &[Edit]) {
        for edit in edits {
            let (freed, taken) = self.weigh(std::slice::from_ref(edit));
            self.bytes = self.bytes.saturating_sub(freed).saturating_add(taken);
            match edit {
                Edit::Put { id, image, look, kept } => {
                    self.index.insert(*id, look);
                    self.ids.insert(image.key.clone(), *id);
                    let (image, kept) = (Arc::clone(image), kept.clone());
                    self.with_category += categories(&image);
                    let old = self.rows.insert(*id, Row { image, kept, bytes: taken });
                    self.with_category -= old.map_or(0, |old| categories(&old.image));
                }
                Edit::Describe { id, image } => {
                    if let Some(row) = self.rows.get_mut(id) {
                        row.image = Arc::clone(image);
                        row.bytes = taken;
                    }
                }
                Edit::Remove { id, image } => {
                    self.index.remove(*id);
                    let old = self.rows.remove(id);
                    self.with_category -= old.map_or(0, |old| categories(&old.image));
                    self.ids.remove(&image.key);
                }
            }
        }
    }

    /// Removes all pictures and returns how many. Numbers go on: a search on its way must not take a new
    /// picture for one that was there before.
    pub(super) fn clear(&mut self) -> usize {
        let removals = self.removals(self.rows.keys().copied().collect());
        self.apply(&removals);
        removals.len()
    }

    /// Estimates how many bytes the picture of a step takes after it.
    fn weight(&self, edit: &Edit) -> u64 {
        match edit {
            Edit::Put { image, look, kept, .. } => weight(image, look, kept.as_ref()),
            Edit::Describe { id, image } => self.rows.get(id).map_or(0, |row| {
                row.bytes - row.image.text_bytes() as u64 + image.text_bytes() as u64
            }),
            Edit::Remove { .. } => 0,
        }
    }

    fn plan_put(&self, images: Vec<NewImage>) -> Vec<Edit> {
        let mut next_id = self.index.next_id();
        let mut new = BTreeMap::new();
        let put = images.into_iter().map(|NewImage { image, look, picture }| {
            let id = self.id(&image.key).unwrap_or_else(|| {
                *new.entry(image.key.clone()).or_insert_with(|| {
                    next_id += 1;
                    next_id - 1
                })
            });
            Edit::Put { id, image: Arc::new(image), look: Box::new(look), kept: picture }
        });
        put.collect()
    }

    fn removals(&self, ids: Vec<u64>) -> Vec<Edit> {
        let removed = self.found(ids);
        removed.map(|(id, image)| Edit::Remove { id, image: Arc::clone(image) }).collect()
    }

    fn found(&self, ids: Vec<u64>) -> impl Iterator<Item = (u64, &Arc<StoredImage>)> {
        ids.into_iter().filter_map(|id| Some((id, self.image(id)?)))
    }

    fn ids_of(&self, product_id: &str, pic_name: Option<&str>) -> Vec<u64> {
        let from = ImageKey {
            product_id: product_id.to_owned(),
            pic_name: pic_name.unwrap_or_default().to_owned(),
        };
        if pic_name.is_some() {
            return self.id(&from).into_iter().collect();
        }
        let of_product = self.ids.range(&from..);
        let of_product = of_product.take_while(|(key, _)| key.product_id == product_id);
        of_product.map(|(_, id)| *id).collect()
    }

    fn bytes_of(&self, id: u64) -> u64 {
        self.rows.get(&id).map_or(0, |row| row.bytes)
    }
}

/// Counts the categories of a picture: one, or none if it is filed under 88888888.
fn categories(image: &StoredImage) -> usize {
    usize::from(image.category != CategoryId::OTHER)
}

impl Edit {
    fn id(&self) -> u64 {
        match self {
            Self::Put { id, .. } | Self::Describe { id, .. } | Self::Remove { id, .. } => *id,
        }
    }
}
