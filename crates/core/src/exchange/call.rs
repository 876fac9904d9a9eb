//! A call from top to bottom: upload the pictures side by side, then invoke the operation.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use super::{RawResponse, context::CallContext, invoke::invoke, upload::upload};
use crate::{
    error::Error,
    image::Image,
    io::{Io, try_join},
    pacing::Limiter,
    wire::WireRequest,
};

/// Runs a call to its end.
pub(super) async fn run(
    io: &Io,
    call: &CallContext,
    mut request: WireRequest,
    uploads: Vec<(&'static str, Image)>,
    mut earlier: Vec<(&'static str, String)>,
    limiter: Option<(Arc<Limiter>, Duration)>,
) -> Result<RawResponse, Error> {
    type Uploading<'a> =
        Pin<Box<dyn Future<Output = Result<(&'static str, String), Error>> + Send + 'a>>;
    let uploading = uploads.into_iter().map(|(parameter, image)| -> Uploading<'_> {
        Box::pin(async move { Ok((parameter, upload(io, call, &image).await?)) })
    });
    let mut uploaded = try_join(io, uploading.collect()).await?;
    uploaded.append(&mut earlier);
    for (parameter, url) in &uploaded {
        request.set_url(parameter, url.clone());
    }
    invoke(io, call, &request, uploaded, limiter).await
}
