//! What a caller gives.

use bytes::Bytes;
use imagesearch_tests::pictures::noisy_ppm;

pub(crate) const KIB: usize = 1024;
pub(crate) const MIB: usize = 1024 * KIB;

/// A picture for each call.
pub(crate) struct Pictures(Vec<Bytes>);

impl Pictures {
    /// Gives all calls the same picture.
    pub(crate) fn shared(calls: usize, size: usize) -> Self {
        Self(vec![noisy_ppm(size); calls])
    }

    /// Gives each call a picture of its own.
    pub(crate) fn own(calls: usize, size: usize) -> Self {
        let all: Vec<_> = (0..calls).map(|_| noisy_ppm(size)).collect();
        // The first clone of each makes its counter, which is the caller's too.
        drop(all.clone());
        Self(all)
    }

    /// Returns the pictures in the order of the calls.
    pub(crate) fn all(&self) -> &[Bytes] {
        &self.0
    }

    /// Returns how many bytes are sent if each call sends its picture once.
    pub(crate) fn sent(&self) -> u64 {
        self.0.iter().map(|picture| picture.len() as u64).sum()
    }
}
