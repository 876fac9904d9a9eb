//! The photos: files of a folder, in the order of their names.

use std::fs;
use std::path::Path;

use imagesearch_similarity::{DecodeLimits, Picture, decode};

use crate::Outcome;

/// A photo as read.
pub(crate) struct Photo {
    pub(crate) name: String,
    pub(crate) picture: Picture,
}

/// Reads all photos of a folder.
pub(crate) fn read(folder: &Path) -> Outcome<Vec<Photo>> {
    let mut files = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let photos = files.iter().map(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        let picture = decode(&fs::read(file.path())?, DecodeLimits::default());
        let picture = picture.map_err(|error| format!("{name}: {error}"))?;
        Ok(Photo { name, picture })
    });
    photos.collect()
}
