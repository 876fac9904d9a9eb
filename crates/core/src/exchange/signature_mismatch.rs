//! Explains a `SignatureDoesNotMatch`. The gateway echoes the text that it signed: if it equals
//! ours, the secret is wrong; otherwise it is a bug of this SDK.

use crate::{
    credentials::Credentials,
    error::ServiceError,
    secret::{REDACTED, redact},
    sign::Stages,
};

/// The maximum size of the texts that are kept for comparison, in bytes.
const LONGEST_KEPT: usize = 64 * 1024;

/// The number of characters shown before and after the first difference.
const AROUND: usize = 24;

/// The marker before the gateway's text.
const ECHO: &str = "string to sign is";

/// The marker before the canonical request, which the emulator adds.
const CANONICAL_ECHO: &str = "server canonical request is";

/// The marker after an echo.
const NEXT: &str = " client seems to have signed";

/// Returns the texts of a signature if they are short enough to keep.
pub(super) fn keep(stages: Stages) -> Option<Stages> {
    let length = stages.string_to_sign.len() + stages.canonical_request.len();
    (length > 0 && length <= LONGEST_KEPT).then_some(stages)
}

/// Compares the text that the service signed with ours and explains the difference.
pub(super) fn explain(body: &[u8], ours: &Stages, credentials: &Credentials) -> Option<String> {
    let message = ServiceError::read(body)?.message?;
    let theirs = echo(&message, ECHO)?;
    if same(theirs, &ours.string_to_sign) {
        return Some(
            "the service signed the same text, so the access key secret is wrong: it does not \
             belong to the access key id"
                .to_owned(),
        );
    }
    // A hash shows that texts differ but not where.
    let algorithm = |text: &str| text.lines().next().map(str::to_owned);
    let mut only_hash = ours.is_hashed && algorithm(theirs) == algorithm(&ours.string_to_sign);
    let (theirs, ours) = match echo(&message, CANONICAL_ECHO) {
        Some(canonical) => {
            only_hash = false;
            (canonical, &ours.canonical_request)
        }
        None => (theirs, &ours.string_to_sign),
    };
    let hidden = |text: &str| {
        let mut text = text.to_owned();
        redact(&mut text, credentials.secrets());
        match credentials.access_key_id() {
            Some(id) if !id.is_empty() => text.replace(id, REDACTED),
            _ => text,
        }
    };
    let difference = if only_hash {
        "the response has only its hash".to_owned()
    } else {
        first_difference(&hidden(theirs), &hidden(ours))
    };
    Some(format!(
        "the service signed a different text than this client; {difference}; report this as a bug, \
         unless a proxy rewrites requests"
    ))
}

/// Returns the text after a marker in the gateway's message.
fn echo<'m>(message: &'m str, marker: &str) -> Option<&'m str> {
    let lower = message.to_ascii_lowercase();
    let start = lower.find(marker)? + marker.len();
    let rest = message.get(start..)?.trim_start_matches([':', ' ']);
    let lower = rest.to_ascii_lowercase();
    let end = [CANONICAL_ECHO, NEXT].iter().filter_map(|next| lower.find(next)).min();
    Some(rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest).trim_end())
}

/// Returns whether an echo, possibly truncated, equals our text.
fn same(theirs: &str, ours: &str) -> bool {
    let shortened = theirs.strip_suffix('…').or_else(|| theirs.strip_suffix("..."));
    theirs == ours.trim_end()
        || shortened.is_some_and(|begin| begin.len() >= 256 && ours.starts_with(begin))
}

fn first_difference(theirs: &str, ours: &str) -> String {
    let at = theirs.chars().zip(ours.chars()).take_while(|(a, b)| a == b).count();
    let part = |text: &str| -> String {
        let from = at.saturating_sub(AROUND);
        let shown: String = text.chars().skip(from).take(2 * AROUND).collect();
        shown.escape_debug().to_string()
    };
    format!(
        "at character {} the service has `{}` and this client `{}`",
        at + 1,
        part(theirs),
        part(ours)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(message: &str, string_to_sign: &str, canonical: &str) -> Option<String> {
        let body = serde_json::json!({ "Code": "SignatureDoesNotMatch", "Message": message });
        let stages = Stages {
            canonical_request: canonical.to_owned(),
            string_to_sign: string_to_sign.to_owned(),
            signature: String::new(),
            is_hashed: string_to_sign.starts_with("ACS3"),
        };
        let credentials = Credentials::access_key("key-id", "hushhush");
        explain(body.to_string().as_bytes(), &stages, &credentials)
    }

    #[test]
    fn tells_a_wrong_secret_from_another_text() {
        let long = "x".repeat(300);
        for (message, ours, canonical, says) in [
            (
                "Specified signature is not matched with our calculation. server string to sign \
                 is:GET&%2F&a%3D1",
                "GET&%2F&a%3D1",
                "",
                "secret is wrong",
            ),
            ("Server String To Sign is: A\nb ", "A\nb", "", "secret is wrong"),
            (&format!("string to sign is: {long}…"), &format!("{long}yz"), "", "secret is wrong"),
            ("string to sign is: A…", "Ab", "", "report this as a bug"),
            ("string to sign is:ACS3-HMAC-SHA256\na", "ACS3-HMAC-SHA256\nb", "", "only its hash"),
            (
                "string to sign is:GET&%2F&a%3D1",
                "GET&%2F&a%3D2",
                "",
                "at character 13 the service has `GET&%2F&a%3D1` and this client `GET&%2F&a%3D2`",
            ),
            (
                "string to sign is: ACS3\naa server canonical request is: POST\n/ client seems to \
                 have signed: X",
                "ACS3\nbb",
                "POST\n/v",
                r"at character 7 the service has `POST\n/` and this client `POST\n/v`",
            ),
        ] {
            let explained = explained(message, ours, canonical).unwrap();
            assert!(explained.contains(says), "{message}: {explained}");
        }
    }

    #[test]
    fn shows_no_secret_and_needs_an_echo() {
        let text = explained("string to sign is:key-id hushhush1", "key-id hushhush2", "").unwrap();
        assert!(text.contains("`[redacted] [redacted]1`"), "{text}");
        assert_eq!(explained("no echo", "a", ""), None);
    }

    #[test]
    fn keeps_no_long_texts() {
        let stages = |length| Stages { string_to_sign: "x".repeat(length), ..Stages::default() };
        assert_eq!(keep(stages(0)), None);
        assert!(keep(stages(64 * 1024)).is_some());
        assert_eq!(keep(stages(64 * 1024 + 1)), None);
    }
}
