use std::fmt;

/// Prints names with the lengths of their values, which may be secrets.
pub(crate) struct Hidden<'a, N, V>(pub(crate) &'a [(N, V)]);

impl<N: fmt::Debug, V: AsRef<[u8]>> fmt::Debug for Hidden<'_, N, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = formatter.debug_map();
        for (name, value) in self.0 {
            map.entry(name, &format_args!("{} bytes", value.as_ref().len()));
        }
        map.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_names_and_lengths() {
        let pairs = [("a", "secret".to_owned()), ("b", String::new())];
        assert_eq!(format!("{:?}", Hidden(&pairs)), r#"{"a": 6 bytes, "b": 0 bytes}"#);
    }
}
