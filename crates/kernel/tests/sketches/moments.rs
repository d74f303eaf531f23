use crate::support::Dice;
use tidegauge_kernel::metrics::{Exact, Moments, Sums};

/// Unit of the values: all are whole multiples of it, so that sums of powers are exact in integers.
const UNIT: f64 = 1.0 / (1 << 20) as f64;

/// Exact n, mean, and central moments, of `centre + step * UNIT` for each step.
struct Truth {
    mean: f64,
    powers: [f64; 3],
}

fn truth(centre: f64, steps: &[i64]) -> Truth {
    let n = steps.len() as i128;
    let total: i128 = steps.iter().map(|&step| i128::from(step)).sum();
    // Around the whole number next to the mean, the rest of the mean is less than one step.
    let middle = (total as f64 / n as f64).round() as i128;
    let power = |exponent: u32| -> f64 {
        let sum: i128 = steps
            .iter()
            .map(|&step| (i128::from(step) - middle).pow(exponent))
            .sum();
        sum as f64
    };
    let [first, second, third, fourth] = [1, 2, 3, 4].map(power);
    let n = n as f64;
    let rest = first / n;
    Truth {
        mean: centre + (middle as f64 + rest) * UNIT,
        powers: [
            (second - n * rest.powi(2)) * UNIT.powi(2),
            (third - 3.0 * rest * second + 2.0 * n * rest.powi(3)) * UNIT.powi(3),
            (fourth - 4.0 * rest * third + 6.0 * rest.powi(2) * second - 3.0 * n * rest.powi(4))
                * UNIT.powi(4),
        ],
    }
}

fn values(centre: f64, steps: &[i64]) -> Vec<f64> {
    let values: Vec<f64> = steps.iter().map(|&step| centre + step as f64 * UNIT).collect();
    for (value, &step) in values.iter().zip(steps) {
        assert_eq!(
            (value - centre) / UNIT,
            step as f64,
            "the test's own values are exact"
        );
    }
    values
}

/// Skewed noise of up to 16 units of one, so that no moment is near zero.
fn skewed(n: usize, seed: u64) -> Vec<i64> {
    let mut dice = Dice::new(seed);
    (0..n)
        .map(|_| (dice.unit().powi(3) * (1 << 24) as f64) as i64)
        .collect()
}

fn block(values: &[f64]) -> Moments {
    let mut moments = Moments::default();
    moments.add_block(values, Sums::of(values), None);
    moments
}

fn assert_right(found: &Moments, truth: &Truth, n: usize) {
    assert_eq!(found.n, n as u64);
    let close = |found: f64, expected: f64, what: &str| {
        let error = (found - expected).abs() / expected.abs();
        assert!(
            error <= 1e-9,
            "{what}: {found}, expected {expected}: off by {error:e}"
        );
    };
    close(found.mean.high, truth.mean, "mean");
    close(found.m2, truth.powers[0], "m2");
    close(found.m3, truth.powers[1], "m3");
    close(found.m4, truth.powers[2], "m4");
}

#[test]
fn one_block_is_right_to_nine_digits() {
    for centre in [0.0, -1e3, 1e6, 1e9, -1e9] {
        for n in [2, 3, 8, 9, 100, 2048, 30_000] {
            let steps = skewed(n, n as u64);
            if n == 2 {
                // Of two values the skewness is zero.
                let found = block(&values(centre, &steps));
                assert!((found.m2 / truth(centre, &steps).powers[0] - 1.0).abs() < 1e-9);
                continue;
            }
            assert_right(&block(&values(centre, &steps)), &truth(centre, &steps), n);
        }
    }
}

#[test]
fn parts_merged_in_any_number_are_right_to_nine_digits() {
    let n = 64_000;
    for centre in [0.0, 1e6, 1e9, -1e9] {
        let steps = skewed(n, 5);
        let values = values(centre, &steps);
        for parts in [2, 64, 1000, 6400] {
            let mut whole = Moments::default();
            for part in values.chunks(n.div_ceil(parts)) {
                whole.merge(&block(part));
            }
            assert_right(&whole, &truth(centre, &steps), n);
        }
    }
}

#[test]
fn parts_of_very_different_sizes_and_places_are_right_to_nine_digits() {
    let mut steps = skewed(50_000, 6);
    steps.extend(skewed(3, 7).iter().map(|step| step + (1 << 30)));
    steps.extend(skewed(1000, 8).iter().map(|step| step - (1 << 28)));
    let values = values(1e6, &steps);
    let cuts = [0, 1, 2, 40_000, 49_999, 50_002, 50_500, values.len()];
    let parts: Vec<Moments> = cuts
        .windows(2)
        .map(|cut| block(&values[cut[0]..cut[1]]))
        .collect();
    for order in [parts.clone(), parts.iter().rev().copied().collect()] {
        let mut whole = Moments::default();
        order.iter().for_each(|part| whole.merge(part));
        assert_right(&whole, &truth(1e6, &steps), values.len());
    }
}

#[test]
fn counted_values_are_right_to_nine_digits() {
    let mut dice = Dice::new(9);
    let pairs: Vec<(i64, u64)> = (0..500).map(|at| (at * at * 1000, 1 + dice.below(300))).collect();
    let steps: Vec<i64> = pairs
        .iter()
        .flat_map(|&(step, count)| std::iter::repeat_n(step, count as usize))
        .collect();
    for centre in [0.0, 1e9] {
        let floats: Vec<(f64, u64)> = pairs
            .iter()
            .map(|&(step, count)| (centre + step as f64 * UNIT, count))
            .collect();
        let mut whole = Moments::default();
        whole.add_counted(&floats[..100], None);
        whole.add_counted(&[], None);
        whole.add_counted(&floats[100..], None);
        assert_right(&whole, &truth(centre, &steps), steps.len());
        assert_eq!((whole.min, whole.max), (floats[0].0, floats[499].0));
    }
}

#[test]
fn equal_values_have_no_variance_at_all() {
    for value in [0.0, 0.1, 1e9 + 0.1, -1e60, 5e-324] {
        let mut whole = Moments::default();
        for _ in 0..10 {
            whole.merge(&block(&vec![value; 1001]));
        }
        assert_eq!(whole.n, 10_010);
        assert!((whole.mean.high - value).abs() <= value.abs() * 1e-15);
        assert!(
            whole.m2 <= 1e-9 * (value * value).abs() * f64::EPSILON,
            "{value}: m2 {}",
            whole.m2
        );
        assert_eq!((whole.min, whole.max), (value, value));
    }
}

#[test]
fn merging_is_commutative_to_the_bit_and_nothing_is_neutral() {
    for seed in 0..50 {
        let (left, right) = (
            block(&values(1e6, &skewed(100 + seed, 1))),
            block(&values(1e3, &skewed(150, 2))),
        );
        let (mut one, mut other) = (left, right);
        one.merge(&right);
        other.merge(&left);
        assert_eq!(
            (one.n, one.mean, one.min, one.max),
            (other.n, other.mean, other.min, other.max)
        );
        for (mine, theirs) in [(one.m2, other.m2), (one.m3, other.m3), (one.m4, other.m4)] {
            assert!((mine - theirs).abs() <= 1e-13 * mine.abs());
        }
        let mut same = left;
        same.merge(&Moments::default());
        let mut fresh = Moments::default();
        fresh.merge(&left);
        assert_eq!((same, fresh), (left, left));
    }
}

#[test]
fn extremes_are_kept_exactly_while_all_parts_know_theirs() {
    let with = |value: i128| {
        let mut moments = Moments::default();
        let exact = Exact::from(value);
        moments.add_counted(&[(value as f64, 1)], Some((exact, exact)));
        moments
    };
    let mut whole = with(i128::from(i64::MAX));
    whole.merge(&with(i128::from(i64::MAX) - 1));
    whole.merge(&with(i128::from(u64::MAX)));
    let texts = whole.exact.map(|(low, high)| (low.to_string(), high.to_string()));
    assert_eq!(
        texts,
        Some((
            "9223372036854775806".to_owned(),
            "18446744073709551615".to_owned()
        ))
    );
    whole.merge(&block(&[0.5]));
    assert_eq!(whole.exact, None, "a double has no exact form to compare with");
    assert_eq!(whole.min, 0.5);
}

#[test]
fn a_large_integer_is_compared_exactly_with_a_long_decimal() {
    let (low, high) = Exact::widen(
        (Exact::from(1), Exact::from(1)),
        (
            Exact::new(10i128.pow(30) + 1, 30),
            Exact::new(10i128.pow(30) + 1, 30),
        ),
    );
    assert_eq!(low.to_string(), "1");
    assert_eq!(high.to_string(), "1.000000000000000000000000000001");
}
