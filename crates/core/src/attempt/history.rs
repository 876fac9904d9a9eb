/// The attempts of a request so far.
///
/// All hops of a picture share one, since each correction is made once.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// The number of attempts.
    pub(crate) attempts: u32,
    /// The clock correction of the last attempt, in milliseconds.
    pub(super) signed_offset: i64,
    /// A clock correction that the service has not accepted yet.
    pub(super) trial_offset: Option<i64>,
    pub(super) clock_corrected: bool,
    pub(super) nonce_replaced: bool,
    pub(super) credentials_renewed: bool,
    /// Whether a refused upload was authorized anew.
    pub(crate) reauthorized: bool,
}

impl History {
    /// Starts over with another request.
    pub(crate) fn next_request(&mut self) {
        self.attempts = 0;
    }
}
