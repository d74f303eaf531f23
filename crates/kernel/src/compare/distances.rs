//! Distances between two distribution functions, in one walk over both.

use super::Steps;

/// The ordered distances of two columns, with what their intervals need.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Distances {
    /// Values in each.
    pub n: (u64, u64),
    /// Greatest difference of the distribution functions (Kolmogorov–Smirnov).
    pub ks: f64,
    /// Where that difference is: the smallest such value.
    pub ks_at: f64,
    /// Difference there, first less second.
    pub ks_signed: f64,
    /// Area between the distribution functions (Wasserstein-1), in the column's unit.
    pub wasserstein: f64,
    /// Its standard error.
    pub wasserstein_error: f64,
    /// What it is expected to be when nothing has changed.
    pub wasserstein_null: f64,
    /// Square root of twice the squared area (energy distance), in the root of the column's unit.
    pub energy: f64,
    /// The two-sample Cramér–von Mises statistic T.
    pub cramer_von_mises: f64,
}

/// One distinct value of the two columns together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joint {
    pub(super) value: f64,
    /// How often it occurs in each.
    pub(super) count: (u64, u64),
}

/// The distinct values of both, ascending.
pub(super) fn joint(a: &Steps, b: &Steps) -> Vec<Joint> {
    let mut all = Vec::with_capacity(a.values.len() + b.values.len());
    let (mut i, mut j) = (0, 0);
    let count =
        |steps: &Steps, at: usize| steps.cumulative[at] - if at == 0 { 0 } else { steps.cumulative[at - 1] };
    while i < a.values.len() || j < b.values.len() {
        let left = a.values.get(i).copied().unwrap_or(f64::INFINITY);
        let right = b.values.get(j).copied().unwrap_or(f64::INFINITY);
        let mut one = Joint {
            value: left.min(right),
            count: (0, 0),
        };
        if left <= right {
            one.count.0 = count(a, i);
            i += 1;
        }
        if right <= left {
            one.count.1 = count(b, j);
            j += 1;
        }
        all.push(one);
    }
    all
}

/// All distances; `None` when either column is empty.
pub fn distances(a: &Steps, b: &Steps) -> Option<Distances> {
    let (n, m) = (a.n(), b.n());
    if n == 0 || m == 0 {
        return None;
    }
    Some(walk(&joint(a, b), (n, m), a.sampling + b.sampling))
}

/// Sums for the variance of a potential over one column, by Welford.
#[derive(Default)]
struct Spread {
    weight: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64, count: u64) {
        if count == 0 {
            return;
        }
        let count = count as f64;
        self.weight += count;
        let apart = value - self.mean;
        self.mean += apart * count / self.weight;
        self.squares += count * apart * (value - self.mean);
    }

    fn variance_of_mean(&self) -> f64 {
        if self.weight > 0.0 {
            self.squares / self.weight / self.weight
        } else {
            0.0
        }
    }
}

pub(super) fn walk(joint: &[Joint], (n, m): (u64, u64), noise: f64) -> Distances {
    let (nf, mf) = (n as f64, m as f64);
    let scale = (1.0 / nf + 1.0 / mf + noise).sqrt();
    let mut found = Distances {
        n: (n, m),
        ks_at: joint.first().map_or(f64::NAN, |one| one.value),
        ..Distances::default()
    };
    let (mut below, mut potential, mut square) = ((0u64, 0u64), 0.0, 0.0);
    let (mut left, mut right) = (Spread::default(), Spread::default());
    let mut ranks = (0.0, 0.0);
    for (at, one) in joint.iter().enumerate() {
        left.add(potential, one.count.0);
        right.add(potential, one.count.1);
        // The mean rank of the tied values, and how it differs from their places in each column.
        let tied = (one.count.0 + one.count.1) as f64;
        let rank = (below.0 + below.1) as f64 + (tied + 1.0) / 2.0;
        ranks.0 += squared_distances(rank - below.0 as f64, one.count.0 as f64);
        ranks.1 += squared_distances(rank - below.1 as f64, one.count.1 as f64);
        below.0 += one.count.0;
        below.1 += one.count.1;
        let apart = below.0 as f64 / nf - below.1 as f64 / mf;
        if apart.abs() > found.ks {
            (found.ks, found.ks_at, found.ks_signed) = (apart.abs(), one.value, apart);
        }
        let Some(next) = joint.get(at + 1) else { break };
        let width = next.value - one.value;
        let share = (below.0 + below.1) as f64 / (nf + mf);
        found.wasserstein_null += scale * (share * (1.0 - share)).sqrt() * width;
        // Where the functions agree there is no area, however far the next value is.
        if apart != 0.0 {
            found.wasserstein += apart.abs() * width;
            square += apart * apart * width;
            potential += apart.signum() * width;
        }
    }
    found.wasserstein_null *= (2.0 / std::f64::consts::PI).sqrt();
    // Kantorovich's potential: the distance is the difference of its means over the two columns.
    let sketches = noise * (nf * mf / (nf + mf));
    let variance = left.variance_of_mean() + right.variance_of_mean();
    found.wasserstein_error = (variance * (1.0 + sketches)).sqrt();
    found.energy = (2.0 * square).sqrt();
    let total = nf + mf;
    found.cramer_von_mises = (ranks.0 / mf + ranks.1 / nf) / total - (4.0 * nf * mf - 1.0) / (6.0 * total);
    found
}

/// The sum of (start − k)² for k = 1 … count.
fn squared_distances(start: f64, count: f64) -> f64 {
    let middle = start - (count + 1.0) / 2.0;
    count * middle * middle + count * (count * count - 1.0) / 12.0
}
