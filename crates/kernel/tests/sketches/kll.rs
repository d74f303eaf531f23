use crate::support::Dice;
use datasketches::common::SearchCriteria::Inclusive;
use datasketches::kll::{KllFloat, KllSketch};
use tidegauge_kernel::sketches::kll::{K, Kll, View, decode, encode};

const RANKS: [f64; 11] = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

/// What Apache DataSketches publishes for k = 1024, at 99 %: 2.296 / k^0.9723.
const PUBLISHED: f64 = 0.002_717;

fn shuffled(n: usize, seed: u64) -> Vec<f64> {
    let mut values: Vec<f64> = (0..n).map(|value| value as f64).collect();
    Dice::new(seed).shuffle(&mut values);
    values
}

fn tied(n: usize, seed: u64) -> Vec<f64> {
    let mut dice = Dice::new(seed);
    (0..n).map(|_| (dice.unit().powi(3) * 12.0).floor()).collect()
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// How far, in normalised rank, each answer is off: of quantiles, and of ranks of the true quantiles.
fn errors(view: &View, sorted: &[f64]) -> Vec<f64> {
    let n = sorted.len() as f64;
    let below = |point: f64| sorted.partition_point(|&value| value < point) as f64 / n;
    let through = |point: f64| sorted.partition_point(|&value| value <= point) as f64 / n;
    RANKS
        .iter()
        .flat_map(|&rank| {
            let found = view.quantile(rank);
            let quantile_error = (below(found) - rank).max(rank - through(found)).max(0.0);
            let point = sorted[(rank * n) as usize];
            [quantile_error, (view.rank(point) - through(point)).abs()]
        })
        .collect()
}

/// Runs seeded trials; of all answers, at most one of a hundred may be beyond the published error.
fn check_trials(trials: u64, mut trial: impl FnMut(u64) -> (Kll, Vec<f64>)) {
    let (mut asked, mut beyond) = (0, 0);
    for seed in 0..trials {
        let (sketch, values) = trial(seed);
        assert_eq!(sketch.n(), values.len() as u64);
        let frozen = sketch.freeze();
        assert_eq!(frozen.n(), values.len() as u64);
        let view = frozen.view();
        assert_eq!(
            view.weights().iter().sum::<u64>(),
            values.len() as u64,
            "weights add up to n"
        );
        assert!(frozen.rank_error() <= PUBLISHED, "the stated error");
        let sorted = sorted(&values);
        assert_eq!(
            (view.quantile(0.0), view.quantile(1.0)),
            (sorted[0], sorted[sorted.len() - 1])
        );
        let errors = errors(&view, &sorted);
        asked += errors.len();
        beyond += errors.iter().filter(|&&error| error > PUBLISHED).count();
    }
    assert!(
        beyond * 100 <= asked,
        "{beyond} of {asked} answers are beyond the published error"
    );
}

fn sketch_of(values: &[f64]) -> Kll {
    let mut sketch = Kll::new();
    sketch.extend(values);
    sketch
}

fn in_batches(values: &[f64], size: usize) -> Kll {
    let mut sketch = Kll::new();
    values.chunks(size).for_each(|batch| sketch.extend(batch));
    sketch
}

fn merged(values: &[f64], parts: usize, freeze: bool) -> Kll {
    let mut whole = Kll::new();
    for part in values.chunks(values.len().div_ceil(parts)) {
        let part = sketch_of(part);
        whole.merge(&if freeze { part.freeze() } else { part });
    }
    whole
}

#[test]
fn one_pass_is_within_the_stated_error() {
    check_trials(60, |seed| {
        let values = shuffled(30_000 + seed as usize, seed);
        (in_batches(&values, 2048), values)
    });
}

#[test]
fn sampled_input_is_within_the_stated_error() {
    check_trials(16, |seed| {
        let values = shuffled(1_000_000 + 13 * seed as usize, seed);
        (in_batches(&values, 2048), values)
    });
}

#[test]
fn the_fewest_samples_there_are_keep_within_the_stated_error() {
    // The size at which sampling has just become twice as coarse.
    check_trials(20, |seed| {
        let values = shuffled(4 * (3 << 16), seed);
        (in_batches(&values, 2048), values)
    });
}

#[test]
fn sampling_sets_in_while_a_sketch_grows() {
    check_trials(4, |seed| {
        let values = shuffled(4_000_000, seed);
        let sketch = in_batches(&values, 5000);
        // Without sampling every value would have passed through level 0.
        assert!(sketch.freeze().view().weights().iter().all(|&weight| weight > 1));
        (sketch, values)
    });
}

#[test]
fn parts_that_know_the_size_of_the_whole_are_within_the_stated_error() {
    check_trials(16, |seed| {
        let values = shuffled(1 << 20, seed);
        let mut whole = Kll::new();
        for part in values.chunks(1 << 16) {
            let mut sketch = Kll::new();
            for block in part.chunks(2048) {
                let range = (
                    block.iter().copied().fold(f64::NAN, f64::min),
                    block.iter().copied().fold(f64::NAN, f64::max),
                );
                sketch.extend_run(block, range, values.len() as u64);
            }
            whole.merge(&sketch);
        }
        (whole, values)
    });
}

#[test]
fn every_order_of_input_is_within_the_stated_error() {
    check_trials(40, |seed| {
        let n = 300_000 + 100 * seed as usize;
        let ascending = (0..n).map(|value| value as f64);
        let values: Vec<f64> = match seed % 4 {
            0 => ascending.collect(),
            1 => ascending.rev().collect(),
            2 => ascending.map(|value| (value * 37.0) % 1000.0).collect(),
            _ => ascending
                .map(|value| if value % 2.0 == 0.0 { value } else { -value })
                .collect(),
        };
        (in_batches(&values, 2048), values)
    });
}

#[test]
fn heavily_tied_input_is_within_the_stated_error() {
    check_trials(20, |seed| {
        let values = tied(120_000, seed);
        (in_batches(&values, 1000), values)
    });
}

#[test]
fn counted_input_is_within_the_stated_error() {
    check_trials(20, |seed| {
        let values = tied(100_000, seed);
        let pairs = |values: &[f64]| -> Vec<(f64, u64)> {
            let sorted = sorted(values);
            let runs = sorted.chunk_by(|a, b| a == b);
            runs.map(|run| (run[0], run.len() as u64)).collect()
        };
        let mut sketch = Kll::new();
        values
            .chunks(1 + 997 * seed as usize)
            .for_each(|part| sketch.extend_counted(&pairs(part)));
        (sketch, values)
    });
    check_trials(10, |seed| {
        let mut dice = Dice::new(seed);
        let pairs: Vec<(f64, u64)> = (0..5000)
            .map(|value| (f64::from(value), 1 + dice.zipf() % 500))
            .collect();
        let mut sketch = Kll::new();
        sketch.extend_counted(&pairs);
        let all = pairs
            .iter()
            .flat_map(|&(value, count)| std::iter::repeat_n(value, count as usize));
        (sketch, all.collect())
    });
}

#[test]
fn counts_and_values_mix_within_the_stated_error() {
    check_trials(10, |seed| {
        let mut values = shuffled(50_000, seed);
        let mut sketch = sketch_of(&values);
        sketch.extend_counted(&[(-1.0, 30_000), (25_000.0, 7), (60_000.0, 19_993)]);
        values.extend([-1.0; 30_000]);
        values.extend([25_000.0; 7]);
        values.extend([60_000.0; 19_993]);
        (sketch, values)
    });
}

#[test]
fn merging_2_parts_is_within_the_stated_error() {
    check_trials(40, |seed| {
        let values = shuffled(50_000, seed);
        (merged(&values, 2, true), values)
    });
}

#[test]
fn merging_64_parts_is_within_the_stated_error() {
    check_trials(30, |seed| {
        let values = shuffled(200_000, seed);
        (merged(&values, 64, seed % 2 == 0), values)
    });
}

#[test]
fn merging_1000_parts_is_within_the_stated_error() {
    check_trials(10, |seed| {
        let values = shuffled(1_000_000, seed);
        (merged(&values, 1000, seed % 2 == 0), values)
    });
    // Parts that each stand for a stretch of the range, as the days of a growing counter do.
    check_trials(4, |_| {
        let values: Vec<f64> = (0..1_000_000).map(f64::from).collect();
        (merged(&values, 1000, true), values)
    });
}

#[test]
fn merging_as_a_tree_is_within_the_stated_error() {
    check_trials(10, |seed| {
        let values = shuffled(256 * 1500, seed);
        let mut level: Vec<Kll> = values.chunks(1500).map(|part| sketch_of(part).freeze()).collect();
        while level.len() > 1 {
            let pairs = level.chunks(2);
            level = pairs
                .map(|pair| {
                    let mut left = pair[0].clone();
                    left.merge(&pair[1]);
                    left.freeze()
                })
                .collect();
        }
        (level.remove(0), values)
    });
}

#[test]
fn merging_is_commutative_within_the_stated_error() {
    for seed in 0..10 {
        let values = shuffled(90_000, seed);
        let (left, right) = values.split_at(30_000);
        let merge = |left: &[f64], right: &[f64]| {
            let mut sketch = sketch_of(left);
            sketch.merge(&sketch_of(right));
            sketch.freeze()
        };
        let (one, other) = (merge(left, right), merge(right, left));
        assert_eq!(
            (one.n(), one.min(), one.max()),
            (other.n(), other.min(), other.max())
        );
        for rank in RANKS {
            let apart = one.view().rank(90_000.0 * rank) - other.view().rank(90_000.0 * rank);
            assert!(apart.abs() <= 2.0 * PUBLISHED, "{apart} at {rank}");
        }
    }
}

#[test]
fn up_to_k_values_are_exact() {
    for n in [1, 2, 7, 100, 1000, 1023, 1024] {
        let values = tied(n, n as u64);
        let sorted = sorted(&values);
        for sketch in [
            sketch_of(&values),
            in_batches(&values, 10),
            merged(&values, 5, true),
        ] {
            let frozen = sketch.freeze();
            assert!(sketch.is_exact() && frozen.is_exact(), "n = {n}");
            assert_eq!(frozen.rank_error(), 0.0);
            assert_eq!(frozen.view().values(), sorted);
            for (at, &value) in sorted.iter().enumerate() {
                assert_eq!(frozen.view().quantile((at + 1) as f64 / n as f64 - 1e-9), value);
            }
        }
    }
    assert!(!sketch_of(&shuffled(20_000, 1)).freeze().is_exact());
    let stated = sketch_of(&shuffled(20_000, 1)).freeze().rank_error();
    assert!((stated - PUBLISHED).abs() < 1e-6, "{stated}");
}

#[test]
fn an_empty_sketch_is_neutral_and_answers_nan() {
    let mut sketch = Kll::new();
    sketch.merge(&Kll::new());
    sketch.extend(&[]);
    sketch.extend_counted(&[]);
    assert!(sketch.view().quantile(0.5).is_nan() && sketch.view().rank(0.0).is_nan());
    let full = sketch_of(&shuffled(5000, 3));
    sketch.merge(&full);
    let mut other = full.clone();
    other.merge(&Kll::new());
    assert_eq!(encode(&sketch.freeze()), encode(&full.freeze()));
    assert_eq!(encode(&other.freeze()), encode(&full.freeze()));
}

#[test]
fn extremes_of_doubles_keep_their_order() {
    let values = [
        f64::MIN,
        -1.0,
        -f64::MIN_POSITIVE,
        -5e-324,
        0.0,
        5e-324,
        1.0,
        f64::MAX,
    ];
    let mut backwards = values;
    backwards.reverse();
    let sketch = sketch_of(&backwards).freeze();
    assert_eq!(sketch.view().values(), values);
    let zero = sketch_of(&[-0.0]).freeze();
    assert!(zero.view().values()[0].is_sign_positive());
    assert_eq!(decode(&encode(&sketch)).unwrap().view().values(), values);
}

#[test]
fn the_same_values_give_the_same_bytes() {
    let values = shuffled(700_000, 5);
    assert_eq!(
        encode(&in_batches(&values, 3000).freeze()),
        encode(&in_batches(&values, 3000).freeze())
    );
}

#[test]
fn a_frozen_sketch_has_the_size_of_apaches() {
    for n in [1025, 2048, 10_000, 100_000, 3_000_000] {
        let frozen = sketch_of(&shuffled(n, 9)).freeze();
        let mut theirs = apache(&[]);
        let capacity = {
            (0..n).for_each(|value| theirs.update(KllFloat::<f64>::new(value as f64).unwrap()));
            theirs.num_retained().max(3 * K)
        };
        assert!(
            frozen.retained() <= capacity,
            "n = {n}: {} items",
            frozen.retained()
        );
    }
}

fn apache(values: &[f64]) -> KllSketch<KllFloat<f64>> {
    let mut sketch = KllSketch::new(K as u16).unwrap();
    for &value in values {
        sketch.update(KllFloat::<f64>::new(value).unwrap());
    }
    sketch
}

fn assert_same_answers(ours: &Kll, theirs: &KllSketch<KllFloat<f64>>) {
    assert_eq!(ours.n(), theirs.n());
    assert_eq!(ours.retained(), theirs.num_retained());
    if ours.n() == 0 {
        return assert!(theirs.is_empty());
    }
    assert_eq!(ours.min(), **theirs.min_item().unwrap());
    assert_eq!(ours.max(), **theirs.max_item().unwrap());
    let view = ours.view();
    for rank in RANKS.into_iter().chain([0.0, 1.0, 0.3333]) {
        assert_eq!(
            view.quantile(rank),
            *theirs.quantile(rank, Inclusive).unwrap().unwrap(),
            "at {rank}"
        );
    }
    let (low, high) = (ours.min() - 1.0, ours.max() + 1.0);
    for step in 0..=100 {
        let point = low + (high - low) * f64::from(step) / 100.0;
        let wrapped = KllFloat::<f64>::new(point).unwrap();
        assert_eq!(
            view.rank(point),
            theirs.rank(&wrapped, Inclusive).unwrap(),
            "of {point}"
        );
    }
}

const SIZES: [usize; 11] = [0, 1, 2, 5, 1023, 1024, 1025, 5_000, 33_333, 300_000, 1_000_000];

#[test]
fn apache_reads_our_bytes_and_gives_the_same_answers() {
    for n in SIZES {
        let ours = sketch_of(&shuffled(n, n as u64)).freeze();
        let theirs = KllSketch::deserialize(&encode(&ours)).unwrap();
        assert_same_answers(&ours, &theirs);
    }
}

#[test]
fn apache_goes_on_with_our_sketch() {
    let values = shuffled(40_000, 8);
    let (ours, more) = values.split_at(30_000);
    let mut theirs = KllSketch::deserialize(&encode(&sketch_of(ours).freeze())).unwrap();
    more.iter()
        .for_each(|&value| theirs.update(KllFloat::<f64>::new(value).unwrap()));
    theirs.merge(&apache(&[1.5; 2000])).unwrap();
    assert_eq!(theirs.n(), 42_000);
    let median = *theirs.quantile(0.5, Inclusive).unwrap().unwrap();
    assert!((median - 19_000.0).abs() < 40_000.0 * PUBLISHED, "{median}");
}

#[test]
fn we_read_apaches_bytes_and_give_the_same_answers() {
    for n in SIZES {
        let theirs = apache(&shuffled(n, n as u64));
        let ours = decode(&theirs.serialize()).unwrap();
        assert_same_answers(&ours, &theirs);
        assert_same_answers(&ours.freeze(), &theirs);
    }
}

#[test]
fn we_merge_apaches_sketches_with_ours() {
    check_trials(10, |seed| {
        let values = shuffled(60_000, seed);
        let (left, right) = values.split_at(25_000);
        let mut sketch = decode(&apache(left).serialize()).unwrap();
        sketch.merge(&sketch_of(right));
        (sketch, values)
    });
}

#[test]
fn bytes_round_trip() {
    for n in SIZES {
        let sketch = sketch_of(&tied(n, 3)).freeze();
        let bytes = encode(&sketch);
        let read = decode(&bytes).unwrap();
        assert_eq!(encode(&read), bytes);
        assert_eq!(encode(&read.freeze()), bytes, "freezing again changes nothing");
        assert_eq!(read.is_exact(), sketch.is_exact());
    }
}
