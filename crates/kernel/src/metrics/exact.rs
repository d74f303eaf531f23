//! Extremes that a double cannot hold: integers of 64 bits and more, and decimals.

use std::cmp::Ordering;
use std::fmt;

/// Longest text that is read: a sign, a point, and as many digits as the widest decimal has.
const MAX_DIGITS: usize = 80;

/// An exact number, `unscaled / 10^scale`, without trailing zeros behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    unscaled: i128,
    scale: u8,
}

impl Exact {
    /// A number from its parts.
    pub fn new(mut unscaled: i128, mut scale: u8) -> Self {
        while scale > 0 && unscaled % 10 == 0 {
            unscaled /= 10;
            scale -= 1;
        }
        Self { unscaled, scale }
    }

    /// The smaller and the larger of two pairs of extremes.
    pub fn widen((low, high): (Self, Self), (other_low, other_high): (Self, Self)) -> (Self, Self) {
        (
            if other_low.compare(&low) == Ordering::Less {
                other_low
            } else {
                low
            },
            if other_high.compare(&high) == Ordering::Greater {
                other_high
            } else {
                high
            },
        )
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        // Parsing the text rounds once; dividing would round twice.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Reads the text that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() > MAX_DIGITS || !digits(fraction) || !digits(whole.strip_prefix('-').unwrap_or(whole)) {
            return None;
        }
        let unscaled = format!("{whole}{fraction}").parse().ok()?;
        Some(Self::new(unscaled, u8::try_from(fraction.len()).ok()?))
    }

    fn compare(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        let widened = |number: &Self| {
            10i128
                .checked_pow(u32::from(scale - number.scale))
                .and_then(|factor| number.unscaled.checked_mul(factor))
        };
        match (widened(self), widened(other)) {
            (Some(mine), Some(theirs)) => mine.cmp(&theirs),
            _ => self.to_f64().total_cmp(&other.to_f64()),
        }
    }
}

impl From<i128> for Exact {
    fn from(value: i128) -> Self {
        Self {
            unscaled: value,
            scale: 0,
        }
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.unscaled.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let point = if scale > 0 { "." } else { "" };
        write!(formatter, "{sign}{whole}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_decimals() {
        for (unscaled, scale, text) in [
            (0, 0, "0"),
            (-5, 1, "-0.5"),
            (1200, 3, "1.2"),
            (i128::from(u64::MAX), 0, "18446744073709551615"),
        ] {
            let number = Exact::new(unscaled, scale);
            assert_eq!(number.to_string(), text);
            assert_eq!(Exact::parse(text), Some(number));
        }
        assert_eq!(Exact::parse("1e5"), None);
    }

    #[test]
    fn compares_across_scales() {
        let (low, high) = Exact::widen(
            (Exact::new(15, 1), Exact::new(15, 1)),
            (Exact::new(149, 2), Exact::new(151, 2)),
        );
        assert_eq!(
            (low.to_string(), high.to_string()),
            ("1.49".into(), "1.51".into())
        );
    }
}
