//! What one row of a profile file holds: the one list that writing and reading go through.

use crate::columns::{Domain, Numbers, TypeTag};
use crate::metrics::{Counts, Exact, Mean, Moments, Types};
use crate::privacy::Statement;
use crate::profile::{Column, ColumnMetrics, Profile};
use crate::sketches::{frequent, hll, kll};
use crate::{Error, Result};

/// How a field gets its value from a row and gives it back. Getters answer `None` for null.
pub(super) enum Access {
    Int(fn(&Column) -> Option<i64>, fn(&mut Draft, i64)),
    Float(fn(&Column) -> Option<f64>, fn(&mut Draft, f64)),
    Text(fn(&Column) -> Option<String>, fn(&mut Draft, &str) -> Result<()>),
    Bytes(
        fn(&Column) -> Option<Vec<u8>>,
        fn(&mut Draft, &[u8]) -> Result<()>,
    ),
    Count(usize),
    Type(usize),
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) access: Access,
}

/// A column while its row is read.
#[derive(Default)]
pub(super) struct Draft {
    name: String,
    tag: Option<TypeTag>,
    arrow_type: String,
    role: Option<String>,
    privacy: Statement,
    position: u32,
    pub(super) counts: [u64; 9],
    pub(super) types: [u64; 9],
    domain: Option<Domain>,
    values: NumbersDraft,
    lengths: NumbersDraft,
    cardinality: Option<hll::Hll>,
    frequent_items: Option<frequent::FrequentItems>,
}

struct NumbersDraft {
    n: Option<u64>,
    moments: Moments,
    exact: (Option<Exact>, Option<Exact>),
    quantiles: Option<kll::Kll>,
}

impl Default for NumbersDraft {
    fn default() -> Self {
        // A null is a number that could not be written, not 0.
        let unknown = Moments {
            mean: Mean {
                high: f64::NAN,
                low: 0.0,
            },
            m2: f64::NAN,
            m3: f64::NAN,
            m4: f64::NAN,
            ..Moments::default()
        };
        Self {
            n: None,
            moments: unknown,
            exact: (None, None),
            quantiles: None,
        }
    }
}

impl NumbersDraft {
    fn finish(mut self, domain: Option<Domain>) -> Option<Numbers> {
        self.moments.exact = self.exact.0.zip(self.exact.1);
        let moments = self.n.map(|n| Moments { n, ..self.moments });
        let domain = domain?;
        (moments.is_some() || self.quantiles.is_some()).then_some(Numbers {
            domain,
            moments,
            quantiles: self.quantiles,
        })
    }
}

impl Draft {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn finish(self) -> Result<Column> {
        check_counts(&self.counts, &self.types)?;
        let records = self.counts[0];
        let values = self.values.finish(self.domain);
        check_agreement(values.as_ref(), "values", records)?;
        if let Some(items) = self
            .frequent_items
            .as_ref()
            .filter(|items| items.total() > records)
        {
            return Err(Error::format(format!(
                "field frequent_items: {} of {records} records",
                items.total()
            )));
        }
        let lengths = self.lengths.finish(Some(Domain::Number));
        check_agreement(lengths.as_ref(), "lengths", records)?;
        let metrics = ColumnMetrics {
            tag: self.tag.ok_or_else(|| Error::format("field type is null"))?,
            arrow_type: self.arrow_type.into(),
            privacy: self.privacy,
            counts: Counts::from_values(self.counts),
            types: Types::from_values(self.types),
            values: values.map(Box::new),
            lengths: lengths.map(Box::new),
            cardinality: self.cardinality,
            frequent_items: self.frequent_items,
            extensions: Default::default(),
            unknown: Vec::new(),
        };
        Ok(Column::new(self.name.into(), self.role, self.position, metrics))
    }
}

/// Most records that one row may claim: what is merged from many such still fits 64 bits.
const MOST_RECORDS: u64 = 1 << 56;

fn check_counts(counts: &[u64; 9], types: &[u64; 9]) -> Result<()> {
    let records = counts[0];
    if records > MOST_RECORDS {
        return Err(Error::format(format!("field records: {records} are impossible")));
    }
    if let Some(at) = (0..9).find(|&at| counts[at] > records) {
        return Err(Error::format(format!(
            "field {}: {} of {records} records",
            Counts::NAMES[at],
            counts[at]
        )));
    }
    let seen: u128 = types
        .iter()
        .chain(&counts[1..2])
        .map(|&count| u128::from(count))
        .sum();
    if seen > u128::from(records) {
        return Err(Error::format(format!(
            "the types and nulls count {seen} values in {records} records"
        )));
    }
    Ok(())
}

fn check_agreement(numbers: Option<&Numbers>, which: &str, records: u64) -> Result<()> {
    let Some(numbers) = numbers else {
        return Ok(());
    };
    let held = [
        numbers.moments.map(|moments| moments.n),
        numbers.quantiles.as_ref().map(kll::Kll::n),
    ];
    if let Some(n) = held.into_iter().flatten().find(|&n| n > records) {
        return Err(Error::format(format!("{which}: {n} of {records} records")));
    }
    let (Some(moments), Some(quantiles)) = (&numbers.moments, &numbers.quantiles) else {
        return Ok(());
    };
    if moments.n == quantiles.n() {
        return Ok(());
    }
    Err(Error::format(format!(
        "{which}: moments count {} values, quantiles {}",
        moments.n,
        quantiles.n()
    )))
}

fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn natural(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn moments(numbers: &Option<Box<Numbers>>) -> Option<&Moments> {
    numbers.as_ref()?.moments.as_ref()
}

fn finite(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

fn exact(text: &str) -> Result<Option<Exact>> {
    Exact::parse(text)
        .map(Some)
        .ok_or_else(|| Error::format(format!("{text:?} is not a number")))
}

fn named<T>(parsed: Option<T>, text: &str) -> Result<Option<T>> {
    // An unknown name can only come from a newer minor version or a forger: an error either way.
    parsed
        .map(Some)
        .ok_or_else(|| Error::format(format!("{text:?} is not a known name")))
}

macro_rules! moment {
    ($numbers:ident, $($power:ident).+) => {
        Access::Float(
            |column| moments(&column.$numbers).and_then(|moments| finite(moments.$($power).+)),
            |draft, value| draft.$numbers.moments.$($power).+ = value,
        )
    };
}

macro_rules! fields {
    ($($name:literal: $access:expr,)*) => {
        /// The fields of one column, in order.
        pub(super) fn fields() -> Vec<Field> {
            vec![$(Field { name: $name, access: $access },)*]
        }

        /// Names of the fields of one column, in order.
        pub const FIELD_NAMES: &[&str] = &[$($name,)*];
    };
}

fields! {
    "position": Access::Int(|column| Some(column.position.into()), |draft, value| draft.position = natural(value) as u32),
    "type": Access::Text(
        |column| Some(column.tag.name().to_owned()),
        |draft, text| named(TypeTag::parse(text), text).map(|tag| draft.tag = tag)
    ),
    "arrow_type": Access::Text(
        |column| Some(column.arrow_type.clone().into_owned()),
        |draft, text| { text.clone_into(&mut draft.arrow_type); Ok(()) }
    ),
    "role": Access::Text(
        |column| column.role.clone(),
        |draft, text| { draft.role = Some(text.to_owned()); Ok(()) }
    ),
    "privacy": Access::Text(
        |column| Some(column.privacy.to_string()).filter(|text| !text.is_empty()),
        |draft, text| Statement::parse(text).map(|statement| draft.privacy = statement)
    ),
    "records": Access::Count(0),
    "nulls": Access::Count(1),
    "nans": Access::Count(2),
    "positive_infinities": Access::Count(3),
    "negative_infinities": Access::Count(4),
    "zeros": Access::Count(5),
    "negatives": Access::Count(6),
    "trues": Access::Count(7),
    "empty_strings": Access::Count(8),
    "type_boolean": Access::Type(0),
    "type_integer": Access::Type(1),
    "type_fractional": Access::Type(2),
    "type_string": Access::Type(3),
    "type_binary": Access::Type(4),
    "type_temporal": Access::Type(5),
    "type_list": Access::Type(6),
    "type_struct": Access::Type(7),
    "type_other": Access::Type(8),
    "domain": Access::Text(
        |column| column.values.as_ref().map(|numbers| numbers.domain.name().to_owned()),
        |draft, text| named(Domain::parse(text), text).map(|domain| draft.domain = domain)
    ),
    "n": Access::Int(
        |column| moments(&column.values).map(|moments| whole(moments.n)),
        |draft, value| draft.values.n = Some(natural(value))
    ),
    "mean": moment!(values, mean.high),
    "mean_low": moment!(values, mean.low),
    "m2": moment!(values, m2),
    "m3": moment!(values, m3),
    "m4": moment!(values, m4),
    "min": moment!(values, min),
    "max": moment!(values, max),
    "min_exact": Access::Text(
        |column| Some(moments(&column.values)?.exact?.0.to_string()),
        |draft, text| exact(text).map(|number| draft.values.exact.0 = number)
    ),
    "max_exact": Access::Text(
        |column| Some(moments(&column.values)?.exact?.1.to_string()),
        |draft, text| exact(text).map(|number| draft.values.exact.1 = number)
    ),
    "quantiles": Access::Bytes(
        |column| column.values.as_ref()?.quantiles.as_ref().map(kll::encode),
        |draft, bytes| kll::decode(bytes).map(|sketch| draft.values.quantiles = Some(sketch))
    ),
    "length_n": Access::Int(
        |column| moments(&column.lengths).map(|moments| whole(moments.n)),
        |draft, value| draft.lengths.n = Some(natural(value))
    ),
    "length_mean": moment!(lengths, mean.high),
    "length_mean_low": moment!(lengths, mean.low),
    "length_m2": moment!(lengths, m2),
    "length_m3": moment!(lengths, m3),
    "length_m4": moment!(lengths, m4),
    "length_min": moment!(lengths, min),
    "length_max": moment!(lengths, max),
    "length_quantiles": Access::Bytes(
        |column| column.lengths.as_ref()?.quantiles.as_ref().map(kll::encode),
        |draft, bytes| kll::decode(bytes).map(|sketch| draft.lengths.quantiles = Some(sketch))
    ),
    "distinct": Access::Float(
        |column| column.exact_cardinality().map(|count| count as f64).or(column.cardinality.as_ref().map(hll::Hll::estimate)),
        |_, _| {}
    ),
    "cardinality": Access::Bytes(
        |column| column.cardinality.as_ref().map(hll::encode),
        |draft, bytes| hll::decode(bytes).map(|sketch| draft.cardinality = Some(sketch))
    ),
    "frequent_items": Access::Bytes(
        |column| column.frequent_items.as_ref().map(frequent::encode),
        |draft, bytes| frequent::decode(bytes).map(|sketch| draft.frequent_items = Some(sketch))
    ),
}

/// Fields of the profile, which stand in front of each row.
pub(super) const PROFILE_FIELDS: [&str; 16] = [
    "profile",
    "dataset",
    "window_start",
    "window_end",
    "segment",
    "created",
    "tags",
    "writer",
    "profile_records",
    "column",
    "extensions",
    "conditions",
    "correlation",
    "late_records",
    "early_records",
    "segment_other",
];

/// Every field that this version writes, in order.
pub fn field_names() -> impl Iterator<Item = &'static str> {
    PROFILE_FIELDS.into_iter().chain(FIELD_NAMES.iter().copied())
}

/// The rows of a file: each profile with each of its columns, or with none if it has none.
pub(super) fn rows<'a>(profiles: &[&'a Profile]) -> Vec<(usize, &'a Profile, Option<&'a Column>)> {
    let mut rows = Vec::new();
    for (number, profile) in profiles.iter().enumerate() {
        if profile.columns.is_empty() {
            rows.push((number, *profile, None));
        }
        rows.extend(
            profile
                .columns
                .iter()
                .map(|column| (number, *profile, Some(&**column))),
        );
    }
    rows
}
