use std::fmt;

/// An error in a `^` body.
///
/// ```
/// use bytes::Bytes;
/// use imagesearch_core::caret::{CaretErrorKind, decode};
///
/// let error = decode(&Bytes::from_static(b"item_id,0,4")).unwrap_err();
/// assert_eq!(error.kind(), CaretErrorKind::NoSeparator);
/// assert_eq!(error.code(), Some("NoCaretSeperator"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaretError {
    kind: CaretErrorKind,
    message: String,
}

/// The kinds of errors in a `^` body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaretErrorKind {
    /// No `^` anywhere.
    NoSeparator,
    /// No entry before the first `^`.
    NoEntries,
    /// More entries than [`MAX_ENTRIES`](super::MAX_ENTRIES).
    TooManyEntries,
    /// An entry that is not `name,start,end`.
    MalformedEntry,
    /// A name that is empty, occurs twice or has a separator in it.
    Name,
    /// Offsets that are out of range, out of order, overlap or leave bytes out.
    Offsets,
    /// A value that is not ASCII although that is not allowed, or not UTF-8 although it must be
    /// text.
    Text,
    /// No `pic_list`.
    NoPicList,
    /// A `pic_list` that is not a list of distinct Base64 names, or is too long.
    PicList,
    /// A listed picture without an entry.
    NoPicture,
    /// A picture whose content is not Base64.
    PictureContent,
    /// A missing or empty `item_id`.
    NoItemId,
    /// No picture to search for.
    NoSearchPicture,
    /// No picture to add.
    NoAddedPicture,
}

impl CaretErrorKind {
    /// Returns the error code that the service most likely returns.
    ///
    /// `None` for non-ASCII text and for content that is not Base64: no code is documented.
    pub const fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::NoSeparator => "NoCaretSeperator",
            Self::NoEntries => "EmptyMeta",
            Self::TooManyEntries | Self::MalformedEntry | Self::Name | Self::Offsets => {
                "InvalidMetaItem"
            }
            Self::NoPicList => "NoPicList",
            Self::PicList => "InvalidPicList",
            Self::NoPicture => "NoSpecifiedPic",
            Self::NoItemId => "NoSpecifiedItemId",
            Self::NoSearchPicture => "NoSpecifiedSearchPic",
            Self::NoAddedPicture => "NoSpecifiedAddPic",
            Self::Text | Self::PictureContent => return None,
        })
    }
}

impl CaretError {
    pub(super) fn new(kind: CaretErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Returns the kind of the error.
    pub const fn kind(&self) -> CaretErrorKind {
        self.kind
    }

    /// Returns the error code that the service most likely returns; see [`CaretErrorKind::code`].
    pub const fn code(&self) -> Option<&'static str> {
        self.kind.code()
    }
}

impl fmt::Display for CaretError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for CaretError {}
