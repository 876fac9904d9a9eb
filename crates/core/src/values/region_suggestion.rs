use super::Region;
use crate::{generated::regions::REGIONS, suggest};

impl Region {
    /// Returns the known region with the most similar name, if this one is not known itself.
    pub fn suggestion(&self) -> Option<&'static str> {
        if REGIONS.iter().any(|region| region.id == self.as_str()) {
            return None;
        }
        suggest::closest(self.as_str(), REGIONS.iter().map(|region| region.id))
    }
}
