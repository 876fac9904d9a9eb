use super::{PreparedCall, RawResponse, Response};
use crate::{
    config::CallOptions,
    error::Error,
    image::ImageLimits,
    request::{RawRequest, Request},
};

/// What can be called: a typed [`Request`], or a [`RawRequest`] by name.
///
/// A typed request returns a [`Response`] with its answer, a raw call the [`RawResponse`], not
/// decoded.
///
/// ```
/// # use imagesearch_core::{answers::RawResponse, requests::{Callable, RawRequest}};
/// fn outcome<R: Callable<Output = RawResponse>>(_: &R) {}
///
/// outcome(&RawRequest::new("Detail"));
/// ```
pub trait Callable: Sized {
    /// What a call returns if it succeeds.
    type Output;

    /// Prepares a call on an instance.
    fn prepare(
        self,
        instance: &str,
        image_limits: ImageLimits,
        options: CallOptions,
    ) -> PreparedCall;

    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// The answer is not what the operation returns.
    fn read(reply: RawResponse) -> Result<Self::Output, Error>;
}

impl<R: Request> Callable for R {
    type Output = Response<R::Response>;

    fn prepare(
        self,
        instance: &str,
        image_limits: ImageLimits,
        options: CallOptions,
    ) -> PreparedCall {
        PreparedCall::request(self, instance, image_limits, options)
    }

    fn read(reply: RawResponse) -> Result<Self::Output, Error> {
        reply.decode()
    }
}

impl Callable for RawRequest {
    type Output = RawResponse;

    fn prepare(
        self,
        instance: &str,
        image_limits: ImageLimits,
        options: CallOptions,
    ) -> PreparedCall {
        PreparedCall::raw(self, instance, image_limits, options)
    }

    fn read(reply: RawResponse) -> Result<Self::Output, Error> {
        Ok(reply)
    }
}
