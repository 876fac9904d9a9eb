//! Explains a signature that is not right: what was signed here, and what the client seems to have
//! signed.
//!
//! A request holds the client's signature but not the text that it signed. The emulator knows the
//! secret, though, so it can try out the mistakes that signers are known for: if one of them gives
//! the client's signature, that is what the client did, and both texts can be shown side by side.

use std::collections::BTreeSet;

use imagesearch_core::operations::OPERATIONS;

use super::acs3;
use super::signing::{Claim, SignatureMethod, Signed};
use super::signing::{hmac_sha1, hmac_sha256, same, sha256};
use crate::http::gateway::form;
use crate::service::refusal::Refusal;

/// The maximum size of a text to try mistakes on, in bytes; each takes a pass over it.
const MAX_TRIED: usize = 64 * 1024;

/// The maximum size of a text, in bytes; longer ones are cut. No token is that long, so none is cut
/// in two within what is shown.
const MAX_KEPT: usize = 512 * 1024;

/// How many characters of a text are shown.
const SHOWN: usize = 4096;

/// How many characters before a difference are shown, and how many from it on.
const AROUND: usize = 24;

/// The names that a security token has in what is signed.
const TOKEN_NAMES: [&str; 2] = ["x-acs-security-token", "SecurityToken"];

/// What stands between a name and its value in what is signed, and what ends the value.
const PLACES: [(&str, [&str; 2]); 4] =
    [(":", ["\n"; 2]), ("=", ["&", "\n"]), ("%3D", ["%26", "\n"]), ("%3d", ["%26", "\n"])];

const HIDDEN: &str = "[hidden]";

/// A signature that is not right.
pub(super) struct Mismatch {
    /// The text for the client, which knows what it sent.
    told: Texts,
    /// The same without sensitive values, for those who run the emulator.
    shown: Texts,
}

/// What was signed, here and by the client.
struct Texts {
    /// The text that was signed here; for ACS3 the canonical request, which says more than its hash.
    ours: String,
    string_to_sign: String,
    theirs: Option<Theirs>,
}

/// What the client seems to have done instead.
struct Theirs {
    mistake: &'static str,
    text: String,
}

impl Mismatch {
    /// Looks for the mistake that explains the signature of a claim.
    pub(super) fn find(signed: &Signed<'_>, claim: &Claim, secret: &str) -> Self {
        let ours = claim.canonical.as_ref().unwrap_or(&claim.string_to_sign);
        let theirs =
            if ours.len() > MAX_TRIED { None } else { search(signed, claim, secret, ours) };
        let hide = |text: &str| without_tokens(cut(text), claim);
        Self::of(Texts {
            ours: hide(ours),
            string_to_sign: hide(&claim.string_to_sign),
            theirs: theirs.map(|it| Theirs { text: hide(&it.text), ..it }),
        })
    }

    fn of(told: Texts) -> Self {
        Self { shown: told.without_sensitive(), told }
    }

    /// Says it to the client, after the documented message.
    pub(super) fn refusal(&self) -> Refusal {
        let refusal = Refusal::of("SignatureDoesNotMatch");
        let Texts { ours, string_to_sign, theirs } = &self.told;
        let mut message =
            format!("{} server string to sign is: {}", refusal.message, shortened(string_to_sign));
        if ours != string_to_sign {
            message.push_str(&format!(" server canonical request is: {}", shortened(ours)));
        }
        if let Some(theirs) = theirs {
            let text = shortened(&theirs.text);
            message.push_str(&format!(" client seems to have signed: {text}"));
        }
        refusal.with_message(message).because(self.reason())
    }

    /// Says it to the person who runs the emulator, in several lines.
    pub(super) fn report(&self) -> String {
        format!(
            "{}\n  server signed: {:?}\n  client signed: {:?}",
            self.reason(),
            self.ours(),
            self.theirs().as_deref().unwrap_or("unknown")
        )
    }

    /// Returns the string to sign as it is right.
    pub(super) fn string_to_sign(&self) -> String {
        shortened(&self.shown.string_to_sign)
    }

    /// Returns the text that was signed here.
    pub(super) fn ours(&self) -> String {
        shortened(&self.shown.ours)
    }

    /// Returns the text that the client signed, if a usual mistake explains it.
    pub(super) fn theirs(&self) -> Option<String> {
        self.shown.theirs.as_ref().map(|theirs| shortened(&theirs.text))
    }

    /// Returns which mistake it is.
    pub(super) fn mistake(&self) -> &'static str {
        self.shown.theirs.as_ref().map_or(
            "no common mistake gives this signature: the secret differs, or the request was changed \
             after signing",
            |theirs| theirs.mistake,
        )
    }

    /// Shows where the two texts part.
    pub(super) fn first_difference(&self) -> Option<String> {
        first_difference(&self.shown.ours, &self.shown.theirs.as_ref()?.text)
    }

    fn reason(&self) -> String {
        match self.first_difference() {
            Some(difference) => format!("{}; {difference}", self.mistake()),
            None => self.mistake().to_owned(),
        }
    }
}

impl Texts {
    /// Hides the values of parameters that hold secrets or pictures.
    fn without_sensitive(&self) -> Self {
        let parameters = OPERATIONS.iter().flat_map(|operation| operation.parameters);
        let sensitive = parameters.filter(|parameter| parameter.sensitive);
        let names: BTreeSet<&str> = sensitive.map(|parameter| parameter.name).collect();
        let hide =
            |text: &String| names.iter().fold(text.clone(), |it, name| without_value(it, name));
        Self {
            ours: hide(&self.ours),
            string_to_sign: hide(&self.string_to_sign),
            theirs: self.theirs.as_ref().map(|it| Theirs { text: hide(&it.text), ..*it }),
        }
    }
}

/// Tries out mistakes until one gives the client's signature.
fn search(signed: &Signed<'_>, claim: &Claim, secret: &str, ours: &str) -> Option<Theirs> {
    let with_ampersand = format!("{secret}&");
    let (right, wrong, mistake) = match claim.method {
        SignatureMethod::RpcHmacSha1 => {
            (&*with_ampersand, secret, "the secret was used without the trailing ampersand")
        }
        _ => (secret, &*with_ampersand, "the secret was used with a trailing ampersand"),
    };
    let gives = |key: &str, text: &str| {
        let signature = match claim.method {
            SignatureMethod::Acs3HmacSha256 => {
                hmac_sha256(key.as_bytes(), acs3::string_to_sign(text).as_bytes())
            }
            _ => hmac_sha1(key.as_bytes(), text.as_bytes()),
        };
        same(signature.as_bytes(), claim.signature.as_bytes())
    };
    if gives(wrong, ours) {
        return Some(Theirs { mistake, text: ours.to_owned() });
    }
    let candidates = match claim.method {
        SignatureMethod::Acs3HmacSha256 => acs3_candidates(signed, ours),
        SignatureMethod::RpcHmacSha1 => rpc_candidates(signed),
        SignatureMethod::RoaHmacSha1 => Vec::new(),
    };
    candidates
        .into_iter()
        .find(|(_, text)| text != ours && gives(right, text))
        .map(|(mistake, text)| Theirs { mistake, text })
}

type Candidate = (&'static str, String);

/// Ways in which the canonical encoding goes wrong, applied to text that is right.
fn encoded_wrongly(right: &str) -> [Candidate; 6] {
    let unescaped = ["%21", "%27", "%28", "%29", "%2A"];
    let plain = ["!", "'", "(", ")", "*"];
    let form = unescaped
        .iter()
        .zip(plain)
        .fold(right.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain));
    [
        ("blanks were encoded as + instead of %20", right.replace("%20", "+")),
        ("* was not escaped as %2A", right.replace("%2A", "*")),
        ("! ' ( ) * were not escaped", form.clone()),
        ("form encoding was used: + for blanks, ! ' ( ) * left", form.replace("%20", "+")),
        ("~ was escaped as %7E, which must be left", right.replace('~', "%7E")),
        ("escapes are in lower case", lower_case_escapes(right)),
    ]
}

fn acs3_candidates(signed: &Signed<'_>, ours: &str) -> Vec<Candidate> {
    let lines: Vec<&str> = ours.split('\n').collect();
    let with = |index: usize, line: &str| {
        let mut lines = lines.clone();
        if let Some(place) = lines.get_mut(index) {
            *place = line;
        }
        lines.join("\n")
    };
    let query = lines.get(2).copied().unwrap_or_default();
    let mut candidates: Vec<_> =
        encoded_wrongly(query).map(|(mistake, query)| (mistake, with(2, &query))).into();
    candidates.push(("the query was not sorted", with(2, &form::in_order(signed.query.iter()))));
    candidates.push(("the query was omitted", with(2, "")));
    candidates.push(("the path was empty instead of /", with(1, "")));
    if let Some(at) = ours.rfind("\n\n") {
        let (before, after) = ours.split_at(at);
        candidates.push((
            "the empty line after the headers is missing",
            format!("{before}{}", after.replacen("\n\n", "\n", 1)),
        ));
    }
    let nothing = sha256(b"");
    let last = lines.len().saturating_sub(1);
    candidates.push(("the hash is that of an empty body", with(last, &nothing)));
    let host = signed.header("host").unwrap_or_default();
    if let Some((name, _)) = host.rsplit_once(':') {
        let mistake = "the host was signed without its port";
        candidates.push((
            mistake,
            ours.replace(&format!("\nhost:{host}\n"), &format!("\nhost:{name}\n")),
        ));
    }
    candidates
}

fn rpc_candidates(signed: &Signed<'_>) -> Vec<Candidate> {
    let text =
        |method: &str, parameters: &str| format!("{method}&%2F&{}", form::encode(parameters));
    let method = signed.method.as_str();
    let covered = || signed.query.iter().filter(|(name, _)| name != "Signature");
    let right = form::canonical(covered().chain(signed.form));
    let mut candidates: Vec<_> = encoded_wrongly(&right)
        .map(|(mistake, parameters)| (mistake, text(method, &parameters)))
        .into();
    let body_left_out = form::canonical(covered());
    candidates.push(("the parameters of the body were omitted", text(method, &body_left_out)));
    let unsorted = form::in_order(covered().chain(signed.form));
    candidates.push(("the parameters were not sorted", text(method, &unsorted)));
    let filled = covered().chain(signed.form).filter(|(_, value)| !value.is_empty());
    candidates.push(("empty parameters were omitted", text(method, &form::canonical(filled))));
    let other = if method == "GET" { "POST" } else { "GET" };
    candidates.push(("the signed method differs from the one used", text(other, &right)));
    candidates.push((
        "the parameters were encoded once instead of twice",
        format!("{method}&%2F&{right}"),
    ));
    candidates.push(("the path was not encoded", text(method, &right).replacen("%2F", "/", 1)));
    candidates
}

fn lower_case_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (escape, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lower.push('%');
        lower.push_str(&escape.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

/// Shows where two texts part, with a mark at the place.
fn first_difference(ours: &str, theirs: &str) -> Option<String> {
    let same = ours.chars().zip(theirs.chars()).take_while(|(ours, theirs)| ours == theirs).count();
    let excerpt = |text: &str| {
        let start = same.saturating_sub(AROUND);
        let before: String = text.chars().skip(start).take(same - start).collect();
        let from: String = text.chars().skip(same).take(AROUND).collect();
        format!("{before}»{from}").escape_debug().to_string()
    };
    (ours != theirs).then(|| {
        format!(
            "first difference at character {}: server `{}`, client `{}`",
            same + 1,
            excerpt(ours),
            excerpt(theirs)
        )
    })
}

/// Hides the security token, by its name and wherever else it is.
fn without_tokens(text: &str, claim: &Claim) -> String {
    let mut text = text.to_owned();
    if let Some(token) = claim.security_token.as_deref().filter(|it| !it.is_empty()) {
        // In the string to sign of RPC the token is encoded twice, in a header not at all.
        let once = form::encode(token);
        for hidden in [&form::encode(&once), &once, token] {
            text = text.replace(hidden, HIDDEN);
        }
    }
    // A text that was encoded wrongly has it in yet another form.
    TOKEN_NAMES.iter().fold(text, |text, name| without_value(text, name))
}

/// Hides the values of a name, however they are written.
fn without_value(text: String, name: &str) -> String {
    PLACES.iter().fold(text, |text, (between, ends)| {
        let start = format!("{name}{between}");
        let (mut shown, mut rest) = (String::new(), text.as_str());
        while let Some(place) = rest.find(&start) {
            let (before, value) = rest.split_at(place + start.len());
            let end = ends.iter().filter_map(|end| value.find(end)).min();
            shown.push_str(before);
            shown.push_str(HIDDEN);
            rest = value.split_at(end.unwrap_or(value.len())).1;
        }
        shown + rest
    })
}

/// Takes the beginning of a text that is long.
fn cut(text: &str) -> &str {
    text.split_at_checked(text.floor_char_boundary(MAX_KEPT)).map_or(text, |(start, _)| start)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.split_at(end).0),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
