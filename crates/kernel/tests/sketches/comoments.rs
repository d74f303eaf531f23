use crate::support::Dice;
use tidegauge_kernel::metrics::{CoMoments, Pair, Products};

/// Values are whole multiples of it about a centre, so that sums are exact in integers.
const UNIT: f64 = 1.0 / (1 << 20) as f64;

/// Steps of one column; `None` is missing.
type Steps = Vec<Option<i64>>;

fn values(centre: f64, steps: &[Option<i64>]) -> Vec<f64> {
    let value = |step: &Option<i64>| step.map_or(f64::NAN, |step| centre + step as f64 * UNIT);
    steps.iter().map(value).collect()
}

/// Rows, and both columns' squares and their product about the means, of a pair, from whole numbers.
fn truth(x: &[Option<i64>], y: &[Option<i64>]) -> (u64, [f64; 3]) {
    let rows: Vec<(i128, i128)> = x
        .iter()
        .zip(y)
        .filter_map(|(x, y)| Some((i128::from((*x)?), i128::from((*y)?))))
        .collect();
    let n = rows.len() as i128;
    let (sx, sy) = rows
        .iter()
        .fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    let about = |term: fn(&(i128, i128)) -> i128, product: i128| {
        let total: i128 = rows.iter().map(term).sum();
        (n * total - product) as f64 / n as f64 * UNIT * UNIT
    };
    let moments = [
        about(|row| row.0 * row.0, sx * sx),
        about(|row| row.1 * row.1, sy * sy),
        about(|row| row.0 * row.1, sx * sy),
    ];
    (rows.len() as u64, moments)
}

fn check(pair: Pair, x: &[Option<i64>], y: &[Option<i64>], tolerance: f64) {
    let (n, [m2_x, m2_y, c]) = truth(x, y);
    assert_eq!(pair.n, n);
    if n < 2 {
        return;
    }
    let scale = (m2_x * m2_y).sqrt();
    assert!((pair.m2_x - m2_x).abs() <= tolerance * m2_x, "{pair:?} {m2_x}");
    assert!((pair.m2_y - m2_y).abs() <= tolerance * m2_y, "{pair:?} {m2_y}");
    assert!((pair.c - c).abs() <= tolerance * scale, "{pair:?} {c}");
}

fn column(dice: &mut Dice, rows: usize, missing: f64, spread: u64) -> Steps {
    (0..rows)
        .map(|_| (dice.unit() >= missing).then(|| dice.below(spread) as i64 - spread as i64 / 2))
        .collect()
}

fn add(moments: &mut CoMoments, columns: &[Vec<f64>], start: usize, end: usize) {
    let slices: Vec<&[f64]> = columns.iter().map(|column| &column[start..end]).collect();
    moments.add_rows(&slices, &mut Products::default());
}

#[test]
fn blocks_of_any_length_give_the_moments_of_the_whole() {
    let mut dice = Dice::new(1);
    for (count, rows, missing) in [
        (2, 1, 0.0),
        (3, 700, 0.0),
        (7, 999, 0.1),
        (9, 1500, 0.7),
        (5, 64, 0.97),
    ] {
        for centre in [0.0, 1e9, -3.5e9] {
            let steps: Vec<Steps> = (0..count)
                .map(|at| column(&mut dice, rows, if at % 3 == 0 { 0.0 } else { missing }, 1 << 21))
                .collect();
            let columns: Vec<Vec<f64>> = steps.iter().map(|steps| values(centre, steps)).collect();
            let mut moments = CoMoments::default();
            let mut start = 0;
            while start < rows {
                let end = rows.min(start + 1 + dice.below(300) as usize);
                add(&mut moments, &columns, start, end);
                start = end;
            }
            for second in 0..count {
                for first in 0..second {
                    check(moments.pair(first, second), &steps[first], &steps[second], 1e-10);
                    check(moments.pair(second, first), &steps[second], &steps[first], 1e-10);
                }
            }
        }
    }
}

#[test]
fn an_outlier_in_a_row_that_a_pair_lacks_spoils_nothing() {
    let mut dice = Dice::new(2);
    let mut x = column(&mut dice, 1000, 0.0, 1 << 20);
    let mut y = column(&mut dice, 1000, 0.05, 1 << 20);
    x[500] = Some(1 << 52);
    y[500] = None;
    let mut moments = CoMoments::default();
    add(&mut moments, &[values(0.0, &x), values(0.0, &y)], 0, 1000);
    check(moments.pair(0, 1), &x, &y, 1e-12);
}

#[test]
fn merging_is_associative_and_commutative_and_has_an_identity() {
    let mut dice = Dice::new(3);
    let steps: Vec<Steps> = (0..6)
        .map(|at| column(&mut dice, 900, f64::from(at) * 0.1, 1 << 22))
        .collect();
    let columns: Vec<Vec<f64>> = steps.iter().map(|steps| values(1e9, steps)).collect();
    let part = |start: usize, end: usize| {
        let mut moments = CoMoments::default();
        add(&mut moments, &columns, start, end);
        moments
    };
    let (a, b, c) = (part(0, 10), part(10, 400), part(400, 900));
    let merged = |x: &CoMoments, y: &CoMoments| {
        let mut both = x.clone();
        both.merge(y);
        both
    };
    assert_eq!(merged(&a, &b), merged(&b, &a));
    assert_eq!(merged(&a, &CoMoments::default()), a);
    assert_eq!(merged(&CoMoments::default(), &a), a);
    assert_eq!(merged(&CoMoments::empty(6), &a), a);
    let (left, right) = (merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
    for second in 0..6 {
        for first in 0..second {
            let (left, right) = (left.pair(first, second), right.pair(first, second));
            assert_eq!(left.n, right.n);
            assert!((left.r() - right.r()).abs() < 1e-12, "{left:?} {right:?}");
            check(left, &steps[first], &steps[second], 1e-10);
        }
    }
}

#[test]
fn what_does_not_vary_has_no_correlation() {
    let mut moments = CoMoments::default();
    let rising: Vec<f64> = (0..1001).map(f64::from).collect();
    add(&mut moments, &[rising.clone(), vec![0.1; 1001]], 0, 1001);
    add(&mut moments, &[rising.clone(), vec![0.1; 1001]], 0, 700);
    assert!(moments.pair(0, 1).r().is_nan());
    let mut huge = CoMoments::default();
    add(
        &mut huge,
        &[vec![1e308, -1e308, 1e308], vec![1.0, 2.0, 3.0]],
        0,
        3,
    );
    assert!(huge.pair(0, 1).r().is_nan());
    let mut same = CoMoments::default();
    add(
        &mut same,
        &[rising.clone(), rising.iter().map(|x| -x).collect()],
        0,
        1001,
    );
    assert!((same.pair(0, 1).r() + 1.0).abs() < 1e-15);
    let mut infinite = CoMoments::default();
    add(
        &mut infinite,
        &[vec![1.0, f64::INFINITY, 3.0, 4.0], vec![1.0, 2.0, f64::NAN, 7.0]],
        0,
        4,
    );
    assert_eq!(infinite.pair(0, 1).n, 2);
    assert_eq!(infinite.singles()[0].n, 3);
}

#[test]
fn a_column_that_does_not_vary_where_another_is_there_has_no_correlation_with_it() {
    // The second column is 0.1 wherever the first has a value, in three parts of different means.
    let parts = [
        (vec![1.0, f64::NAN], vec![0.1, 9.7]),
        (vec![f64::NAN, 2.0, 7.0], vec![-3.3, 0.1, 0.1]),
        (vec![5.0, f64::NAN], vec![0.1, 123.456]),
    ];
    let mut moments = CoMoments::default();
    for (x, y) in parts {
        let part = [x, y];
        add(&mut moments, &part, 0, part[0].len());
    }
    assert!(moments.pair(0, 1).r().is_nan(), "{:?}", moments.pair(0, 1));
    assert_eq!(moments.pair(0, 1).n, 4);
}

#[test]
fn columns_are_put_in_another_order() {
    let mut dice = Dice::new(4);
    let steps: Vec<Steps> = (0..4).map(|_| column(&mut dice, 50, 0.2, 1 << 20)).collect();
    let columns: Vec<Vec<f64>> = steps.iter().map(|steps| values(0.0, steps)).collect();
    let mut moments = CoMoments::default();
    add(&mut moments, &columns, 0, 50);
    let other = moments.arranged(&[Some(3), None, Some(0)]);
    assert_eq!(other.pair(0, 2), moments.pair(3, 0));
    assert_eq!(other.pair(2, 0), moments.pair(0, 3));
    assert_eq!(other.pair(1, 2), Pair::default());
    assert_eq!(
        CoMoments::from_parts(moments.singles().to_vec(), Vec::new()),
        None
    );
}
