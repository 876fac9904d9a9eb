//! A picture that no call brought: of a folder, or of a batch.

use bytes::Bytes;
use imagesearch_core::Image;
use imagesearch_core::image::ImageLimits;
use imagesearch_core::parameters::Parameters;

use super::add::attributes_of;
use crate::service::compute::Compute;
use crate::service::decode::{Input, SentPairs, check};
use crate::service::generated::v2020::AddImage;
use crate::service::picture::has_categories;
use crate::service::picture::{PictureInput, describe};
use crate::service::refusal::Refusal;
use crate::store::instance::Instance;
use crate::store::{ImageKey, NewImage, StoreError, StoredImage};

/// Why an entry of a list of pictures was not carried out.
#[derive(Debug)]
pub(crate) enum EntryError {
    /// The entry is at fault, and the rest goes on.
    Refused(Refusal),
    /// The instance has been removed meanwhile, so that nothing more can be done.
    InstanceGone(Refusal),
}

impl From<Refusal> for EntryError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for EntryError {
    fn from(error: StoreError) -> Self {
        let gone = matches!(error, StoreError::NoInstance { .. });
        let refusal = error.into();
        if gone { Self::InstanceGone(refusal) } else { Self::Refused(refusal) }
    }
}

impl From<EntryError> for Refusal {
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::Refused(refusal) | EntryError::InstanceGone(refusal) => refusal,
        }
    }
}

/// Stores a picture with the checks of `AddImage`; blocks, which the thread must be for.
///
/// `fields` are the parameters as a form would have them, without those that name the instance and the
/// picture. What is wrong with them comes before what is wrong with the picture.
pub(crate) fn add_picture(
    compute: &Compute,
    instance: &Instance,
    fields: Vec<(String, String)>,
    content: Result<Bytes, Refusal>,
) -> Result<ImageKey, EntryError> {
    let pairs = SentPairs { form: fields, ..SentPairs::default() };
    let mut parameters = pairs.read(AddImage::OPERATION);
    parameters.set("InstanceName", instance.settings.name.as_str());
    let image = match &content {
        Ok(content) => Image::from_bytes(content.clone()),
        // Any URL passes, so that the fields are checked nevertheless.
        Err(_) => Image::from_url("http://unreadable.invalid/"),
    };
    parameters.set("PicContent", image);
    let input = checked(&parameters, instance)?;
    let content = content?;
    let attributes = attributes_of(&input);
    let picture = PictureInput::new(
        instance,
        AddImage::OPERATION,
        input.pic_content,
        input.region,
        input.crop,
    );
    let named = input.category_id.filter(|_| has_categories(instance));
    let described = compute.run_blocking(|turn| describe(picture, instance, named, turn))?;
    let key = ImageKey { product_id: input.product_id, pic_name: input.pic_name };
    let image = StoredImage {
        key: key.clone(),
        category: described.category,
        region: described.boxes.main,
        attributes,
    };
    instance.put(vec![NewImage { image, look: described.look, picture: Some(content) }])?;
    Ok(key)
}

fn checked(parameters: &Parameters, instance: &Instance) -> Result<AddImage, Refusal> {
    check(AddImage::OPERATION, parameters, &ImageLimits::of(&instance.service_type()))?;
    AddImage::read(parameters)
}
