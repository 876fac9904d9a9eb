//! Secrets that are drawn.

use std::io;

/// Draws 128 bits that nobody can guess, in hexadecimal.
pub(crate) fn random_hex() -> io::Result<String> {
    Ok(format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?))
}
