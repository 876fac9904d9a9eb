//! What a writer has stored, as far as it knows, and the changes that it makes.

use std::collections::BTreeMap;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use imagesearch_blocking::{Error, Instance};
use imagesearch_core::{
    Image,
    requests::{AddImageRequest, CheckImageExistsRequest, DeleteImageRequest, UpdateImageRequest},
};
use imagesearch_emulator::similarity::synthetic;

/// How many products a writer has, pictures a product, and looks that a picture may have.
pub(super) const PRODUCTS: usize = 2;
pub(super) const NAMES: usize = 4;
pub(super) const LOOKS: usize = 2;

/// Identifies a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) writer: usize,
    pub(super) product: usize,
    pub(super) name: usize,
}

/// What is stored of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) look: usize,
    /// Told by three attributes, so that it shows if only some were changed.
    pub(super) number: i32,
}

/// The pictures of a writer.
pub(super) type Model = BTreeMap<Key, Row>;

/// One call, and what it does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Put(Key, Row),
    /// Sets the number of all pictures of the product.
    Number(Key, i32),
    Delete(Key),
    DeleteProduct(Key),
}

impl Key {
    pub(super) fn product_id(self) -> String {
        format!("{}-{}", self.writer, self.product)
    }

    pub(super) fn pic_name(self) -> String {
        self.name.to_string()
    }

    /// Returns the place of its picture in [`pictures`]; no two keys share one.
    pub(super) fn picture(self, look: usize) -> usize {
        ((self.writer * PRODUCTS + self.product) * NAMES + self.name) * LOOKS + look
    }

    fn is_of_product(self, other: Self) -> bool {
        self.product == other.product
    }
}

impl Change {
    /// Creates the change where nothing can go wrong.
    pub(super) fn apply(self, model: &mut Model) {
        match self {
            Self::Put(key, row) => drop(model.insert(key, row)),
            Self::Number(of, number) => {
                let rows = model.iter_mut().filter(|(key, _)| key.is_of_product(of));
                rows.for_each(|(_, row)| row.number = number);
            }
            Self::Delete(key) => drop(model.remove(&key)),
            Self::DeleteProduct(of) => model.retain(|key, _| !key.is_of_product(of)),
        }
    }

    /// Asks the emulator to make it.
    pub(super) fn send(self, demo: &Instance, pictures: &[Image]) -> Result<(), Error> {
        match self {
            Self::Put(key, Row { look, number }) => {
                let picture = pictures[key.picture(look)].clone();
                let request = AddImageRequest::new(key.product_id(), key.pic_name(), picture)
                    .int_attr(number)
                    .str_attr(number.to_string())
                    .custom_content(number.to_string())
                    .int_attr2(look as i32);
                demo.add_image(request).send().map(drop)
            }
            Self::Number(key, number) => {
                let request = UpdateImageRequest::every_picture_of(key.product_id())
                    .int_attr(number)
                    .str_attr(number.to_string())
                    .custom_content(number.to_string());
                demo.update_image(request).send().map(drop)
            }
            Self::Delete(key) => {
                let request = DeleteImageRequest::by_picture(key.product_id(), key.pic_name());
                demo.delete_image(request).send().map(drop)
            }
            Self::DeleteProduct(key) => {
                let request = DeleteImageRequest::by_product(key.product_id());
                demo.delete_image(request).send().map(drop)
            }
        }
    }
}

/// Lists all keys of a writer.
pub(super) fn keys(writer: usize) -> impl Iterator<Item = Key> {
    let products = (0..PRODUCTS).flat_map(|product| (0..NAMES).map(move |name| (product, name)));
    products.map(move |(product, name)| Key { writer, product, name })
}

/// Reads what is stored of a writer's pictures.
pub(super) fn stored(demo: &Instance, writer: usize) -> Model {
    keys(writer).filter_map(|key| Some((key, row(demo, key)?))).collect()
}

fn row(demo: &Instance, key: Key) -> Option<Row> {
    let request = CheckImageExistsRequest::new(key.product_id(), key.pic_name());
    let answer = demo.check_image_exists(request).send().unwrap();
    let row = answer.auctions.as_ref().filter(|_| answer.exists == Some(true))?;
    let number = row.int_attr.expect("the number is there");
    for text in [&row.str_attr, &row.custom_content] {
        assert_eq!(*text, Some(number.to_string()), "{key:?} is half there");
    }
    let look = row.int_attr2.expect("the look is there") as usize;
    Some(Row { look, number })
}

/// Creates the pictures of so many writers.
pub(super) fn pictures(writers: usize) -> Vec<Image> {
    let count = writers * PRODUCTS * NAMES * LOOKS;
    let pictures = (0..count).map(|seed| {
        let picture = synthetic::picture(seed as u64);
        let (width, height) = (picture.width() as u32, picture.height() as u32);
        let mut file = Vec::new();
        PngEncoder::new(&mut file)
            .write_image(picture.pixels(), width, height, ExtendedColorType::Rgb8)
            .unwrap();
        Image::from(file)
    });
    pictures.collect()
}
