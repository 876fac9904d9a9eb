mod errors;
mod language;
mod properties;
