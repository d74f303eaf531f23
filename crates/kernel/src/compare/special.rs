//! Tail probabilities; the special functions are those of the crate `statrs`.

use statrs::function::gamma::{checked_gamma_ur, ln_gamma};

/// The probability that a gamma variable of given mean and variance exceeds a value.
pub(super) fn gamma_tail(value: f64, mean: f64, variance: f64) -> f64 {
    if value.is_nan() || mean <= 0.0 || variance <= 0.0 {
        return 1.0;
    }
    if value <= 0.0 {
        return 1.0;
    }
    let scale = variance / mean;
    checked_gamma_ur(mean / scale, value / scale)
        .unwrap_or(0.0)
        .clamp(0.0, 1.0)
}

/// The probability that χ² of given degrees of freedom exceeds a value.
pub(super) fn chi_square_tail(value: f64, degrees: f64) -> f64 {
    gamma_tail(value, degrees, 2.0 * degrees)
}

/// ln x!.
pub(super) fn ln_factorial(x: f64) -> f64 {
    ln_gamma(x + 1.0)
}

/// The probability that k of a draw of `draws` are marked, when `marked` of `total` are.
pub(super) fn hypergeometric(k: f64, total: f64, marked: f64, draws: f64) -> f64 {
    let choose = |from: f64, take: f64| ln_factorial(from) - ln_factorial(take) - ln_factorial(from - take);
    (choose(marked, k) + choose(total - marked, draws - k) - choose(total, draws)).exp()
}

/// The probability that the supremum of a Brownian bridge's absolute value exceeds λ.
/// Source: Kolmogorov (1933); both of its series, each where it converges fast.
pub(super) fn kolmogorov_tail(lambda: f64) -> f64 {
    if lambda <= 0.0 {
        return 1.0;
    }
    let terms = 1..=20;
    if lambda < 1.0 {
        let factor = (2.0 * std::f64::consts::PI).sqrt() / lambda;
        let rate = -std::f64::consts::PI.powi(2) / (8.0 * lambda * lambda);
        let sum: f64 = terms.map(|k| (rate * f64::from(2 * k - 1).powi(2)).exp()).sum();
        return (1.0 - factor * sum).clamp(0.0, 1.0);
    }
    let sum: f64 = terms
        .map(|k| {
            let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
            sign * (-2.0 * f64::from(k * k) * lambda * lambda).exp()
        })
        .sum();
    sum.clamp(0.0, 1.0)
}

/// The probability that Student's t of given degrees of freedom exceeds a value.
pub(super) fn student_tail(value: f64, degrees: f64) -> f64 {
    use statrs::function::beta::checked_beta_reg;
    if value.is_nan() || degrees <= 0.0 {
        return 1.0;
    }
    let x = degrees / (degrees + value * value);
    let both = checked_beta_reg(degrees / 2.0, 0.5, x).unwrap_or(0.0);
    if value > 0.0 { both / 2.0 } else { 1.0 - both / 2.0 }
}
