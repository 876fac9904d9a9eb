//! Numbers of bytes, with or without a unit.

/// The units that may follow a number, in bytes.
const UNITS: [(&str, u64); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)];

/// Reads `512MiB`, `2GiB` or `1048576`.
pub(crate) fn byte_count(text: &str) -> Result<u64, String> {
    let parsed = UNITS.iter().find_map(|(unit, bytes)| {
        let number = text.strip_suffix(unit)?.trim_end().parse::<u64>().ok()?;
        number.checked_mul(*bytes)
    });
    parsed.ok_or_else(|| {
        "must be a number of bytes, or one of KiB, MiB or GiB such as 512MiB".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::byte_count;

    #[test]
    fn numbers_may_have_units() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1048576", Some(1 << 20)),
            ("2GiB", Some(2 << 30)),
            ("512 MiB", Some(512 << 20)),
            ("1KiB", Some(1024)),
            ("1GB", None),
            ("-1", None),
            ("1.5GiB", None),
            ("GiB", None),
            ("99999999999999GiB", None),
            ("", None),
        ] {
            assert_eq!(byte_count(text).ok(), expected, "{text}");
        }
    }
}
