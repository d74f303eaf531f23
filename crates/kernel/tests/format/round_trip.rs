use crate::samples::{self, encode, every_kind};
use tidegauge_kernel::columns::Numbers;
use tidegauge_kernel::format::{self, decode};
use tidegauge_kernel::profile::{Column, Profile, merge};
use tidegauge_kernel::sketches::{hll, kll};

fn numbers(numbers: &Option<Box<Numbers>>) -> String {
    // As text, because NaN is not equal to itself.
    format!(
        "{:?}",
        numbers.as_ref().map(|numbers| (
            numbers.domain,
            numbers.moments,
            numbers.quantiles.as_ref().map(kll::encode)
        ))
    )
}

fn assert_same_columns(one: &Column, other: &Column) {
    assert_eq!(one.name, other.name);
    assert_eq!(
        (one.tag, &one.arrow_type, &one.role, one.position),
        (other.tag, &other.arrow_type, &other.role, other.position)
    );
    assert_eq!((one.counts, one.types), (other.counts, other.types));
    assert!(
        numbers(&one.values) == numbers(&other.values),
        "{}: values",
        one.name
    );
    assert!(
        numbers(&one.lengths) == numbers(&other.lengths),
        "{}: lengths",
        one.name
    );
    let registers = |column: &Column| column.cardinality.as_ref().map(hll::encode);
    assert!(registers(one) == registers(other), "{}: cardinality", one.name);
    assert!(
        one.frequent_items == other.frequent_items,
        "{}: frequent items",
        one.name
    );
    assert_eq!(one.extensions, other.extensions);
    assert_eq!(one.privacy, other.privacy);
}

fn assert_same(one: &[Profile], other: &[Profile]) {
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.metadata, other.metadata);
        assert_eq!(one.conditions, other.conditions);
        assert_eq!(
            (one.records, one.columns.len()),
            (other.records, other.columns.len())
        );
        one.columns
            .iter()
            .zip(&other.columns)
            .for_each(|(one, other)| assert_same_columns(one, other));
    }
}

#[test]
fn every_kind_of_profile_comes_back_as_it_was() {
    for (kind, profiles) in every_kind() {
        let bytes = encode(&profiles);
        let read = decode(&bytes).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_same(&read, &profiles);
        assert!(encode(&read) == bytes, "{kind}: written again, the bytes differ");
    }
}

#[test]
fn no_profile_at_all_is_a_file_too() {
    assert!(decode(&encode(&[])).unwrap().is_empty());
}

#[test]
fn many_profiles_come_back_in_order() {
    let profiles: Vec<Profile> = (0..1000)
        .map(|number| {
            let mut profile = samples::small().remove(0);
            profile.metadata.window = Some((number * 10, number * 10 + 10));
            profile
        })
        .collect();
    assert_same(&decode(&encode(&profiles)).unwrap(), &profiles);
}

#[test]
fn what_was_read_merges_like_what_was_written() {
    for (kind, profiles) in every_kind() {
        let read = decode(&encode(&profiles)).unwrap();
        let one = merge(&profiles.iter().collect::<Vec<_>>()).unwrap();
        let other = merge(&read.iter().collect::<Vec<_>>()).unwrap();
        if kind == "large" {
            continue; // One profile: nothing to merge.
        }
        assert_same(&[one], &[other]);
    }
}

#[test]
fn the_file_says_what_the_specification_says() {
    let specification = include_str!("../../../../contracts/profile-format.md");
    for name in format::field_names() {
        assert!(
            specification.contains(&format!("`{name}`")),
            "{name} is not specified"
        );
    }
    assert!(specification.contains(&format!("Version **{}**", format::VERSION)));
    for key in [format::VERSION_KEY, format::PROVENANCE_KEY, format::CHECKSUM_KEY] {
        assert!(
            specification.contains(&format!("`{key}`")),
            "{key} is not specified"
        );
    }
}
