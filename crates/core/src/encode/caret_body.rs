use bytes::Bytes;

use super::read;
use crate::{
    body::Body,
    caret::{self, CaretBody, CaretError, CaretParts},
    image::Image,
    operation::{Kind, Location, Operation},
    parameters::{Parameters, Picture, Value},
};

/// Writes the `^` body in the order of the operation's table.
pub(super) fn write(operation: &Operation, parameters: &Parameters) -> Result<Body, CaretError> {
    let mut body = CaretBody::new();
    if parameters.has_non_ascii_values() {
        body = body.with_non_ascii_values();
    }
    for parameter in operation.parameters.iter().filter(|it| it.location == Location::Caret) {
        body = match (parameter.kind, parameters.get(parameter.name)) {
            (Kind::Pictures, Some(Value::Pictures(pictures))) => pictures
                .iter()
                .fold(body, |body, picture| body.picture(picture.name(), bytes(picture.image())))
                .pic_list(),
            (Kind::PictureNames, Some(Value::Names(names))) => {
                names.iter().fold(body, CaretBody::picture_name).pic_list()
            }
            // An empty list stands for all pictures.
            (Kind::PictureNames, None) if parameter.always_sent => body.pic_list(),
            (Kind::InlineImage, Some(Value::Image(image))) => {
                body.picture_name(parameter.name).pic_list().picture(parameter.name, bytes(image))
            }
            (_, Some(value)) => match value.to_wire() {
                Some(text) => body.field(parameter.name, text),
                None => body,
            },
            (_, None) => match parameter.default {
                Some(default) if parameter.always_sent => body.field(parameter.name, default),
                _ => body,
            },
        };
    }
    body.build()
}

/// Reads the parameters of a `^` body, in whatever order its entries come.
///
/// Names that the operation's table does not have are returned beside the parameters.
///
/// # Errors
///
/// The body does not have its form.
pub fn lift_caret(
    operation: &Operation,
    body: &Bytes,
) -> Result<(Parameters, Vec<String>), CaretError> {
    let parts = caret::decode(body)?;
    let mut parameters = Parameters::new();
    for parameter in operation.parameters.iter().filter(|it| it.location == Location::Caret) {
        match parameter.kind {
            Kind::Pictures => parameters.set(parameter.name, pictures(&parts)?),
            Kind::PictureNames => {
                // An empty list stands for all pictures, as no list at all does in a request.
                if let Some(names) = parts.picture_names()?.filter(|names| !names.is_empty()) {
                    parameters.set(parameter.name, names);
                }
            }
            Kind::InlineImage => {
                parameters.set(parameter.name, Image::from_bytes(parts.search_picture()?.content));
            }
            _ => {
                if let Some(text) = parts.text(parameter.name)? {
                    parameters.set(parameter.name, read(parameter, text));
                }
            }
        }
    }
    let listed = parts.text(caret::PIC_LIST)?.unwrap_or_default();
    let unknown = parts.entries().iter().map(|entry| entry.name.as_str()).filter(|name| {
        *name != caret::PIC_LIST
            && operation.parameter(name).is_none()
            && !listed.split(',').any(|picture| picture == *name)
    });
    let unknown = unknown.map(str::to_owned).collect();
    Ok((parameters, unknown))
}

fn pictures(parts: &CaretParts) -> Result<Vec<Picture>, CaretError> {
    let added = parts.added_pictures()?;
    Ok(added.into_iter().map(|it| Picture::new(it.name, Image::from_bytes(it.content))).collect())
}

/// Returns the bytes of a picture; validation has refused those that have none.
fn bytes(image: &Image) -> Bytes {
    image.bytes().cloned().unwrap_or_default()
}
