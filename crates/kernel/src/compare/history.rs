//! How far one window lies from the others, against how far they lie from one another.
//!
//! Windows of real data differ by more than chance. So the null is learnt: each past window is held
//! against the others put together, and the new one against all of them. Distances are brought to one
//! scale, since windows hold different numbers of values, and the new one is judged by a Student t
//! on their logarithms, with a robust centre and spread, so that odd windows of the past do not hide it.

use super::Steps;
use super::special::student_tail;

/// Points at which distribution functions of windows are held against each other.
const GRID: usize = 128;
/// The median of the Kolmogorov distribution.
const MEDIAN: f64 = 0.827_573_6;
/// A matched season must bring distances down to this share to be worth the smaller reference.
const WORTH: f64 = 0.9;
/// Fewest windows of a season.
const FEWEST: usize = 3;
/// The 0.95 quantile of the normal distribution.
const NORMAL_95: f64 = 1.644_853_6;
/// Least spread of the logarithms of distances: a tenth.
const LEAST_SPREAD: f64 = 0.1;

/// Windows as rows of counts.
#[derive(Debug, Clone)]
pub struct Table {
    rows: Vec<Option<Vec<f64>>>,
    /// Whether a row is cumulative at ascending points rather than a count for each category.
    ordered: bool,
}

/// What is said of one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Distance from the windows of its history: KS or total variation.
    pub distance: f64,
    /// The median distance of these from one another.
    pub typical: f64,
    /// The distance that chance alone would show.
    pub chance: f64,
    /// The distance that would have a p-value of 0.05.
    pub unusual: f64,
    /// Probability of a distance at least this great if the window were one of them.
    pub p_value: f64,
    /// How many windows the null was learnt from.
    pub windows: usize,
    /// Whether windows were held against those of their own season only.
    pub seasonal: bool,
}

impl Table {
    /// Of distribution functions; `None` where a window has no values.
    pub fn of_steps(windows: &[Option<Steps>]) -> Self {
        let grid = grid(windows);
        let rows = windows.iter().map(|window| {
            let window = window.as_ref().filter(|steps| steps.n() > 0)?;
            let mut row: Vec<f64> = window.at(&grid).into_iter().map(|count| count as f64).collect();
            row.push(window.n() as f64);
            Some(row)
        });
        Self {
            rows: rows.collect(),
            ordered: true,
        }
    }

    /// Of counts of the same categories.
    pub fn of_counts(windows: Vec<Option<Vec<f64>>>) -> Self {
        let filled = |row: &Vec<f64>| row.iter().sum::<f64>() > 0.0;
        Self {
            rows: windows.into_iter().map(|row| row.filter(filled)).collect(),
            ordered: false,
        }
    }

    /// Judges a window by others; `seasons` gives every window's season.
    pub fn judge(&self, current: usize, history: &[usize], seasons: &[u32]) -> Option<Judgement> {
        let row = self.rows.get(current)?.as_deref()?;
        let history: Vec<usize> = history
            .iter()
            .copied()
            .filter(|&at| self.rows[at].is_some())
            .collect();
        let all = self.judge_by_all(row, &history)?;
        let season = seasons.get(current)?;
        let mut kinds: Vec<u32> = history.iter().map(|&at| seasons[at]).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.len() < 2 {
            return Some(all);
        }
        match self.judge_by_season(row, &history, (seasons, &kinds), *season) {
            Some(matched) if matched.typical < WORTH * all.typical => Some(matched),
            _ => Some(all),
        }
    }

    fn judge_by_all(&self, row: &[f64], history: &[usize]) -> Option<Judgement> {
        let rest = self.sum(history.iter().copied())?;
        let mut past = Vec::with_capacity(history.len());
        self.leave_one_out(history, &rest, &mut past);
        let current = self.distance(row, &rest, None);
        judge(current, &past, false)
    }

    fn judge_by_season(
        &self,
        row: &[f64],
        history: &[usize],
        (seasons, kinds): (&[u32], &[u32]),
        season: u32,
    ) -> Option<Judgement> {
        let mut past = Vec::with_capacity(history.len());
        let mut current = None;
        for &kind in kinds {
            let members: Vec<usize> = history
                .iter()
                .copied()
                .filter(|&at| seasons[at] == kind)
                .collect();
            if members.len() < FEWEST {
                continue;
            }
            let rest = self.sum(members.iter().copied())?;
            self.leave_one_out(&members, &rest, &mut past);
            if kind == season {
                current = Some(self.distance(row, &rest, None));
            }
        }
        judge(current?, &past, true)
    }

    fn leave_one_out(&self, members: &[usize], sum: &[f64], past: &mut Vec<(f64, f64)>) {
        let rows = members.iter().filter_map(|&at| self.rows[at].as_deref());
        past.extend(
            rows.map(|row| self.distance(row, sum, Some(row)))
                .filter(|pair| pair.0.is_finite()),
        );
    }

    fn sum(&self, members: impl Iterator<Item = usize>) -> Option<Vec<f64>> {
        let mut rows = members.filter_map(|at| self.rows[at].as_deref());
        let mut sum = rows.next()?.to_vec();
        for row in rows {
            sum.iter_mut().zip(row).for_each(|(sum, one)| *sum += one);
        }
        Some(sum)
    }

    /// The distance of a row from a sum, of which `without` is taken off first; and what chance would show.
    fn distance(&self, row: &[f64], sum: &[f64], without: Option<&[f64]>) -> (f64, f64) {
        let rest = |at: usize| sum[at] - without.map_or(0.0, |own| own[at]);
        if self.ordered {
            let last = row.len() - 1;
            let (n, m) = (row[last].recip(), rest(last).recip());
            let own = without.map_or(0.0, |_| m);
            // (row / n − (sum − own) / m), with what is the same for all points multiplied out.
            let apart = |(row, sum): (&f64, &f64)| (row * (n + own) - sum * m).abs();
            let pairs = row[..last].iter().zip(&sum[..last]);
            let distance = pairs
                .map(apart)
                .fold(0.0, |most, one| if one > most { one } else { most });
            return (distance, MEDIAN * (n + m).sqrt());
        }
        let n: f64 = row.iter().sum();
        let m: f64 = (0..row.len()).map(rest).sum();
        let (mut distance, mut chance) = (0.0, 0.0);
        for (at, &own) in row.iter().enumerate() {
            let (p, q) = (own / n, rest(at) / m);
            let pooled = (own + rest(at)) / (n + m);
            distance += (p - q).abs() / 2.0;
            let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
            chance += (2.0 * variance / std::f64::consts::PI).sqrt() / 2.0;
        }
        (distance, chance)
    }
}

/// The points of all windows together: all distinct values when few, else quantiles of quantiles.
fn grid(windows: &[Option<Steps>]) -> Vec<f64> {
    let few = windows.iter().flatten().all(|steps| steps.values.len() <= GRID);
    let mut points: Vec<f64> = windows
        .iter()
        .flatten()
        .flat_map(|steps| {
            let taken = if few { steps.values.len() } else { GRID / 4 };
            let step = steps.values.len().div_ceil(taken.max(1)).max(1);
            steps.values.iter().copied().skip(step / 2).step_by(step)
        })
        .collect();
    points.sort_unstable_by(f64::total_cmp);
    if points.len() > 2 * GRID {
        let mut distinct = points.clone();
        distinct.dedup();
        if distinct.len() <= 2 * GRID {
            return distinct;
        }
        let step = points.len() as f64 / GRID as f64;
        points = (0..GRID)
            .map(|at| points[((at as f64 + 0.5) * step) as usize])
            .collect();
    }
    points.dedup();
    points
}

fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

fn quantile(values: &mut [f64], rank: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let at = rank * (values.len() - 1) as f64;
    let (low, high) = (values[at.floor() as usize], values[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

fn judge((distance, chance): (f64, f64), past: &[(f64, f64)], seasonal: bool) -> Option<Judgement> {
    if past.len() < FEWEST {
        return None;
    }
    let mut distances: Vec<f64> = past.iter().map(|pair| pair.0).collect();
    let typical = median(&mut distances);
    let squares = |pick: fn(&(f64, f64)) -> f64| {
        let mut all: Vec<f64> = past.iter().map(|pair| pick(pair).powi(2)).collect();
        median(&mut all)
    };
    // What windows differ by beyond chance.
    let between = (squares(|pair| pair.0) - squares(|pair| pair.1)).max(0.0);
    let scale = |chance: f64| (chance * chance + between).sqrt().max(f64::MIN_POSITIVE);
    // A window that agrees to the last value is as near as one can be, not infinitely near.
    let score = |(distance, chance): (f64, f64)| (distance / scale(chance)).max(0.05).ln();
    let mut scores: Vec<f64> = past.iter().map(|&pair| score(pair)).collect();
    let windows = scores.len();
    let (centre, upper) = (median(&mut scores), quantile(&mut scores, 0.9));
    let mut apart: Vec<f64> = scores.iter().map(|score| (score - centre).abs()).collect();
    let spread = (1.4826 * median(&mut apart))
        .max((upper - centre) / 1.2816)
        .max(LEAST_SPREAD);
    let count = windows as f64;
    let spread = spread * (1.0 + 1.0 / count).sqrt();
    let degrees = (count - 1.0).clamp(2.0, 30.0);
    let t = (score((distance, chance)) - centre) / spread;
    // Cornish & Fisher (1938): Student's quantile from the normal one.
    let limit = NORMAL_95 + (NORMAL_95.powi(3) + NORMAL_95) / (4.0 * degrees);
    Some(Judgement {
        distance,
        typical,
        chance,
        unusual: (centre + limit * spread).exp() * scale(chance),
        p_value: student_tail(t, degrees),
        windows,
        seasonal,
    })
}
