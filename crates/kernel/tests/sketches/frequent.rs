use crate::support::Dice;
use datasketches::frequencies::FrequentItemsSketch;
use std::collections::HashMap;
use tidegauge_kernel::hash::{hash_bytes, hash_u64};
use tidegauge_kernel::sketches::frequent::{
    CountTable, FrequentItems, MAX_EXACT, MAX_ITEMS, MAX_TEXT, NumberKeys, TextKeys, decode, encode, is_cut,
    shorten,
};

type Counts = HashMap<String, u64>;

fn exact(values: &[(u64, u64)]) -> Counts {
    let mut counts = Counts::new();
    for &(value, weight) in values {
        *counts.entry(value.to_string()).or_default() += weight;
    }
    counts
}

fn numbers(values: &[(u64, u64)]) -> CountTable<NumberKeys> {
    let mut table = CountTable::default();
    values
        .iter()
        .for_each(|&(value, weight)| table.add(hash_u64(value).0, value, weight));
    table
}

fn texts(values: &[(u64, u64)]) -> CountTable<TextKeys> {
    let mut table = CountTable::default();
    values
        .iter()
        .for_each(|(value, weight)| table.add_text(&value.to_string(), *weight));
    table
}

fn text_of(value: u64, text: &mut String) {
    text.push_str(&value.to_string());
}

/// Every bound, of listed values and of others, against exact counts.
fn check_bounds(found: &FrequentItems, truth: &Counts, what: &str) {
    assert_eq!(found.total(), truth.values().sum::<u64>(), "{what}: total");
    let most = if found.is_exact() { MAX_EXACT } else { MAX_ITEMS };
    assert!(found.len() <= most, "{what}: {} items", found.len());
    let listed: HashMap<&str, u64> = found.items().collect();
    assert_eq!(listed.len(), found.len(), "{what}: an item is listed twice");
    for (item, &lower) in &listed {
        let count = truth.get(*item).copied().unwrap_or(0);
        assert!(
            lower > 0 && lower <= count,
            "{what}: {item} is {count}, lower bound {lower}"
        );
    }
    for (item, &count) in truth {
        let upper = listed.get(item.as_str()).unwrap_or(&0) + found.offset();
        assert!(count <= upper, "{what}: {item} is {count}, upper bound {upper}");
    }
    let counts: Vec<u64> = found.items().map(|item| item.1).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{what}: largest first");
}

fn ones(values: impl Iterator<Item = u64>) -> Vec<(u64, u64)> {
    values.map(|value| (value, 1)).collect()
}

fn streams(seed: u64) -> Vec<(&'static str, Vec<(u64, u64)>)> {
    let mut dice = Dice::new(seed);
    let n = 25_000;
    let zipf = ones((0..n).map(|_| dice.zipf()));
    let uniform = ones((0..n).map(|_| dice.below(5000)));
    let distinct = ones((0..n).map(|_| dice.bits()));
    let mut sorted = zipf.clone();
    sorted.sort_unstable();
    let reversed: Vec<_> = sorted.iter().rev().copied().collect();
    let flooded = ones((0..5000).map(|at| at % 10).chain(10..n));
    let late = ones((10..n).chain((0..5000).map(|at| at % 10)));
    let rounds = ones((0..n).map(|at| at % 1500));
    let alternating = ones((0..n).map(|at| if at % 3 == 0 { 7 } else { at + 100 }));
    let weighted = (0..n).map(|_| (dice.zipf(), 1 + dice.below(1000))).collect();
    let growing = (0..n).map(|at| (at, at + 1)).collect();
    let shrinking = (0..n).map(|at| (at, n - at)).collect();
    // All in one bucket: the upper eight bits of the hash are equal.
    let crowd: Vec<u64> = (0..)
        .filter(|&value| hash_u64(value).0 >> 56 == 3)
        .take(400)
        .collect();
    let crowded = ones((0..n).map(|_| crowd[dice.below(400) as usize]).chain(0..3000));
    vec![
        ("zipf", zipf),
        ("uniform", uniform),
        ("all distinct", distinct),
        ("sorted", sorted),
        ("reversed", reversed),
        ("heavy ones first", flooded),
        ("heavy ones last", late),
        ("rounds", rounds),
        ("alternating", alternating),
        ("weighted", weighted),
        ("growing weights", growing),
        ("shrinking weights", shrinking),
        ("crowded", crowded),
    ]
}

#[test]
fn bounds_hold_in_every_order() {
    for seed in 0..3 {
        for (name, values) in streams(seed) {
            let truth = exact(&values);
            check_bounds(&numbers(&values).freeze(text_of), &truth, name);
            check_bounds(&texts(&values).freeze_texts(), &truth, name);
        }
    }
}

#[test]
fn bounds_hold_after_merging_tables() {
    for parts in [2, 16, 64] {
        for (name, values) in streams(parts as u64) {
            let truth = exact(&values);
            let mut whole = CountTable::<NumberKeys>::default();
            let mut whole_texts = CountTable::<TextKeys>::default();
            for part in values.chunks(values.len().div_ceil(parts)) {
                whole.merge(&numbers(part), |key| hash_u64(key).0);
                whole_texts.merge(&texts(part), |bytes| hash_bytes(bytes).0);
            }
            check_bounds(&whole.freeze(text_of), &truth, name);
            check_bounds(&whole_texts.freeze_texts(), &truth, name);
        }
    }
}

#[test]
fn bounds_hold_after_merging_frozen_sketches() {
    for parts in [2, 5, 64] {
        for (name, values) in streams(100 + parts as u64) {
            let frozen: Vec<FrequentItems> = values
                .chunks(values.len().div_ceil(parts))
                .map(|part| texts(part).freeze_texts())
                .collect();
            let merged = FrequentItems::merge_all(&frozen);
            check_bounds(&merged, &exact(&values), name);
            let step = FrequentItems::merge_all([&merged, &FrequentItems::default()]);
            check_bounds(&step, &exact(&values), name);
            let pairwise = frozen.iter().fold(FrequentItems::default(), |whole, part| {
                FrequentItems::merge_all([&whole, part])
            });
            check_bounds(&pairwise, &exact(&values), name);
        }
    }
}

#[test]
fn long_texts_that_lose_their_counter_do_not_pile_up_or_mix_up() {
    let mut dice = Dice::new(4);
    let mut table = CountTable::<TextKeys>::default();
    let mut truth = Counts::new();
    for _ in 0..60_000 {
        let text = format!("{:0>100}", dice.zipf());
        table.add_text(&text, 1);
        *truth.entry(text).or_default() += 1;
    }
    check_bounds(&table.freeze_texts(), &truth, "long texts");
}

#[test]
fn up_to_768_distinct_values_are_exact() {
    for distinct in [1, 2, 100, 767, 768] {
        let mut dice = Dice::new(distinct);
        let values: Vec<(u64, u64)> = (0..distinct)
            .chain((0..20_000).map(|_| dice.below(distinct)))
            .map(|value| (value, 1))
            .collect();
        let truth = exact(&values);
        let halves: Vec<FrequentItems> = values
            .chunks(values.len() / 2 + 1)
            .map(|part| texts(part).freeze_texts())
            .collect();
        for found in [
            numbers(&values).freeze(text_of),
            texts(&values).freeze_texts(),
            FrequentItems::merge_all(&halves),
        ] {
            assert!(found.is_exact(), "{distinct} distinct values");
            let listed: Counts = found
                .items()
                .map(|(item, count)| (item.to_owned(), count))
                .collect();
            assert_eq!(listed, truth);
        }
    }
    let many = ones((0..2).flat_map(|_| 0..2000));
    assert!(!numbers(&many).freeze(text_of).is_exact());
}

#[test]
fn error_stays_below_what_apache_publishes() {
    for seed in 0..8 {
        for (name, values) in streams(200 + seed)
            .into_iter()
            .filter(|stream| matches!(stream.0, "zipf" | "uniform" | "all distinct" | "weighted"))
        {
            let found = numbers(&values).freeze(text_of);
            let bound = 3.5 / 1024.0 * found.total() as f64;
            assert!(
                found.offset() as f64 <= bound,
                "{name}: {} of {}",
                found.offset(),
                found.total()
            );
            let frozen: Vec<FrequentItems> = values
                .chunks(values.len() / 8)
                .map(|part| texts(part).freeze_texts())
                .collect();
            let merged = FrequentItems::merge_all(&frozen);
            assert!(
                merged.offset() as f64 <= bound,
                "{name}, merged: {} of {}",
                merged.offset(),
                found.total()
            );
        }
    }
}

#[test]
fn what_is_frequent_is_found() {
    let mut dice = Dice::new(6);
    let values = ones((0..200_000).map(|_| {
        if dice.below(100) == 0 {
            dice.below(5)
        } else {
            dice.bits()
        }
    }));
    let found = numbers(&values).freeze(text_of);
    let mut top: Vec<&str> = found.items().take(5).map(|item| item.0).collect();
    top.sort_unstable();
    assert_eq!(top, ["0", "1", "2", "3", "4"]);
}

#[test]
fn texts_are_cut_at_a_border_of_characters() {
    assert_eq!(shorten("short"), "short");
    let whole = "x".repeat(MAX_TEXT);
    assert_eq!(shorten(&whole), whole);
    for long in [
        "x".repeat(MAX_TEXT + 1),
        "é".repeat(MAX_TEXT),
        format!("x{}", "日".repeat(100)),
        "🌊".repeat(5000),
    ] {
        let cut = shorten(&long);
        assert!(cut.len() <= MAX_TEXT + '…'.len_utf8() && cut.len() > MAX_TEXT - 4);
        assert!(long.starts_with(cut.strip_suffix('…').unwrap()));
        assert!(is_cut(&cut) && !is_cut(&"x".repeat(30)), "{cut}");
    }
}

fn assert_same_answers(ours: &FrequentItems, theirs: &FrequentItemsSketch<String>) {
    assert_eq!(ours.total(), theirs.total_weight());
    assert_eq!(ours.offset(), theirs.maximum_error());
    assert_eq!(ours.len(), theirs.num_active_items());
    for (item, lower) in ours.items() {
        let item = item.to_owned();
        assert_eq!(theirs.lower_bound(&item), lower);
        assert_eq!(theirs.upper_bound(&item), lower + ours.offset());
    }
}

fn apache(values: &[(u64, u64)], map: usize) -> FrequentItemsSketch<String> {
    let mut sketch = FrequentItemsSketch::new(map).unwrap();
    values
        .iter()
        .for_each(|(value, weight)| sketch.update_with_count(value.to_string(), *weight));
    sketch
}

#[test]
fn apache_reads_our_bytes_and_gives_the_same_answers() {
    for (name, values) in streams(7) {
        for n in [0, 1, 5, 6, 7, 500, 769, 2000, values.len()] {
            let ours = texts(&values[..n]).freeze_texts();
            let theirs = FrequentItemsSketch::deserialize(&encode(&ours))
                .unwrap_or_else(|error| panic!("{name}, {n} values: {error}"));
            assert_same_answers(&ours, &theirs);
        }
    }
}

#[test]
fn we_read_apaches_bytes_and_give_the_same_answers() {
    for (_, values) in streams(8) {
        for n in [0, 1, 5, 500, values.len()] {
            let theirs = apache(&values[..n], 1024);
            assert_same_answers(&decode(&theirs.serialize()).unwrap(), &theirs);
        }
    }
}

#[test]
fn a_larger_map_of_apaches_is_cut_down_with_its_bounds_kept() {
    for (name, values) in streams(9) {
        for map in [64, 4096, 1 << 15] {
            let found = decode(&apache(&values, map).serialize()).unwrap();
            check_bounds(&found, &exact(&values), name);
        }
    }
}

#[test]
fn apache_goes_on_with_our_sketch() {
    for (name, values) in streams(10) {
        let (left, right) = values.split_at(values.len() / 2);
        let mut theirs =
            FrequentItemsSketch::<String>::deserialize(&encode(&texts(left).freeze_texts())).unwrap();
        theirs.merge(&apache(right, 1024));
        for (item, count) in exact(&values) {
            assert!(
                theirs.lower_bound(&item) <= count && count <= theirs.upper_bound(&item),
                "{name}"
            );
        }
    }
}

#[test]
fn bytes_round_trip() {
    for (_, values) in streams(11) {
        let sketch = texts(&values).freeze_texts();
        assert_eq!(decode(&encode(&sketch)).unwrap(), sketch);
    }
    let odd = FrequentItems::new(
        vec![
            (String::new(), 3),
            ("a\0b".to_owned(), 2),
            ("🌊 ü\n".to_owned(), 1),
        ],
        0,
        6,
    );
    assert_eq!(decode(&encode(&odd)).unwrap(), odd);
}
