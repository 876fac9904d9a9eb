use bytes::Bytes;
use imagesearch_core::encode::{Placed, lift};
use imagesearch_core::image::ImageLimits;
use imagesearch_core::{API_VERSION, Image, Operation};

use super::category::named_category;
use super::view::{View, examine};
use super::{check, text};
use crate::answer::Refusal;
use crate::compute::Compute;
use crate::store::instance::Instance;
use crate::store::{Attributes, ImageKey, NewImage, StoredImage};

/// Stores a picture that no call brought, with the checks of `AddImage`; blocks, which the thread must
/// be for.
///
/// `fields` are the parameters as a form would have them, without those that name the instance and the
/// picture. What is wrong with them comes before what is wrong with the picture.
pub(crate) fn add_picture(
    compute: &Compute,
    instance: &Instance,
    fields: Vec<(String, String)>,
    content: Result<Bytes, Refusal>,
) -> Result<ImageKey, Refusal> {
    let operation = Operation::find(API_VERSION, "AddImage")
        .ok_or_else(|| Refusal::of("UnsupportedOperationType"))?;
    let (mut parameters, _unknown) = lift(operation, &Placed { form: fields, ..Placed::default() });
    parameters.set("InstanceName", instance.settings.name.as_str());
    let picture = match &content {
        Ok(content) => Image::from_bytes(content.clone()),
        // Any URL passes, so that the fields are checked nevertheless.
        Err(_) => Image::from_url("http://unreadable.invalid/"),
    };
    parameters.set("PicContent", picture);
    check(operation, &parameters, &ImageLimits::of(&instance.service_type()))?;
    let content = content?;
    let image = Image::from_bytes(content.clone());
    let view = View::new(instance, operation, &parameters, &image);
    let named = named_category(instance, &parameters);
    let examined = compute.run_blocking(|| examine(view, instance, named))?;
    let key = ImageKey {
        product_id: text(&parameters, "ProductId").unwrap_or_default(),
        pic_name: text(&parameters, "PicName").unwrap_or_default(),
    };
    let image = StoredImage {
        key: key.clone(),
        category: examined.category,
        region: examined.boxes.main,
        attributes: Attributes::of(&parameters),
    };
    instance.put(vec![NewImage { image, look: examined.look, picture: Some(content) }])?;
    Ok(key)
}
