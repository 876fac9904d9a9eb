/// What has been tried of a request so far.
///
/// The hops of a picture share one, since a correction is made once, whatever the hop.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// How often the request was sent.
    pub(crate) attempts: u32,
    /// What the clock was corrected by in the last attempt, in milliseconds.
    pub(super) signed_offset: i64,
    /// A correction of the clock that the service has not accepted yet.
    pub(super) trial_offset: Option<i64>,
    pub(super) clock_corrected: bool,
    pub(super) nonce_replaced: bool,
    pub(super) credentials_renewed: bool,
    /// Whether a refused upload was authorized anew.
    pub(crate) reauthorized: bool,
}

impl History {
    /// Begins another request, of which nothing has been sent.
    pub(crate) fn next_request(&mut self) {
        self.attempts = 0;
    }
}
