//! The `^` body: parameters and pictures with their offsets in front.

use bytes::Bytes;
use imagesearch_core::caret::CaretErrorKind;
use imagesearch_core::encode::lift_caret;
use imagesearch_core::{Operation, Parameters, Value};

use crate::answer::Refusal;

/// Reads the body of a call into its parameters.
///
/// An empty list of names, which stands for all pictures of an item, is left out.
pub(crate) fn read_body(
    operation: &Operation,
    body: &Bytes,
    parameters: &mut Parameters,
) -> Result<(), Refusal> {
    let (lifted, _unknown) = lift_caret(operation, body).map_err(|error| {
        // No code is documented for pictures that are not Base64 and for texts that are not UTF-8.
        let code = error.code().unwrap_or(match error.kind() {
            CaretErrorKind::PictureContent => "UnsupportedPicFormat",
            _ => "InvalidMetaItem",
        });
        Refusal::of(code).because(error.to_string())
    })?;
    for (name, value) in lifted.iter() {
        let known = operation.parameter(name).map(|parameter| parameter.name);
        let all = matches!(value, Value::Names(names) if names.is_empty());
        if let Some(name) = known.filter(|_| !all) {
            parameters.set(name, value.clone());
        }
    }
    Ok(())
}
