use std::fmt;

use serde::{Deserialize, Serialize};

/// A category of the product service.
///
/// The known categories are constants. Other numbers are allowed, since the service may add more.
/// Instances of other service types always use [`CategoryId::OTHER`].
///
/// ```
/// # use imagesearch_core::values::CategoryId;
/// assert_eq!(CategoryId::SHOES.get(), 4);
/// assert_eq!(CategoryId::from(4), CategoryId::SHOES);
/// assert_eq!(CategoryId::SHOES.name(), Some("Shoes"));
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CategoryId(i32);

impl CategoryId {
    /// Creates a category from any id.
    pub const fn new(id: i32) -> Self {
        Self(id)
    }

    /// Returns the number.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl From<i32> for CategoryId {
    fn from(id: i32) -> Self {
        Self(id)
    }
}

impl fmt::Display for CategoryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
