//! What a sketch answers: sorted items with cumulative weights.

/// Sorted retained values and their cumulative weights.
#[derive(Debug, Clone)]
pub struct View {
    values: Vec<f64>,
    cumulative: Vec<u64>,
    min: f64,
    max: f64,
}

impl View {
    pub(super) fn new(mut items: Vec<(f64, u64)>, min: f64, max: f64) -> Self {
        // Stable sorting finds the runs: every level is sorted already.
        items.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0;
        let cumulative = items
            .iter()
            .map(|item| {
                sum += item.1;
                sum
            })
            .collect();
        Self {
            values: items.into_iter().map(|item| item.0).collect(),
            cumulative,
            min,
            max,
        }
    }

    /// How many values the sketch summarises.
    pub fn n(&self) -> u64 {
        self.cumulative.last().copied().unwrap_or(0)
    }

    /// The smallest value whose rank is at least `rank` (0 … 1); NaN when empty.
    pub fn quantile(&self, rank: f64) -> f64 {
        if rank <= 0.0 {
            return self.min;
        }
        if rank >= 1.0 {
            return self.max;
        }
        let wanted = (rank * self.n() as f64).ceil() as u64;
        let at = self.cumulative.partition_point(|&weight| weight < wanted);
        self.values.get(at).copied().unwrap_or(self.max)
    }

    /// The share of values at or below a point; NaN when empty.
    pub fn rank(&self, point: f64) -> f64 {
        if self.n() == 0 || point.is_nan() {
            return f64::NAN;
        }
        if point < self.min {
            return 0.0;
        }
        if point >= self.max {
            return 1.0;
        }
        let at = self.values.partition_point(|&value| value <= point);
        if at == 0 {
            0.0
        } else {
            self.cumulative[at - 1] as f64 / self.n() as f64
        }
    }

    /// The retained values in ascending order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The weight of each retained value; they add up to n.
    pub fn weights(&self) -> Vec<u64> {
        let mut before = 0;
        self.cumulative
            .iter()
            .map(|&sum| {
                let weight = sum - before;
                before = sum;
                weight
            })
            .collect()
    }
}
