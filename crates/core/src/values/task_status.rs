use crate::generated::types::TaskStatus;

impl TaskStatus {
    /// Returns whether the task has ended, given the code that accompanies the status.
    ///
    /// `NORMAL` is not documented, but finished batch tasks have it; with code `0` it counts as
    /// finished. An unknown status does not.
    ///
    /// ```
    /// # use imagesearch_core::answers::TaskStatus;
    /// assert!(TaskStatus::Success.is_finished(Some("0")));
    /// assert!(TaskStatus::from("NORMAL").is_finished(Some("0")));
    /// assert!(!TaskStatus::Processing.is_finished(None));
    /// ```
    pub fn is_finished(&self, code: Option<&str>) -> bool {
        match self {
            Self::Success | Self::Fail => true,
            Self::Normal => code == Some("0"),
            _ => false,
        }
    }

    /// Returns whether the task has succeeded, given the code that accompanies the status.
    pub fn is_success(&self, code: Option<&str>) -> bool {
        match self {
            Self::Success => true,
            Self::Normal => code == Some("0"),
            _ => false,
        }
    }
}
