use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use super::{CaretError, CaretErrorKind, ITEM_ID, MAX_ENTRIES, PIC_LIST};
use crate::quote::quote;

/// The entries of a body, and what an operation reads of them.
///
/// Returned by [`decode`](super::decode). Errors of its methods carry the service's error code.
///
/// ```
/// use bytes::Bytes;
/// use imagesearch_core::caret::decode;
///
/// let entries = "s,0,1#pic_list,1,13#c2VhcmNoUGlj,13,29";
/// let body = Bytes::from(format!("{entries}^0c2VhcmNoUGljcGljX2NvbnRlbnQx"));
/// let picture = decode(&body)?.search_picture()?;
/// assert_eq!((picture.name.as_str(), &picture.content[..]), ("searchPic", &b"pic_content1"[..]));
/// # Ok::<(), imagesearch_core::caret::CaretError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaretParts {
    entries: Vec<CaretEntry>,
}

/// A name and its value, as sent.
///
/// `Debug` prints the length of the value, which may be a picture.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaretEntry {
    /// The name; in Base64 for a picture.
    pub name: String,
    /// The value, a slice of the body; in Base64 for a picture.
    pub value: Bytes,
}

/// A picture of a body, decoded.
///
/// `Debug` prints the length of the content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaretPicture {
    /// The picture's name.
    pub name: String,
    /// The bytes of the picture.
    pub content: Bytes,
}

impl CaretParts {
    pub(super) fn new(entries: Vec<CaretEntry>) -> Self {
        Self { entries }
    }

    /// Returns all entries in the order of the body.
    pub fn entries(&self) -> &[CaretEntry] {
        &self.entries
    }

    /// Returns the raw value of an entry.
    pub fn get(&self, name: &str) -> Option<&Bytes> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    /// Returns the value of a field.
    ///
    /// # Errors
    ///
    /// The value is not UTF-8.
    pub fn text(&self, name: &str) -> Result<Option<&str>, CaretError> {
        let text = self.get(name).map(|value| std::str::from_utf8(value));
        text.transpose().map_err(|_| {
            let message = format!("the value of {} is not UTF-8", quote(name));
            CaretError::new(CaretErrorKind::Text, message)
        })
    }

    /// Returns the id of the item.
    ///
    /// # Errors
    ///
    /// It is missing, empty (`NoSpecifiedItemId`) or not UTF-8.
    pub fn item_id(&self) -> Result<&str, CaretError> {
        let given = self.text(ITEM_ID)?.filter(|id| !id.is_empty());
        given.ok_or_else(|| {
            CaretError::new(CaretErrorKind::NoItemId, "`item_id` is missing or empty")
        })
    }

    /// Returns the decoded names in `pic_list`; `None` if there is no such entry.
    ///
    /// For a deletion, a missing list and an empty one both mean every picture of the item.
    ///
    /// # Errors
    ///
    /// The list has more than [`MAX_ENTRIES`] names, or one that is empty, not the Base64 of UTF-8
    /// or listed twice (`InvalidPicList`).
    pub fn picture_names(&self) -> Result<Option<Vec<String>>, CaretError> {
        let Some(list) = self.encoded_names()? else { return Ok(None) };
        list.into_iter().map(decoded_name).collect::<Result<_, _>>().map(Some)
    }

    /// Returns the listed pictures in the order of `pic_list`.
    ///
    /// # Errors
    ///
    /// The list is missing (`NoPicList`) or not a list of names (`InvalidPicList`), a listed
    /// picture has no entry (`NoSpecifiedPic`), or its content is not Base64.
    pub fn pictures(&self) -> Result<Vec<CaretPicture>, CaretError> {
        let list = self
            .encoded_names()?
            .ok_or_else(|| CaretError::new(CaretErrorKind::NoPicList, "`pic_list` is missing"))?;
        let values: BTreeMap<&[u8], &Bytes> =
            self.entries.iter().map(|entry| (entry.name.as_bytes(), &entry.value)).collect();
        let mut pictures = Vec::new();
        for encoded in list {
            let name = decoded_name(encoded)?;
            let value = values.get(encoded).ok_or_else(|| {
                let message =
                    format!("the picture {} is in `pic_list` but has no entry", quote(&name));
                CaretError::new(CaretErrorKind::NoPicture, message)
            })?;
            let content = BASE64_STANDARD.decode(value).map_err(|error| {
                let message =
                    format!("the content of the picture {} is not Base64: {error}", quote(&name));
                CaretError::new(CaretErrorKind::PictureContent, message)
            })?;
            pictures.push(CaretPicture { name, content: content.into() });
        }
        Ok(pictures)
    }

    /// Returns the pictures to add to an item, at least one.
    ///
    /// # Errors
    ///
    /// Those of [`pictures`](Self::pictures), and an empty list (`NoSpecifiedAddPic`).
    pub fn added_pictures(&self) -> Result<Vec<CaretPicture>, CaretError> {
        let pictures = self.pictures()?;
        if pictures.is_empty() {
            let message = "`pic_list` is empty; adding an item requires at least one picture";
            return Err(CaretError::new(CaretErrorKind::NoAddedPicture, message));
        }
        Ok(pictures)
    }

    /// Returns the picture to search for.
    ///
    /// # Errors
    ///
    /// Those of [`pictures`](Self::pictures), an empty list (`NoSpecifiedSearchPic`), and more than
    /// one picture (`InvalidPicList`).
    pub fn search_picture(&self) -> Result<CaretPicture, CaretError> {
        let mut pictures = self.pictures()?;
        let count = pictures.len();
        match (pictures.pop(), count) {
            (Some(picture), 1) => Ok(picture),
            (None, _) => {
                let message = "`pic_list` is empty; a search takes one picture";
                Err(CaretError::new(CaretErrorKind::NoSearchPicture, message))
            }
            (Some(_), count) => {
                let message = format!("`pic_list` has {count} pictures; a search takes one");
                Err(CaretError::new(CaretErrorKind::PicList, message))
            }
        }
    }

    /// Splits `pic_list` into names, still in Base64.
    fn encoded_names(&self) -> Result<Option<Vec<&[u8]>>, CaretError> {
        let Some(list) = self.get(PIC_LIST) else { return Ok(None) };
        if list.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let refuse = |problem: String| {
            Err(CaretError::new(CaretErrorKind::PicList, format!("`pic_list` has {problem}")))
        };
        let mut distinct = BTreeSet::new();
        let mut names = Vec::new();
        for name in list.split(|byte| *byte == b',') {
            if name.is_empty() {
                return refuse("an empty name; put one comma between two names".to_owned());
            }
            if names.len() == MAX_ENTRIES {
                return refuse(format!("more than {MAX_ENTRIES} names; split the request"));
            }
            if !distinct.insert(name) {
                let name = String::from_utf8_lossy(name);
                return refuse(format!("the name {} twice", quote(&name)));
            }
            names.push(name);
        }
        Ok(Some(names))
    }
}

fn decoded_name(encoded: &[u8]) -> Result<String, CaretError> {
    let name = BASE64_STANDARD.decode(encoded).ok();
    name.and_then(|name| String::from_utf8(name).ok()).ok_or_else(|| {
        let name = String::from_utf8_lossy(encoded);
        let message = format!("`pic_list` has {}, which is not the Base64 of a name", quote(&name));
        CaretError::new(CaretErrorKind::PicList, message)
    })
}

impl fmt::Debug for CaretEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {} bytes", self.name, self.value.len())
    }
}

impl fmt::Debug for CaretPicture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {} bytes", self.name, self.content.len())
    }
}
