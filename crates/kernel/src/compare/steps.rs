//! The distribution function of one column's numbers.

use crate::columns::{Domain, Numbers};
use crate::profile::Column;

/// Standard deviation of a KLL sketch's own error of rank, measured on sketches of 2,000 to a million
/// values, of one pass and of 7 and 64 merged parts: 0.035 % to 0.05 %.
const JITTER: f64 = 0.000_45;

/// Sampling before insertion keeps at least so many values of a longer column.
const SAMPLED: u64 = 1 << 18;

/// A distribution function that rises in steps: distinct values with cumulative counts.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// Distinct values, ascending.
    pub values: Vec<f64>,
    /// How many values lie at or below each.
    pub cumulative: Vec<u64>,
    /// Variance that sampling before insertion adds, in units of the Brownian bridge: 1 / n more.
    pub sampling: f64,
    /// Standard deviation of the sketch's own error of rank; 0 when exact. It differs from point
    /// to point, so that the greatest difference of two functions almost surely has some of it.
    pub jitter: f64,
}

impl Steps {
    /// From values in any order with their counts.
    pub fn new(mut items: Vec<(f64, u64)>) -> Self {
        // Stable sorting finds the runs: every level is sorted already.
        items.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut steps = Self::default();
        let mut sum = 0;
        for (value, count) in items {
            sum += count;
            if steps.values.last() == Some(&value) {
                steps.cumulative.pop();
            } else {
                steps.values.push(value);
            }
            steps.cumulative.push(sum);
        }
        steps
    }

    /// Of the values of a column: exact as long as all its distinct values are listed.
    pub fn of_values(column: &Column) -> Option<Self> {
        let numbers = column.values.as_deref()?;
        exact_items(column, numbers).or_else(|| Self::of_numbers(numbers))
    }

    /// Of the lengths of a column's texts, byte strings or lists.
    pub fn of_lengths(column: &Column) -> Option<Self> {
        Self::of_numbers(column.lengths.as_deref()?)
    }

    fn of_numbers(numbers: &Numbers) -> Option<Self> {
        let sketch = numbers.quantiles.as_ref()?;
        let view = sketch.view();
        let mut steps = Self::new(view.values().iter().copied().zip(view.weights()).collect());
        if !sketch.is_exact() {
            let n = sketch.n();
            let sampled = (n >> (n / SAMPLED).max(1).ilog2()) as f64;
            steps.sampling = 1.0 / sampled - 1.0 / n as f64;
            steps.jitter = JITTER;
        }
        Some(steps)
    }

    /// How many values there are.
    pub fn n(&self) -> u64 {
        self.cumulative.last().copied().unwrap_or(0)
    }

    /// Whether the sketch has no error.
    pub fn is_exact(&self) -> bool {
        self.jitter == 0.0
    }

    /// How many values lie at or below each of some ascending points.
    pub fn at(&self, points: &[f64]) -> Vec<u64> {
        let mut at = 0;
        points
            .iter()
            .map(|&point| {
                while at < self.values.len() && self.values[at] <= point {
                    at += 1;
                }
                if at == 0 { 0 } else { self.cumulative[at - 1] }
            })
            .collect()
    }
}

/// The distribution of numbers all of whose distinct values are counted exactly.
fn exact_items(column: &Column, numbers: &Numbers) -> Option<Steps> {
    let items = column.frequent_items.as_ref().filter(|items| items.is_exact())?;
    let n = numbers.quantiles.as_ref()?.n();
    if numbers.domain != Domain::Number || column.types.distinct() > 1 || items.total() < n {
        return None;
    }
    let parsed: Vec<(f64, u64)> = items
        .items()
        .filter_map(|(text, count)| Some((text.parse().ok()?, count)))
        .filter(|item: &(f64, u64)| item.0.is_finite())
        .map(|(value, count)| (value + 0.0, count))
        .collect();
    let counted: u64 = parsed.iter().map(|item| item.1).sum();
    (counted == n).then(|| Steps::new(parsed))
}
