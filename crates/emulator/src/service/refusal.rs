//! Why a call is refused, as data.

use std::time::Duration;

use imagesearch_core::errors::{ErrorCode, ErrorDescription};

use crate::store::StoreError;

/// What is answered where no status is documented: the request is at fault.
const BAD_REQUEST: u16 = 400;

/// Why a call is refused: a documented code, its status and text, and our own explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    /// The HTTP status that the code comes with.
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) advice: String,
    /// After how long the call would pass, where that is known.
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    /// Refuses with a code, and with the status and message that the documentation gives it.
    pub(crate) fn of(code: &str) -> Self {
        let known = ErrorCode::from(code).description();
        let status = known.and_then(|it| it.http.first().copied());
        Self {
            code: code.to_owned(),
            status: status.unwrap_or(BAD_REQUEST),
            message: known.map_or_else(String::new, documented_message),
            advice: known.map_or_else(String::new, |it| it.advice.to_owned()),
            retry_after: None,
        }
    }

    /// Puts what exactly is wrong before the advice; the message stays the documented one.
    #[must_use]
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Self {
        self.advice = reason.into();
        self
    }

    /// Replaces the message, for codes whose documented message is a pattern.
    #[must_use]
    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Replaces the status.
    #[must_use]
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Says after how long the call would pass.
    #[must_use]
    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }
}

/// Refuses an operation that the emulator does not carry out.
pub(crate) fn not_served(operation: &str) -> Refusal {
    Refusal::of("UnsupportedOperationType")
        .because(format!("the emulator does not serve {}", operation.escape_debug()))
}

/// Fails a task for a reason of the emulator's own.
pub(crate) fn task_failure(reason: &str) -> Refusal {
    Refusal::of("Console.InternalError").with_message(format!("The task failed: {reason}."))
}

/// Takes the documented message, or for gateway codes, which have none, what the code means.
fn documented_message(description: &ErrorDescription) -> String {
    let message = description.messages.first().copied();
    message.unwrap_or(description.meaning).to_owned()
}

impl From<StoreError> for Refusal {
    /// Answers a call of the service's API. The service documents no code for a machine without
    /// memory; that of a full instance is assumed, since clients do not repeat it.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoInstance { .. } => Self::of("InvalidInstance"),
            StoreError::Full => Self::of("InstanceOverQuota"),
            StoreError::OutOfMemory { .. } => {
                Self::of("InstanceOverQuota").because(error.to_string())
            }
            StoreError::Data { .. } => Self::of("InternalError").because(error.to_string()),
            // No operation of the service sets up an instance or takes a snapshot.
            StoreError::Settings(_)
            | StoreError::SnapshotName { .. }
            | StoreError::NoSnapshot { .. } => {
                Self::of("InvalidParameter").because(error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_take_status_and_message_from_the_table() {
        for (code, status, message) in [
            ("InvalidInstance", 400, "The specified instance name is invalid."),
            ("UnsupportedOperationType", 500, "The specified action is not supported."),
            ("InvalidAccessKeyId.NotFound", 404, "The AccessKey id does not exist."),
            ("NotInTheTable", 400, ""),
        ] {
            let refusal = Refusal::of(code);
            assert_eq!((refusal.status, &*refusal.message), (status, message), "{code}");
        }
    }
}
