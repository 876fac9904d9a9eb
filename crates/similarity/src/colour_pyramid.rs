//! HSV colour histograms of the whole picture and of five parts of it.

use crate::picture::Picture;
use crate::resample::{resize, sides_within};

const HUES: usize = 16;
const SATURATIONS: usize = 3;
const VALUES: usize = 3;
const GREYS: usize = 8;
const BINS: usize = HUES * SATURATIONS * VALUES + GREYS;

/// The whole picture, its four quadrants, its centre.
const REGIONS: usize = 6;

/// The longest side of the picture whose colours are counted; more pixels only cost time.
const SIDE: usize = 128;

/// The fixed-point unit of the weights that a pixel spreads over neighbouring bins.
const ONE: u32 = 64;

/// Computes the pyramid, 152 bins of six regions: a vector of length 1.
pub(crate) fn colour_pyramid(picture: &Picture) -> Vec<f32> {
    let (width, height) = sides_within(picture.width(), picture.height(), SIDE);
    let small = resize(picture, width, height);
    let mut counts = [[0_u32; BINS]; REGIONS];
    for y in 0..height {
        for x in 0..width {
            let votes = Votes::of(small.pixel(x, y));
            let quadrant = 1 + usize::from(2 * x >= width) + 2 * usize::from(2 * y >= height);
            votes.cast(&mut counts[0]);
            votes.cast(&mut counts[quadrant]);
            if is_central(x, width) && is_central(y, height) {
                votes.cast(&mut counts[5]);
            }
        }
    }
    counts.iter().flat_map(hellinger).collect()
}

fn is_central(at: usize, side: usize) -> bool {
    4 * at + 2 >= side && 4 * at + 2 < 3 * side
}

/// Turns counts into square roots of shares, so that a rare colour counts for more than its area.
fn hellinger(counts: &[u32; BINS]) -> impl Iterator<Item = f32> {
    let total = counts.iter().sum::<u32>().max(1) as f32;
    counts.iter().map(move |&count| (count as f32 / (total * REGIONS as f32)).sqrt())
}

/// A pixel's share of at most ten bins: colours that differ a little must share most bins, or
/// recompression alone would change the histogram.
struct Votes([(usize, u32); 10]);

impl Votes {
    fn of([red, green, blue]: [u8; 3]) -> Self {
        let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
        let value = red.max(green).max(blue);
        let chroma = value - red.min(green).min(blue);
        let colourful = colourfulness(value, chroma);
        let mut votes = [(0, 0); 10];
        let mut slots = votes.iter_mut();
        let mut cast = |bin: usize, weight: u32| {
            if let Some(slot) = slots.next() {
                *slot = (bin, weight);
            }
        };
        let (grey, upper) = split(value as u32, 255, GREYS);
        let greyness = ONE - colourful;
        cast(HUES * SATURATIONS * VALUES + grey, greyness * (ONE - upper));
        cast(HUES * SATURATIONS * VALUES + (grey + 1).min(GREYS - 1), greyness * upper);
        if colourful > 0 {
            let (hue, next) = hue_bin(red, green, blue, value, chroma);
            let saturation = chroma as u32 * 255 / value.max(1) as u32;
            let (saturated, more) = split(saturation, 255, SATURATIONS);
            let (bright, brighter) = split(value as u32, 255, VALUES);
            for (hue, by_hue) in [(hue, ONE - next), ((hue + 1) % HUES, next)] {
                for (saturated, by_saturation) in
                    [(saturated, ONE - more), ((saturated + 1).min(SATURATIONS - 1), more)]
                {
                    for (bright, by_value) in
                        [(bright, ONE - brighter), ((bright + 1).min(VALUES - 1), brighter)]
                    {
                        let bin = (hue * SATURATIONS + saturated) * VALUES + bright;
                        cast(bin, colourful * by_hue * by_saturation / ONE * by_value / ONE);
                    }
                }
            }
        }
        Self(votes)
    }

    fn cast(&self, counts: &mut [u32; BINS]) {
        for &(bin, weight) in &self.0 {
            counts[bin] += weight;
        }
    }
}

/// Returns how colourful a pixel is, from grey (0) to colour (`ONE`).
fn colourfulness(value: i32, chroma: i32) -> u32 {
    // Dark pixels show their hue at a lower chroma than bright ones.
    let low = 4 + value / 20;
    ((chroma - low) * ONE as i32 / (2 * low)).clamp(0, ONE as i32) as u32
}

/// Places a number on a scale of evenly spaced bin centres: the lower bin, the weight of the next.
fn split(at: u32, top: u32, bins: usize) -> (usize, u32) {
    let scaled = at * (bins as u32 - 1) * ONE / top;
    ((scaled / ONE) as usize, scaled % ONE)
}

/// Places a hue among the bins around the colour circle; a circle has 6 x 256 steps.
fn hue_bin(red: i32, green: i32, blue: i32, value: i32, chroma: i32) -> (usize, u32) {
    const CIRCLE: i32 = 6 * 256;
    let steps = if value == red {
        (green - blue) * 256 / chroma
    } else if value == green {
        512 + (blue - red) * 256 / chroma
    } else {
        1024 + (red - green) * 256 / chroma
    };
    let scaled = steps.rem_euclid(CIRCLE) as u32 * HUES as u32 * ONE / CIRCLE as u32;
    ((scaled / ONE) as usize % HUES, scaled % ONE)
}

#[cfg(test)]
mod tests {
    use super::{ONE, Votes, colour_pyramid};
    use crate::picture::Picture;

    fn flat(colour: [u8; 3]) -> Picture {
        Picture::of(40, 30, colour.repeat(1200))
    }

    fn similarity(left: &Picture, right: &Picture) -> f32 {
        colour_pyramid(left).iter().zip(colour_pyramid(right)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn is_a_unit_vector_of_912_numbers() {
        let pyramid = colour_pyramid(&flat([200, 30, 90]));
        assert_eq!(pyramid.len(), 912);
        let square: f32 = pyramid.iter().map(|part| part * part).sum();
        assert!((square - 1.0).abs() < 1e-4, "{square}");
    }

    #[test]
    fn orders_colours_by_how_near_they_look() {
        let red = flat([200, 30, 30]);
        let cases = [
            ("nearly red", [204, 28, 33], 0.9, 1.1),
            ("orange red", [215, 70, 30], 0.1, 0.8),
            ("blue", [30, 30, 200], -0.1, 0.1),
            ("grey", [90, 90, 90], -0.1, 0.1),
        ];
        for (name, colour, low, high) in cases {
            let similarity = similarity(&red, &flat(colour));
            assert!(low < similarity && similarity < high, "{name}: {similarity}");
        }
    }

    #[test]
    fn spreads_every_colour_within_its_bins_and_loses_none() {
        for colour in 0..=0xfff_u32 {
            let part = |shift: u32| ((colour >> shift & 15) * 17) as u8;
            let votes = Votes::of([part(8), part(4), part(0)]);
            let sum: u32 = votes.0.iter().map(|&(_, weight)| weight).sum();
            assert!(sum <= ONE * ONE && sum + 2 * ONE > ONE * ONE, "{colour:03x}: {sum}");
            assert!(votes.0.iter().all(|&(bin, _)| bin < super::BINS));
        }
    }
}
