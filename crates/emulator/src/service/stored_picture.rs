//! A stored picture as `CheckImageExists` and exports tell of it.

use imagesearch_core::answers::StoredPicture;

use crate::store::StoredImage;

/// Describes a stored picture, without a score.
pub(crate) fn stored_picture(image: &StoredImage) -> StoredPicture {
    let attributes = image.attributes.clone();
    let mut row = StoredPicture::default();
    row.product_id = Some(image.key.product_id.clone());
    row.pic_name = Some(image.key.pic_name.clone());
    row.category_id = Some(image.category);
    row.custom_content = attributes.custom_content;
    [row.int_attr, row.int_attr2, row.int_attr3, row.int_attr4] = attributes.integers;
    [row.str_attr, row.str_attr2, row.str_attr3, row.str_attr4] = attributes.strings;
    row
}
