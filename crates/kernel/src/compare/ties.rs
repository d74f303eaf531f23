//! The null distribution of the Kolmogorov–Smirnov distance of many values on few points.
//!
//! With ties, the distance is the supremum of a Brownian bridge not over all times but over the shares
//! of values at or below each point. The bridge is carried from point to point on a grid and cut at ±λ.
//! Where points lie dense, several make one step, and the barrier is lowered by what is missed between
//! them. Source of that: Broadie, Glasserman & Kou (1997), "A continuity correction for discrete barrier
//! options" (−ζ(1/2) / √(2π) = 0.5826 standard deviations of a step).

use statrs::function::erf::erf;

/// Shortest step over dense points.
const STEP: f64 = 1.0 / 64.0;
/// A step shorter than this is left to the next one: the bridge hardly moves in it, and less than the grid
/// can tell.
const LEAST: f64 = STEP / 4.0;
const CELLS: usize = 96;
const SHIFT: f64 = 0.5826;

/// The probability that a bridge seen at the cumulative sums of these shares exceeds ±λ.
pub(super) fn tail(shares: impl Iterator<Item = f64>, lambda: f64) -> f64 {
    let steps = steps(shares);
    let width = 2.0 * lambda / CELLS as f64;
    let centre = |cell: usize| (cell as f64 + 0.5) * width - lambda;
    let mut density: Option<Vec<f64>> = None;
    let mut left = 1.0;
    for step in &steps[..steps.len().saturating_sub(1)] {
        let kernel: Vec<f64> = (0..CELLS)
            .map(|cells| within(cells as f64 * width, width, step.length))
            .collect();
        let mut next: Vec<f64> = match &density {
            None => (0..CELLS)
                .map(|cell| within(centre(cell), width, step.length))
                .collect(),
            Some(before) => (0..CELLS)
                .map(|cell| {
                    let weights = before.iter().enumerate();
                    weights
                        .map(|(from, weight)| weight * kernel[cell.abs_diff(from)])
                        .sum()
                })
                .collect(),
        };
        let barrier = lambda - step.lowered;
        for (cell, weight) in next.iter_mut().enumerate() {
            *weight *= ((barrier - centre(cell).abs()) / width + 0.5).clamp(0.0, 1.0);
        }
        density = Some(next);
        left -= step.length;
    }
    let Some(density) = density else { return 0.0 };
    let returned: f64 = density
        .iter()
        .enumerate()
        .map(|(cell, weight)| weight * within(centre(cell), width, left.max(1e-12)) / width)
        .sum();
    (1.0 - returned / gauss(0.0, 1.0)).clamp(0.0, 1.0)
}

struct Step {
    length: f64,
    lowered: f64,
}

fn steps(shares: impl Iterator<Item = f64>) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut length, mut points) = (0.0, 0u32);
    let mut close = |length: &mut f64, points: &mut u32| {
        if *points > 0 {
            let lowered = SHIFT * (length.sqrt() - (*length / f64::from(*points)).sqrt());
            steps.push(Step {
                length: *length,
                lowered,
            });
        }
        (*length, *points) = (0.0, 0);
    };
    for share in shares {
        if share >= STEP && length >= LEAST {
            close(&mut length, &mut points);
        }
        if share >= STEP {
            points = 0;
        }
        length += share;
        points += 1;
        if length >= STEP {
            close(&mut length, &mut points);
        }
    }
    close(&mut length, &mut points);
    steps
}

/// The probability that a normal variable falls into a cell.
fn within(centre: f64, width: f64, variance: f64) -> f64 {
    let scale = (2.0 * variance).sqrt();
    (erf((centre + width / 2.0) / scale) - erf((centre - width / 2.0) / scale)) / 2.0
}

fn gauss(x: f64, variance: f64) -> f64 {
    (-x * x / (2.0 * variance)).exp() / (2.0 * std::f64::consts::PI * variance).sqrt()
}
