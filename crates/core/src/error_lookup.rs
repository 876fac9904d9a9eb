use crate::{
    error_table::ErrorDescription,
    generated::error_code::{ERRORS, ErrorCode},
};

impl ErrorCode {
    /// Returns the description of the code, or `None` if this version does not know it.
    pub fn description(&self) -> Option<&'static ErrorDescription> {
        let index = ERRORS.binary_search_by(|it| it.code.cmp(self.as_str())).ok()?;
        ERRORS.get(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_has_its_description() {
        assert!(ERRORS.is_sorted_by_key(|it| it.code));
        assert_eq!(ErrorCode::KNOWN.len(), ERRORS.len());
        for code in ErrorCode::KNOWN {
            assert_eq!(code.description().map(|it| it.code), Some(code.as_str()));
        }
    }

    #[test]
    fn unknown_codes_have_none() {
        for code in ["", "A", "Zzz", "invalidaccesskeyid.notfound"] {
            assert_eq!(ErrorCode::from(code).description(), None, "{code}");
        }
    }
}
