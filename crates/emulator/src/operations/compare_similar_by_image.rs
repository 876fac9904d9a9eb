use axum::body::Body;
use http::Response;
use imagesearch_core::CompareSimilarByImageResponse;

use super::hits::rounded;
use super::{Call, SUCCESS, view::View};
use crate::answer::Refusal;
use crate::similarity::compare;

/// Scores how alike two pictures look.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let primary = View::whole(&call, "PrimaryPicContent")?;
    let secondary = View::whole(&call, "SecondaryPicContent")?;
    let look = move || {
        let (primary, _) = primary.decode()?;
        let (secondary, _) = secondary.decode()?;
        Ok(compare(&primary, &secondary))
    };
    let score = call.state.compute.run(look).await?;
    let mut response = CompareSimilarByImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.score = Some(rounded(score));
    Ok(call.answer(&response))
}
