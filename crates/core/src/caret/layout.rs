use std::{collections::BTreeSet, mem};

use super::{CaretError, CaretErrorKind, SEPARATORS};
use crate::{
    body::{Body, Segment},
    quote::quote,
};

/// The entries and values laid out so far.
#[derive(Default)]
pub(super) struct Layout {
    meta: String,
    names: BTreeSet<String>,
    /// Where the next value starts.
    offset: u64,
    segments: Vec<Segment>,
    /// Short values since the last segment, joined, since each segment may become a packet.
    text: String,
}

impl Layout {
    /// Adds an entry with a short value.
    pub(super) fn text(&mut self, name: &str, value: &str) -> Result<(), CaretError> {
        self.entry(name, value.len() as u64)?;
        self.text.push_str(value);
        Ok(())
    }

    /// Adds an entry whose value is its own segment.
    pub(super) fn segment(&mut self, name: &str, value: Segment) -> Result<(), CaretError> {
        self.entry(name, value.len())?;
        let text = mem::take(&mut self.text);
        self.segments.extend([Segment::plain(text), value]);
        Ok(())
    }

    /// Joins entries and values into a body.
    pub(super) fn finish(mut self) -> Body {
        self.meta.push('^');
        let segments = [Segment::plain(self.meta)]
            .into_iter()
            .chain(self.segments)
            .chain([Segment::plain(self.text)]);
        Body::new(segments)
    }

    fn entry(&mut self, name: &str, length: u64) -> Result<(), CaretError> {
        let refuse = |problem: &str| {
            let message = format!("the entry name {} {problem}", quote(name));
            Err(CaretError::new(CaretErrorKind::Name, message))
        };
        if name.is_empty() {
            return refuse("is empty; every value needs a name");
        }
        if name.contains(SEPARATORS) {
            return refuse("has a separator in it; leave out `^`, `#` and `,`");
        }
        if !self.names.insert(name.to_owned()) {
            return refuse("is given twice; names and pictures are distinct");
        }
        let separator = if self.meta.is_empty() { "" } else { "#" };
        let end = self.offset.saturating_add(length);
        self.meta.push_str(&format!("{separator}{name},{},{end}", self.offset));
        self.offset = end;
        Ok(())
    }
}
