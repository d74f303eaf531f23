//! Mean and central moments up to the fourth, with extremes.
//!
//! A block of values is summed in two passes in vector lanes (mean first, then powers of the
//! deviations, so nothing cancels); blocks and profiles combine by the formulas of Chan, Golub &
//! LeVeque 1979 and Pébay, "Formulas for robust, one-pass parallel computation of covariances and
//! arbitrary-order statistical moments", SAND2008-6212.

use super::{Exact, Mean};

const LANES: usize = 8;

/// Moments of finite values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// How many values.
    pub n: u64,
    /// Their mean.
    pub mean: Mean,
    /// Sum of squared deviations from the mean.
    pub m2: f64,
    /// Sum of cubed deviations.
    pub m3: f64,
    /// Sum of fourth powers of deviations.
    pub m4: f64,
    /// Smallest value; NaN when there is none.
    pub min: f64,
    /// Largest value; NaN when there is none.
    pub max: f64,
    /// Smallest and largest value exactly, when all values were integers or decimals.
    pub exact: Option<(Exact, Exact)>,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            n: 0,
            mean: Mean::default(),
            m2: 0.0,
            m3: 0.0,
            m4: 0.0,
            min: f64::NAN,
            max: f64::NAN,
            exact: None,
        }
    }
}

/// The first pass over a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// Sum of the values.
    pub sum: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

impl Sums {
    /// Sum and extremes of finite values.
    pub fn of(values: &[f64]) -> Self {
        let mut sum = [0.0; LANES];
        let mut min = [f64::INFINITY; LANES];
        let mut max = [f64::NEG_INFINITY; LANES];
        let chunks = values.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            for lane in 0..LANES {
                let value = chunk[lane];
                sum[lane] += value;
                min[lane] = if value < min[lane] { value } else { min[lane] };
                max[lane] = if value > max[lane] { value } else { max[lane] };
            }
        }
        Self {
            sum: sum.iter().sum::<f64>() + rest.iter().sum::<f64>(),
            min: min.iter().chain(rest).copied().fold(f64::INFINITY, f64::min),
            max: max.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

impl Moments {
    /// Adds a block of finite values whose sums are known.
    pub fn add_block(&mut self, values: &[f64], sums: Sums, exact: Option<(Exact, Exact)>) {
        if values.is_empty() {
            return;
        }
        let n = values.len() as f64;
        // The sum of finite values may lie beyond the range of doubles; their mean does not.
        let centre = if sums.sum.is_finite() {
            sums.sum / n
        } else {
            values.iter().map(|value| value / n).sum()
        };
        let mut powers = [[0.0; LANES]; 4];
        let chunks = values.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            for lane in 0..LANES {
                let first = chunk[lane] - centre;
                let second = first * first;
                powers[0][lane] += first;
                powers[1][lane] += second;
                powers[2][lane] += second * first;
                powers[3][lane] += second * second;
            }
        }
        let mut total = powers.map(|lanes| lanes.iter().sum::<f64>());
        for value in rest {
            let first = value - centre;
            for (power, sum) in total.iter_mut().enumerate() {
                *sum += first.powi(power as i32 + 1);
            }
        }
        // The centre was rounded: move the sums to the true mean.
        let shift = total[0] / n;
        self.merge(&Self {
            n: values.len() as u64,
            mean: Mean::sum(centre, shift),
            m2: total[1] - n * shift * shift,
            m3: total[2] - 3.0 * shift * total[1] + 2.0 * n * shift.powi(3),
            m4: total[3] - 4.0 * shift * total[2] + 6.0 * shift * shift * total[1] - 3.0 * n * shift.powi(4),
            min: sums.min,
            max: sums.max,
            exact,
        });
    }

    /// Adds `(value, count)` pairs.
    pub fn add_counted(&mut self, pairs: &[(f64, u64)], exact: Option<(Exact, Exact)>) {
        let n: u64 = pairs.iter().map(|pair| pair.1).sum();
        if n == 0 {
            return;
        }
        let weight = n as f64;
        let sum = |term: &dyn Fn(f64) -> f64| -> f64 {
            pairs
                .iter()
                .map(|&(value, count)| term(value) * count as f64)
                .sum()
        };
        let centre = sum(&|value| value) / weight;
        let shift = sum(&|value| value - centre) / weight;
        let mean = Mean::sum(centre, shift);
        let deviation = |value: f64| (value - mean.high) - mean.low;
        let values = pairs.iter().filter(|pair| pair.1 > 0).map(|pair| pair.0);
        self.merge(&Self {
            n,
            mean,
            m2: sum(&|value| deviation(value).powi(2)),
            m3: sum(&|value| deviation(value).powi(3)),
            m4: sum(&|value| deviation(value).powi(4)),
            min: values.clone().fold(f64::NAN, f64::min),
            max: values.fold(f64::NAN, f64::max),
            exact,
        });
    }

    /// Combines with the moments of other values.
    pub fn merge(&mut self, other: &Self) {
        if other.n == 0 {
            return;
        }
        if self.n == 0 {
            *self = *other;
            self.mark_overflow();
            return;
        }
        let (a, b) = (self.n as f64, other.n as f64);
        let n = a + b;
        // From the larger part, so that the order of the two makes no difference.
        let (base, far, share) = if (a, self.mean.high) >= (b, other.mean.high) {
            (self.mean, other.mean, b / n)
        } else {
            (other.mean, self.mean, a / n)
        };
        let mean = base.moved(base.distance_to(far) * share);
        let delta = self.mean.distance_to(other.mean);
        let part = delta / n;
        let cross = delta * part * a * b;
        let m4 = self.m4
            + other.m4
            + cross * part * part * (a * a - a * b + b * b)
            + 6.0 * part * part * (a * a * other.m2 + b * b * self.m2)
            + 4.0 * part * (a * other.m3 - b * self.m3);
        let m3 = self.m3 + other.m3 + cross * part * (a - b) + 3.0 * part * (a * other.m2 - b * self.m2);
        *self = Self {
            n: self.n + other.n,
            mean,
            m2: self.m2 + other.m2 + cross,
            m3,
            m4,
            min: known(self.min, other.min, f64::min),
            max: known(self.max, other.max, f64::max),
            exact: self
                .exact
                .zip(other.exact)
                .map(|(mine, theirs)| Exact::widen(mine, theirs)),
        };
        self.mark_overflow();
    }

    /// Leaves the least and the greatest value out.
    pub fn hide_extremes(&mut self) {
        (self.min, self.max, self.exact) = (f64::NAN, f64::NAN, None);
    }

    /// Powers of deviations beyond the range of doubles are infinite, not unknown.
    fn mark_overflow(&mut self) {
        for power in [&mut self.m2, &mut self.m4] {
            if power.is_nan() {
                *power = f64::INFINITY;
            }
        }
    }
}

/// The extreme of two parts that have values: not known where one of them hides it.
fn known(mine: f64, theirs: f64, extreme: fn(f64, f64) -> f64) -> f64 {
    if mine.is_nan() || theirs.is_nan() {
        f64::NAN
    } else {
        extreme(mine, theirs)
    }
}
