//! The text of an [`Error`]: what happened, remarks, and what to do, joined by `; `.

use std::{borrow::Cow, error::Error as StdError, fmt};

use super::{Details, Error, Hop, help_url};

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &*self.0;
        if let Some(operation) = &details.operation {
            write!(formatter, "{operation}: ")?;
        }
        if !details.violations.is_empty() {
            formatter.write_str("nothing was sent, since the request breaks documented limits")?;
            let mut violations = details.violations.iter();
            return violations.try_for_each(|violation| write!(formatter, "\n  - {violation}"));
        }
        formatter.write_str(&self.what())?;
        let facts = details.facts();
        if !facts.is_empty() {
            write!(formatter, " ({})", facts.join(", "))?;
        }
        if formatter.alternate() {
            let mut error: &dyn StdError = self;
            while let Some(source) = error.source() {
                write!(formatter, ": {source}")?;
                error = source;
            }
        }
        self.remarks().iter().try_for_each(|remark| write!(formatter, "; {remark}"))?;
        details.causes.iter().try_for_each(|cause| write!(formatter, "\n  - {cause}"))
    }
}

impl Error {
    /// Returns what happened, in the service's own words if there are any.
    fn what(&self) -> String {
        let details = &*self.0;
        let code = details.code.as_ref().map(|code| printable(code.as_str()));
        let message = details.service_message.as_deref().map(|it| printable(without_stop(it)));
        match (code, message) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(code), None) => code.into_owned(),
            (None, Some(message)) if details.message.is_empty() => message.into_owned(),
            (None, _) => details.message.clone(),
        }
    }

    /// Returns the remarks; the last one is the advice.
    fn remarks(&self) -> Vec<String> {
        let details = &*self.0;
        let mut remarks = Vec::new();
        if let Some(excerpt) = &details.body_excerpt {
            remarks.push(match excerpt.is_empty() {
                true => "the response is empty".to_owned(),
                false => format!("the response begins `{}`", excerpt.escape_debug()),
            });
        }
        remarks.extend(details.notes.iter().cloned());
        if details.maybe_applied {
            remarks.push("the change may have been carried out".to_owned());
        }
        let described = self.description().map(|description| description.advice);
        let own = details.advice.as_deref();
        if let Some(recommend) = &details.recommend {
            // A single word is a link, which the tables' advice makes unnecessary.
            let link = help_url(recommend).filter(|_| recommend.split_whitespace().count() == 1);
            match link {
                Some(url) if own.or(described).is_none() => {
                    remarks.push(format!("see {}", printable(url)));
                }
                None if ![own, described].contains(&Some(recommend)) => {
                    let recommend = phrase(&printable(recommend));
                    remarks.push(format!("the service recommends: {recommend}"));
                }
                _ => {}
            }
        }
        remarks.extend(own.map(str::to_owned).or_else(|| described.map(phrase)));
        remarks
    }
}

impl Details {
    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        facts.extend(self.status.map(|status| format!("HTTP {status}")));
        facts.extend(self.request_id.as_ref().map(|id| format!("request id {}", printable(id))));
        match self.hop {
            Some(Hop::Invoke) | None => {}
            Some(hop) => facts.push(format!("while {hop}")),
        }
        if self.hop.is_some() && self.attempts > 1 {
            facts.push(format!("after {} attempts", self.attempts));
        }
        facts
    }
}

/// Converts a sentence to a clause: without the capital and the full stop.
fn phrase(sentence: &str) -> String {
    let sentence = without_stop(sentence);
    let mut letters = sentence.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            let rest = sentence.get(first.len_utf8()..).unwrap_or_default();
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => sentence.to_owned(),
    }
}

fn without_stop(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix('.').unwrap_or(text)
}

/// Escapes characters of a server's text that would move the cursor or change the text direction.
fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let escaped = |it: char| match is_unprintable(it) {
        true => it.escape_debug().to_string(),
        false => it.to_string(),
    };
    Cow::Owned(text.chars().map(escaped).collect())
}

fn is_unprintable(character: char) -> bool {
    let formats = ['\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2060}'..='\u{206f}'];
    character.is_control() || formats.iter().any(|it| it.contains(&character))
}
