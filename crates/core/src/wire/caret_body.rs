use bytes::Bytes;

use crate::{
    body::Body,
    caret::{CaretBody, CaretError, CaretText},
    image::Image,
    operation::{Kind, Location, Operation},
    parameters::{Parameters, Value},
};

/// Builds the `^` body in the order of the operation's table.
pub(super) fn write(
    operation: &Operation,
    parameters: &Parameters,
    text: CaretText,
) -> Result<Body, CaretError> {
    let mut body = CaretBody::new().with_text(text);
    for parameter in operation.parameters.iter().filter(|it| it.location == Location::Caret) {
        body = match (parameter.kind, parameters.get(parameter.name)) {
            (Kind::Pictures, Some(Value::Pictures(pictures))) => pictures
                .iter()
                .fold(body, |body, picture| body.picture(picture.name(), bytes(picture.image())))
                .pic_list(),
            (Kind::PictureNames, Some(Value::Names(names))) => {
                names.iter().fold(body, CaretBody::picture_name).pic_list()
            }
            // An empty list means all pictures.
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

/// Returns the bytes of a picture; validation has refused pictures without any.
fn bytes(image: &Image) -> Bytes {
    image.bytes().cloned().unwrap_or_default()
}
