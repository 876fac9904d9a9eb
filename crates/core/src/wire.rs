//! A request as it travels: where each parameter goes, and what the body is.
//!
//! [`encode`] turns parameters into a [`WireRequest`] by the operation's table. A call encodes once;
//! each of its attempts is then signed ([`sign`](crate::sign::sign)) and becomes an [`http::Request`].
//! With the feature `server`, `decode`
//! reads the parameters back with the same table.

mod caret_body;
#[cfg(feature = "server")]
mod decode;
mod encode;
mod encode_error;
mod wire_body;
mod wire_request;

#[cfg(feature = "server")]
pub use decode::{decode, decode_caret};
pub use encode::encode;
pub use encode_error::{EncodeError, UnknownParameter};
pub use wire_body::{FormValue, WireBody};
pub use wire_request::WireRequest;
