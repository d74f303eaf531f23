//! Rounding of numbers and times to the nearest of coarse values, ties away from zero.

use std::fmt;

const SECOND: f64 = 1e6;
const DAY: i64 = 86_400_000_000;

/// From here on neighbouring doubles are at least one unit apart.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// How coarse values are made. Rounding twice is rounding once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rounding {
    /// To multiples of a number: seconds in columns of times, days in columns of dates.
    Step(f64),
    /// To multiples of so many microseconds: seconds in columns of numbers.
    Span(i64),
    /// To so many significant decimal digits of the number that the profile keeps.
    Digits(u8),
}

impl Rounding {
    /// A finite number.
    pub fn number(self, value: f64) -> f64 {
        match self {
            Self::Step(step) => to_multiple(value, step),
            Self::Span(span) => to_multiple(value, span as f64 / SECOND),
            Self::Digits(digits) => to_digits(value, digits),
        }
    }

    /// The digits of a rounded number; those of a great whole one are exact.
    pub fn digits(self, value: f64) -> String {
        // −0 is 0.
        let rounded = self.number(value) + 0.0;
        if rounded.abs() < WHOLE {
            rounded.to_string()
        } else {
            format!("{rounded:.0}")
        }
    }

    /// A whole number, which stays one: steps are taken as the next whole number.
    pub fn whole(self, value: i64) -> i64 {
        match self {
            Self::Step(step) => nearest(value, at_least_one(step)),
            Self::Span(span) => nearest(value, at_least_one(span as f64 / SECOND)),
            Self::Digits(digits) => {
                let places = value.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
                let dropped = places.saturating_sub(u32::from(digits));
                nearest(value, 10i128.pow(dropped))
            }
        }
    }

    /// A time in microseconds.
    pub fn microseconds(self, value: i64) -> i64 {
        match self {
            Self::Step(step) => nearest(value, at_least_one(step * SECOND)),
            Self::Span(span) => nearest(value, i128::from(span.max(1))),
            Self::Digits(_) => self.whole(value),
        }
    }

    /// A date in days.
    pub fn days(self, value: i64) -> i64 {
        match self {
            Self::Span(span) => nearest(value, i128::from(span / DAY + i64::from(span % DAY > 0)).max(1)),
            _ => self.whole(value),
        }
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(step) if (1e-9..1e15).contains(step) => write!(formatter, "step:{step}"),
            Self::Step(step) => write!(formatter, "step:{step:e}"),
            Self::Span(span) => write!(formatter, "span:{}s", *span as f64 / SECOND),
            Self::Digits(digits) => write!(formatter, "digits:{digits}"),
        }
    }
}

fn at_least_one(step: f64) -> i128 {
    // A cast saturates: then everything is rounded to 0.
    (step.ceil() as i128).max(1)
}

/// The nearest multiple; the one towards zero where the other is out of range.
fn nearest(value: i64, step: i128) -> i64 {
    let value = i128::from(value);
    let rest = value.abs() % step;
    let down = value.abs() - rest;
    let up = if rest >= step - rest { down + step } else { down };
    let sign = value.signum();
    i64::try_from(sign * up).unwrap_or((sign * down) as i64)
}

fn to_multiple(value: f64, step: f64) -> f64 {
    let times = value / step;
    // Such a number is as coarse as the step by its own doubles.
    if !times.is_finite() || times.abs() >= WHOLE {
        return value;
    }
    let inverse = (1.0 / step).round();
    // 3 / 10 is the double that one writes as 0.3; 3 × 0.1 is not.
    if step < 1.0 && (inverse * step - 1.0).abs() < 1e-12 {
        times.round() / inverse
    } else {
        times.round() * step
    }
}

fn to_digits(value: f64, digits: u8) -> f64 {
    let text = format!("{value:.*e}", usize::from(digits.max(1)) - 1);
    // What is finite may round to beyond the doubles: then the value is the greatest of them.
    text.parse::<f64>()
        .ok()
        .filter(|rounded| rounded.is_finite())
        .unwrap_or(f64::MAX.copysign(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_numbers() {
        for (rounding, value, rounded) in [
            (Rounding::Step(0.1), 0.33, 0.3),
            (Rounding::Step(10.0), -15.0, -20.0),
            (Rounding::Step(2.5), 3.7, 2.5),
            (Rounding::Step(1e-300), 1e300, 1e300),
            (Rounding::Span(60_000_000), 89.0, 60.0),
            (Rounding::Digits(2), 0.012_345, 0.012),
            (Rounding::Digits(1), -96.0, -100.0),
            (Rounding::Digits(1), f64::MAX, f64::MAX),
            (Rounding::Digits(3), 0.0, 0.0),
        ] {
            assert_eq!(rounding.number(value), rounded, "{rounding} of {value}");
            assert_eq!(rounding.number(rounded), rounded, "{rounding} twice");
        }
    }

    #[test]
    fn rounds_whole_numbers() {
        for (rounding, value, rounded) in [
            (Rounding::Step(0.5), 7, 7),
            (Rounding::Step(2.5), 7, 6),
            (Rounding::Step(10.0), -15, -20),
            (Rounding::Step(1000.0), i64::MAX, 9_223_372_036_854_775_000),
            (Rounding::Step(1e300), i64::MIN, 0),
            (Rounding::Digits(2), 995, 1000),
            (Rounding::Digits(2), 0, 0),
            (Rounding::Digits(1), i64::MIN, -9_000_000_000_000_000_000),
        ] {
            assert_eq!(rounding.whole(value), rounded, "{rounding} of {value}");
            assert_eq!(rounding.whole(rounded), rounded, "{rounding} twice");
        }
    }

    #[test]
    fn rounds_times() {
        assert_eq!(Rounding::Step(60.0).microseconds(89_999_999), 60_000_000);
        assert_eq!(
            Rounding::Span(3_600_000_000).microseconds(-1_900_000_000),
            -3_600_000_000
        );
        assert_eq!(Rounding::Span(3_600_000_000).days(15_001), 15_001);
        assert_eq!(Rounding::Span(7 * DAY).days(15), 14);
        assert_eq!(Rounding::Step(7.0).days(18), 21);
    }
}
