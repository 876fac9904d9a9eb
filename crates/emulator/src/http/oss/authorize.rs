//! `AuthorizeFileUpload`, an operation of another product that every upload begins with.

use serde::Serialize;

use crate::http::context::Context;
use crate::http::gateway::faults::Circumstances;
use crate::http::gateway::present::Json;
use crate::service::refusal::Refusal;

/// Allows the upload of one picture to this emulator.
///
/// Clients join `Bucket` and `Endpoint` with a dot, which gives the public host: no name needs to
/// be resolved that is not resolved already.
pub(crate) fn authorize_file_upload(
    context: &Context,
    query: &[(String, String)],
    circumstances: Circumstances,
    request_id: &str,
) -> Result<Json, Refusal> {
    let product = query.iter().find(|(name, _)| name == "Product");
    match product.map(|(_, value)| value.as_str()) {
        Some("ImageSearch") => {}
        Some(_) => {
            return Err(Refusal::of("InvalidParameter").because("Product must be ImageSearch"));
        }
        None => return Err(Refusal::of("MissingParameter").because("Product must be set")),
    }
    let authorization = context
        .oss
        .authorize(
            &context.host,
            circumstances.now(&context.service.clock),
            circumstances.expired_policy,
        )
        .map_err(|error| Refusal::of("InternalError").because(error.to_string()))?;
    let body = Authorization {
        access_key_id: authorization.access_key_id,
        bucket: &context.host.bucket,
        encoded_policy: &authorization.encoded_policy,
        endpoint: &context.host.endpoint,
        object_key: &authorization.object_key,
        request_id,
        signature: &authorization.signature,
        use_accelerate: false,
    };
    // Texts and a flag only, so that writing cannot fail.
    Ok(Json(serde_json::to_vec(&body).unwrap_or_default()))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Authorization<'a> {
    access_key_id: &'a str,
    bucket: &'a str,
    encoded_policy: &'a str,
    endpoint: &'a str,
    object_key: &'a str,
    request_id: &'a str,
    signature: &'a str,
    use_accelerate: bool,
}
