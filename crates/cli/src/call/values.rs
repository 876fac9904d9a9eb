use std::{
    io::{self, Read},
    path::Path,
};

use imagesearch_core::{
    Image,
    operation::Parameter,
    parameters::{Picture, Value},
};

use crate::exit::Failure;

/// Parses a value as its kind. A value that does not fit stays text, so that validation reports it.
pub(super) fn read(parameter: &Parameter, text: &str) -> Value {
    Value::parse(parameter.kind, text)
}

/// Reads named pictures: `NAME=FILE`, or a file that is sent under its own name.
pub(super) fn pictures(name: &str, sources: &[&str]) -> Result<Value, Failure> {
    let pictures = sources.iter().map(|source| {
        let (own, file) = match source.split_once('=') {
            Some(pair) => pair,
            None => {
                let own = Path::new(source).file_name().and_then(|it| it.to_str());
                let own = own.filter(|_| *source != "-").ok_or_else(|| {
                    Failure::usage(format!("{name}: `{source}` has no name; use NAME={source}"))
                })?;
                (own, *source)
            }
        };
        Ok(Picture::new(own, picture(name, file)?))
    });
    pictures.collect::<Result<Vec<_>, Failure>>().map(Value::Pictures)
}

/// Reads a picture: the path of a file, `-` for stdin, or `url:` and a URL.
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
            "; prefix a URL with `url:` to send it unchanged"
        } else {
            ""
        };
        Failure::usage(format!("{name}: {error}{advice}"))
    })
}
