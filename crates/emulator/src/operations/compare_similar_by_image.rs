use axum::body::Body;
use http::Response;
use imagesearch_core::CompareSimilarByImageResponse;

use super::hits::rounded;
use super::{Call, SUCCESS, view::View};
use crate::answer::Refusal;
use imagesearch_similarity::{query_cosine, score};

/// Scores how alike two pictures look: as a search with the first scores the second.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let primary = View::of(&call, "PrimaryPicContent")?;
    let secondary = View::of(&call, "SecondaryPicContent")?;
    let look = move || {
        let query = primary.decode()?.query();
        Ok(score(query_cosine(&query, &secondary.decode()?.look())))
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
