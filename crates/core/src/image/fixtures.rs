//! Hand-made headers of every format, as short as their readers allow.

/// Writes numbers in one of TIFF's two byte orders.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Intel,
    Motorola,
}

impl Order {
    fn short(self, value: u16) -> [u8; 2] {
        match self {
            Self::Intel => value.to_le_bytes(),
            Self::Motorola => value.to_be_bytes(),
        }
    }

    fn long(self, value: u32) -> [u8; 4] {
        match self {
            Self::Intel => value.to_le_bytes(),
            Self::Motorola => value.to_be_bytes(),
        }
    }

    /// Writes a directory entry with one 16-bit value.
    fn entry(self, tag: u16, value: u16) -> Vec<u8> {
        let [tag, kind, value] = [tag, 3, value].map(|number| self.short(number));
        [&tag[..], &kind, &self.long(1), &value, &[0, 0]].concat()
    }

    fn tiff_block(self, entries: &[Vec<u8>]) -> Vec<u8> {
        let magic: &[u8] = match self {
            Self::Intel => b"II",
            Self::Motorola => b"MM",
        };
        let count = u16::try_from(entries.len()).unwrap();
        let entries = entries.concat();
        [magic, &self.short(42), &self.long(8), &self.short(count), &entries, &[0; 4]].concat()
    }
}

/// Creates an EXIF block with an orientation behind another tag.
pub(super) fn exif(order: Order, orientation: u16) -> Vec<u8> {
    order.tiff_block(&[order.entry(0x0100, 7), order.entry(0x0112, orientation)])
}

/// Creates a TIFF file of which only the directory matters.
pub(super) fn tiff(order: Order, width: u16, height: u16, orientation: u16) -> Vec<u8> {
    let tags = [(0x0100, width), (0x0101, height), (0x0112, orientation)];
    order.tiff_block(&tags.map(|(tag, value)| order.entry(tag, value)))
}

/// Makes one JPEG segment with its length.
pub(super) fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], payload].concat()
}

/// Creates a JPEG file of the given segments and a frame, up to the start of scan.
pub(super) fn jpeg(width: u16, height: u16, segments: &[u8]) -> Vec<u8> {
    let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
    let frame = segment(0xC0, &[&[8], &height[..], &width, &[1, 1, 0x11, 0]].concat());
    [&[0xFF, 0xD8], segments, &frame, &segment(0xDA, &[1, 1, 0, 0, 63, 0])].concat()
}

pub(super) fn jpeg_with_exif(exif: &[u8]) -> Vec<u8> {
    let payload = [b"Exif\0\0", exif].concat();
    jpeg(640, 480, &segment(0xE1, &payload))
}

/// Creates a PNG header and one further chunk; checksums are zero, as nobody reads them.
pub(super) fn png(width: u32, height: u32, name: &[u8; 4], chunk: &[u8]) -> Vec<u8> {
    let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
    let length = u32::try_from(chunk.len()).unwrap().to_be_bytes();
    [
        b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR",
        &width[..],
        &height,
        &[8, 2, 0, 0, 0, 0, 0, 0, 0],
        &length,
        name,
        chunk,
        &[0; 4],
    ]
    .concat()
}

pub(super) fn gif(width: u16, height: u16) -> Vec<u8> {
    [b"GIF89a", &width.to_le_bytes()[..], &height.to_le_bytes(), &[0; 3]].concat()
}

/// Creates a Windows bitmap header; a negative height stores the top row first.
pub(super) fn bmp(width: i32, height: i32) -> Vec<u8> {
    let (width, height) = (width.to_le_bytes(), height.to_le_bytes());
    let size = 40_u32.to_le_bytes();
    [b"BM", &[0; 12][..], &size, &width, &height, &[1, 0, 24, 0]].concat()
}

pub(super) fn bmp_os2(width: u16, height: u16) -> Vec<u8> {
    let (width, height) = (width.to_le_bytes(), height.to_le_bytes());
    let size = 12_u32.to_le_bytes();
    [b"BM", &[0; 12][..], &size, &width, &height, &[1, 0, 24, 0]].concat()
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
    for (name, content) in chunks {
        file.extend_from_slice(*name);
        file.extend_from_slice(&u32::try_from(content.len()).unwrap().to_le_bytes());
        file.extend_from_slice(content);
        file.resize(file.len().next_multiple_of(2), 0);
    }
    file
}

/// Creates a lossy WebP header; the upper two bits of each side are a scaling hint.
pub(super) fn webp_lossy(width: u16, height: u16, scale: u16) -> Vec<u8> {
    let width = (width | scale << 14).to_le_bytes();
    let height = (height | scale << 14).to_le_bytes();
    riff(&[(b"VP8 ", &[&[0, 0, 0, 0x9D, 0x01, 0x2A], &width[..], &height].concat())])
}

pub(super) fn webp_lossless(width: u32, height: u32) -> Vec<u8> {
    let sides = ((width - 1) | (height - 1) << 14).to_le_bytes();
    riff(&[(b"VP8L", &[&[0x2F], &sides[..]].concat())])
}

/// Creates an extended WebP file with an EXIF chunk behind one of odd length.
pub(super) fn webp_extended(width: u32, height: u32, exif: &[u8]) -> Vec<u8> {
    let (width, height) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
    let canvas = [&[8, 0, 0, 0], &width[..3], &height[..3]].concat();
    riff(&[(b"VP8X", &canvas), (b"ALPH", b"odd"), (b"EXIF", exif)])
}

/// Creates the first box of a HEIC, AVIF or MP4 file.
pub(super) fn brands(major: &[u8; 4], compatible: &[&[u8; 4]]) -> Vec<u8> {
    let mut file = b"\0\0\0\0ftyp".to_vec();
    file.extend_from_slice(major);
    file.extend_from_slice(&[0; 4]);
    for brand in compatible {
        file.extend_from_slice(*brand);
    }
    file[3] = u8::try_from(file.len()).unwrap();
    file.extend_from_slice(b"\0\0\0\x0Cmeta\0\0\0\0");
    file
}
