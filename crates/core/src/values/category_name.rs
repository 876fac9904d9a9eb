use super::CategoryId;
use crate::generated::categories::CATEGORIES;

impl CategoryId {
    /// Returns the category's name, or `None` if it is unknown.
    pub fn name(self) -> Option<&'static str> {
        CATEGORIES.iter().find(|(id, _)| *id == self.get()).map(|(_, name)| *name)
    }
}
