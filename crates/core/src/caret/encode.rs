use std::{collections::BTreeSet, fmt};

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use super::{CaretError, CaretErrorKind, PIC_LIST, layout::Layout};
use crate::{
    body::{Body, Segment},
    quote::quote,
};

/// Writes the body of an operation of the oldest API generation.
///
/// Entries keep the order in which they are added. The official SDKs send `item_id`, `cat_id`,
/// `cust_content`, the pictures and `pic_list` to add an item; `s`, `n`, `cat_id`, `pic_list` and
/// the picture to search; `item_id` and `pic_list` to delete.
///
/// ```
/// use imagesearch_core::caret::CaretBody;
///
/// let whole_item = CaretBody::new().field("item_id", "1001").pic_list().build()?;
/// assert_eq!(whole_item.to_bytes(), "item_id,0,4#pic_list,4,4^1001");
///
/// let one_picture = CaretBody::new()
///     .field("item_id", "1000")
///     .picture_name("shoes1.jpg")
///     .pic_list()
///     .build()?;
/// assert_eq!(
///     one_picture.to_bytes(),
///     "item_id,0,4#pic_list,4,20^1000c2hvZXMxLmpwZw=="
/// );
/// # Ok::<(), imagesearch_core::caret::CaretError>(())
/// ```
#[derive(Clone, Default)]
pub struct CaretBody {
    entries: Vec<Entry>,
    /// The encoded names for `pic_list`, in the order in which they were first added.
    listed: Vec<String>,
    /// The same names, for lookup.
    known: BTreeSet<String>,
    /// Whether a picture has an empty name.
    unnamed: bool,
    text: CaretText,
}

/// Which characters the values of a `^` body may have.
///
/// The official SDKs disagree beyond ASCII: the offsets of one count bytes, of another UTF-16 units,
/// and the service's own reading is not documented. Names of pictures are sent as Base64, so they may
/// have any characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaretText {
    /// ASCII only, on which all agree.
    #[default]
    Ascii,
    /// Any, with offsets in bytes of UTF-8.
    Utf8,
}

#[derive(Clone)]
enum Entry {
    Field { name: String, value: String },
    Picture { encoded_name: String, content: Bytes },
    PicList,
}

impl CaretBody {
    /// Creates a body without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.entries.push(Entry::Field { name: name.into(), value: value.into() });
        self
    }

    /// Adds a picture, and its name to `pic_list`.
    ///
    /// The content is not copied; it is encoded as Base64 while the body is sent.
    #[must_use]
    pub fn picture(mut self, name: impl AsRef<str>, content: impl Into<Bytes>) -> Self {
        let encoded_name = self.list(name.as_ref());
        self.entries.push(Entry::Picture { encoded_name, content: content.into() });
        self
    }

    /// Adds a picture's name to `pic_list` without content, for a picture to delete.
    ///
    /// A name is listed once, where it was first added. So naming pictures before adding their
    /// contents sets the order of the list.
    #[must_use]
    pub fn picture_name(mut self, name: impl AsRef<str>) -> Self {
        self.list(name.as_ref());
        self
    }

    /// Places `pic_list` here. It lists all pictures of the body, including later ones.
    #[must_use]
    pub fn pic_list(mut self) -> Self {
        self.entries.push(Entry::PicList);
        self
    }

    /// Sets which characters values may have; ASCII unless set.
    #[must_use]
    pub fn with_text(mut self, text: CaretText) -> Self {
        self.text = text;
        self
    }

    /// Builds the body. Pictures are encoded only when it is read.
    ///
    /// # Errors
    ///
    /// There is no entry; a name is empty, given twice or holds `^`, `#` or `,`; a value is not
    /// ASCII and that was not allowed; or pictures are given and `pic_list` is not placed.
    pub fn build(self) -> Result<Body, CaretError> {
        self.check()?;
        let pic_list = self.listed.join(",");
        let mut layout = Layout::default();
        for entry in self.entries {
            match entry {
                Entry::Field { name, value } => layout.text(&name, &value)?,
                Entry::PicList => layout.text(PIC_LIST, &pic_list)?,
                Entry::Picture { encoded_name, content } => {
                    layout.segment(&encoded_name, Segment::base64(content))?;
                }
            }
        }
        Ok(layout.finish())
    }

    /// Adds a picture to the list and returns its name in Base64.
    fn list(&mut self, name: &str) -> String {
        self.unnamed |= name.is_empty();
        let encoded = BASE64_STANDARD.encode(name);
        if self.known.insert(encoded.clone()) {
            self.listed.push(encoded.clone());
        }
        encoded
    }

    /// Checks for what no layout can fix.
    fn check(&self) -> Result<(), CaretError> {
        let refuse = |kind, message: &str| Err(CaretError::new(kind, message));
        if self.entries.is_empty() {
            return refuse(
                CaretErrorKind::NoEntries,
                "the body has no entries; add the fields of the operation",
            );
        }
        if self.unnamed {
            return refuse(
                CaretErrorKind::PicList,
                "a picture has an empty name; use a name such as `shoes1.jpg`",
            );
        }
        let is_list = |entry: &Entry| match entry {
            Entry::PicList => true,
            Entry::Field { name, .. } => name == PIC_LIST,
            Entry::Picture { .. } => false,
        };
        if !self.listed.is_empty() && !self.entries.iter().any(is_list) {
            return refuse(
                CaretErrorKind::NoPicList,
                "the body has pictures and no `pic_list`; place it with `pic_list()`",
            );
        }
        match self.entries.iter().find_map(beyond_ascii).filter(|_| self.text == CaretText::Ascii) {
            None => Ok(()),
            Some((name, character)) => Err(CaretError::new(
                CaretErrorKind::Text,
                format!(
                    "the value of {} has the character {}, which is not ASCII, and official SDKs \
                     disagree whether offsets count bytes or UTF-16 units; encode the value, or \
                     allow it with `with_non_ascii_values()`",
                    quote(name),
                    quote(character.encode_utf8(&mut [0; 4])),
                ),
            )),
        }
    }
}

fn beyond_ascii(entry: &Entry) -> Option<(&str, char)> {
    match entry {
        Entry::Field { name, value } => {
            let character = value.chars().find(|character| !character.is_ascii())?;
            Some((name, character))
        }
        Entry::Picture { .. } | Entry::PicList => None,
    }
}

impl fmt::Debug for CaretBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = formatter.debug_map();
        for entry in &self.entries {
            match entry {
                Entry::Field { name, value } => map.entry(name, &value.len()),
                Entry::Picture { encoded_name, content } => map.entry(encoded_name, &content.len()),
                Entry::PicList => map.entry(&PIC_LIST, &self.listed.len()),
            };
        }
        map.finish()
    }
}
