//! Colourful pictures made from a seed: for the codebook, for tests, for trying things out.

use crate::picture::Picture;
use crate::splitmix::SplitMix64;

/// Draws the picture of a seed: 200 to 320 pixels a side, another for every seed.
///
/// A shaded or cloudy ground, stripes or checks here and there, and a number of discs, boxes and
/// triangles: edges, corners, textures and smooth parts, as photos have them.
///
/// ```
/// use imagesearch_similarity::synthetic;
///
/// assert_eq!(synthetic::picture(7), synthetic::picture(7));
/// assert_ne!(synthetic::picture(7), synthetic::picture(8));
/// ```
pub fn picture(seed: u64) -> Picture {
    let mut random = SplitMix64::new(seed);
    let (width, height) = (random.between(200, 320), random.between(200, 320));
    let mut canvas = Canvas { width, height, pixels: vec![[0; 3]; (width * height) as usize] };
    canvas.fill(&Shape::Everything, &Paint::draw(&mut random));
    for _ in 0..random.between(4, 28) {
        let paint = Paint::draw(&mut random);
        canvas.fill(&Shape::draw(&mut random, width, height), &paint);
    }
    canvas.add_grain(&mut random);
    let pixels = canvas.pixels.iter().flatten().map(|&part| part as u8).collect();
    Picture::of(width as usize, height as usize, pixels)
}

type Colour = [i32; 3];

struct Canvas {
    width: i32,
    height: i32,
    pixels: Vec<Colour>,
}

impl Canvas {
    fn fill(&mut self, shape: &Shape, paint: &Paint) {
        for y in 0..self.height {
            for x in 0..self.width {
                if shape.contains(x, y) {
                    self.pixels[(y * self.width + x) as usize] = paint.at(x, y);
                }
            }
        }
    }

    fn add_grain(&mut self, random: &mut SplitMix64) {
        let strength = random.between(0, 6);
        for pixel in &mut self.pixels {
            let grain = random.between(-strength, strength);
            *pixel = pixel.map(|part| (part + grain).clamp(0, 255));
        }
    }
}

enum Shape {
    Everything,
    Box { x: i32, y: i32, right: i32, down: i32, lean: i32 },
    Disc { x: i32, y: i32, radius: i32, hole: i32, flat: i32 },
    Triangle([(i32, i32); 3]),
}

impl Shape {
    fn draw(random: &mut SplitMix64, width: i32, height: i32) -> Self {
        let (x, y) = (random.between(0, width), random.between(0, height));
        match random.between(0, 2) {
            0 => Self::Box {
                x,
                y,
                right: random.between(4, width / 2),
                down: random.between(4, height / 2),
                lean: random.between(-64, 64),
            },
            1 => {
                let radius = random.between(5, width / 4);
                let hole =
                    if random.once_in(3) { radius * random.between(30, 90) / 100 } else { 0 };
                Self::Disc { x, y, radius, hole, flat: random.between(40, 250) }
            }
            _ => {
                let mut near = || (x + random.between(-90, 90), y + random.between(-90, 90));
                Self::Triangle([near(), near(), near()])
            }
        }
    }

    fn contains(&self, x: i32, y: i32) -> bool {
        match self {
            Self::Everything => true,
            Self::Box { x: left, y: top, right, down, lean } => {
                let (across, along) = (x - left, y - top);
                let (across, along) = (across + along * lean / 64, along - across * lean / 64);
                (0..*right).contains(&across) && (0..*down).contains(&along)
            }
            Self::Disc { x: middle, y: centre, radius, hole, flat } => {
                let (across, along) = (x - middle, (y - centre) * 100 / flat);
                let square = across * across + along * along;
                square <= radius * radius && square >= hole * hole
            }
            Self::Triangle(corners) => {
                let side = |from: (i32, i32), to: (i32, i32)| {
                    (to.0 - from.0) * (y - from.1) - (to.1 - from.1) * (x - from.0)
                };
                let [a, b, c] = *corners;
                let sides = [side(a, b), side(b, c), side(c, a)];
                sides.iter().all(|&it| it >= 0) || sides.iter().all(|&it| it <= 0)
            }
        }
    }
}

/// Blends between two colours as a pattern tells, and shades the result.
struct Paint {
    colours: [Colour; 2],
    pattern: Pattern,
    shade: (i32, i32),
}

enum Pattern {
    Flat,
    Stripes { across: i32, along: i32, period: i32, soft: bool },
    Checks { period: i32 },
    Dots { period: i32 },
    Clouds { seed: u64, coarsest: i32, octaves: u32 },
}

impl Paint {
    fn draw(random: &mut SplitMix64) -> Self {
        let mut colour = || std::array::from_fn(|_| random.between(0, 255));
        let colours = [colour(), colour()];
        let pattern = match random.between(0, 9) {
            0..=2 => Pattern::Flat,
            3..=4 => Pattern::Stripes {
                across: random.between(-8, 8),
                along: random.between(-8, 8),
                period: random.between(4, 40),
                soft: random.once_in(2),
            },
            5 => Pattern::Checks { period: random.between(4, 30) },
            6 => Pattern::Dots { period: random.between(6, 30) },
            _ => Pattern::Clouds {
                seed: random.next(),
                coarsest: random.between(3, 7),
                octaves: random.between(1, 6) as u32,
            },
        };
        Self { colours, pattern, shade: (random.between(-90, 90), random.between(-90, 90)) }
    }

    fn at(&self, x: i32, y: i32) -> Colour {
        let blend = self.pattern.at(x, y);
        let shade = 256 + ((x - 130) * self.shade.0 + (y - 130) * self.shade.1) / 130;
        let [from, to] = self.colours;
        std::array::from_fn(|part| {
            let mixed = (from[part] * (256 - blend) + to[part] * blend) / 256;
            (mixed * shade / 256).clamp(0, 255)
        })
    }
}

impl Pattern {
    /// Returns how much of the second colour is in a pixel, from 0 to 256.
    fn at(&self, x: i32, y: i32) -> i32 {
        match *self {
            Self::Flat => 0,
            Self::Stripes { across, along, period, soft } => {
                let phase = ((x * across + y * along) / 6).rem_euclid(2 * period);
                match (soft, phase < period) {
                    (true, true) => phase * 256 / period,
                    (true, false) => (2 * period - phase) * 256 / period,
                    (false, second) => i32::from(second) * 256,
                }
            }
            Self::Checks { period } => ((x / period + y / period) % 2) * 256,
            Self::Dots { period } => {
                let (across, along) = (x % period - period / 2, y % period - period / 2);
                i32::from((across * across + along * along) * 10 < period * period) * 256
            }
            Self::Clouds { seed, coarsest, octaves } => clouds(seed, coarsest, octaves, x, y),
        }
    }
}

/// Adds smooth noise of ever finer grain, each octave half as strong as the one before.
fn clouds(seed: u64, coarsest: i32, octaves: u32, x: i32, y: i32) -> i32 {
    let mut sum = 0;
    for octave in 0..octaves {
        let shift = (coarsest - octave as i32).max(0);
        let (column, row) = (x >> shift, y >> shift);
        let (across, along) = (x - (column << shift), y - (row << shift));
        let corner = |right: i32, down: i32| {
            let place = ((column + right) as u64) << 32 ^ ((row + down) as u64) << 8;
            (SplitMix64::new(seed ^ place ^ u64::from(octave)).next() & 255) as i32
        };
        let upper = (corner(0, 0) << shift) + (corner(1, 0) - corner(0, 0)) * across;
        let lower = (corner(0, 1) << shift) + (corner(1, 1) - corner(0, 1)) * across;
        let value = ((upper << shift) + (lower - upper) * along) >> (2 * shift);
        sum += (value - 128) >> octave;
    }
    (128 + sum * 3 / 2).clamp(0, 256)
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn draws_varied_pictures() {
        for seed in 0..20 {
            let picture = picture(seed);
            assert!((200..=320).contains(&picture.width()), "{picture:?}");
            let sum: u64 = picture.pixels().iter().map(|&part| u64::from(part)).sum();
            let mean = sum / picture.pixels().len() as u64;
            assert!((15..240).contains(&mean), "seed {seed}: mean {mean}");
        }
    }
}
