use crate::support::Dice;
use datasketches::common::NumStdDev;
use datasketches::hash::value::{canonical_float, raw_bytes};
use datasketches::hll::{HllSketch, HllType, HllUnion};
use tidegauge_kernel::hash::{canonical_bits, hash_bytes, hash_i64, hash_u64};
use tidegauge_kernel::sketches::hll::{Hll, LG_K, decode, encode};

/// Around the borders between list, set and registers.
const SIZES: [u64; 14] = [0, 1, 2, 7, 8, 9, 100, 383, 384, 385, 500, 1_000, 10_000, 300_000];

const TYPES: [HllType; 3] = [HllType::Hll4, HllType::Hll6, HllType::Hll8];

fn ours(keys: impl Iterator<Item = u64>) -> Hll {
    let mut sketch = Hll::new();
    keys.for_each(|key| sketch.add(hash_u64(key)));
    sketch
}

fn theirs(lg_k: u8, hll_type: HllType, keys: impl Iterator<Item = u64>) -> HllSketch {
    let mut sketch = HllSketch::new(lg_k, hll_type).unwrap();
    keys.for_each(|key| sketch.update(key));
    sketch
}

/// The estimate that does not depend on the order of the input.
fn unordered_estimate(sketch: &HllSketch) -> f64 {
    let mut union = HllUnion::new(LG_K).unwrap();
    union.update(sketch);
    union.to_sketch(HllType::Hll8).composite_estimate()
}

fn assert_close(one: f64, other: f64) {
    assert!((one - other).abs() <= 1e-9 * other.abs(), "{one} and {other}");
}

#[test]
fn estimates_equal_apaches_in_every_mode() {
    for n in SIZES {
        let found = ours(0..n);
        let expected = theirs(LG_K, HllType::Hll8, 0..n);
        assert_close(found.estimate(), unordered_estimate(&expected));
        assert_eq!(found.is_empty(), n == 0);
        assert_eq!(found.is_sparse(), n <= 384, "{n} values");
    }
}

#[test]
fn texts_doubles_and_signed_integers_hash_as_apaches_do() {
    for n in [5, 300, 20_000] {
        let mut texts = (Hll::new(), HllSketch::new(LG_K, HllType::Hll8).unwrap());
        let mut doubles = texts.clone();
        let mut integers = texts.clone();
        for at in 0..n {
            let text = format!("value number {at}");
            texts.0.add(hash_bytes(text.as_bytes()));
            texts.1.update(raw_bytes::from_str(&text));
            let double = f64::from(at) / 7.0 - 100.0;
            doubles.0.add(hash_u64(canonical_bits(double)));
            doubles.1.update(canonical_float::from_f64(double));
            integers.0.add(hash_i64(i64::from(at) - 1000));
            integers.1.update(i64::from(at) - 1000);
        }
        for (mine, their) in [texts, doubles, integers] {
            assert_close(mine.estimate(), unordered_estimate(&their));
        }
    }
}

#[test]
fn batches_and_repeats_change_nothing() {
    for n in SIZES {
        let hashes: Vec<_> = (0..n).map(hash_u64).collect();
        let mut batched = Hll::new();
        hashes.chunks(1000).for_each(|batch| batched.add_all(batch));
        batched.add_all(&hashes);
        assert_eq!(encode(&batched), encode(&ours((0..n).rev())));
    }
}

#[test]
fn standard_error_after_merges_is_that_of_one_sketch() {
    let trials = 1000;
    let n = 12_000;
    let mut squares = 0.0;
    let mut outside = 0;
    for trial in 0..trials {
        let mut dice = Dice::new(trial);
        let mut parts = vec![Hll::new(); 12];
        for _ in 0..n {
            let hash = hash_u64(dice.bits());
            // Every value is in two parts, as values of two days are.
            for _ in 0..2 {
                parts[dice.below(12) as usize].add(hash);
            }
        }
        let mut whole = Hll::new();
        parts.iter().for_each(|part| whole.merge(part));
        squares += (whole.estimate() / n as f64 - 1.0).powi(2);
        let (low, high) = whole.interval(2);
        outside += u32::from(!(low <= n as f64 && n as f64 <= high));
    }
    let error = (squares / trials as f64).sqrt();
    assert!(error <= 0.017, "relative standard error {error}");
    assert!(
        error >= 0.010,
        "{error} is too good to be true of 4,096 registers"
    );
    assert!(
        outside <= 70,
        "{outside} of 1000 outside of two standard deviations"
    );
}

#[test]
fn merging_is_the_sketch_of_the_union_exactly() {
    for (left, right) in [
        (0..5, 3..9),
        (0..300, 250..600),
        (0..50, 0..9000),
        (0..9000, 0..50),
        (0..7000, 6000..20_000),
    ] {
        let union = ours(left.clone().chain(right.clone()));
        for (first, second) in [(&left, &right), (&right, &left)] {
            let mut merged = ours(first.clone());
            merged.merge(&ours(second.clone()));
            assert_eq!(encode(&merged), encode(&union));
        }
    }
    let mut empty = Hll::new();
    empty.merge(&Hll::new());
    assert!(empty.is_empty());
}

#[test]
fn few_values_are_counted_all_but_exactly() {
    for n in 0..=384u64 {
        let sketch = ours((0..n).map(|key| key * 7919));
        assert!(
            (sketch.estimate() - n as f64).abs() < 0.5,
            "{n}: {}",
            sketch.estimate()
        );
    }
}

#[test]
fn intervals_hold_the_estimate_and_widen() {
    for n in SIZES {
        let sketch = ours(0..n);
        let mut before = (sketch.estimate(), sketch.estimate());
        for deviations in 1..=3 {
            let (low, high) = sketch.interval(deviations);
            assert!(
                low <= before.0 && before.1 <= high,
                "{n} values, {deviations} deviations"
            );
            before = (low, high);
        }
    }
}

#[test]
fn apache_reads_our_bytes_and_gives_the_same_answers() {
    for n in SIZES {
        let sketch = ours(0..n);
        let read = HllSketch::deserialize(&encode(&sketch)).unwrap();
        assert_eq!(read.lg_config_k(), LG_K);
        assert_close(read.estimate(), sketch.estimate());
        assert_close(
            read.estimate(),
            unordered_estimate(&theirs(LG_K, HllType::Hll8, 0..n)),
        );
        assert_close(read.lower_bound(NumStdDev::Two), sketch.interval(2).0);
        assert_close(read.upper_bound(NumStdDev::Two), sketch.interval(2).1);
        let mut union = HllUnion::new(LG_K).unwrap();
        union.update(&read);
        union.update(&theirs(LG_K, HllType::Hll8, n..2 * n));
        let both = unordered_estimate(&theirs(LG_K, HllType::Hll8, 0..2 * n));
        assert_close(union.to_sketch(HllType::Hll8).composite_estimate(), both);
    }
}

#[test]
fn we_read_apaches_bytes_of_every_width() {
    for n in SIZES {
        for hll_type in TYPES {
            let bytes = theirs(LG_K, hll_type, 0..n).serialize();
            let read = decode(&bytes).unwrap();
            assert_eq!(encode(&read), encode(&ours(0..n)), "{n} values as {hll_type:?}");
        }
    }
}

#[test]
fn we_read_apaches_bytes_of_greater_k() {
    for lg_k in [13, 14, 17, 21] {
        for n in SIZES {
            for hll_type in TYPES {
                let bytes = theirs(lg_k, hll_type, 0..n).serialize();
                let read = decode(&bytes).unwrap();
                let estimate = read.estimate();
                assert!(
                    (estimate - n as f64).abs() <= 0.06 * n as f64,
                    "{n} values in lg k {lg_k}, {hll_type:?}: {estimate}"
                );
                let mut merged = ours(0..n);
                merged.merge(&read);
                assert_close(merged.estimate(), ours(0..n).estimate());
            }
        }
    }
}

#[test]
fn smaller_k_is_refused_by_name() {
    for n in [3, 100, 10_000] {
        let bytes = theirs(LG_K - 1, HllType::Hll8, 0..n).serialize();
        let error = decode(&bytes).unwrap_err();
        assert!(error.message().contains("lg k 11"), "{error}");
    }
}

#[test]
fn bytes_round_trip() {
    for n in SIZES {
        let bytes = encode(&ours(0..n));
        assert_eq!(encode(&decode(&bytes).unwrap()), bytes);
    }
}
