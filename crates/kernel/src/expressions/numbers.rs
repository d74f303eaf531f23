//! Exact numbers: what they are to each other, whatever types they came in.
//!
//! Whole numbers and decimals are exact up to 38 digits. Beyond, and wherever a double takes part
//! in arithmetic, the result is a double. A whole number is compared with a double without rounding
//! either; a decimal meets a double as the double that is nearest to it.

use super::tree::Operation;
use crate::metrics::Exact;
use std::cmp::Ordering;

/// A number of any type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// A decimal: its digits, and how many of them stand behind the point.
    Decimal(i128, u8),
    /// A number with a point that the expression itself holds: a decimal among decimals, else a double.
    Fraction(i128, u8, f64),
    /// A double.
    Float(f64),
}

use Number::{Decimal, Float, Fraction, Integer};

impl Number {
    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        match self {
            Integer(value) => value as f64,
            Decimal(digits, scale) => decimal_to_f64(digits, scale),
            Fraction(_, _, value) | Float(value) => value,
        }
    }

    /// Digits and scale; `None` of a double.
    fn exact(self) -> Option<(i128, u8)> {
        match self {
            Integer(value) => Some((value, 0)),
            Decimal(digits, scale) | Fraction(digits, scale, _) => Some((digits, scale)),
            Float(_) => None,
        }
    }

    /// The number in plain digits.
    pub(super) fn digits(self) -> String {
        match self.exact() {
            Some((digits, scale)) => Exact::new(digits, scale).to_string(),
            None => self.to_f64().to_string(),
        }
    }

    /// How two numbers compare; `None` when one is NaN.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Integer(mine), Integer(theirs)) => Some(mine.cmp(&theirs)),
            (Integer(whole), Float(double) | Fraction(_, _, double)) => compare_whole(whole, double),
            (Float(double) | Fraction(_, _, double), Integer(whole)) => {
                compare_whole(whole, double).map(Ordering::reverse)
            }
            (Decimal(..), _) | (_, Decimal(..)) => match aligned(self, other) {
                Some((mine, theirs, _)) => Some(mine.cmp(&theirs)),
                None => self.to_f64().partial_cmp(&other.to_f64()),
            },
            _ => self.to_f64().partial_cmp(&other.to_f64()),
        }
    }

    /// The result of an operation; `None` for a division by zero.
    pub(super) fn apply(self, operation: Operation, other: Self) -> Option<Self> {
        if matches!(operation, Operation::Divide | Operation::Remainder) && other.is_zero() {
            return None;
        }
        let exact = match (operation, self, other) {
            (Operation::Divide, ..) => None,
            (_, Integer(mine), Integer(theirs)) => whole(operation, mine, theirs).map(Integer),
            (_, Decimal(..), _) | (_, _, Decimal(..)) => decimal(operation, self, other),
            _ => None,
        };
        Some(exact.unwrap_or_else(|| Float(double(operation, self.to_f64(), other.to_f64()))))
    }

    fn is_zero(self) -> bool {
        match self.exact() {
            Some((digits, _)) => digits == 0,
            None => self.to_f64() == 0.0,
        }
    }

    /// The number with the other sign.
    pub(super) fn negated(self) -> Self {
        match self {
            Integer(value) => value.checked_neg().map_or(Float(-(value as f64)), Integer),
            Decimal(digits, scale) => Decimal(digits.saturating_neg(), scale),
            Fraction(digits, scale, value) => Fraction(digits.saturating_neg(), scale, -value),
            Float(value) => Float(-value),
        }
    }

    pub(super) fn absolute(self) -> Self {
        match self {
            Float(value) => Float(value.abs()),
            _ if self.exact().is_some_and(|(digits, _)| digits < 0) => self.negated(),
            _ => self,
        }
    }
}

fn decimal_to_f64(digits: i128, scale: u8) -> f64 {
    // Both exact: then the quotient is rounded once.
    if digits.unsigned_abs() < 1 << 53 && scale <= 22 {
        return digits as f64 / 10f64.powi(i32::from(scale));
    }
    Exact::new(digits, scale).to_f64()
}

/// How a whole number compares with a double, without rounding.
#[inline]
pub(super) fn compare_whole(whole: i128, double: f64) -> Option<Ordering> {
    const END: f64 = 1.7014118346046923e38;
    if double.is_nan() {
        None
    } else if double >= END {
        Some(Ordering::Less)
    } else if double < -END {
        Some(Ordering::Greater)
    } else {
        let floor = double.trunc();
        Some(
            whole
                .cmp(&(floor as i128))
                .then_with(|| floor.partial_cmp(&double).unwrap_or(Ordering::Equal)),
        )
    }
}

/// The digits of two exact numbers at one scale.
fn aligned(mine: Number, theirs: Number) -> Option<(i128, i128, u8)> {
    let ((mine, my_scale), (theirs, their_scale)) = (mine.exact()?, theirs.exact()?);
    let scale = my_scale.max(their_scale);
    let widened = |digits: i128, from: u8| {
        let factor = 10i128.checked_pow(u32::from(scale - from))?;
        digits.checked_mul(factor)
    };
    Some((widened(mine, my_scale)?, widened(theirs, their_scale)?, scale))
}

fn whole(operation: Operation, mine: i128, theirs: i128) -> Option<i128> {
    match operation {
        Operation::Add => mine.checked_add(theirs),
        Operation::Subtract => mine.checked_sub(theirs),
        Operation::Multiply => mine.checked_mul(theirs),
        Operation::Divide => None,
        Operation::Remainder => {
            let rest = mine.wrapping_rem(theirs);
            let other_side = rest != 0 && (rest < 0) != (theirs < 0);
            Some(if other_side { rest + theirs } else { rest })
        }
    }
}

fn decimal(operation: Operation, mine: Number, theirs: Number) -> Option<Number> {
    if operation == Operation::Multiply {
        let ((mine, my_scale), (theirs, their_scale)) = (mine.exact()?, theirs.exact()?);
        return Some(Decimal(
            mine.checked_mul(theirs)?,
            my_scale.checked_add(their_scale)?,
        ));
    }
    let (mine, theirs, scale) = aligned(mine, theirs)?;
    whole(operation, mine, theirs).map(|digits| Decimal(digits, scale))
}

/// The result in doubles; dividing by zero is the caller's business.
#[inline]
pub(super) fn double(operation: Operation, mine: f64, theirs: f64) -> f64 {
    match operation {
        Operation::Add => mine + theirs,
        Operation::Subtract => mine - theirs,
        Operation::Multiply => mine * theirs,
        Operation::Divide => mine / theirs,
        Operation::Remainder => {
            let rest = mine % theirs;
            let other_side = rest != 0.0 && (rest < 0.0) != (theirs < 0.0);
            if other_side { rest + theirs } else { rest }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_doubles_compare_without_rounding() {
        let large = 9_007_199_254_740_993i128;
        for (whole, double, expected) in [
            (large, 9_007_199_254_740_992.0, Ordering::Greater),
            (-large, -9_007_199_254_740_992.0, Ordering::Less),
            (2, 2.5, Ordering::Less),
            (-2, -2.5, Ordering::Greater),
            (2, 2.0, Ordering::Equal),
            (i128::MAX, f64::INFINITY, Ordering::Less),
            (i128::MIN, f64::NEG_INFINITY, Ordering::Greater),
            (i128::MIN, -1.7014118346046923e38, Ordering::Equal),
            (i128::MAX, 1.7014118346046923e38, Ordering::Less),
        ] {
            assert_eq!(compare_whole(whole, double), Some(expected), "{whole} {double}");
        }
        assert_eq!(compare_whole(1, f64::NAN), None);
    }

    #[test]
    fn decimals_are_exact_among_themselves() {
        let sum = Decimal(1, 1).apply(Operation::Add, Decimal(2, 1));
        assert_eq!(sum, Some(Decimal(3, 1)));
        assert_eq!(Decimal(30, 2).compare(Fraction(3, 1, 0.3)), Some(Ordering::Equal));
        // The double 0.1 + 0.2 is not the double next to 0.3.
        assert_eq!(Decimal(3, 1).compare(Float(0.1 + 0.2)), Some(Ordering::Less));
        assert_eq!(
            Decimal(i128::MAX, 30).compare(Integer(i128::MAX)),
            Some(Ordering::Less)
        );
    }

    #[test]
    fn remainders_have_the_sign_of_the_divisor() {
        for (mine, theirs, expected) in [(-7, 3, 2), (7, -3, -2), (7, 3, 1), (-6, 3, 0), (i128::MIN, -1, 0)] {
            let rest = Integer(mine).apply(Operation::Remainder, Integer(theirs));
            assert_eq!(rest, Some(Integer(expected)), "{mine} % {theirs}");
        }
        assert_eq!(double(Operation::Remainder, -7.5, 2.0), 0.5);
        assert_eq!(Integer(1).apply(Operation::Remainder, Integer(0)), None);
        assert_eq!(Integer(1).apply(Operation::Divide, Float(-0.0)), None);
    }
}
