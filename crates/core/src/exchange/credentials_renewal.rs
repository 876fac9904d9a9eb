//! What becomes of credentials that the service refuses as expired: one fetch, one more attempt.
//!
//! Machines sleep, clocks are wrong and tokens are revoked, so credentials may be refused before
//! they are due. That is repeated only if their source has newer ones.

use std::sync::Arc;

use super::{
    Exchange, Now,
    clock_skew::corrected,
    track::{State, Track},
};
use crate::{
    credentials::Credentials,
    error::{Error, Hop},
};

impl Exchange {
    /// Drops credentials that were refused as expired, for all calls, whether or not this one is
    /// repeated; tells whether it makes sense to ask for newer ones.
    pub(super) fn drop_refused(&self, index: usize, now: Now) -> bool {
        let refused = self.tracks.get(index).and_then(|track| track.signed_with.as_ref());
        refused.is_some_and(|refused| self.credentials.refuse(refused, self.corrected(now)))
    }

    /// Repeats the attempt with newer credentials once they are there.
    pub(super) fn renew_credentials(track: &mut Track, refusal: Error) {
        track.credentials_renewed = true;
        track.refusal = Some(refusal);
        track.state = State::Ready;
    }

    /// Ends the call with the refusal if the credentials that came are the refused ones.
    pub(super) fn check_renewal(
        &mut self,
        index: usize,
        credentials: &Arc<Credentials>,
    ) -> Result<(), Error> {
        let Some(track) = self.tracks.get_mut(index) else {
            return Ok(());
        };
        let same = |refused: &Arc<Credentials>| refused.has_same_key(credentials);
        match track.refusal.take() {
            Some(refusal) if track.signed_with.as_ref().is_some_and(same) => Err(refusal
                .with_attempts(track.hop(), track.attempts)
                .with_note("their source has no newer credentials")),
            _ => Ok(()),
        }
    }

    /// Says why no credentials can be had: after a refusal, that comes first.
    pub(super) fn explain_renewal(&mut self, index: usize, error: Error) -> Error {
        let track = self.tracks.get_mut(index);
        match track.and_then(|track| Some((track.refusal.take()?, track.hop(), track.attempts))) {
            Some((refusal, hop, attempts)) => refusal
                .with_attempts(hop, attempts)
                .with_note(format!("newer credentials cannot be had: {error}")),
            None => {
                let attempts = error.attempts().max(1);
                error.with_attempts(Hop::Credentials, attempts)
            }
        }
    }

    /// Corrects the time of day by what is known of the service's clock.
    pub(super) fn corrected(&self, now: Now) -> Now {
        Now { wall: corrected(now.wall, self.shared.clock_offset.get()), ..now }
    }
}
