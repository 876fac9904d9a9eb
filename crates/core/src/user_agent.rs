use crate::error::Error;

/// The product that every request names.
pub(crate) const USER_AGENT: &str = concat!("imagesearch-rust/", env!("CARGO_PKG_VERSION"));

/// Writes the header, with the caller's own product first.
pub(crate) fn with_product(product: Option<&str>) -> Result<http::HeaderValue, Error> {
    let text = match product {
        Some(product) => format!("{product} {USER_AGENT}"),
        None => USER_AGENT.to_owned(),
    };
    http::HeaderValue::from_str(&text).map_err(|_| {
        Error::config(format!("user agent `{}` has control characters", text.escape_debug()))
            .with_advice("use printable ASCII characters")
    })
}
