use std::{
    io::{self, Read},
    path::Path,
};

use imagesearch_core::{
    Image, encode,
    operation::Parameter,
    parameters::{Picture, Value},
};

use crate::exit::Failure;

/// Reads a value as its kind; one that does not fit stays a text, for validation to name.
pub(super) fn read(parameter: &Parameter, text: &str) -> Value {
    encode::read(parameter, text)
}

/// Reads pictures with their names: `NAME=FILE`, or a file whose own name it is.
pub(super) fn pictures(name: &str, sources: &[&str]) -> Result<Value, Failure> {
    let pictures = sources.iter().map(|source| {
        let (own, file) = match source.split_once('=') {
            Some(pair) => pair,
            None => {
                let own = Path::new(source).file_name().and_then(|it| it.to_str());
                let own = own.filter(|_| *source != "-").ok_or_else(|| {
                    Failure::usage(format!("{name}: `{source}` has no name; write NAME={source}"))
                })?;
                (own, *source)
            }
        };
        Ok(Picture::new(own, picture(name, file)?))
    });
    pictures.collect::<Result<Vec<_>, Failure>>().map(Value::Pictures)
}

/// Reads a picture: a file's path, `-` for stdin, or `url:` and an address.
pub(super) fn picture(name: &str, source: &str) -> Result<Image, Failure> {
    if let Some(address) = source.strip_prefix("url:") {
        return Ok(Image::from_url(address));
    }
    if source == "-" {
        let mut content = Vec::new();
        return match io::stdin().lock().read_to_end(&mut content) {
            Ok(_) => Ok(Image::from_bytes(content)),
            Err(error) => Err(Failure::usage(format!("{name} from stdin: {error}"))),
        };
    }
    imagesearch_blocking::image_from_path(source).map_err(|error| {
        let advice = if source.starts_with("http://") || source.starts_with("https://") {
            "; write `url:` before an address to send it as it is"
        } else {
            ""
        };
        Failure::usage(format!("{name}: {error}{advice}"))
    })
}
