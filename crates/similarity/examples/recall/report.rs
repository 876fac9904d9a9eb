//! The figures, and whether they are good enough.

use imagesearch_similarity::Picture;
use imagesearch_similarity::alterations::{Alteration, NINE, ROUGH};

use crate::gallery::{Found, Gallery};

/// The minimum number of distinct photos for a meaningful result.
const LEAST_PHOTOS: usize = 50;

/// The minimum recall in percent: on average, and for each alteration.
const LEAST_MEAN: f64 = 99.0;
const LEAST_EACH: f64 = 95.0;
const LEAST_MEAN_WITH_DISTRACTORS: f64 = 97.0;

/// Collects the figures that are too low.
pub(crate) struct Report {
    broken: Vec<String>,
}

impl Report {
    pub(crate) fn new(photos: usize) -> Self {
        let mut report = Self { broken: Vec::new() };
        report
            .expect(photos >= LEAST_PHOTOS, || format!("only {photos} photos, not {LEAST_PHOTOS}"));
        report
    }

    /// Checks that the photos themselves come first, with the highest score.
    pub(crate) fn same_bytes(&mut self, gallery: &Gallery) {
        let found = gallery.search(Picture::clone);
        let right = found.iter().filter(|it| it.rank == 1 && it.score == 1.0).count();
        println!("the same bytes first, with score 1.0: {right} of {}", found.len());
        self.expect(right == found.len(), || "the same bytes were not always first".to_owned());
    }

    /// Prints recall of all alterations.
    pub(crate) fn table(&mut self, gallery: &Gallery, title: &str) {
        println!("\n{title:<28} recall@1  recall@5  lowest score of an original");
        let mut firsts = Vec::new();
        for (name, alteration) in NINE {
            firsts.push((name, self.row(gallery, name, alteration)));
        }
        let mean = firsts.iter().map(|(_, first)| first).sum::<f64>() / firsts.len() as f64;
        println!("{:<28} {mean:7.1} %", "mean of the nine");
        let least = match title {
            "with distractors" => LEAST_MEAN_WITH_DISTRACTORS,
            _ => {
                for (name, first) in firsts {
                    self.expect(first >= LEAST_EACH, || {
                        format!("{name}: {first:.1} %, not {LEAST_EACH} %")
                    });
                }
                LEAST_MEAN
            }
        };
        self.expect(mean >= least, || format!("{title}: {mean:.1} % on average, not {least} %"));
        println!("not promised:");
        for (name, alteration) in ROUGH {
            self.row(gallery, name, alteration);
        }
    }

    /// Returns the figures that are too low, if any.
    pub(crate) fn verdict(&self) -> bool {
        println!();
        for broken in &self.broken {
            println!("FAILED {broken}");
        }
        if self.broken.is_empty() {
            println!("all promises are kept");
        }
        self.broken.is_empty()
    }

    fn row(&self, gallery: &Gallery, name: &str, alteration: Alteration) -> f64 {
        let found = gallery.search(alteration);
        let within = |place: usize| {
            let count = found.iter().filter(|it| it.rank <= place).count();
            100.0 * count as f64 / found.len() as f64
        };
        let lowest = found.iter().map(|Found { score, .. }| *score).fold(1.0, f32::min);
        println!("{name:<28} {:7.1} % {:7.1} %  {lowest:.2}", within(1), within(5));
        within(1)
    }

    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(otherwise());
        }
    }
}
