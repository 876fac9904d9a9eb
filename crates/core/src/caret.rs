//! The body of the oldest API generation (2018-01-20): `name,start,end#name,start,end^values`.
//!
//! Each entry names a value and its byte range after the first `^`. The values follow each other
//! without separators, so they may contain `^`, `#` and `,`. A picture is an entry whose name is
//! the Base64 of the picture's name, and `pic_list` lists those names. [`CaretBody`] writes such a
//! body, [`decode`] reads one.
//!
//! ```
//! use imagesearch_core::caret::{CaretBody, decode};
//!
//! let body = CaretBody::new()
//!     .field("item_id", "1000")
//!     .picture("shoes1.jpg", "pic_content1")
//!     .pic_list()
//!     .build()?;
//! assert_eq!(
//!     body.to_bytes(),
//!     "item_id,0,4#c2hvZXMxLmpwZw==,4,20#pic_list,20,36^\
//!      1000cGljX2NvbnRlbnQxc2hvZXMxLmpwZw=="
//! );
//!
//! let parts = decode(&body.to_bytes())?;
//! assert_eq!(parts.item_id()?, "1000");
//! assert_eq!(parts.added_pictures()?[0].content, "pic_content1");
//! # Ok::<(), imagesearch_core::caret::CaretError>(())
//! ```

mod decode;
mod encode;
mod error;
mod layout;
mod parts;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::{CaretBody, CaretText};
pub use error::{CaretError, CaretErrorKind};
pub use parts::{CaretEntry, CaretParts, CaretPicture};

/// The name of the entry that lists the pictures.
pub const PIC_LIST: &str = "pic_list";

/// The name of the entry with the item's id.
pub const ITEM_ID: &str = "item_id";

/// The name that the official SDKs give the picture of a search.
pub const SEARCH_PICTURE: &str = "searchPic";

/// The maximum number of entries, and of names in `pic_list`, in a body.
///
/// The service documents no limit. Real bodies have a handful; a hostile one could hold a million
/// empty values in a few megabytes.
pub const MAX_ENTRIES: usize = 1024;

/// The separators: entries from values, entries from each other, and the parts of an entry.
const SEPARATORS: [char; 3] = ['^', '#', ','];
