use std::collections::BTreeSet;

use bytes::Bytes;

use super::{CaretEntry, CaretError, CaretErrorKind, CaretParts, MAX_ENTRIES};
use crate::quote::quote;

/// Reads a body into its entries, without copying any value.
///
/// Names may come in any order; their values must lie one after the other in that order and cover
/// everything behind the first `^`, as those of all official SDKs do. The time it takes is
/// proportional to the length of the body.
///
/// ```
/// use bytes::Bytes;
/// use imagesearch_core::caret::decode;
///
/// let body = Bytes::from_static(b"item_id,0,4#cust_content,4,9^1000x^#,y");
/// let parts = decode(&body)?;
/// assert_eq!(parts.text("cust_content")?, Some("x^#,y"));
/// # Ok::<(), imagesearch_core::caret::CaretError>(())
/// ```
///
/// # Errors
///
/// There is no `^`, no entry before it or more than [`MAX_ENTRIES`]; an entry is not
/// `name,start,end` with decimal numbers; a name is empty or occurs twice; or the offsets overlap,
/// leave bytes out or end beyond the body.
pub fn decode(body: &Bytes) -> Result<CaretParts, CaretError> {
    let Some(caret) = body.iter().position(|byte| *byte == b'^') else {
        return Err(CaretError::new(
            CaretErrorKind::NoSeparator,
            "the body has no `^` between its entries and its values",
        ));
    };
    if caret == 0 {
        return Err(CaretError::new(
            CaretErrorKind::NoEntries,
            "the body has no entries before its first `^`",
        ));
    }
    let content = body.slice(caret + 1..);
    let mut reader = Reader { content: &content, names: BTreeSet::new(), next: 0 };
    let mut entries = Vec::new();
    let meta = body.get(..caret).unwrap_or_default();
    for (index, item) in meta.split(|byte| *byte == b'#').enumerate() {
        if index == MAX_ENTRIES {
            return Err(CaretError::new(
                CaretErrorKind::TooManyEntries,
                format!("the body has more than {MAX_ENTRIES} entries; split the request"),
            ));
        }
        entries.push(reader.entry(item)?);
    }
    reader.finish()?;
    Ok(CaretParts::new(entries))
}

/// The entries read so far.
struct Reader<'a> {
    content: &'a Bytes,
    names: BTreeSet<&'a str>,
    /// Where the next value must start.
    next: usize,
}

impl<'a> Reader<'a> {
    fn entry(&mut self, item: &'a [u8]) -> Result<CaretEntry, CaretError> {
        let (name, start, end) = split(item).ok_or_else(|| {
            CaretError::new(
                CaretErrorKind::MalformedEntry,
                format!(
                    "the entry {} is not `name,start,end` with plain decimal numbers",
                    quote(&String::from_utf8_lossy(item))
                ),
            )
        })?;
        if name.is_empty() {
            let message =
                format!("the entry {} has an empty name", quote(&format!(",{start},{end}")));
            return Err(CaretError::new(CaretErrorKind::Name, message));
        }
        if !self.names.insert(name) {
            let message = format!("the entry name {} occurs twice", quote(name));
            return Err(CaretError::new(CaretErrorKind::Name, message));
        }
        self.check_offsets(name, start, end)?;
        self.next = end;
        Ok(CaretEntry { name: name.to_owned(), value: self.content.slice(start..end) })
    }

    /// Refuses a range that does not start at the end of the last one or leaves the content.
    fn check_offsets(&self, name: &str, start: usize, end: usize) -> Result<(), CaretError> {
        let (next, length) = (self.next, self.content.len());
        let problem = if start > end {
            "ends before it starts".to_owned()
        } else if end > length {
            format!("ends beyond the {length} bytes after `^`")
        } else if start < next {
            format!("overlaps the value before it, which ends at {next}")
        } else if start > next {
            format!("leaves a gap after the value before it, which ends at {next}")
        } else {
            return Ok(());
        };
        Err(CaretError::new(
            CaretErrorKind::Offsets,
            format!("the value of {} from {start} to {end} {problem}", quote(name)),
        ))
    }

    fn finish(self) -> Result<(), CaretError> {
        let (next, length) = (self.next, self.content.len());
        if next == length {
            return Ok(());
        }
        Err(CaretError::new(
            CaretErrorKind::Offsets,
            format!(
                "the values end at {next} and {length} bytes follow `^`; offsets count bytes, not \
                 characters"
            ),
        ))
    }
}

/// Splits an entry into its three parts.
fn split(item: &[u8]) -> Option<(&str, usize, usize)> {
    let mut parts = std::str::from_utf8(item).ok()?.split(',');
    let entry = (parts.next()?, offset(parts.next()?)?, offset(parts.next()?)?);
    parts.next().is_none().then_some(entry)
}

/// Reads a number without sign or leading zeros.
fn offset(text: &str) -> Option<usize> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = text.len() > 1 && text.starts_with('0');
    if digits && !padded { text.parse().ok() } else { None }
}
