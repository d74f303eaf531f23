//! Names that stand for values, where the values themselves shall not be seen.

/// What such a name begins with, so that it is never taken for a number.
const MARK: char = '#';

/// Hexadecimal digits of a name.
const DIGITS: usize = 16;

/// The name made of a value's hash; that of the beginning of longer texts ends as these do.
pub fn hashed_name(hash: u64, beginning: bool) -> String {
    let rest = if beginning { "…" } else { "" };
    format!("{MARK}{hash:0DIGITS$x}{rest}")
}

/// Whether a text has the form of such a name.
pub fn is_hashed(item: &str) -> bool {
    let name = item.strip_prefix(MARK);
    name.map(|name| name.strip_suffix('…').unwrap_or(name))
        .is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
