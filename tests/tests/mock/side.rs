//! Both clients with a mock each, so that every test runs through both.

use imagesearch_core::{
    Error, Pacing, Response,
    answers::RawResponse,
    parameters::Parameters,
    requests::{RawRequest, Request},
    testing::MockService,
};
use imagesearch_tests::wire::{Async, Blocking, Caller, runtime};

/// A client and the rules that answer it.
pub(crate) struct Side<'a> {
    pub(crate) rules: &'a MockService,
    caller: &'a (dyn Caller + Sync),
}

/// Runs a test with the blocking client, and again with the async one.
pub(crate) fn both(test: impl Fn(&Side<'_>)) {
    both_paced(&Pacing::off(), test);
}

/// As [`both`], with clients that are paced.
pub(crate) fn both_paced(pacing: &Pacing, test: impl Fn(&Side<'_>)) {
    let mock = imagesearch_blocking::testing::Mock::new();
    let settings = imagesearch_blocking::Client::builder().with_pacing(pacing.clone());
    let caller = Blocking(mock.client_from(settings).unwrap());
    test(&Side { rules: &mock, caller: &caller });

    let (mock, runtime) = (imagesearch_async::testing::Mock::new(), runtime());
    let settings = imagesearch_async::Client::builder().with_pacing(pacing.clone());
    let caller = Async(mock.client_from(settings).unwrap(), &runtime);
    test(&Side { rules: &mock, caller: &caller });
}

impl Side<'_> {
    /// Sends a request to the instance `shop`.
    pub(crate) fn send<R: Request>(&self, request: R) -> Result<Response<R::Response>, Error> {
        self.raw(named::<R>(&request.into_parameters()))?.decode()
    }

    /// Sends a call by name to the instance `shop`.
    pub(crate) fn raw(&self, call: RawRequest) -> Result<RawResponse, Error> {
        self.caller.call("shop", call)
    }

    pub(crate) fn name(&self) -> &'static str {
        self.caller.name()
    }
}

fn named<R: Request>(parameters: &Parameters) -> RawRequest {
    let call = RawRequest::new(R::OPERATION.name).version(R::OPERATION.version);
    parameters.iter().fold(call, |call, (name, value)| call.parameter(name, value.clone()))
}
