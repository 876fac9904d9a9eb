//! The SplitMix64 sequence of pseudo-random numbers.

/// A reproducible sequence of pseudo-random numbers.
///
/// Descriptors depend on these numbers, so the sequence is implemented here: a crate's next version
/// might change it.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// Starts the sequence of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Draws the next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

#[cfg(feature = "testing")]
impl SplitMix64 {
    /// Draws a number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::from(high.abs_diff(low)) + 1;
        // The remainder fits: it is below a span of at most 2^32, and is added to the lower end.
        (i64::from(low.min(high)) + (self.next() % span) as i64) as i32
    }

    /// Returns `true` once in `n` times on average.
    pub(crate) fn once_in(&mut self, n: i32) -> bool {
        self.between(1, n.max(1)) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::SplitMix64;

    #[test]
    fn draws_the_published_sequence() {
        let mut random = SplitMix64::new(1_234_567);
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn stays_between_its_bounds_and_reaches_both() {
        let mut random = SplitMix64::new(7);
        let drawn: Vec<i32> = (0..200).map(|_| random.between(-2, 3)).collect();
        assert_eq!(drawn.iter().min(), Some(&-2));
        assert_eq!(drawn.iter().max(), Some(&3));
        assert_eq!(random.between(5, 5), 5);
        let _ = random.between(i32::MIN, i32::MAX);
    }
}
