//! A client that writes until the emulator is killed.

use std::sync::mpsc::Sender;

use imagesearch_blocking::Instance;
use imagesearch_core::Image;

use super::model::{Change, Key, LOOKS, Model, NAMES, PRODUCTS, Row, stored};

/// Writes pictures of its own, so that it always knows what must be there.
pub(super) struct Writer {
    id: usize,
    pub(super) model: Model,
    /// What was asked for when the emulator was killed.
    unanswered: Option<Change>,
    number: i32,
    random: u64,
}

impl Writer {
    pub(super) fn new(id: usize) -> Self {
        let random = 0x9E37_79B9_7F4A_7C15 + id as u64;
        Self { id, model: Model::new(), unanswered: None, number: 0, random }
    }

    /// Compares what is stored with what must be; if a change was not answered, returns whether it was
    /// made all the same.
    pub(super) fn settle(&mut self, demo: &Instance) -> Option<bool> {
        let found = stored(demo, self.id);
        let Some(change) = self.unanswered.take() else {
            assert_eq!(found, self.model);
            return None;
        };
        let mut changed = self.model.clone();
        change.apply(&mut changed);
        let expected = [&self.model, &changed];
        assert!(expected.contains(&&found), "{change:?} left {found:?}, not one of {expected:?}");
        let was_made = found != self.model;
        self.model = found;
        Some(was_made)
    }

    /// Makes changes and tells of each that was acknowledged; returns how many were.
    pub(super) fn write_until_it_fails(
        &mut self,
        demo: &Instance,
        pictures: &[Image],
        acknowledge: &Sender<()>,
    ) -> usize {
        for count in 0.. {
            let change = self.next();
            if let Err(error) = change.send(demo, pictures) {
                assert_eq!(error.code(), None, "{change:?} was refused: {error}");
                self.unanswered = Some(change);
                return count;
            }
            change.apply(&mut self.model);
            // Nobody listens any more once the emulator is about to be killed.
            let _ = acknowledge.send(());
        }
        unreachable!("the emulator is killed before numbers end")
    }

    /// Chooses a change that is not refused.
    fn next(&mut self) -> Change {
        let draw = self.draw(100);
        let (product, name) = (self.draw(PRODUCTS), self.draw(NAMES));
        let key = Key { writer: self.id, product, name };
        self.number += 1;
        let stocked = self.model.keys().any(|other| other.product == product);
        match draw {
            0..20 if stocked => Change::Number(key, self.number),
            20..35 => Change::Delete(key),
            35..40 => Change::DeleteProduct(key),
            _ => Change::Put(key, Row { look: self.draw(LOOKS), number: self.number }),
        }
    }

    /// Draws a number below a limit; the same ones in every run.
    fn draw(&mut self, limit: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % limit as u64) as usize
    }
}
