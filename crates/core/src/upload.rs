//! The two hops of an upload: an authorization, and a form with the file.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::{
    body::Body,
    config::Config,
    endpoint::Endpoint,
    error::{Error, ErrorKind},
    generated::service::PRODUCT,
    image::Image,
    operation::Style,
    secret::Secret,
    tolerant,
    wire::WireRequest,
};

/// The operation that authorizes an upload, and its version on the open platform.
pub(crate) const AUTHORIZE: (&str, &str) = ("AuthorizeFileUpload", "2019-12-19");

/// Asks the open platform for the right to upload one picture to the client's region.
pub(crate) fn authorize(config: &Config) -> WireRequest {
    let endpoint = config.open_platform.clone();
    let (action, version) = AUTHORIZE;
    let mut request = WireRequest::new(endpoint, http::Method::GET, Style::Rpc, action, version);
    request.add_query("Product", PRODUCT);
    request.add_query("RegionId", config.region.as_ref().map_or("", |region| region.as_str()));
    request
}

/// The response of `AuthorizeFileUpload`: the right to upload one object.
#[derive(Clone)]
pub(crate) struct UploadAuthorization {
    access_key_id: String,
    bucket: String,
    endpoint: String,
    object_key: String,
    policy: Secret,
    signature: Secret,
    accelerate: bool,
}

impl UploadAuthorization {
    /// Reads the response.
    pub(crate) fn read(answer: &Map<String, Value>) -> Result<Self, Error> {
        let part = |name: &str| {
            tolerant::text(answer, name).ok_or_else(|| {
                let message = format!("the upload authorization has no {name}");
                Error::new(ErrorKind::UnexpectedResponse, message)
            })
        };
        Ok(Self {
            access_key_id: part("AccessKeyId")?,
            bucket: part("Bucket")?,
            endpoint: part("Endpoint")?,
            object_key: part("ObjectKey")?,
            policy: part("EncodedPolicy")?.into(),
            signature: part("Signature")?.into(),
            accelerate: answer.get("UseAccelerate").and_then(tolerant::as_boolean) == Some(true),
        })
    }

    /// Returns the secrets, which must not be printed.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> + Clone {
        [&self.policy, &self.signature].into_iter()
    }

    /// Returns the URL of the picture for the operation.
    pub(crate) fn object_url(&self) -> String {
        format!("http://{}.{}/{}", self.bucket, self.endpoint, self.object_key)
    }

    /// Builds the upload, after checking that its host is trusted.
    pub(crate) fn upload(
        &self,
        config: &Config,
        image: &Image,
        boundary: &str,
    ) -> Result<http::Request<Body>, Error> {
        let target = self.target(config)?;
        let body = self.form(image.bytes().cloned().unwrap_or_default(), boundary);
        http::Request::post(format!("{target}/"))
            .header("host", target.authority())
            .header("content-type", format!("multipart/form-data; boundary={boundary}"))
            .header("user-agent", &config.user_agent)
            .body(body)
            .map_err(|error| Error::config("the upload cannot be built").with_source(error))
    }

    /// Returns the host if it is trusted with pictures.
    fn target(&self, config: &Config) -> Result<Endpoint, Error> {
        let refuse = |host: &str| {
            let message = format!(
                "the upload authorization names `{}`, which is not under aliyuncs.com",
                host.escape_debug()
            );
            Error::new(ErrorKind::UnexpectedResponse, message).with_advice(
                "the picture was not sent; if the host is yours, name it with \
                 `with_trusted_upload_host`",
            )
        };
        let public = format!("{}.{}", self.bucket, self.endpoint);
        let parsed: Endpoint = format!("https://{public}").parse().map_err(|_| refuse(&public))?;
        let trusted = config.trusted_upload_hosts.iter();
        if let Some(trusted) = trusted.into_iter().find(|it| it.authority() == parsed.authority()) {
            return Ok(trusted.clone());
        }
        let host = match (config.internal_upload, self.endpoint.split_once('.')) {
            (true, Some((region, rest))) if !region.ends_with("-internal") => {
                format!("{}.{region}-internal.{rest}", self.bucket)
            }
            (false, _) if config.accelerate_upload && self.accelerate => {
                format!("{}.oss-accelerate.aliyuncs.com", self.bucket)
            }
            _ => public,
        };
        let target: Endpoint = format!("https://{host}").parse().map_err(|_| refuse(&host))?;
        // Only letters, digits and hyphens: with other characters, URL parsers disagree on where a
        // host ends.
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let ours = target.host().ends_with(".aliyuncs.com")
            && target.authority() == target.host()
            && target.host().chars().all(plain);
        if ours { Ok(target) } else { Err(refuse(&host)) }
    }

    /// Builds the form: the fields, then the file, without copying the picture.
    fn form(&self, picture: Bytes, boundary: &str) -> Body {
        let fields = [
            ("OSSAccessKeyId", self.access_key_id.as_str()),
            ("policy", self.policy.expose()),
            ("Signature", self.signature.expose()),
            ("key", self.object_key.as_str()),
            ("success_action_status", "201"),
        ];
        let mut head = String::new();
        for (name, value) in fields {
            head.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        let filename = self.object_key.replace(['"', '\r', '\n'], "_");
        head.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"{filename}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        ));
        let tail = format!("\r\n--{boundary}--\r\n");
        Body::new([Bytes::from(head), picture, Bytes::from(tail)])
    }
}

impl fmt::Debug for UploadAuthorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UploadAuthorization")
            .field("bucket", &self.bucket)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
