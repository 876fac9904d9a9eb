//! The emulator that is looked at: photos, an empty instance, and names that are not what they seem.

use std::fs;
use std::path::{Path, PathBuf};

use image::{ImageBuffer, Rgb, imageops};
use imagesearch_blocking::{Client, Credentials, Instance};
use imagesearch_core::{
    Image,
    requests::{AddImageRequest, DetailRequest},
};
use imagesearch_emulator::{Emulator, InstanceSettings};
use tempfile::TempDir;

use crate::{Outcome, check};

/// A name that would be an element, were it ever read as markup.
pub(crate) const HOSTILE: &str =
    r#"<img src=x onerror="window.owned=1"><script>window.owned=1</script>"#;

/// An emulator with pictures, and files to search with.
pub(crate) struct Shop {
    pub(crate) emulator: Emulator,
    /// The number of stored pictures.
    pub(crate) count: usize,
    /// The instance that has them.
    pub(crate) demo: Instance,
    /// One of the photos.
    pub(crate) photo: PathBuf,
    /// Another one, on a white page.
    pub(crate) framed: PathBuf,
    _files: TempDir,
}

/// The address of the console.
pub(crate) fn console(emulator: &Emulator) -> String {
    format!("{}/_emulator/", emulator.url())
}

/// Starts the emulator and stores the photos of a folder.
pub(crate) fn open(photos: &Path) -> Outcome<Shop> {
    let emulator = Emulator::builder()
        .instance(InstanceSettings::new("demo"))
        .instance(InstanceSettings::new("empty"))
        .keep_images(true)
        .start()?;
    let demo = demo(&emulator, Emulator::ACCESS_KEY_SECRET)?;
    let mut files: Vec<_> = fs::read_dir(photos)?.collect::<Result<_, _>>()?;
    files.retain(|it| it.path().extension().is_some_and(|it| it == "jpg"));
    files.sort_by_key(fs::DirEntry::file_name);
    for (number, file) in (1..).zip(&files) {
        let name = file.file_name().to_string_lossy().into_owned();
        let product = format!("photo-{}", name.trim_end_matches(".jpg"));
        let request = AddImageRequest::new(product, name, Image::from(fs::read(file.path())?));
        demo.add_image(request.int_attr(number).str_attr("photo")).send()?;
    }
    let turned = imageops::rotate90(&image::open(photos.join("cat.jpg"))?.into_rgb8());
    let request = AddImageRequest::new(HOSTILE, HOSTILE, Image::from(png(&turned)?));
    demo.add_image(request.custom_content(HOSTILE)).send()?;
    let refused = self::demo(&emulator, "another secret")?.detail(DetailRequest::new()).send();
    check(refused.is_err(), "a call with a wrong secret is refused")?;
    let kept = tempfile::tempdir()?;
    let framed = kept.path().join("coffee on a page.png");
    fs::write(&framed, png(&on_a_page(&image::open(photos.join("coffee.jpg"))?.into_rgb8()))?)?;
    let photo = photos.join("astronaut.jpg");
    Ok(Shop { emulator, count: files.len() + 1, demo, photo, framed, _files: kept })
}

fn demo(emulator: &Emulator, secret: &str) -> Outcome<Instance> {
    let credentials = Credentials::access_key(Emulator::ACCESS_KEY_ID, secret);
    let client = Client::builder().with_emulator(emulator.url()).with_credentials(credentials);
    Ok(client.build()?.instance("demo"))
}

type Pixels = ImageBuffer<Rgb<u8>, Vec<u8>>;

fn on_a_page(photo: &Pixels) -> Pixels {
    const BORDER: u32 = 90;
    let (width, height) = (photo.width() + 2 * BORDER, photo.height() + 2 * BORDER);
    let mut page = Pixels::from_pixel(width, height, Rgb([255; 3]));
    imageops::replace(&mut page, photo, i64::from(BORDER), i64::from(BORDER));
    page
}

fn png(pixels: &Pixels) -> Outcome<Vec<u8>> {
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Png)?;
    Ok(file.into_inner())
}
