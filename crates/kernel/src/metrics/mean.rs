//! A mean of twice the precision of a double.
//!
//! Where values are large and lie close together, a mean rounded to a double spoils the variance of
//! what is merged: parts of 1e9 ± 1 differ in their means by less than one rounding.

/// The unevaluated sum of two doubles.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Mean {
    /// The mean, rounded to a double.
    pub high: f64,
    /// What rounding left out.
    pub low: f64,
}

impl Mean {
    /// The exact sum of two doubles. Source: Knuth, TAOCP 2, 4.2.2, theorem B.
    pub fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        let low = (a - (high - part)) + (b - part);
        // Beyond the range of doubles there is no rest to speak of.
        Self {
            high,
            low: if low.is_finite() { low } else { 0.0 },
        }
    }

    /// How far another mean lies from this one.
    pub fn distance_to(self, other: Self) -> f64 {
        let apart = Self::sum(other.high, -self.high);
        apart.high + (apart.low + (other.low - self.low))
    }

    /// The mean moved by a distance.
    pub fn moved(self, distance: f64) -> Self {
        let moved = Self::sum(self.high, distance);
        Self::sum(moved.high, moved.low + self.low)
    }
}
