//! Whether the numbers of two columns are of one distribution: the two-sample Kolmogorov–Smirnov test.

use super::distances::{Distances, Joint, joint, walk};
use super::special::kolmogorov_tail;
use super::{Steps, lattice, ties};

/// The most operations that counting the null distribution exactly may take.
const MOST_WORK: f64 = 200_000.0;

/// Sketch error up to this share of the whole variance may be left to scaling.
const LITTLE_NOISE: f64 = 0.25;

/// How much of the sketches' jitter the greatest distance has in it at most, in standard deviations, and
/// what the jitter adds to the variance in their squares. The smaller the jitter is beside the sampling
/// error, the fewer places compete for the greatest distance, and the less of it is in there: its share is
/// 0.2 + 8 jitter / sampling error, up to 1. Found by simulation: with these the test keeps its level, and its
/// power, from 50 values to millions, of one pass and of merged parts (`benchmarks/calibration`).
const JITTER_SHIFT: f64 = 1.3;
const JITTER_VARIANCE: f64 = 3.0;

/// Distances beyond this need no better null distribution.
const FAR: f64 = 3.5;

/// A value that makes up this share of all is a tie that matters.
const TIED: f64 = 0.01;

/// How the null distribution was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Exact given the ties, by counting.
    Exact,
    /// Brownian bridge on the tied points.
    Tied,
    /// Brownian bridge.
    Asymptotic,
}

impl Method {
    /// The name in APIs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Tied => "tied",
            Self::Asymptotic => "asymptotic",
        }
    }
}

/// What the test says.
#[derive(Debug, Clone, Copy)]
pub struct Ordered {
    /// All distances.
    pub distances: Distances,
    /// Probability of a distance at least this great when nothing has changed.
    pub p_value: f64,
    /// Standard deviation of the empirical difference, in units of the Brownian bridge:
    /// √(1/n + 1/m + sketch error).
    pub scale: f64,
    /// How the p-value was found.
    pub method: Method,
}

/// Compares; `None` when either column is empty.
pub fn ordered(a: &Steps, b: &Steps) -> Option<Ordered> {
    let (n, m) = (a.n(), b.n());
    if n == 0 || m == 0 {
        return None;
    }
    let joint = joint(a, b);
    let jitter = a.jitter.hypot(b.jitter);
    let noise = a.sampling + b.sampling + JITTER_VARIANCE * jitter * jitter;
    let distances = walk(&joint, (n, m), noise);
    let sampling = 1.0 / n as f64 + 1.0 / m as f64;
    let scale = (sampling + noise).sqrt();
    let inside = JITTER_SHIFT * (0.2 + 8.0 * jitter / sampling.sqrt()).min(1.0);
    let ks = (distances.ks - inside * jitter).max(0.0);
    let (p_value, method) = p_value(&joint, (n, m), (ks, sampling, noise));
    Some(Ordered {
        distances,
        p_value,
        scale,
        method,
    })
}

fn p_value(joint: &[Joint], sizes: (u64, u64), (ks, sampling, noise): (f64, f64, f64)) -> (f64, Method) {
    let variance = sampling + noise;
    let lambda = ks / variance.sqrt();
    if lambda > FAR {
        return (kolmogorov_tail(lambda), Method::Asymptotic);
    }
    if noise <= LITTLE_NOISE * variance {
        // A sketch's error widens the null distribution: the distance counts for less.
        let distance = ks * (sampling / variance).sqrt();
        if lattice::work(joint, sizes, distance) <= MOST_WORK {
            return (lattice::tail(joint, sizes, distance), Method::Exact);
        }
    }
    let lattice = lattice_step(sizes);
    let effective = (1.0 / variance).sqrt();
    // Stephens (1970): what brings finite samples to the limit; and half a step of the lattice that
    // the distance lies on, as for any discrete statistic.
    let lambda = (effective + 0.12 + 0.11 / effective) * (ks - lattice / 2.0).max(0.0);
    let total = (sizes.0 + sizes.1) as f64;
    let shares = || joint.iter().map(|one| (one.count.0 + one.count.1) as f64 / total);
    if shares().any(|share| share >= TIED) {
        return (ties::tail(shares(), lambda), Method::Tied);
    }
    (kolmogorov_tail(lambda), Method::Asymptotic)
}

/// How far apart the possible distances lie: with sizes that share a great divisor, 1 / lcm; else
/// they are as good as dense.
fn lattice_step((n, m): (u64, u64)) -> f64 {
    let (mut a, mut b) = (n, m);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a as f64 / (n as f64 * m as f64)
}
