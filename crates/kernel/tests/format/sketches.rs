//! Bytes of sketches that somebody damaged or forged, given to the decoders directly.

use crate::allocations::watch;
use crate::support::Dice;
use datasketches::hll::{HllSketch, HllType};
use tidegauge_kernel::Result;
use tidegauge_kernel::hash::hash_u64;
use tidegauge_kernel::sketches::frequent::{self, CountTable, FrequentItems, TextKeys};
use tidegauge_kernel::sketches::hll::{self, Hll};
use tidegauge_kernel::sketches::kll::{self, Kll};

/// What is done with bytes that may be a sketch.
type Work = fn(&[u8]) -> Result<()>;

/// Most bytes that one allocation may take: registers of the greatest k that is read, twice.
const MOST: usize = 1 << 24;

fn kll_samples() -> Vec<Vec<u8>> {
    let of = |n: u64| {
        let mut sketch = Kll::new();
        let values: Vec<f64> = (0..n).map(|value| (value * 7919 % n) as f64 - 3.0).collect();
        sketch.extend(&values);
        kll::encode(&sketch.freeze())
    };
    [0, 1, 2, 100, 3000, 100_000].map(of).into()
}

fn hll_samples() -> Vec<Vec<u8>> {
    let mut samples: Vec<Vec<u8>> = Vec::new();
    for n in [0, 3, 100, 3000] {
        let mut sketch = Hll::new();
        (0..n).for_each(|key| sketch.add(hash_u64(key)));
        samples.push(hll::encode(&sketch));
        for (lg_k, hll_type) in [
            (12, HllType::Hll4),
            (12, HllType::Hll6),
            (12, HllType::Hll8),
            (14, HllType::Hll4),
            (13, HllType::Hll8),
        ] {
            let mut sketch = HllSketch::new(lg_k, hll_type).unwrap();
            (0..n).for_each(|key| sketch.update(key));
            samples.push(sketch.serialize());
        }
    }
    samples
}

fn frequent_samples() -> Vec<Vec<u8>> {
    let of = |n: u64| {
        let mut table = CountTable::<TextKeys>::default();
        (0..n).for_each(|value| table.add_text(&format!("é{}", value * value % 1013), 1 + value % 3));
        frequent::encode(&table.freeze_texts())
    };
    [0, 1, 20, 1000, 30_000].map(of).into()
}

fn use_kll(bytes: &[u8]) -> Result<()> {
    let sketch = kll::decode(bytes)?;
    let view = sketch.view();
    assert_eq!(
        view.weights().iter().sum::<u64>(),
        sketch.n(),
        "weights add up to n"
    );
    let median = view.quantile(0.5);
    assert!(sketch.n() == 0 || (sketch.min() <= median && median <= sketch.max()));
    let mut other = Kll::new();
    other.extend(&[1.0; 2000]);
    if sketch.n() < 1 << 62 {
        other.merge(&sketch);
        kll::decode(&kll::encode(&other.freeze()))?;
    }
    Ok(())
}

fn use_hll(bytes: &[u8]) -> Result<()> {
    let sketch = hll::decode(bytes)?;
    let estimate = sketch.estimate();
    assert!(estimate >= 0.0, "{estimate}");
    let mut other = Hll::new();
    (0..500).for_each(|key| other.add(hash_u64(key)));
    other.merge(&sketch);
    assert_eq!(hll::decode(&hll::encode(&other))?, other);
    Ok(())
}

fn use_frequent(bytes: &[u8]) -> Result<()> {
    let sketch = frequent::decode(bytes)?;
    assert!(sketch.items().map(|item| item.1).sum::<u64>() <= sketch.total());
    if sketch.total() < 1 << 60 {
        // Enough others that all go to buckets.
        let mut table = CountTable::<TextKeys>::default();
        (0..3000u64).for_each(|value| table.add_text(&value.to_string(), 1));
        table.add_frozen(&sketch);
        (0..3000u64).for_each(|value| table.add_text(&value.to_string(), 1));
        let merged = FrequentItems::merge_all([&table.freeze_texts(), &sketch]);
        assert_eq!(merged.total(), 6000 + 2 * sketch.total());
        let all: u64 = merged.items().map(|item| item.1).sum();
        assert!(all <= merged.total(), "counters {all} of {}", merged.total());
        frequent::decode(&frequent::encode(&merged))?;
    }
    Ok(())
}

/// Some bytes altered, the head more often than the rest; sometimes cut, lengthened or shifted.
fn damage(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        if damaged.is_empty() {
            break;
        }
        let reach = if dice.below(3) == 0 {
            damaged.len()
        } else {
            damaged.len().min(48)
        };
        let at = dice.below(reach as u64) as usize;
        damaged[at] = match dice.below(4) {
            0 => damaged[at] ^ 1 << dice.below(8),
            1 => dice.bits() as u8,
            2 => damaged[at].wrapping_add(1),
            _ => [0, 1, 0x7f, 0x80, 0xff][dice.below(5) as usize],
        };
    }
    match dice.below(12) {
        0 => damaged.truncate(dice.below(damaged.len() as u64 + 1) as usize),
        1 => damaged.extend([0; 8]),
        2 if damaged.len() > 8 => drop(damaged.drain(8..16.min(damaged.len()))),
        _ => {}
    }
    damaged
}

fn fuzz(samples: &[Vec<u8>], rounds: u64, work: Work) {
    let mut refused = 0;
    for (number, bytes) in samples.iter().enumerate() {
        let done = watch(|| work(bytes)).0;
        assert!(matches!(done, Ok(Ok(()))), "sample {number} itself");
        let mut dice = Dice::new(number as u64);
        for round in 0..rounds {
            let damaged = damage(bytes, &mut dice);
            let (done, largest) = watch(|| work(&damaged));
            let place = || {
                format!(
                    "sample {number}, round {round}: {:02x?}",
                    &damaged[..damaged.len().min(64)]
                )
            };
            assert!(largest <= MOST, "{}: {largest} bytes at once", place());
            match done {
                Ok(result) => refused += u64::from(result.is_err()),
                Err(_) => {
                    println!("{}: a panic:", place());
                    let _ = work(&damaged);
                }
            }
        }
        for length in 0..bytes.len().min(300) {
            let (done, _) = watch(|| work(&bytes[..length]));
            assert!(
                matches!(done, Ok(Err(_))),
                "sample {number} cut to {length} bytes"
            );
        }
        for length in [bytes.len() - 1, bytes.len().saturating_sub(9)] {
            assert!(
                matches!(watch(|| work(&bytes[..length])).0, Ok(Err(_))),
                "sample {number} cut to {length}"
            );
        }
    }
    assert!(
        refused > rounds,
        "only {refused} refused: the damage does nothing"
    );
}

#[test]
fn damaged_kll_bytes_are_refused_or_consistent() {
    fuzz(&kll_samples(), 4000, use_kll);
}

#[test]
fn damaged_hll_bytes_are_refused_or_consistent() {
    fuzz(&hll_samples(), 1500, use_hll);
}

#[test]
fn damaged_frequent_items_bytes_are_refused_or_consistent() {
    fuzz(&frequent_samples(), 1200, use_frequent);
}

#[test]
fn random_bytes_are_refused() {
    let mut dice = Dice::new(1);
    let families: [(u8, Work); 3] = [(15, use_kll), (7, use_hll), (10, use_frequent)];
    for round in 0..30_000 {
        let mut bytes: Vec<u8> = (0..dice.below(200)).map(|_| dice.bits() as u8).collect();
        for (family, work) in families {
            if let Some(place) = bytes.get_mut(2) {
                *place = family;
            }
            let (done, largest) = watch(|| work(&bytes));
            assert!(
                done.is_ok() && largest <= MOST,
                "round {round}, family {family}: {bytes:02x?}"
            );
        }
    }
}

#[test]
fn counters_of_zero_are_refused() {
    // A counter of nothing would make room for wrong ones when its bucket is lowered.
    let honest = frequent::encode(&FrequentItems::new(
        vec![("a".to_owned(), 3), ("b".to_owned(), 2)],
        1,
        9,
    ));
    let mut forged = honest.clone();
    forged[40..48].fill(0);
    assert!(frequent::decode(&honest).is_ok());
    assert!(frequent::decode(&forged).is_err());
}

#[test]
fn nan_and_infinities_in_a_kll_are_refused() {
    let bytes = &kll_samples()[3];
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e9] {
        let mut forged = bytes.clone();
        let end = forged.len();
        forged[end - 8..].copy_from_slice(&value.to_le_bytes());
        assert!(kll::decode(&forged).is_err(), "{value}");
    }
}
