//! Comparing columns: known values, laws, and what must never happen on odd input.

use tidegauge_kernel::compare::counts::{Method, homogeneity};
use tidegauge_kernel::compare::distances::distances;
use tidegauge_kernel::compare::history::Table;
use tidegauge_kernel::compare::items::pairs;
use tidegauge_kernel::compare::ordered::ordered;
use tidegauge_kernel::compare::{Steps, ordered};
use tidegauge_kernel::random::Random;
use tidegauge_kernel::sketches::frequent::{CountTable, FrequentItems, TextKeys};

fn steps(values: &[f64]) -> Steps {
    Steps::new(values.iter().map(|&value| (value, 1)).collect())
}

fn uniform(random: &mut Random, count: usize) -> Vec<f64> {
    (0..count)
        .map(|_| random.below(1 << 40) as f64 / (1u64 << 40) as f64)
        .collect()
}

#[test]
fn distances_of_hand_made_columns() {
    let found = distances(&steps(&[1.0, 2.0, 3.0, 4.0]), &steps(&[3.0, 4.0, 5.0, 6.0])).unwrap();
    assert_eq!((found.ks, found.ks_at, found.ks_signed), (0.5, 2.0, 0.5));
    assert!((found.wasserstein - 2.0).abs() < 1e-12);
    assert!(distances(&steps(&[]), &steps(&[1.0])).is_none());
    let same = distances(&steps(&[1.0, 1.0, 2.0]), &steps(&[1.0, 1.0, 2.0])).unwrap();
    assert_eq!((same.ks, same.wasserstein, same.energy), (0.0, 0.0, 0.0));
}

#[test]
fn the_smallest_samples() {
    // Two values on either side: of the 6 deals, 2 are as far apart.
    let found = ordered(&steps(&[1.0, 2.0]), &steps(&[3.0, 4.0])).unwrap();
    assert_eq!(found.method, ordered::Method::Exact);
    assert!((found.p_value - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!(ordered(&steps(&[1.0]), &steps(&[1.0])).unwrap().p_value, 1.0);
}

#[test]
fn p_values_are_probabilities_whatever_comes() {
    let mut random = Random::new(3);
    for round in 0..400 {
        let levels = 1 + random.below(if round % 2 == 0 { 5 } else { 1 << 30 });
        let mut column = |most: u64| -> Vec<f64> {
            let count = 1 + random.below(most);
            (0..count).map(|_| random.below(levels) as f64).collect()
        };
        let (a, b) = (column(300), column(3000));
        let found = ordered(&steps(&a), &steps(&b)).unwrap();
        assert!((0.0..=1.0).contains(&found.p_value), "{found:?}");
        let back = ordered(&steps(&b), &steps(&a)).unwrap();
        assert!(
            (found.p_value - back.p_value).abs() < 1e-9,
            "the order does not matter"
        );
    }
}

#[test]
fn counted_values_compare_as_single_ones() {
    let mut random = Random::new(5);
    let a: Vec<f64> = (0..500).map(|_| random.below(7) as f64).collect();
    let b: Vec<f64> = (0..700).map(|_| random.below(7) as f64).collect();
    let counted = |values: &[f64]| {
        Steps::new(
            (0..7)
                .map(|v| (v as f64, values.iter().filter(|&&x| x == v as f64).count() as u64))
                .collect(),
        )
    };
    let (one, other) = (
        ordered(&steps(&a), &steps(&b)).unwrap(),
        ordered(&counted(&a), &counted(&b)).unwrap(),
    );
    assert_eq!(one.distances, other.distances);
    assert_eq!(one.p_value, other.p_value);
}

#[test]
fn the_level_is_kept() {
    let mut random = Random::new(7);
    for (n, m) in [(40, 900), (3000, 2500)] {
        let alarms = (0..400)
            .filter(|_| {
                let (a, b) = (uniform(&mut random, n), uniform(&mut random, m));
                ordered(&steps(&a), &steps(&b)).unwrap().p_value <= 0.05
            })
            .count();
        assert!(
            alarms <= 34,
            "{alarms} of 400 at {n} against {m}; 20 expected, 34 is three standard errors"
        );
    }
}

#[test]
fn homogeneity_of_odd_tables() {
    assert!(homogeneity(&[]).is_none());
    assert!(homogeneity(&[(0, 0), (0, 3)]).is_none());
    assert_eq!(homogeneity(&[(3, 4)]).unwrap().p_value, 1.0);
    for pairs in [
        vec![(1, 0), (0, 1)],
        vec![
            (u64::from(u32::MAX) << 20, 1),
            (1, u64::from(u32::MAX) << 20),
            (5, 5),
        ],
        (0..5000)
            .map(|at| (u64::from(at % 2 == 0), u64::from(at % 2 == 1)))
            .collect(),
    ] {
        let found = homogeneity(&pairs).unwrap();
        assert!(
            (0.0..=1.0).contains(&found.p_value) && (0.0..=1.0).contains(&found.moved),
            "{found:?}"
        );
    }
}

#[test]
fn fisher_knows_the_lady_tasting_tea() {
    let found = homogeneity(&[(3, 1), (1, 3)]).unwrap();
    assert_eq!(found.method, Method::Exact);
    assert!((found.p_value - 34.0 / 70.0).abs() < 1e-12);
}

fn table(counts: &[(&str, u64)]) -> FrequentItems {
    let mut table = CountTable::<TextKeys>::default();
    counts
        .iter()
        .for_each(|(text, count)| table.add_text(text, *count));
    table.freeze_texts()
}

#[test]
fn items_are_paired_by_value() {
    let found = pairs(&table(&[("a", 3), ("b", 1)]), &table(&[("b", 5), ("c", 2)]));
    let plain: Vec<(Option<&str>, (u64, u64))> = found
        .iter()
        .map(|pair| (pair.item.as_deref(), pair.count))
        .collect();
    assert_eq!(
        plain,
        [(Some("b"), (1, 5)), (Some("a"), (3, 0)), (Some("c"), (0, 2))]
    );
}

#[test]
fn a_window_unlike_the_others_stands_out() {
    let mut random = Random::new(11);
    let mut windows: Vec<Option<Steps>> = (0..30).map(|_| Some(steps(&uniform(&mut random, 200)))).collect();
    windows.push(Some(steps(
        &uniform(&mut random, 200)
            .iter()
            .map(|x| x * 0.4)
            .collect::<Vec<_>>(),
    )));
    windows.push(None);
    let table = Table::of_steps(&windows);
    let history: Vec<usize> = (0..29).collect();
    let seasons = vec![0; windows.len()];
    let usual = table.judge(29, &history, &seasons).unwrap();
    let strange = table.judge(30, &history, &seasons).unwrap();
    assert!(
        usual.p_value > 0.01 && usual.distance < usual.unusual * 1.3,
        "{usual:?}"
    );
    assert!(
        strange.p_value < 1e-4 && strange.distance > strange.unusual,
        "{strange:?}"
    );
    assert!(table.judge(31, &history, &seasons).is_none());
    assert!(table.judge(30, &[0, 1], &seasons).is_none());
}
