//! Whether two vectors of counts come from one distribution, and how much of it has moved.
//!
//! The statistic is Pearson's χ². Where expected counts are small its null distribution is not χ², but that
//! under permutation: all ways of dealing the pooled values out. Of small samples many random deals are made.
//! Of larger ones it is matched by a gamma distribution of the exact mean and variance; for that the
//! expected counts in the denominators are kept from falling below one. Two categories are tested by
//! Fisher's exact test.
//! Sources: Pearson (1900); Haldane (1940), "The mean and variance of χ² … when expectations are
//! small"; Mielke & Berry (1988), "Cumulant methods for analysing independence of r-way tables".

use super::special::{chi_square_tail, gamma_tail, hypergeometric};
use crate::random::Random;

/// Expected counts from which the limit distribution is good.
const ENOUGH: f64 = 5.0;
/// Beyond this many values moments of the fourth order lose too many digits.
const MOST_FOR_MOMENTS: f64 = 2e7;
/// The 0.975 quantile of the normal distribution.
const NORMAL_975: f64 = 1.959_964;
/// Beyond this standard deviation the hypergeometric distribution is normal.
const NORMAL: f64 = 1000.0;

/// A sample so small that it is dealt out again and again.
const FEW_DRAWS: f64 = 1000.0;
/// Deals stop when this many were as far out (Besag & Clifford, 1991, "Sequential Monte Carlo
/// p-values"), half as many where they are no evidence, or at the most.
const ENOUGH_DEALS: u32 = 40;
const NO_EVIDENCE: u32 = 100;
const MOST_DEALS: u32 = 1999;

/// How the null distribution was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Fisher's exact test of two categories.
    Exact,
    /// Moments under permutation.
    Permutation,
    /// The χ² distribution.
    ChiSquare,
}

impl Method {
    /// The name in APIs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Permutation => "permutation",
            Self::ChiSquare => "chi_square",
        }
    }
}

/// What the test says.
#[derive(Debug, Clone, Copy)]
pub struct Homogeneity {
    /// Values in each.
    pub n: (u64, u64),
    /// Categories that occur.
    pub categories: usize,
    /// The statistic.
    pub statistic: f64,
    /// Probability of a statistic at least this great when nothing has changed.
    pub p_value: f64,
    /// Total variation with what chance alone would show taken off: the share that moved.
    pub moved: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// How the p-value was found.
    pub method: Method,
}

/// Compares two vectors of counts of the same categories; `None` when either is empty.
pub fn homogeneity(pairs: &[(u64, u64)]) -> Option<Homogeneity> {
    let n: u64 = pairs.iter().map(|pair| pair.0).sum();
    let m: u64 = pairs.iter().map(|pair| pair.1).sum();
    if n == 0 || m == 0 {
        return None;
    }
    let table = Table {
        cells: pairs
            .iter()
            .filter(|pair| pair.0 + pair.1 > 0)
            .map(|pair| (pair.0 as f64, pair.1 as f64))
            .collect(),
        n: n as f64,
        m: m as f64,
    };
    let (statistic, p_value, method) = table.test();
    let (moved, interval) = table.moved();
    Some(Homogeneity {
        n: (n, m),
        categories: table.cells.len(),
        statistic,
        p_value,
        moved,
        interval,
        method,
    })
}

struct Table {
    cells: Vec<(f64, f64)>,
    n: f64,
    m: f64,
}

impl Table {
    fn test(&self) -> (f64, f64, Method) {
        let total = self.n + self.m;
        // The column with fewer values is the one whose expected counts are small.
        let small = self.n.min(self.m);
        let first = self.n <= self.m;
        let own = |cell: &(f64, f64)| if first { cell.0 } else { cell.1 };
        let expected = |cell: &(f64, f64)| (cell.0 + cell.1) * small / total;
        if self.cells.len() < 2 {
            return (0.0, 1.0, Method::Exact);
        }
        let factor = total / (total - small);
        let floor = if small <= FEW_DRAWS { 0.0 } else { 1.0 };
        let statistic: f64 = self
            .cells
            .iter()
            .map(|cell| (own(cell) - expected(cell)).powi(2) / expected(cell).max(floor))
            .sum();
        if self.cells.len() == 2 {
            let cell = &self.cells[0];
            return match fisher(own(cell), cell.0 + cell.1, small, total) {
                Some(p) => (statistic * factor, p, Method::Exact),
                None => (
                    statistic * factor,
                    chi_square_tail(statistic * factor, 1.0),
                    Method::ChiSquare,
                ),
            };
        }
        let least = self.cells.iter().map(expected).fold(f64::INFINITY, f64::min);
        if least >= ENOUGH {
            let degrees = (self.cells.len() - 1) as f64;
            return (
                statistic * factor,
                chi_square_tail(statistic * factor, degrees),
                Method::ChiSquare,
            );
        }
        if total > MOST_FOR_MOMENTS {
            return self.pooled(expected, own, factor);
        }
        let weight = |cell: &(f64, f64)| (cell.0 + cell.1, 1.0 / expected(cell).max(floor));
        let weighted: Vec<(f64, f64)> = self.cells.iter().map(weight).collect();
        let by_moments = || {
            let (mean, variance) = moments(weighted.iter().copied(), small, total);
            gamma_tail(statistic, mean, variance)
        };
        let p = if small <= FEW_DRAWS {
            // Beyond all deals the moments tell how far.
            dealt(&weighted, small as usize, total as u64, statistic)
                .unwrap_or_else(|least| by_moments().min(least))
        } else {
            by_moments()
        };
        (statistic * factor, p, Method::Permutation)
    }

    /// The rare categories as one.
    fn pooled(
        &self,
        expected: impl Fn(&(f64, f64)) -> f64,
        own: impl Fn(&(f64, f64)) -> f64,
        factor: f64,
    ) -> (f64, f64, Method) {
        let mut rare = (0.0, 0.0);
        let (mut statistic, mut degrees) = (0.0, -1.0);
        for cell in &self.cells {
            if expected(cell) < ENOUGH {
                rare = (rare.0 + cell.0, rare.1 + cell.1);
            } else {
                statistic += (own(cell) - expected(cell)).powi(2) / expected(cell);
                degrees += 1.0;
            }
        }
        if expected(&rare) >= ENOUGH {
            statistic += (own(&rare) - expected(&rare)).powi(2) / expected(&rare);
            degrees += 1.0;
        }
        if degrees < 1.0 {
            return (0.0, 1.0, Method::ChiSquare);
        }
        (
            statistic * factor,
            chi_square_tail(statistic * factor, degrees),
            Method::ChiSquare,
        )
    }

    /// The share that moved, and its interval.
    ///
    /// A difference of shares beyond chance is not made greater by chance. Differences within chance are,
    /// on the mean, the root of the sum of the squares of what is true and of what chance shows: so chance is
    /// taken off in squares. Should few of them be true and the rest be chance, that is too little taken off;
    /// the lower end of the interval takes it off whole.
    fn moved(&self) -> (f64, (f64, f64)) {
        let total = self.n + self.m;
        let (mut clear, mut within, mut chance, mut variance) = (0.0, 0.0, 0.0, 0.0);
        let mut gained = (0.0, 0.0);
        for cell in &self.cells {
            let (p, q) = (cell.0 / self.n, cell.1 / self.m);
            let pooled = (cell.0 + cell.1) / total;
            let own = pooled * (1.0 - pooled) * (1.0 / self.n + 1.0 / self.m);
            let apart = (p - q).abs();
            if p > q {
                gained = (gained.0 + p, gained.1 + q);
            }
            if apart * apart > 9.0 * own {
                clear += apart / 2.0;
            } else {
                within += apart / 2.0;
                chance += (own / (2.0 * std::f64::consts::PI)).sqrt();
                variance += own * (1.0 - 2.0 / std::f64::consts::PI) / 4.0;
            }
        }
        let taken_off = |within: f64| (within * within - chance * chance).max(0.0).sqrt();
        let spread = gained.0 * (1.0 - gained.0) / self.n + gained.1 * (1.0 - gained.1) / self.m;
        let reach = NORMAL_975 * (spread.max(0.0) + variance).sqrt();
        let folded = NORMAL_975 * variance.sqrt();
        let low = clear + (within - chance).max(0.0) - reach;
        let high = clear + taken_off(within + folded) + reach;
        let moved = (clear + taken_off(within)).clamp(0.0, 1.0);
        (moved, (low.clamp(0.0, moved), high.clamp(moved, 1.0)))
    }
}

/// Fisher's exact test, two-sided: of `draws` from `total`, of which `marked` are, k were.
/// `None` when the numbers are so great that the normal limit serves as well.
fn fisher(k: f64, marked: f64, draws: f64, total: f64) -> Option<f64> {
    let mean = draws * marked / total;
    let variance = mean * (1.0 - marked / total) * (total - draws) / (total - 1.0).max(1.0);
    if variance.sqrt() > NORMAL {
        return None;
    }
    let (lowest, highest) = ((draws + marked - total).max(0.0), draws.min(marked));
    let observed = hypergeometric(k, total, marked, draws);
    let reach = 40.0 * variance.sqrt() + 20.0;
    let sum_of = |from: f64, up: bool| {
        let (mut sum, mut at) = (0.0, from);
        let mut probability = hypergeometric(from, total, marked, draws);
        while at >= lowest && at <= highest && (at - mean).abs() <= reach + (k - mean).abs() {
            if probability <= observed * (1.0 + 1e-7) {
                sum += probability;
            }
            let (next, ratio) = if up {
                (
                    at + 1.0,
                    (marked - at) * (draws - at) / ((at + 1.0) * (total - marked - draws + at + 1.0)),
                )
            } else {
                (
                    at - 1.0,
                    at * (total - marked - draws + at) / ((marked - at + 1.0) * (draws - at + 1.0)),
                )
            };
            (at, probability) = (next, probability * ratio);
            if probability < 1e-300 {
                break;
            }
        }
        sum
    };
    let mode = mean.floor().clamp(lowest, highest);
    let sum = sum_of(mode, true)
        + if mode > lowest {
            sum_of(mode - 1.0, false)
        } else {
            0.0
        };
    Some(sum.clamp(observed.min(1.0), 1.0))
}

/// The share of random deals whose statistic is at least the observed one; when none is, the least
/// share that could have been seen.
fn dealt(cells: &[(f64, f64)], small: usize, total: u64, observed: f64) -> Result<f64, f64> {
    let mut ends = Vec::with_capacity(cells.len());
    let mut sum = 0u64;
    for cell in cells {
        sum += cell.0 as u64;
        ends.push(sum);
    }
    let rate = small as f64 / total as f64;
    let rest: f64 = cells.iter().map(|cell| cell.1 * (rate * cell.0).powi(2)).sum();
    let limit = observed * (1.0 - 1e-9);
    let mut random = Random::new(total ^ (small as u64) << 40 ^ observed.to_bits());
    let mut drawn = Vec::with_capacity(small);
    let mut counts = vec![0u32; cells.len()];
    let mut exceeding = 0;
    for deal in 1..=MOST_DEALS {
        let mut statistic = rest;
        drawn.drain(..).for_each(|at: usize| counts[at] = 0);
        while drawn.len() < small {
            let value = random.below(total);
            let at = ends.partition_point(|&end| end <= value);
            let (t, weight) = cells[at];
            // Of each category the last ones are taken first: those are not there any more.
            if ends[at] - value <= u64::from(counts[at]) {
                continue;
            }
            // (a + 1 − e)² − (a − e)²
            statistic += weight * (2.0 * (f64::from(counts[at]) - rate * t) + 1.0);
            counts[at] += 1;
            drawn.push(at);
        }
        exceeding += u32::from(statistic >= limit);
        if exceeding == ENOUGH_DEALS || (exceeding == ENOUGH_DEALS / 2 && deal <= NO_EVIDENCE) {
            return Ok(f64::from(exceeding) / f64::from(deal));
        }
    }
    let share = f64::from(exceeding + 1) / f64::from(MOST_DEALS + 1);
    if exceeding == 0 { Err(share) } else { Ok(share) }
}

/// Mean and variance, under permutation, of Σ w (a − e)², where `small` of `total` values are drawn
/// without replacement and each category holds `t` of them. From the factorial moments of the
/// multivariate hypergeometric distribution: E[a⁽ʳ⁾ b⁽ˢ⁾] = n⁽ʳ⁺ˢ⁾ / N⁽ʳ⁺ˢ⁾ · t⁽ʳ⁾ u⁽ˢ⁾.
fn moments(cells: impl Iterator<Item = (f64, f64)>, small: f64, total: f64) -> (f64, f64) {
    let mut ratio = [1.0; 5];
    for k in 0..4 {
        let below = total - k as f64;
        ratio[k + 1] = if below > 0.0 {
            ratio[k] * (small - k as f64).max(0.0) / below
        } else {
            0.0
        };
    }
    let [_, c1, c2, c3, c4] = ratio;
    let rate = small / total;
    // (a − e)² = a⁽²⁾ + (1 − 2e) a + e²: sums of each part over the categories, and of the products of a
    // category with itself, which the product of the sums holds wrongly.
    let (mut mean, mut own) = (0.0, 0.0);
    let mut sums = [0.0; 3];
    let mut wrong = 0.0;
    let pair = |x: [f64; 3], y: [f64; 3]| {
        c4 * x[0] * y[0]
            + c3 * (x[0] * y[1] + x[1] * y[0])
            + c2 * (x[0] * y[2] + x[2] * y[0] + x[1] * y[1])
            + c1 * (x[1] * y[2] + x[2] * y[1])
            + x[2] * y[2]
    };
    for (t, weight) in cells {
        let e = rate * t;
        let (t2, t3, t4) = (
            t * (t - 1.0),
            t * (t - 1.0) * (t - 2.0),
            t * (t - 1.0) * (t - 2.0) * (t - 3.0),
        );
        let parts = [t2, t * (1.0 - 2.0 * e), e * e].map(|part| part * weight);
        let square = c2 * t2 + c1 * t * (1.0 - 2.0 * e) + e * e;
        mean += weight * square;
        // E[(a − e)⁴] from the raw moments.
        let a1 = c1 * t;
        let a2 = c2 * t2 + a1;
        let a3 = c3 * t3 + 3.0 * c2 * t2 + a1;
        let a4 = c4 * t4 + 6.0 * c3 * t3 + 7.0 * c2 * t2 + a1;
        own += weight * weight * (a4 - 4.0 * e * a3 + 6.0 * e * e * a2 - 4.0 * e * e * e * a1 + e.powi(4));
        wrong += pair(parts, parts);
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
    }
    let second = pair(sums, sums) - wrong + own;
    (mean, (second - mean * mean).max(1e-9 * mean * mean))
}
