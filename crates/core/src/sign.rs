//! Signatures: a request goes in, headers and query parameters to add come out.
//!
//! Each kind of signature is one file, whose functions are its stages: canonical form, string to sign,
//! signature. The text of each stage comes back beside the result: comparing the texts with the service's
//! explains a `SignatureDoesNotMatch`.

pub mod acs3;
mod canonical_query;
mod digest;
mod instructions;
pub mod roa;
pub mod rpc;

pub use canonical_query::canonical_query;
pub(crate) use digest::hex;
pub use instructions::{SigningContext, SigningInstructions, Stages};

use crate::{operation::Style, wire::WireRequest};

/// The signature method of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureMethod {
    /// `ACS3-HMAC-SHA256`: in headers, over the hash of the body. The default, as in the official
    /// SDKs.
    #[default]
    Acs3HmacSha256,
    /// `HMAC-SHA1`, signature version 1.0, deprecated by the vendor. RPC operations carry it in the
    /// query, over query and form; ROA operations (the older API versions) carry it in a header,
    /// over the MD5 of the body.
    HmacSha1,
}

/// Signs a request.
///
/// ```
/// # use imagesearch_core::{
/// #     Credentials,
/// #     caret::CaretText,
/// #     client::SignatureMethod,
/// #     operations::DETAIL,
/// #     parameters::Parameters,
/// #     sign::{SigningContext, sign},
/// #     values::Timestamp,
/// #     wire::encode,
/// # };
///
/// let endpoint = "imagesearch.cn-shanghai.aliyuncs.com".parse()?;
/// let parameters = Parameters::new().with("InstanceName", "shop");
/// let request = encode(&endpoint, &DETAIL, &parameters, CaretText::Ascii)?;
///
/// let credentials = Credentials::access_key("id", "secret");
/// let now = Timestamp::from_millisecond(1_767_323_045_000);
/// let context = SigningContext::new(&credentials, now).with_nonce("a1b2");
/// let signed = sign(SignatureMethod::Acs3HmacSha256, &request, &context);
/// assert!(signed.stages.string_to_sign.starts_with("ACS3-HMAC-SHA256\n"));
/// let request = signed.apply(&request)?;
/// assert!(request.headers().contains_key("authorization"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(
    method: SignatureMethod,
    request: &WireRequest,
    context: &SigningContext<'_>,
) -> SigningInstructions {
    let body = request.body.to_body();
    match (method, request.style) {
        (SignatureMethod::Acs3HmacSha256, _) => acs3::sign(request, body, context),
        (SignatureMethod::HmacSha1, Style::Rpc) => rpc::sign(request, body, context),
        (SignatureMethod::HmacSha1, Style::Roa { .. }) => roa::sign(request, body, context),
    }
}
