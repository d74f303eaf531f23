//! What a column must say, worked out value by value in the plainest way.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema as ArrowSchema};
use arrow_select::concat::concat;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use tidegauge_kernel::columns::{Domain, Numbers, Schema, TypeTag};
use tidegauge_kernel::profile::{Collector, Column, Metadata, Profile};
use tidegauge_kernel::sketches::kll::View;
use tidegauge_kernel::sketches::{hll, kll};

/// One value of a column, as the test thinks of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    Null,
    Boolean(bool),
    /// A whole number, which also is its own text.
    Whole(i128),
    Float(f64),
    /// A decimal: its text.
    Decimal(&'static str),
    Text(String),
    Binary(Vec<u8>),
    /// A time, in the unit of its domain.
    Time(Domain, f64),
    /// Days since the epoch, and the date in ISO form.
    Day(i32, &'static str),
    /// A list of so many elements.
    List(usize),
    Struct,
    Other,
}

#[derive(Debug, Default)]
struct Tally {
    counts: BTreeMap<&'static str, u64>,
    types: BTreeMap<&'static str, u64>,
    numbers: Vec<f64>,
    domain: Option<Domain>,
    lengths: Vec<f64>,
    distinct: HashSet<String>,
    items: BTreeMap<String, u64>,
}

impl Tally {
    fn count(&mut self, name: &'static str) {
        *self.counts.entry(name).or_default() += 1;
    }

    fn observe(&mut self, kind: &'static str, identity: Option<String>, item: Option<String>) {
        *self.types.entry(kind).or_default() += 1;
        self.distinct.extend(identity);
        if let Some(item) = item {
            *self.items.entry(item).or_default() += 1;
        }
    }

    fn number(&mut self, domain: Domain, value: f64) {
        if value == 0.0 && domain == Domain::Number {
            self.count("zeros");
        }
        if value < 0.0 && domain == Domain::Number {
            self.count("negatives");
        }
        if value.is_finite() {
            self.numbers.push(value + 0.0);
            self.domain = Some(domain);
        }
    }

    fn float(&mut self, value: f64) {
        let text = if value.is_nan() {
            "nan".to_owned()
        } else {
            format!("{:?}", value + 0.0)
        };
        self.observe("fractional", Some(text.clone()), Some(text));
        match value {
            value if value.is_nan() => self.count("nans"),
            f64::INFINITY => self.count("positive_infinities"),
            f64::NEG_INFINITY => self.count("negative_infinities"),
            _ => {}
        }
        self.number(Domain::Number, value);
    }

    fn add(&mut self, value: &Plain) {
        self.count("records");
        match value {
            Plain::Null => self.count("nulls"),
            Plain::Boolean(value) => {
                self.observe("boolean", Some(value.to_string()), Some(value.to_string()));
                if *value {
                    self.count("trues");
                }
            }
            Plain::Whole(value) => {
                self.observe("integer", Some(value.to_string()), Some(value.to_string()));
                self.number(Domain::Number, *value as f64);
            }
            Plain::Float(value) => self.float(*value),
            Plain::Decimal(text) => {
                self.observe("fractional", Some((*text).to_owned()), Some((*text).to_owned()));
                self.number(Domain::Number, text.parse().unwrap());
            }
            Plain::Text(text) => {
                let item = if text.len() <= 128 {
                    text.clone()
                } else {
                    let end = (0..=128).rev().find(|&at| text.is_char_boundary(at)).unwrap();
                    format!("{}…", &text[..end])
                };
                self.observe("string", Some(text.clone()), Some(item));
                if text.is_empty() {
                    self.count("empty_strings");
                }
                self.lengths.push(text.chars().count() as f64);
            }
            Plain::Binary(bytes) => {
                self.observe("binary", Some(format!("{bytes:?}")), None);
                self.lengths.push(bytes.len() as f64);
            }
            Plain::Time(domain, value) => {
                self.observe("temporal", Some(format!("{value:?}")), None);
                self.number(*domain, *value);
            }
            Plain::Day(days, text) => {
                self.observe("temporal", Some(days.to_string()), Some((*text).to_owned()));
                self.number(Domain::Date, f64::from(*days));
            }
            Plain::List(length) => {
                self.observe("list", None, None);
                self.lengths.push(*length as f64);
            }
            Plain::Struct => self.observe("struct", None, None),
            Plain::Other => self.observe("other", None, None),
        }
    }
}

/// Profiles batches without windows.
pub fn profile(batches: &[RecordBatch]) -> Profile {
    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    batches
        .iter()
        .for_each(|batch| collector.log_batches(std::slice::from_ref(batch)).unwrap());
    collector.profiles(&Metadata::default()).remove(0)
}

pub fn batch(columns: &[(&str, ArrayRef)]) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.iter().map(|column| column.1.clone()).collect();
    RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), arrays).unwrap()
}

/// Profiles one array as a column.
pub fn column_of(array: &ArrayRef) -> Arc<Column> {
    profile(&[batch(&[("x", array.clone())])])
        .column("x")
        .expect("a column x")
        .clone()
}

/// The same values at an offset inside larger buffers.
pub fn sliced(array: &ArrayRef) -> ArrayRef {
    let head = array.slice(array.len() - 3, 3);
    let tail = array.slice(0, 2);
    let longer = concat(&[&*head, &**array, &*tail]).unwrap();
    longer.slice(3, array.len())
}

fn assert_near(found: f64, expected: f64, scale: f64, what: &str) {
    assert!(
        (found - expected).abs() <= 1e-9 * scale.abs().max(expected.abs()),
        "{what}: {found}, expected {expected}"
    );
}

fn check_numbers(found: Option<&Numbers>, values: &[f64], what: &str) {
    let Some(found) = found else {
        return assert!(
            values.is_empty(),
            "{what}: none, expected {} values",
            values.len()
        );
    };
    let moments = found.moments.as_ref().expect("moments");
    let quantiles = found.quantiles.as_ref().expect("quantiles");
    assert_eq!(
        (moments.n, quantiles.n()),
        (values.len() as u64, values.len() as u64),
        "{what}: n"
    );
    if values.is_empty() {
        return assert!(
            moments.min.is_nan() && moments.max.is_nan(),
            "{what}: extremes of nothing"
        );
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (n, min, max) = (values.len() as f64, sorted[0], sorted[sorted.len() - 1]);
    let rough = values.iter().map(|value| value / n).sum::<f64>();
    let mean = rough + values.iter().map(|value| (value - rough) / n).sum::<f64>();
    let rounding = 1e-12 * max.abs().max(min.abs());
    let power = |exponent: i32| {
        values
            .iter()
            .map(|value| (value - mean).powi(exponent))
            .sum::<f64>()
    };
    let spread = (max - min).max(rounding).max(f64::MIN_POSITIVE);
    assert_eq!((moments.min, moments.max), (min, max), "{what}: extremes");
    assert_near(
        moments.mean.high,
        mean,
        max.abs().max(min.abs()),
        &format!("{what}: mean"),
    );
    for (exponent, found) in [(2, moments.m2), (3, moments.m3), (4, moments.m4)] {
        assert_near(
            found,
            power(exponent),
            n * spread.powi(exponent),
            &format!("{what}: m{exponent}"),
        );
    }
    check_quantiles(&quantiles.view(), &sorted, what);
}

fn check_quantiles(view: &View, sorted: &[f64], what: &str) {
    if sorted.len() <= 1024 {
        return assert_eq!(view.values(), sorted, "{what}: quantiles are exact");
    }
    for step in 1..20 {
        let point = sorted[sorted.len() * step / 20];
        let through = sorted.partition_point(|&value| value <= point) as f64 / sorted.len() as f64;
        assert!(
            (view.rank(point) - through).abs() < 0.006,
            "{what}: rank of {point}"
        );
    }
}

/// Compares every metric of a column with the values that it holds.
pub fn check(column: &Column, tag: TypeTag, values: &[Plain]) {
    let name = &column.arrow_type;
    let mut tally = Tally::default();
    values.iter().for_each(|value| tally.add(value));
    assert_eq!(column.tag, tag, "{name}");
    for (at, count_name) in tidegauge_kernel::metrics::Counts::NAMES.into_iter().enumerate() {
        let expected = tally.counts.get(count_name).copied().unwrap_or(0);
        assert_eq!(column.counts.values()[at], expected, "{name}: {count_name}");
    }
    for (at, kind) in tidegauge_kernel::metrics::Types::NAMES.into_iter().enumerate() {
        let expected = tally.types.get(kind).copied().unwrap_or(0);
        assert_eq!(
            column.types.values()[at],
            expected,
            "{name}: values of type {kind}"
        );
    }
    check_numbers(
        column.values.as_deref(),
        &tally.numbers,
        &format!("{name}: values"),
    );
    check_numbers(
        column.lengths.as_deref(),
        &tally.lengths,
        &format!("{name}: lengths"),
    );
    if let (Some(domain), Some(numbers)) = (tally.domain, &column.values) {
        assert_eq!(numbers.domain, domain, "{name}");
    }
    if let Some(cardinality) = &column.cardinality {
        let slack = if tally.distinct.len() <= 384 {
            0.5
        } else {
            0.06 * tally.distinct.len() as f64
        };
        let apart = cardinality.estimate() - tally.distinct.len() as f64;
        assert!(
            apart.abs() <= slack,
            "{name}: {} distinct, expected {}",
            cardinality.estimate(),
            tally.distinct.len()
        );
    } else {
        assert!(tally.distinct.is_empty(), "{name}: no distinct count");
    }
    if let Some(items) = column.frequent_items.as_ref().filter(|items| items.is_exact()) {
        let found: BTreeMap<String, u64> = items
            .items()
            .map(|(item, count)| (item.to_owned(), count))
            .collect();
        assert_eq!(found, tally.items, "{name}: frequent items");
    } else {
        assert!(
            tally.items.is_empty() || tally.items.len() > 768,
            "{name}: frequent items are not exact"
        );
    }
}

/// Checks an array, and the same values at an offset.
pub fn check_array(array: ArrayRef, tag: TypeTag, values: &[Plain]) {
    assert_eq!(array.len(), values.len(), "the test's own values");
    let column = column_of(&array);
    assert_eq!(column.arrow_type, array.data_type().to_string());
    check(&column, tag, values);
    check(&column_of(&sliced(&array)), tag, values);
}

/// Everything of a column but its name and Arrow type; equal for the same values in any layout.
pub fn fingerprint(column: &Column) -> String {
    let numbers = |numbers: &Option<Box<Numbers>>| {
        numbers.as_ref().map(|numbers| {
            (
                numbers.domain,
                numbers.moments,
                numbers.quantiles.as_ref().map(kll::encode),
            )
        })
    };
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        column.tag,
        column.counts,
        column.types,
        numbers(&column.values),
        numbers(&column.lengths),
        column.cardinality.as_ref().map(hll::encode),
        column.frequent_items
    )
}
