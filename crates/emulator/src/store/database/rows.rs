//! The tables of a file, and what their rows look like.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use imagesearch_core::values::Timestamp;
use imagesearch_similarity::{DESCRIPTOR_VERSION, Look};
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::DatabaseError;
use crate::store::StoredImage;
use crate::store::contents::{Contents, InstanceContents};
use crate::store::instance_settings::InstanceSettings;
use crate::store::pictures::{Edit, Pictures};
use crate::store::tasks::Task;

/// The name of an instance, and the number of a picture: their order is that of addition.
type Key = (&'static str, u64);

/// Rows in JSON by the names of instances.
const INSTANCES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("instances");
/// What is stored with a picture, in JSON.
const IMAGES: TableDefinition<'_, Key, &[u8]> = TableDefinition::new("images");
/// How pictures look, as [`Look::to_bytes`] writes it. It has the same keys as [`IMAGES`].
const LOOKS: TableDefinition<'_, Key, &[u8]> = TableDefinition::new("looks");
/// Pictures as they were sent, where they are kept.
const KEPT: TableDefinition<'_, Key, &[u8]> = TableDefinition::new("kept");
/// Tasks in JSON by their ids.
const TASKS: TableDefinition<'_, (&str, i64), &[u8]> = TableDefinition::new("tasks");
/// Metadata of the file.
const NUMBERS: TableDefinition<'_, &str, u64> = TableDefinition::new("numbers");

/// The name of the number of commits.
const COMMITS: &str = "commits";
/// The name of the version of the descriptor that looks were computed with.
const DESCRIPTOR: &str = "descriptor";

type Outcome<T> = Result<T, DatabaseError>;

#[derive(Deserialize, Serialize)]
struct InstanceRow {
    settings: InstanceSettings,
    /// In milliseconds of the Unix epoch.
    created: i64,
}

/// Refuses looks that this version would not compute.
pub(super) fn check_descriptor(transaction: &ReadTransaction) -> Outcome<()> {
    let found = number(transaction, DESCRIPTOR)?;
    if found == u64::from(DESCRIPTOR_VERSION) {
        return Ok(());
    }
    Err(DatabaseError::Descriptor { found })
}

/// Returns how often the file had been written.
pub(super) fn commits(transaction: &ReadTransaction) -> Outcome<u64> {
    number(transaction, COMMITS)
}

pub(super) fn put_commits(transaction: &WriteTransaction, commits: u64) -> Outcome<()> {
    transaction.open_table(NUMBERS)?.insert(COMMITS, commits)?;
    Ok(())
}

/// Reads all but kept pictures.
pub(super) fn contents(transaction: &ReadTransaction) -> Outcome<Contents> {
    let mut contents = Contents::default();
    for row in transaction.open_table(INSTANCES)?.iter()? {
        let (name, json) = row?;
        let row: InstanceRow = parsed(json.value(), || format!("instance {}", name.value()))?;
        contents.instances.push(InstanceContents {
            pictures: pictures(transaction, name.value())?,
            tasks: tasks(transaction, name.value())?,
            settings: row.settings,
            created: Timestamp::from_millisecond(row.created),
        });
    }
    Ok(contents)
}

fn pictures(transaction: &ReadTransaction, instance: &str) -> Outcome<Pictures> {
    let (images, looks) = (transaction.open_table(IMAGES)?, transaction.open_table(LOOKS)?);
    let mut looks = looks.range((instance, 0)..=(instance, u64::MAX))?;
    let mut pictures = Pictures::default();
    for row in images.range((instance, 0)..=(instance, u64::MAX))? {
        let (key, json) = row?;
        let (_, id) = key.value();
        let place = || format!("picture {id} of instance {instance}");
        let image: StoredImage = parsed(json.value(), place)?;
        let look = match looks.next().transpose()? {
            Some((key, bytes)) if key.value().1 == id => Look::from_bytes(bytes.value()),
            _ => None,
        };
        let look = look.ok_or_else(|| DatabaseError::Row(place()))?;
        let (image, look) = (Arc::new(image), Box::new(look));
        pictures.apply(&[Edit::Put { id, image, look, kept: None }]);
    }
    Ok(pictures)
}

fn tasks(transaction: &ReadTransaction, instance: &str) -> Outcome<Vec<Task>> {
    let tasks = transaction.open_table(TASKS)?;
    let rows = tasks.range((instance, i64::MIN)..=(instance, i64::MAX))?;
    rows.map(|row| {
        let (_, json) = row?;
        parsed(json.value(), || format!("a task of instance {instance}"))
    })
    .collect()
}

/// Returns the bytes of a picture, if they are kept.
pub(super) fn kept(
    transaction: &ReadTransaction,
    instance: &str,
    id: u64,
) -> Outcome<Option<Bytes>> {
    let kept = transaction.open_table(KEPT)?;
    Ok(kept.get((instance, id))?.map(|bytes| Bytes::copy_from_slice(bytes.value())))
}

/// Returns whether the bytes of a picture are kept.
pub(super) fn keeps(transaction: &ReadTransaction, instance: &str, id: u64) -> Outcome<bool> {
    Ok(transaction.open_table(KEPT)?.get((instance, id))?.is_some())
}

pub(super) fn put_instance(
    transaction: &WriteTransaction,
    settings: &InstanceSettings,
    created: Timestamp,
) -> Outcome<()> {
    let row = InstanceRow { settings: settings.clone(), created: created.as_millisecond() };
    transaction.open_table(INSTANCES)?.insert(settings.name(), &*json(&row)?)?;
    Ok(())
}

pub(super) fn remove_instance(transaction: &WriteTransaction, name: &str) -> Outcome<()> {
    transaction.open_table(INSTANCES)?.remove(name)?;
    remove_pictures(transaction, name)?;
    let mut tasks = transaction.open_table(TASKS)?;
    tasks.retain_in((name, i64::MIN)..=(name, i64::MAX), |_, _| false)?;
    Ok(())
}

pub(super) fn remove_pictures(transaction: &WriteTransaction, instance: &str) -> Outcome<()> {
    for table in [IMAGES, LOOKS, KEPT] {
        let mut table = transaction.open_table(table)?;
        table.retain_in((instance, 0)..=(instance, u64::MAX), |_, _| false)?;
    }
    Ok(())
}

pub(super) fn put_task(transaction: &WriteTransaction, instance: &str, task: &Task) -> Outcome<()> {
    transaction.open_table(TASKS)?.insert((instance, task.id), &*json(task)?)?;
    Ok(())
}

pub(super) fn remove_task(transaction: &WriteTransaction, instance: &str, id: i64) -> Outcome<()> {
    transaction.open_table(TASKS)?.remove((instance, id))?;
    Ok(())
}

/// Writes the steps of a change, and the pictures that are kept of it.
pub(super) fn write(
    transaction: &WriteTransaction,
    instance: &str,
    edits: &[Edit],
    kept: &BTreeMap<u64, Bytes>,
) -> Outcome<()> {
    let mut images = transaction.open_table(IMAGES)?;
    let mut looks = transaction.open_table(LOOKS)?;
    let mut kept_table = transaction.open_table(KEPT)?;
    for edit in edits {
        match edit {
            Edit::Put { id, image, look, .. } => {
                images.insert((instance, *id), &*json(&**image)?)?;
                looks.insert((instance, *id), &*look.to_bytes())?;
                match kept.get(id) {
                    Some(bytes) => kept_table.insert((instance, *id), &**bytes)?,
                    None => kept_table.remove((instance, *id))?,
                };
            }
            Edit::Describe { id, image } => {
                images.insert((instance, *id), &*json(&**image)?)?;
            }
            Edit::Remove { id, .. } => {
                for table in [&mut images, &mut looks, &mut kept_table] {
                    table.remove((instance, *id))?;
                }
            }
        }
    }
    Ok(())
}

/// Replaces all instances and pictures; none is kept afterwards as it was sent.
pub(super) fn replace(transaction: &WriteTransaction, contents: &Contents) -> Outcome<()> {
    transaction.delete_table(INSTANCES)?;
    for table in [IMAGES, LOOKS, KEPT] {
        transaction.delete_table(table)?;
    }
    transaction.open_table(NUMBERS)?.insert(DESCRIPTOR, u64::from(DESCRIPTOR_VERSION))?;
    transaction.open_table(INSTANCES)?;
    for instance in &contents.instances {
        put_instance(transaction, &instance.settings, instance.created)?;
    }
    let mut images = transaction.open_table(IMAGES)?;
    let mut looks = transaction.open_table(LOOKS)?;
    transaction.open_table(KEPT)?;
    let stays = |name: &str| contents.instances.iter().any(|it| it.settings.name() == name);
    transaction.open_table(TASKS)?.retain(|(instance, _), _| stays(instance))?;
    for instance in &contents.instances {
        for (id, image, look) in instance.pictures.entries() {
            images.insert((instance.settings.name(), id), &*json(&**image)?)?;
            looks.insert((instance.settings.name(), id), &*look.to_bytes())?;
        }
    }
    Ok(())
}

/// Copies the kept pictures of another file.
pub(super) fn copy_kept(from: &ReadTransaction, to: &WriteTransaction) -> Outcome<()> {
    let mut kept = to.open_table(KEPT)?;
    for row in from.open_table(KEPT)?.iter()? {
        let (key, bytes) = row?;
        kept.insert(key.value(), bytes.value())?;
    }
    Ok(())
}

fn number(transaction: &ReadTransaction, name: &str) -> Outcome<u64> {
    let number = transaction.open_table(NUMBERS)?.get(name)?;
    Ok(number.map_or(0, |number| number.value()))
}

fn parsed<T: for<'de> Deserialize<'de>>(json: &[u8], place: impl FnOnce() -> String) -> Outcome<T> {
    serde_json::from_slice(json)
        .map_err(|error| DatabaseError::Row(format!("{} ({error})", place())))
}

fn json(row: &impl Serialize) -> Outcome<Vec<u8>> {
    serde_json::to_vec(row).map_err(|error| DatabaseError::Row(error.to_string()))
}
