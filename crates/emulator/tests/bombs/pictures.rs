//! Small files that are, or claim to be, huge pictures.

/// Writes a PNG that is valid to the last byte and black throughout, whatever its size: a deflate
/// stream of nothing but "the same 258 bytes again", 13 bits each.
pub(super) fn black_png(
    width: u32,
    height: u32,
    depth: u8,
    colour: u8,
    pixel_bytes: usize,
) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([depth, colour, 0, 0, 0]);
    let length = height as usize * (1 + width as usize * pixel_bytes);
    let pixels = zeros(length);
    png(&[(b"IHDR", &header), (b"IDAT", &pixels), (b"IEND", &[])])
}

/// Writes a small PNG with a hundred thousand chunks that nobody reads, and a text that unpacks to
/// a hundred million bytes.
pub(super) fn chunky_png() -> Vec<u8> {
    let mut header = [200_u32.to_be_bytes(), 200_u32.to_be_bytes()].concat();
    header.extend([8, 0, 0, 0, 0]);
    let text = [b"Comment\0\0".to_vec(), zeros(100_000_000)].concat();
    let pixels = zeros(200 * 201);
    let mut chunks: Vec<(&[u8; 4], &[u8])> = vec![(b"IHDR", &header), (b"zTXt", &text)];
    chunks.extend((0..100_000).map(|_| (b"prVt", &b""[..])));
    chunks.extend([(b"IDAT", &pixels[..]), (b"IEND", &[])]);
    png(&chunks)
}

/// Lists files of other formats that claim absurd sides; there is nothing behind their headers.
pub(super) fn claims() -> Vec<(&'static str, Vec<u8>)> {
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend([60_000_i32.to_le_bytes(), 60_000_i32.to_le_bytes()].concat());
    bmp.extend(b"\x01\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let mut webp = b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    webp.extend(b"\xff\x3f\0\xff\x3f\0");
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(
        b"\0\x01\x04\0\x01\0\0\0\xff\xff\xff\x7f\x01\x01\x04\0\x01\0\0\0\xff\xff\xff\x7f\0\0\0\0",
    );
    // Twice the header of a frame: a reader that takes the first and one that takes the last differ.
    let frame = |side: u16| {
        let side = side.to_be_bytes();
        [&b"\xff\xc0\0\x11\x08"[..], &side, &side, b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"]
            .concat()
    };
    let jpeg =
        [&b"\xff\xd8"[..], &frame(200), &frame(65_500), b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\0"];
    let end = vec![0; 64];
    vec![
        ("a BMP", [bmp, end.clone()].concat()),
        ("a WebP", [webp, end.clone()].concat()),
        ("a TIFF", [tiff, end.clone()].concat()),
        ("a GIF", [&b"GIF89a\xff\xff\xff\xff\x80\0\0"[..], &[0; 64]].concat()),
        ("a PPM", [&b"P6 100000 100000 255\n"[..], &[0; 64]].concat()),
        ("a JPEG of two frames", [jpeg.concat(), end].concat()),
    ]
}

fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in chunks {
        file.extend((content.len() as u32).to_be_bytes());
        file.extend(*name);
        file.extend(*content);
        file.extend(crc(name.iter().chain(*content)).to_be_bytes());
    }
    file
}

/// Packs so many zeros as zlib does, with the fixed codes of deflate.
fn zeros(count: usize) -> Vec<u8> {
    let mut bits = Bits { bytes: vec![0x78, 0x9c], free: 0 };
    bits.push(0b011, 3);
    // The literal 0; then "258 bytes from 1 byte before", and literals for what is left.
    let (whole, rest) = ((count - 1) / 258, (count - 1) % 258);
    for _ in 0..=rest {
        bits.push(0b0000_1100, 8);
    }
    for _ in 0..whole {
        bits.push(0b1010_0011, 8);
        bits.push(0, 5);
    }
    bits.push(0, 7);
    // Adler-32 of zeros: the first sum stays 1, the second counts them.
    let adler = ((count % 65_521) as u32) << 16 | 1;
    bits.bytes.extend(adler.to_be_bytes());
    bits.bytes
}

/// Bits that fill bytes from the lowest on, as deflate has them.
struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are still to be filled.
    free: u32,
}

impl Bits {
    /// Adds the lowest bits of a number; codes are given with their first bit lowest.
    fn push(&mut self, bits: u32, count: u32) {
        for index in 0..count {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            let bit = (bits >> index & 1) as u8;
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (8 - self.free);
            }
            self.free -= 1;
        }
    }
}

fn crc<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    };
    !bytes.fold(u32::MAX, step)
}
