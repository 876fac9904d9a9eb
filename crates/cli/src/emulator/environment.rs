//! `emulator env`: code that connects an SDK to the emulator.

use imagesearch_emulator::Emulator;

use super::health;
use crate::{
    arguments::{EnvironmentArguments, Language},
    exit::Failure,
    output,
};

/// Prints the block of a language.
pub(crate) fn run(arguments: &EnvironmentArguments) -> Result<(), Failure> {
    let url = &arguments.at.url()?;
    let ca_file = arguments.ca_file.as_deref().unwrap_or("ca.pem");
    let block = match arguments.lang {
        Language::Python => include_str!("blocks/python.txt"),
        Language::Node => include_str!("blocks/node.txt"),
        Language::Go => include_str!("blocks/go.txt"),
        Language::Java => include_str!("blocks/java.txt"),
        Language::Rust => include_str!("blocks/rust.txt"),
    };
    let mut text = block.to_owned();
    for (name, value) in [
        ("{{url}}", url.as_str()),
        ("{{endpoint}}", url.authority()),
        ("{{protocol}}", if url.is_https() { "HTTPS" } else { "HTTP" }),
        ("{{access_key_id}}", Emulator::ACCESS_KEY_ID),
        ("{{access_key_secret}}", Emulator::ACCESS_KEY_SECRET),
        ("{{ca_file}}", ca_file),
    ] {
        text = text.replace(name, value);
    }
    output::line(text.trim_end())?;
    if arguments.ca_file.is_none() {
        output::note(format_args!(
            "note: download ca.pem from http://{}/_emulator/ca.pem, or use the one in the emulator's \
             --ca-dir; set its path with --ca-file",
            url.authority()
        ));
    }
    if health::ask(url).is_err() {
        output::note(format_args!(
            "note: no emulator is running there; start one with `imagesearch emulator --listen {} \
             --ca-dir .`",
            url.authority()
        ));
    }
    Ok(())
}
