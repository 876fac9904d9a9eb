//! A file line by line, in bounded memory.

use std::io::{self, BufRead, BufReader, Read};

/// The longest line that is read, in bytes. `CustomContent` alone may be 4,096 characters.
pub(super) const MAX_BYTES: u64 = 64 * 1024;

/// Reads lines that end with a line feed, with or without a carriage return before it.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    number: u64,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Without blanks at its ends, and without a byte order mark.
    Text(Vec<u8>),
    TooLong,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self { reader: BufReader::new(source), number: 0 }
    }

    /// Returns the next line; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(MAX_BYTES + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if !line.ends_with(b"\n") && read as u64 > MAX_BYTES {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        let mark = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| self.number == 1);
        let text = mark.unwrap_or(&line);
        Ok(Some(Line::Text(text.trim_ascii().to_vec())))
    }

    /// Returns the number of the last line, counted from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_counted_and_bounded() {
        let text = |text: &str| Line::Text(text.as_bytes().to_vec());
        let most = "x".repeat(MAX_BYTES as usize);
        let longer = "x".repeat(3 * MAX_BYTES as usize);
        for (file, expected) in [
            (String::new(), vec![]),
            ("\u{feff}a\r\n\n b".to_owned(), vec![text("a"), text(""), text("b")]),
            (format!("{most}\nb\n"), vec![text(&most), text("b")]),
            (format!("{longer}\nb"), vec![Line::TooLong, text("b")]),
            (longer, vec![Line::TooLong]),
        ] {
            let mut lines = Lines::new(file.as_bytes());
            let mut read = Vec::new();
            while let Some(line) = lines.next().unwrap() {
                read.push(line);
            }
            assert_eq!(lines.number(), read.len() as u64);
            assert!(read == expected, "{}", file.len());
        }
    }
}
