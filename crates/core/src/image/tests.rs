use proptest::prelude::*;

use super::fixtures::{self, Order};
use super::*;

const LIMITS: ImageLimits = ImageLimits {
    max_bytes: 4 * 1024 * 1024,
    min_side: 100,
    max_side: 4096,
    formats: &[
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::Bmp,
        ImageFormat::Gif,
        ImageFormat::Webp,
        ImageFormat::Tiff,
        ImageFormat::Ppm,
    ],
};

/// One header of each variety, all of them 640 by 480 pixels and upright.
fn headers() -> Vec<(&'static str, ImageFormat, Vec<u8>)> {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Ppm, Tiff, Webp};
    let exif = fixtures::exif(Order::Intel, 1);
    let text = fixtures::segment(0xFE, b"by hand");
    vec![
        ("jpeg", Jpeg, fixtures::jpeg(640, 480, &text)),
        ("jpeg with exif", Jpeg, fixtures::jpeg_with_exif(&exif)),
        ("jpeg with fill bytes", Jpeg, fixtures::jpeg(640, 480, &[0xFF, 0xFF, 0xFF])),
        ("jpeg with a marker without length", Jpeg, fixtures::jpeg(640, 480, &[0xFF, 0x01])),
        ("jpeg with stray bytes", Jpeg, fixtures::jpeg(640, 480, &[0xFF, 0x00, 0x17])),
        ("png", Png, fixtures::png(640, 480, b"tEXt", b"x")),
        ("png with exif", Png, fixtures::png(640, 480, b"eXIf", &exif)),
        ("bmp", Bmp, fixtures::bmp(640, 480)),
        ("bmp from the top", Bmp, fixtures::bmp(640, -480)),
        ("bmp of os/2", Bmp, fixtures::bmp_os2(640, 480)),
        ("gif", Gif, fixtures::gif(640, 480)),
        ("webp lossy", Webp, fixtures::webp_lossy(640, 480, 0)),
        ("webp lossy with a scaling hint", Webp, fixtures::webp_lossy(640, 480, 3)),
        ("webp lossless", Webp, fixtures::webp_lossless(640, 480)),
        ("webp extended", Webp, fixtures::webp_extended(640, 480, &exif)),
        ("tiff intel", Tiff, fixtures::tiff(Order::Intel, 640, 480, 1)),
        ("tiff motorola", Tiff, fixtures::tiff(Order::Motorola, 640, 480, 1)),
        ("ppm binary", Ppm, b"P6\n640 480\n255\n".to_vec()),
        ("ppm text", Ppm, b"P3 640\t480\r\n255 ".to_vec()),
        ("ppm with comments", Ppm, b"P6\n#x\n640 # w\n#\n480\n255\n".to_vec()),
    ]
}

fn problems(data: Vec<u8>) -> Vec<String> {
    let problems = Image::from(data).check(&LIMITS);
    problems.iter().map(|problem| format!("{} {problem}", problem.code)).collect()
}

#[test]
fn reads_format_and_sides_of_every_variety() {
    for (name, format, data) in headers() {
        let info = inspect(&data).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((info.format, info.width, info.height), (format, 640, 480), "{name}");
        assert_eq!(problems(data), [""; 0], "{name}");
    }
}

#[test]
fn never_reads_sides_from_a_header_cut_short() {
    for (name, _, data) in headers() {
        for end in 0..data.len() {
            if let Ok(info) = inspect(&data[..end]) {
                assert_eq!((info.width, info.height), (640, 480), "{name} cut at {end}");
            }
        }
    }
}

#[test]
fn names_a_header_cut_short() {
    let mut data = fixtures::png(640, 480, b"tEXt", b"x");
    data.truncate(20);
    assert_eq!(
        problems(data),
        ["UnsupportedPicFormat PNG header is cut short or damaged; \
          check that the file was read or downloaded whole"]
    );
}

#[test]
fn reads_the_orientation_wherever_it_is_kept() {
    for order in [Order::Intel, Order::Motorola] {
        for value in 0..=9 {
            let exif = fixtures::exif(order, value);
            let prefixed = [b"Exif\0\0", &exif[..]].concat();
            let expected = u8::try_from(value).ok().and_then(Orientation::new);
            for data in [
                fixtures::jpeg_with_exif(&exif),
                fixtures::png(640, 480, b"eXIf", &exif),
                fixtures::webp_extended(640, 480, &exif),
                fixtures::webp_extended(640, 480, &prefixed),
                fixtures::tiff(order, 640, 480, value),
            ] {
                let info = inspect(&data).unwrap();
                assert_eq!(info.orientation, expected, "{order:?} {value} {}", info.format);
                let refused = !problems(data).is_empty();
                assert_eq!(refused, (2..=8).contains(&value), "{order:?} {value}");
            }
        }
    }
}

#[test]
fn reads_an_orientation_of_32_bits() {
    let mut exif = fixtures::exif(Order::Motorola, 0);
    let entry = 8 + 2 + 12;
    exif[entry + 2..][..2].copy_from_slice(&[0, 4]);
    exif[entry + 8..][..4].copy_from_slice(&[0, 0, 0, 6]);
    let info = inspect(&fixtures::jpeg_with_exif(&exif)).unwrap();
    assert_eq!(info.orientation.map(Orientation::value), Some(6));
}

#[test]
fn says_what_to_do_about_a_rotation() {
    let exif = fixtures::exif(Order::Motorola, 6);
    assert_eq!(
        problems(fixtures::jpeg_with_exif(&exif)),
        ["IncorrectOrientation EXIF orientation is 6 (rotate 90° clockwise), \
          the service refuses rotated pictures; apply the rotation to the pixels and drop the tag"]
    );
}

#[test]
fn holds_sides_against_inclusive_bounds() {
    let png = |width, height| problems(fixtures::png(width, height, b"tEXt", b""));
    let refused = |pixels: &str, advice: &str| {
        [format!(
            "UnsupportedPicPixels picture is {pixels} pixels, each side must be 100 to 4096; {advice}"
        )]
    };
    assert_eq!(png(100, 4096), [""; 0]);
    assert_eq!(png(99, 100), refused("99x100", "scale it up"));
    assert_eq!(png(100, 99), refused("100x99", "scale it up"));
    assert_eq!(png(4097, 200), refused("4097x200", "scale it down"));
    let slim = "crop or pad it, no scale fits both sides";
    assert_eq!(png(50, 4000), refused("50x4000", slim));
    assert_eq!(png(4097, 100), refused("4097x100", slim));
    assert_eq!(png(0, u32::MAX), refused("0x4294967295", slim));
}

#[test]
fn holds_the_length_against_the_limit() {
    let mut data = fixtures::gif(640, 480);
    data.resize(4_194_304, 0);
    assert_eq!(problems(data.clone()), [""; 0]);
    data.push(0);
    assert_eq!(
        problems(data.clone()),
        ["InvalidPicContent picture is 4,194,305 bytes, the limit is 4,194,304 bytes (4 MiB); \
          recompress or scale it down"]
    );
    data.resize(5 * 1024 * 1024, 0);
    assert!(problems(data)[0].contains("picture is 5,242,880 bytes (5 MiB), the limit"));
}

#[test]
fn lists_all_problems_at_once() {
    let exif = fixtures::exif(Order::Intel, 3);
    let mut data = fixtures::png(90, 800, b"eXIf", &exif);
    data.resize(5_000_000, 0);
    let limits = ImageLimits { formats: &[ImageFormat::Jpeg, ImageFormat::Gif], ..LIMITS };
    let problems = Image::from(data).check(&limits);
    let kinds: Vec<_> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(
        kinds,
        [
            ImageProblemKind::TooLarge,
            ImageProblemKind::Format,
            ImageProblemKind::Pixels,
            ImageProblemKind::Orientation,
        ]
    );
    assert_eq!(
        problems[1].to_string(),
        "picture is in PNG format, the service reads JPEG, GIF; convert it to JPEG"
    );
}

#[test]
fn names_what_is_no_picture() {
    let utf8_cut_by_the_window = "é".repeat(600);
    let zeros = [0; 64];
    for (data, what) in [
        (&b"just some words"[..], "text"),
        (b"BMW is a car maker", "text"),
        (b"P6x", "text"),
        (b"P5", "text"),
        (b"\0\0\0\x0CJXL \r\n", "a JPEG XL picture"),
        (&utf8_cut_by_the_window.as_bytes()[..1101], "text"),
        (b"\xFF\xFEh\0i\0", "text"),
        (b"\xEF\xBB\xBF\n <!DOCTYPE html>", "an HTML page"),
        (b"<?xml version='1.0'?><html>", "an HTML page"),
        (b"<svg xmlns=''/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<SVG/>", "an SVG drawing"),
        (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "XML"),
        (b" {\"a\": 1}", "JSON"),
        (b"%PDF-1.7\n%\xE2\xE3", "a PDF document"),
        (b"PK\x03\x04\x14\0", "a ZIP archive or an office document"),
        (b"P5 640 480 255\n", "a PBM, PGM or PAM picture"),
        (&fixtures::brands(b"isom", &[b"mp41"]), "an MP4 or QuickTime video"),
        (b"data:image/png;base64,AAAA", "a data: URL"),
        (b"/9j/4AAQSkZJRg==", "a picture in Base64"),
        (b"iVBORw0KGgoAAAAN", "a picture in Base64"),
    ] {
        let error = inspect(data).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("file looks like {what}, not a picture the service reads")
        );
        let advice = match what {
            "a data: URL" | "a picture in Base64" => "decode it and pass the bytes",
            "a PBM, PGM or PAM picture" | "a JPEG XL picture" | "an SVG drawing" => {
                "convert it to JPEG"
            }
            _ => "pass the bytes of a JPEG, PNG or other picture file",
        };
        assert_eq!(error.advice(), advice);
    }
    let unknown = inspect(&zeros).unwrap_err();
    assert_eq!(unknown.to_string(), "file is of no known picture format");
    assert_eq!(
        problems(Vec::new()),
        ["NoSpecifiedPicContent picture is empty; pass the content of a picture file"]
    );
}

#[test]
fn refuses_heic_and_avif_by_name() {
    for (data, name) in [
        (fixtures::brands(b"heic", &[b"mif1", b"heic"]), "HEIC"),
        (fixtures::brands(b"mif1", &[b"mif1", b"miaf"]), "HEIC"),
        (fixtures::brands(b"avif", &[]), "AVIF"),
        (fixtures::brands(b"mif1", &[b"miaf", b"avif"]), "AVIF"),
    ] {
        let expected = format!(
            "UnsupportedPicFormat picture is in {name} format, which the service does not read; \
             convert it to JPEG"
        );
        assert_eq!(problems(data), [expected]);
    }
}

#[test]
fn trusts_limits_that_list_an_unread_format() {
    let limits = ImageLimits { formats: &[ImageFormat::Heic], ..LIMITS };
    let heic = Image::from(fixtures::brands(b"heic", &[]));
    assert_eq!(heic.check(&limits), []);
}

#[test]
fn checks_the_form_of_a_url() {
    let long = format!("https://h/{}", "a".repeat(5000));
    for (url, expected) in [
        ("http://shop.example/1.jpg", None),
        ("HTTPS://shop.example:8443/1.jpg?sign=a%20b", None),
        ("https://店.example/图.jpg", None),
        (&long, None),
        ("ftp://shop.example/1.jpg", Some("picture URL is \"ftp:…\"")),
        ("data:image/png;base64,SECRET", Some("picture URL is \"data:…\"")),
        ("/9j/4AAQSECRET", Some("picture URL is \"…\"")),
        ("", Some("picture URL is \"\"")),
        ("https://", Some("picture URL has no host")),
        ("https://?a", Some("picture URL has no host")),
        (" https://h/", Some("picture URL has ' ' at byte 0")),
        ("https://h/a\nb", Some("picture URL has '\\n' at byte 11")),
    ] {
        let problems = Image::from_url(url).check(&LIMITS);
        let found = problems.first().map(|problem| problem.message.as_str());
        assert_eq!(found, expected, "{url}");
        assert!(problems.iter().all(|problem| problem.code == "InvalidPicUrl"), "{url}");
    }
}

#[test]
fn prints_neither_bytes_nor_secrets_of_a_url() {
    let long = format!("https://h/{}", "图".repeat(500));
    let shown = format!("https://h/{}…", "图".repeat(190));
    for (url, expected) in [
        ("https://u:p@h:1/a.jpg?sign=SECRET", "https://h:1/a.jpg?…"),
        ("https://u:p@h#SECRET", "https://h?…"),
        ("https://u:SECRET/SECRET@h/a.jpg", "https://…"),
        ("https://u:SECRET#SECRET@h/a.jpg", "https://…"),
        ("https://h/a@b.jpg", "https://h/a@b.jpg"),
        ("data:image/png;base64,SECRET", "data:…"),
        (&long, &shown),
    ] {
        let debug = format!("{:?}", Image::from_url(url));
        assert_eq!(debug, format!("Image {{ kind: url, url: {expected:?} }}"));
    }
    assert_eq!(
        format!("{:?}", Image::from(b"SECRET")),
        "Image { kind: bytes, len: 6, format: unknown }"
    );
}

#[test]
fn compares_by_content_and_clones_without_a_copy() {
    let image = Image::from(fixtures::gif(1, 2));
    let start = |image: &Image| image.bytes().map(|bytes| bytes.as_ptr());
    assert_eq!(start(&image.clone()), start(&image));
    assert_eq!(image, Image::from(Bytes::from(fixtures::gif(1, 2))));
    assert_ne!(image, Image::from_url("https://h/"));
}

/// Looks at a file in every way there is.
fn exercise(data: Vec<u8>) {
    let image = Image::from(data);
    let clean = image.check(&LIMITS).is_empty();
    assert!(!clean || image.info().is_some());
    assert!(format!("{image:?}").len() < 200);
}

proptest! {
    #[test]
    fn survives_arbitrary_bytes(data in prop::collection::vec(any::<u8>(), 0..512)) {
        exercise(data);
    }

    #[test]
    fn survives_damaged_headers(
        index in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let headers = headers();
        let mut data = index.get(&headers).2.clone();
        for (at, byte) in damage {
            *at.get_mut(&mut data) = byte;
        }
        exercise(data[..cut.index(data.len())].to_vec());
        exercise(data);
    }

    #[test]
    fn survives_a_magic_number_with_anything_behind(
        index in any::<prop::sample::Index>(),
        kept in 2_usize..24,
        tail in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(0xFF)], 0..128),
    ) {
        let headers = headers();
        let mut data = index.get(&headers).2.clone();
        data.truncate(kept);
        data.extend(tail);
        exercise(data);
    }

    #[test]
    fn survives_any_url(url in any::<String>(), prefix in "(https?://)?") {
        let image = Image::from_url(prefix + &url);
        image.check(&LIMITS);
        // Escapes make a character longer, but what is shown stays bounded.
        let debug = format!("{image:?}");
        prop_assert!(debug.len() < 3000);
    }
}
