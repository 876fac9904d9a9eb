//! HMAC-SHA1 of version 1.0: the signature in the query, over all parameters.

use super::signing::hmac_sha1;
use super::signing::{Claim, SignatureMethod, Signed, incomplete};
use crate::http::gateway::form;
use crate::service::refusal::Refusal;

/// How long the parameters may be once they are encoded. The limit on bodies does not see to it:
/// the text that is signed may be five times as long as what was sent.
const MAX_ENCODED_BYTES: usize = 16 * 1024 * 1024;

/// Returns whether a request is signed this way.
pub(super) fn is_meant(query: &[(String, String)]) -> bool {
    query.iter().any(|(name, _)| name == "Signature" || name == "SignatureMethod")
}

/// Takes the claim out of a request and computes what it should have signed.
pub(super) fn claim(signed: &Signed<'_>) -> Result<Claim, Refusal> {
    let optional = |name: &str| {
        let found = signed.query.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.clone())
    };
    let required = |name: &str| {
        optional(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| incomplete(&format!("the parameter {name} is missing")))
    };
    let method = required("SignatureMethod")?;
    let version = required("SignatureVersion")?;
    if method != "HMAC-SHA1" || version != "1.0" {
        return Err(Refusal::of("InvalidSignatureMethod"));
    }
    let covered = || {
        let query = signed.query.iter().filter(|(name, _)| name != "Signature");
        query.chain(signed.form)
    };
    let lengths = covered().flat_map(|(name, value)| [name, value]);
    if lengths.map(|text| form::encoded_len(text)).sum::<usize>() > MAX_ENCODED_BYTES {
        return Err(Refusal::of("InvalidParameter")
            .because("the parameters are longer than 16 MiB once they are encoded to be signed"));
    }
    let parameters = form::canonical(covered());
    let string_to_sign =
        format!("{}&{}&{}", signed.method, form::encode("/"), form::encode(&parameters));
    Ok(Claim {
        method: SignatureMethod::RpcHmacSha1,
        access_key_id: required("AccessKeyId")?,
        security_token: optional("SecurityToken"),
        timestamp: optional("Timestamp"),
        nonce: Some(required("SignatureNonce")?),
        signature: required("Signature")?,
        string_to_sign,
        canonical: None,
    })
}

/// Signs with the secret and an ampersand, in Base64.
pub(super) fn sign(secret: &str, string_to_sign: &str) -> String {
    hmac_sha1(format!("{secret}&").as_bytes(), string_to_sign.as_bytes())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::*;

    #[test]
    fn agrees_with_the_published_example() {
        let query = "Timestamp=2016-02-23T12:46:24Z&Format=XML&AccessKeyId=testid\
            &Action=DescribeRegions&SignatureMethod=HMAC-SHA1&Version=2014-05-26\
            &SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&SignatureVersion=1.0\
            &Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D";
        let query = crate::http::gateway::form::pairs(query.as_bytes()).unwrap();
        let claim = claim(&Signed {
            method: &Method::GET,
            path: "/",
            query: &query,
            form: &[],
            headers: &HeaderMap::new(),
            body: b"",
        })
        .unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert_eq!(sign("testsecret", &claim.string_to_sign), claim.signature);
        assert_eq!(claim.timestamp.as_deref(), Some("2016-02-23T12:46:24Z"));
    }
}
