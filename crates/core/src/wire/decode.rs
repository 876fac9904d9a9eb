use bytes::Bytes;

use crate::{
    caret::{self, CaretError, CaretParts},
    image::Image,
    operation::{Kind, Location, Operation},
    parameters::{Parameters, Picture, Value},
};

/// Reads the parameters of query and form back, as a server does.
///
/// A value that does not fit its kind stays text, so that validation reports it. Names that are not
/// in the table, or elsewhere in it, are returned separately.
///
/// ```
/// use imagesearch_core::{operation::Operation, parameters::Value, wire::decode};
///
/// let operation = Operation::find("2020-12-14", "SearchImageByName").expect("is in the table");
/// let (parameters, unknown) = decode(operation, [("New", "1")], [("Num", "20")]);
/// assert_eq!(parameters.get("Num"), Some(&Value::Integer(20)));
/// assert_eq!(unknown, ["New"]);
/// ```
pub fn decode<'a>(
    operation: &Operation,
    query: impl IntoIterator<Item = (&'a str, &'a str)>,
    form: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (Parameters, Vec<String>) {
    let mut decoder = Decoder::new(operation);
    for (name, text) in query {
        decoder.set(Location::Query, name, text);
    }
    for (name, text) in form {
        decoder.set(Location::Form, name, text);
    }
    (decoder.parameters, decoder.unknown)
}

/// Reads the parameters of a `^` body, with entries in any order.
///
/// Names that are not in the operation's table are returned separately.
///
/// # Errors
///
/// The body is malformed.
pub fn decode_caret(
    operation: &Operation,
    body: &Bytes,
) -> Result<(Parameters, Vec<String>), CaretError> {
    let mut decoder = Decoder::new(operation);
    decoder.caret(&caret::decode(body)?)?;
    Ok((decoder.parameters, decoder.unknown))
}

/// The parameters that were read so far.
struct Decoder<'a> {
    operation: &'a Operation,
    parameters: Parameters,
    unknown: Vec<String>,
}

impl<'a> Decoder<'a> {
    fn new(operation: &'a Operation) -> Self {
        Self { operation, parameters: Parameters::new(), unknown: Vec::new() }
    }

    /// Sets a parameter if its name may travel there.
    fn set(&mut self, location: Location, name: &str, text: &str) {
        match self.operation.parameter(name).filter(|it| it.location == location) {
            Some(it) => self.parameters.set(it.name, Value::parse(it.kind, text)),
            None => self.unknown.push(name.to_owned()),
        }
    }

    fn caret(&mut self, parts: &CaretParts) -> Result<(), CaretError> {
        let parameters = self.operation.parameters.iter();
        for parameter in parameters.filter(|it| it.location == Location::Caret) {
            let value: Option<Value> = match parameter.kind {
                Kind::Pictures => Some(pictures(parts)?.into()),
                // An empty list means all pictures, like a missing list in a request.
                Kind::PictureNames => {
                    parts.picture_names()?.filter(|names| !names.is_empty()).map(Value::Names)
                }
                Kind::InlineImage => {
                    Some(Image::from_bytes(parts.search_picture()?.content).into())
                }
                kind => parts.text(parameter.name)?.map(|text| Value::parse(kind, text)),
            };
            if let Some(value) = value {
                self.parameters.set(parameter.name, value);
            }
        }
        let listed = parts.text(caret::PIC_LIST)?.unwrap_or_default();
        let unknown = parts.entries().iter().map(|entry| entry.name.as_str()).filter(|name| {
            *name != caret::PIC_LIST
                && self.operation.parameter(name).is_none()
                && !listed.split(',').any(|picture| picture == *name)
        });
        self.unknown.extend(unknown.map(str::to_owned));
        Ok(())
    }
}

fn pictures(parts: &CaretParts) -> Result<Vec<Picture>, CaretError> {
    let added = parts.added_pictures()?;
    Ok(added.into_iter().map(|it| Picture::new(it.name, Image::from_bytes(it.content))).collect())
}
