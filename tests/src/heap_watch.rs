//! What is put on the heap meanwhile, in programs whose allocator counts.

use peak_alloc::PeakAlloc;

/// Compares the heap with what it was, in a program that has `PeakAlloc` as its allocator:
///
/// ```standalone_crate
/// use imagesearch_tests::heap_watch::HeapWatch;
///
/// #[global_allocator]
/// static ALLOCATOR: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;
///
/// let heap = HeapWatch::start();
/// let kept = vec![0_u8; 1_000];
/// drop(vec![0_u8; 5_000]);
/// assert_eq!((heap.peak(), heap.now()), (6_000, 1_000));
/// # drop(kept);
/// ```
#[derive(Debug)]
pub struct HeapWatch {
    before: usize,
}

impl HeapWatch {
    /// Begins to watch; one watch at a time, as there is only one heap.
    pub fn start() -> Self {
        let before = PeakAlloc.current_usage();
        assert!(before > 0, "the allocator of this program does not count");
        PeakAlloc.reset_peak_usage();
        Self { before }
    }

    /// Returns by how many bytes the heap was larger at most.
    pub fn peak(&self) -> usize {
        PeakAlloc.peak_usage().saturating_sub(self.before)
    }

    /// Returns by how many bytes the heap is larger now.
    pub fn now(&self) -> usize {
        PeakAlloc.current_usage().saturating_sub(self.before)
    }
}
