use std::time::Duration;

use super::{FetchContext, no_credentials};
use crate::error::Error;

/// The options of a role session.
#[derive(Clone, Debug, Default)]
pub(super) struct RoleSession {
    pub(super) name: Option<String>,
    pub(super) duration: Option<Duration>,
    pub(super) policy: Option<String>,
    pub(super) external_id: Option<String>,
}

/// The default duration of a session.
const DURATION: Duration = Duration::from_secs(3_600);

impl RoleSession {
    /// Checks the options and returns the form of the request.
    pub(super) async fn form(
        &self,
        context: &FetchContext,
        role_arn: &str,
    ) -> Result<Vec<(&'static str, String)>, Error> {
        let name = match &self.name {
            Some(name) => Some(name.clone()),
            None => context.variable("ALIBABA_CLOUD_ROLE_SESSION_NAME").await,
        };
        let name = name.unwrap_or_else(|| {
            format!("imagesearch-{}", context.now().system.as_millisecond() / 1_000)
        });
        let seconds = self.duration.unwrap_or(DURATION).as_secs();
        let problems = self.problems(role_arn, &name, seconds);
        if !problems.is_empty() {
            return Err(no_credentials(problems.join("; ")));
        }
        let mut form = vec![
            ("RoleArn", role_arn.to_owned()),
            ("RoleSessionName", name),
            ("DurationSeconds", seconds.to_string()),
        ];
        form.extend(self.policy.clone().map(|policy| ("Policy", policy)));
        form.extend(self.external_id.clone().map(|id| ("ExternalId", id)));
        Ok(form)
    }

    fn problems(&self, role_arn: &str, name: &str, seconds: u64) -> Vec<String> {
        let mut problems = Vec::new();
        if !role_arn.starts_with("acs:ram::") {
            problems.push(
                "the role's ARN is malformed; use one such as `acs:ram::123456789012****:role/name`"
                    .to_owned(),
            );
        }
        let allowed = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '@' | '-' | '_');
        if !(2..=64).contains(&name.len()) || !name.chars().all(allowed) {
            problems.push(
                "the role session name is invalid; use 2 to 64 letters, digits and `.@-_`"
                    .to_owned(),
            );
        }
        if seconds < 900 {
            problems.push(format!(
                "the role session duration is {seconds} seconds; at least 900 are required"
            ));
        }
        if let Some(id) = &self.external_id
            && !(2..=1_224).contains(&id.chars().count())
        {
            let count = id.chars().count();
            problems.push(format!("the external id has {count} characters; 2 to 1224 are allowed"));
        }
        problems
    }
}

/// Expands to the setters of a role provider: fields `session` and `sts`.
macro_rules! role_setters {
    () => {
        /// Sets the session name, which audit logs show: 2 to 64 letters, digits and `.@-_`.
        ///
        /// The default is `ALIBABA_CLOUD_ROLE_SESSION_NAME`, or else a name made from the time.
        #[must_use]
        pub fn with_session_name(mut self, name: impl Into<String>) -> Self {
            self.session.name = Some(name.into());
            self
        }

        /// Sets the lifetime of the key: at least 900 seconds and at most what the role allows. The
        /// default is an hour.
        #[must_use]
        pub fn with_duration(mut self, duration: ::std::time::Duration) -> Self {
            self.session.duration = Some(duration);
            self
        }

        /// Restricts the key to a policy in JSON, of about 2048 characters at most.
        #[must_use]
        pub fn with_policy(mut self, policy: impl Into<String>) -> Self {
            self.session.policy = Some(policy.into());
            self
        }

        /// Sets the region of STS. The default is `ALIBABA_CLOUD_STS_REGION`, or else the central
        /// host.
        #[must_use]
        pub fn with_sts_region(mut self, region: impl Into<String>) -> Self {
            self.sts.region = Some(region.into());
            self
        }

        /// Sets whether to use the STS host inside the VPC. `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED`
        /// has the same effect.
        #[must_use]
        pub fn with_sts_vpc(mut self, vpc: bool) -> Self {
            self.sts.vpc = vpc;
            self
        }

        /// Sets the STS host. Only a loopback host may be plain `http://`.
        #[must_use]
        pub fn with_sts_endpoint(mut self, endpoint: $crate::client::Endpoint) -> Self {
            self.sts.endpoint = Some(endpoint);
            self
        }
    };
}

pub(super) use role_setters;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_that_is_wrong_at_once() {
        let arn = "acs:ram::1:role/r";
        let external = |length: usize| Some("x".repeat(length));
        let long = "x".repeat(64);
        for (arn, name, seconds, external_id, count) in [
            (arn, "me", 900, None, 0),
            (arn, "a.b@c-d_9", 43_200, external(2), 0),
            (arn, long.as_str(), 3_600, external(1_224), 0),
            (arn, "m", 900, None, 1),
            (arn, &format!("{long}x"), 900, None, 1),
            (arn, "me too", 900, None, 1),
            (arn, "mé", 900, None, 1),
            (arn, "me", 899, None, 1),
            (arn, "me", 900, external(1), 1),
            (arn, "me", 900, external(1_225), 1),
            ("r", "", 0, external(0), 4),
        ] {
            let session = RoleSession { external_id, ..RoleSession::default() };
            let problems = session.problems(arn, name, seconds);
            assert_eq!(problems.len(), count, "{problems:?}");
        }
    }
}
