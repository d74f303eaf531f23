//! The exact null distribution of the Kolmogorov–Smirnov distance, given the ties.
//!
//! Under the null every way of dealing the pooled values out to the two columns is equally likely.
//! Going up through the distinct values, the number that the smaller column has received is a Markov
//! chain whose steps are hypergeometric; the distance stays below d when the chain stays in a band.
//! With untied values this is the counting of lattice paths.
//! Source: Schröer & Trenkler (1995), "Exact and randomization distributions of Kolmogorov–Smirnov
//! tests two or three samples".

use super::distances::Joint;
use super::special::hypergeometric;

/// Steps that are less probable than this are left out.
const NEGLIGIBLE: f64 = 1e-17;

/// About how many operations `tail` would take.
pub(super) fn work(joint: &[Joint], (n, m): (u64, u64), distance: f64) -> f64 {
    let (small, large) = (n.min(m) as f64, n.max(m) as f64);
    let total = small + large;
    let band = (2.0 * distance * small * large / total).min(small) + 1.0;
    let deviations: f64 = joint
        .iter()
        .map(|one| {
            let tied = (one.count.0 + one.count.1) as f64;
            let expected = tied * small / total;
            (2.0 + 12.0 * expected.sqrt()).min(tied + 1.0).min(small + 1.0)
        })
        .sum();
    band * deviations
}

/// The probability that the distance is at least this great when nothing has changed.
pub(super) fn tail(joint: &[Joint], (n, m): (u64, u64), distance: f64) -> f64 {
    let (small, large) = (n.min(m) as f64, n.max(m) as f64);
    let total = small + large;
    // In units of 1 / (n m) the distances are whole numbers: half of one is room for rounding.
    let limit = distance * small * large - 0.5;
    if limit <= 0.0 {
        return 1.0;
    }
    let mut chain = Chain {
        first: 0,
        weights: vec![1.0],
    };
    let mut dealt = 0.0;
    for one in joint {
        let tied = (one.count.0 + one.count.1) as f64;
        chain = chain.step(tied, total - dealt, small);
        dealt += tied;
        // Keep the states a with |a / small − (dealt − a) / large| below the distance.
        let centre = dealt * small;
        chain.keep(|state| ((state as f64) * total - centre).abs() < limit);
        if chain.weights.is_empty() {
            return 1.0;
        }
    }
    (1.0 - chain.weights.iter().sum::<f64>()).clamp(0.0, 1.0)
}

/// Probabilities of neighbouring states, from the state `first` on.
struct Chain {
    first: usize,
    weights: Vec<f64>,
}

impl Chain {
    /// Deals `tied` of the `left` values that remain; the smaller column holds `small` in the end.
    fn step(&self, tied: f64, left: f64, small: f64) -> Self {
        if tied == 1.0 {
            return self.step_one(left, small);
        }
        let last = self.first + self.weights.len() - 1;
        let most = tied.min(small - self.first as f64) as usize;
        let mut next = vec![0.0; last + most + 1 - self.first];
        let mut start: Option<(f64, f64)> = None;
        for (at, &weight) in self.weights.iter().enumerate() {
            let room = small - (self.first + at) as f64;
            let (mode, at_mode) = start_of(start, tied, left, room);
            start = Some((mode, at_mode));
            if weight == 0.0 {
                continue;
            }
            spread(&mut next[at..], weight, (mode, at_mode), (tied, left, room));
        }
        let mut chain = Self {
            first: self.first,
            weights: next,
        };
        chain.trim();
        chain
    }

    fn step_one(&self, left: f64, small: f64) -> Self {
        let mut next = vec![0.0; self.weights.len() + 1];
        for (at, &weight) in self.weights.iter().enumerate() {
            let taken = (small - (self.first + at) as f64) / left;
            next[at] += weight * (1.0 - taken);
            next[at + 1] += weight * taken;
        }
        let mut chain = Self {
            first: self.first,
            weights: next,
        };
        chain.trim();
        chain
    }

    /// Drops the states that are left, at both ends.
    fn keep(&mut self, inside: impl Fn(usize) -> bool) {
        let lower = (0..self.weights.len()).find(|&at| inside(self.first + at));
        let Some(lower) = lower else {
            self.weights.clear();
            return;
        };
        let upper = (0..self.weights.len())
            .rfind(|&at| inside(self.first + at))
            .unwrap_or(lower);
        self.weights.truncate(upper + 1);
        self.weights.drain(..lower);
        self.first += lower;
    }

    fn trim(&mut self) {
        let first = self.first;
        let alive: Vec<bool> = self.weights.iter().map(|&weight| weight > 0.0).collect();
        if alive.iter().any(|&one| one) {
            self.keep(|state| alive[state - first]);
        }
    }
}

/// A number of marked values near the mode and its probability, for `room` places in the small column.
fn start_of(before: Option<(f64, f64)>, tied: f64, left: f64, room: f64) -> (f64, f64) {
    let lowest = (room + tied - left).max(0.0);
    let mode = (((tied + 1.0) * (room + 1.0) / (left + 2.0)).floor()).clamp(lowest, tied.min(room));
    let Some((k, probability)) = before.filter(|&(k, p)| p > 1e-3 && k >= lowest && k <= tied.min(room))
    else {
        return (mode, hypergeometric(mode, left, tied, room));
    };
    // From room + 1 to room, k fixed: both binomial coefficients change by one factor.
    let rest = left - room;
    let ratio = ((room + 1.0 - k) / (room + 1.0)) * (rest / (rest - tied + k));
    if !ratio.is_finite() || ratio <= 0.0 {
        return (mode, hypergeometric(mode, left, tied, room));
    }
    (k, probability * ratio)
}

/// Adds a weight times the probabilities of taking 0, 1, 2 … to what follows a state.
fn spread(next: &mut [f64], weight: f64, (mode, at_mode): (f64, f64), (tied, left, room): (f64, f64, f64)) {
    let mut probability = at_mode;
    let mut k = mode;
    while k <= tied.min(room) && probability > NEGLIGIBLE {
        next[k as usize] += weight * probability;
        probability *= (tied - k) * (room - k) / ((k + 1.0) * (left - tied - room + k + 1.0));
        k += 1.0;
    }
    let (mut probability, mut k) = (at_mode, mode);
    let lowest = (room + tied - left).max(0.0);
    while k > lowest {
        probability *= k * (left - tied - room + k) / ((tied - k + 1.0) * (room - k + 1.0));
        k -= 1.0;
        if probability <= NEGLIGIBLE {
            break;
        }
        next[k as usize] += weight * probability;
    }
}
