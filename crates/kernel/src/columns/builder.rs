//! The metrics of one column while they are made.

use super::arrays::{arrow_name, type_tag};
use super::custom::{self, Running};
use super::frequent::FrequentBuilder;
use super::items::Items;
use super::{Domain, MetricSet, TypeTag};
use crate::hash::Hash;
use crate::metrics::{Counts, Exact, Kind, Moments, Sums, Types};
use crate::privacy::{Rounding, Settings};
use crate::profile::ColumnMetrics;
use crate::sketches::kll::Kll;
use arrow_array::ArrayRef;
use std::borrow::Cow;
use std::sync::Arc;

/// Moments and quantiles of the finite values, or of the lengths, of a column.
#[derive(Debug, Clone)]
pub struct Numbers {
    /// What the numbers measure.
    pub domain: Domain,
    /// Moments, when wanted.
    pub moments: Option<Moments>,
    /// Quantiles, when wanted.
    pub quantiles: Option<Kll>,
}

impl Numbers {
    fn new(domain: Domain, metrics: MetricSet, seed: u64) -> Self {
        Self {
            domain,
            moments: metrics.moments.then(Moments::default),
            quantiles: metrics.quantiles.then(|| Kll::seeded(seed)),
        }
    }

    /// Adds a block of finite values, of `expected` altogether when that is known, else 0.
    pub(super) fn add_block(&mut self, values: &[f64], exact: Option<(Exact, Exact)>, expected: u64) {
        if !values.is_empty() {
            self.add_summed(values, Sums::of(values), exact, expected);
        }
    }

    /// Adds a block of finite values whose sums are known.
    pub(super) fn add_summed(
        &mut self,
        values: &[f64],
        mut sums: Sums,
        exact: Option<(Exact, Exact)>,
        expected: u64,
    ) {
        // −0 is 0.
        (sums.min, sums.max) = (sums.min + 0.0, sums.max + 0.0);
        if let Some(moments) = &mut self.moments {
            moments.add_block(values, sums, exact);
        }
        if let Some(quantiles) = &mut self.quantiles {
            quantiles.extend_run(values, (sums.min, sums.max), expected);
        }
    }

    /// Adds `(value, count)` pairs in ascending order of value.
    pub(super) fn add_counted(&mut self, pairs: &[(f64, u64)], exact: Option<(Exact, Exact)>) {
        if let Some(moments) = &mut self.moments {
            moments.add_counted(pairs, exact);
        }
        if let Some(quantiles) = &mut self.quantiles {
            quantiles.extend_counted(pairs);
        }
    }

    /// Combines numbers; of two domains the first in the order of [`Domain`] stays.
    pub fn merge(&mut self, other: &Self) {
        if other.domain > self.domain {
            return;
        }
        if other.domain < self.domain {
            *self = other.clone();
            return;
        }
        if let (Some(mine), Some(theirs)) = (&mut self.moments, &other.moments) {
            mine.merge(theirs);
        } else {
            self.moments = None;
        }
        if let (Some(mine), Some(theirs)) = (&mut self.quantiles, &other.quantiles) {
            mine.merge(theirs);
        } else {
            self.quantiles = None;
        }
    }

    /// The numbers as a profile keeps them.
    pub fn freeze(&self) -> Self {
        let mut frozen = self.clone();
        frozen.become_frozen();
        frozen
    }

    /// Makes them the numbers that a profile keeps.
    fn become_frozen(&mut self) {
        self.quantiles.iter_mut().for_each(Kll::become_frozen);
    }

    /// Leaves the least and the greatest value out.
    pub(crate) fn hide_extremes(&mut self) {
        self.moments.iter_mut().for_each(Moments::hide_extremes);
    }
}

/// The Arrow types under which the values of a column came, each once.
#[derive(Debug, Clone, Default)]
struct ArrowTypes {
    first: Option<Cow<'static, str>>,
    /// Few columns come as several: without these nothing is allocated.
    others: Vec<Cow<'static, str>>,
}

impl ArrowTypes {
    fn names(&self) -> impl Iterator<Item = &Cow<'static, str>> {
        self.first.iter().chain(&self.others)
    }

    fn note(&mut self, name: impl AsRef<str> + Into<Cow<'static, str>>) {
        if self.first.is_none() {
            self.first = Some(name.into());
        } else if self.names().all(|known| known != name.as_ref()) {
            self.others.push(name.into());
        }
    }

    /// As a profile has them.
    fn joined(&self) -> Cow<'static, str> {
        if self.others.is_empty() {
            return self.first.clone().unwrap_or_default();
        }
        let mut names: Vec<&str> = self.names().map(AsRef::as_ref).collect();
        names.sort_unstable();
        names.join(" | ").into()
    }
}

/// What a column of which nothing is folded yet will be.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    metrics: MetricSet,
    tag: TypeTag,
    arrow_types: ArrowTypes,
    expected: u64,
    number: u64,
}

impl Plan {
    pub(super) fn new(metrics: MetricSet, expected: u64, number: u64) -> Self {
        Self {
            metrics,
            tag: TypeTag::Null,
            arrow_types: ArrowTypes::default(),
            expected,
            number,
        }
    }

    pub(super) fn note_arrow_type(&mut self, name: &str) {
        self.arrow_types.note(name.to_owned());
    }

    pub(super) fn note_type_of(&mut self, array: &ArrayRef) {
        self.arrow_types.note(arrow_name(array.data_type()));
        self.tag = self.tag.join(type_tag(array.data_type()));
    }

    /// The column, empty.
    pub(super) fn column(&mut self) -> ColumnBuilder {
        ColumnBuilder {
            tag: self.tag,
            arrow_types: std::mem::take(&mut self.arrow_types),
            expected: self.expected,
            number: self.number,
            ..ColumnBuilder::new(self.metrics)
        }
    }
}

/// The metrics of one column while they are made.
#[derive(Debug, Clone)]
pub struct ColumnBuilder {
    pub(super) metrics: MetricSet,
    privacy: Option<Arc<Settings>>,
    pub(super) counts: Counts,
    pub(super) types: Types,
    pub(super) tag: TypeTag,
    arrow_types: ArrowTypes,
    pub(super) values: Option<Box<Numbers>>,
    pub(super) lengths: Option<Box<Numbers>>,
    pub(super) items: Items,
    /// Numbers that the column will hold at least: the quantile sketch may sample the sooner.
    pub(super) expected: u64,
    /// Which part of a greater whole this is, so that parts draw their samples differently.
    number: u64,
    custom: Vec<Running>,
}

impl ColumnBuilder {
    /// An empty column of which these metrics are wanted.
    pub fn new(metrics: MetricSet) -> Self {
        Self {
            metrics,
            privacy: None,
            counts: Counts::default(),
            types: Types::default(),
            tag: TypeTag::Null,
            arrow_types: ArrowTypes::default(),
            values: None,
            lengths: None,
            items: Items::new(metrics.cardinality, metrics.frequent_items),
            expected: 0,
            number: 0,
            custom: Vec::new(),
        }
    }

    /// The same column, of which these metrics are wanted too.
    #[must_use]
    pub fn with_custom(self, custom: Vec<Running>) -> Self {
        Self { custom, ..self }
    }

    /// The same column, as private as this.
    #[must_use]
    pub fn with_privacy(mut self, privacy: Option<Arc<Settings>>) -> Self {
        self.items = self.items.with_privacy(privacy.clone());
        self.privacy = privacy;
        self
    }

    /// How numbers and times are rounded before they enter any metric.
    pub(super) fn rounding(&self) -> Option<Rounding> {
        self.privacy.as_ref()?.rounding
    }

    /// The metrics that are kept of the values as numbers.
    fn metrics_of_values(&self) -> MetricSet {
        let privacy = self.privacy.as_ref();
        MetricSet {
            moments: self.metrics.moments && privacy.is_none_or(|privacy| privacy.has_moments()),
            quantiles: self.metrics.quantiles && privacy.is_none_or(|privacy| privacy.has_extremes()),
            ..self.metrics
        }
    }

    /// The metrics that are kept of lengths.
    fn metrics_of_lengths(&self) -> MetricSet {
        if self.privacy.as_ref().is_none_or(|privacy| privacy.has_lengths()) {
            self.metrics
        } else {
            MetricSet::NONE
        }
    }

    /// An empty column with the same wishes, to fold part `number` of a column that will hold
    /// `expected` numbers altogether.
    pub fn part(&self, expected: u64, number: u64) -> Self {
        Self {
            expected,
            number,
            custom: self.custom.iter().map(Running::part).collect(),
            ..Self::new(self.metrics).with_privacy(self.privacy.clone())
        }
    }

    /// How many numbers the quantile sketch holds.
    pub fn numbers_so_far(&self) -> u64 {
        self.values
            .as_ref()
            .and_then(|values| values.quantiles.as_ref())
            .map_or(0, Kll::n)
    }

    /// Records in which the column was present.
    pub fn records(&self) -> u64 {
        self.counts.records
    }

    /// Whether there are metrics that want to see whole arrays.
    pub(super) fn has_custom(&self) -> bool {
        !self.custom.is_empty()
    }

    /// Shows values to the metrics that the kernel does not know.
    pub(super) fn show(&mut self, values: &ArrayRef, nan_is_null: bool) {
        custom::update(&mut self.custom, values, nan_is_null);
    }

    /// Notes the Arrow type under which values came.
    pub fn note_arrow_type(&mut self, name: impl AsRef<str> + Into<Cow<'static, str>>) {
        self.arrow_types.note(name);
    }

    /// Notes the type of the column.
    pub fn note_type(&mut self, tag: TypeTag) {
        self.tag = self.tag.join(tag);
    }

    /// Adds missing values.
    pub fn fold_nulls(&mut self, count: u64) {
        self.counts.records += count;
        self.counts.nulls += count;
    }

    /// Adds values that are only counted, by kind.
    pub fn fold_opaque(&mut self, kind: Kind, tag: TypeTag, count: u64) {
        if count > 0 {
            self.observe(kind, tag, count);
        }
    }

    /// Adds booleans.
    pub fn fold_booleans(&mut self, trues: u64, falses: u64) {
        self.fold_opaque(Kind::Boolean, TypeTag::Boolean, trues + falses);
        self.counts.trues += trues;
        self.items.add_booleans([falses, trues]);
    }

    /// Adds the lengths of lists.
    pub fn fold_list_lengths(&mut self, lengths: &[f64]) {
        self.fold_opaque(Kind::List, TypeTag::List, lengths.len() as u64);
        self.add_lengths(lengths);
    }

    pub(super) fn observe(&mut self, kind: Kind, tag: TypeTag, count: u64) {
        self.counts.records += count;
        self.types.add(kind, count);
        self.note_type(tag);
    }

    pub(super) fn add_hash(&mut self, hash: Hash) {
        self.items.add_hash(hash);
    }

    pub(super) fn add_lengths(&mut self, lengths: &[f64]) {
        if let Some(numbers) = self.lengths() {
            numbers.add_block(lengths, None, 0);
        }
    }

    /// The counters of frequent items, when wanted.
    pub(super) fn frequent(&mut self) -> Option<&mut FrequentBuilder> {
        self.items.frequent()
    }

    /// The numbers of this domain; `None` when not wanted, or when the column holds a domain that
    /// comes first.
    pub(super) fn numbers(&mut self, domain: Domain) -> Option<&mut Numbers> {
        let metrics = self.metrics_of_values();
        if !metrics.moments && !metrics.quantiles {
            return None;
        }
        if self.values.as_ref().is_none_or(|values| values.domain > domain) {
            self.values = Some(Box::new(Numbers::new(domain, metrics, self.number)));
        }
        self.values
            .as_deref_mut()
            .filter(|values| values.domain == domain)
    }

    pub(super) fn lengths(&mut self) -> Option<&mut Numbers> {
        let metrics = self.metrics_of_lengths();
        (metrics.moments || metrics.quantiles).then(|| {
            &mut **self
                .lengths
                .get_or_insert_with(|| Box::new(Numbers::new(Domain::Number, metrics, self.number)))
        })
    }

    /// Adds another part of the same column.
    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.types.merge(&other.types);
        self.tag = self.tag.join(other.tag);
        let names = other.arrow_types.names();
        names.for_each(|name| self.arrow_types.note(name.clone()));
        merge_numbers(&mut self.values, &other.values);
        merge_numbers(&mut self.lengths, &other.lengths);
        self.items.merge(&other.items);
        for (mine, theirs) in self.custom.iter_mut().zip(&other.custom) {
            mine.merge(theirs);
        }
    }

    /// Empty numbers, where the type of the column has such and they are wanted.
    fn no_numbers(&self, domain: Option<Domain>, metrics: MetricSet) -> Option<Box<Numbers>> {
        let wanted = metrics.moments || metrics.quantiles;
        let domain = domain?;
        wanted.then(|| Box::new(Numbers::new(domain, metrics, self.number)))
    }

    /// The metrics as a profile keeps them, leaving a column that is not needed any more.
    pub fn freeze(&mut self) -> ColumnMetrics {
        let mut numbers = [self.values.take(), self.lengths.take()];
        numbers
            .iter_mut()
            .flatten()
            .for_each(|numbers| numbers.become_frozen());
        let [values, lengths] = numbers;
        let mut values = values.or_else(|| self.no_numbers(measure_of(self.tag), self.metrics_of_values()));
        if self
            .privacy
            .as_ref()
            .is_some_and(|privacy| !privacy.has_extremes())
        {
            values.iter_mut().for_each(|values| values.hide_extremes());
        }
        let has_length = has_length(self.tag).then_some(Domain::Number);
        ColumnMetrics {
            tag: self.tag,
            arrow_type: self.arrow_types.joined(),
            counts: self.counts,
            types: self.types,
            values,
            lengths: lengths.or_else(|| self.no_numbers(has_length, self.metrics_of_lengths())),
            frequent_items: self.items.listed().filter(|_| has_items(self.tag)),
            cardinality: self.items.cardinality.take().filter(|_| has_scalars(self.tag)),
            privacy: self
                .privacy
                .as_ref()
                .map(|privacy| privacy.stated.clone())
                .unwrap_or_default(),
            extensions: self.custom.iter().filter_map(Running::freeze).collect(),
            unknown: Vec::new(),
        }
    }
}

/// What the values of a column of this type measure.
fn measure_of(tag: TypeTag) -> Option<Domain> {
    match tag {
        TypeTag::Integer | TypeTag::Decimal | TypeTag::Fractional => Some(Domain::Number),
        TypeTag::Timestamp => Some(Domain::Timestamp),
        TypeTag::Date => Some(Domain::Date),
        TypeTag::Time => Some(Domain::Time),
        TypeTag::Duration => Some(Domain::Duration),
        _ => None,
    }
}

fn has_length(tag: TypeTag) -> bool {
    matches!(tag, TypeTag::String | TypeTag::Binary | TypeTag::List)
}

/// Lists and structs have no values of their own to count.
pub(crate) fn has_scalars(tag: TypeTag) -> bool {
    !matches!(tag, TypeTag::List | TypeTag::Struct | TypeTag::Other)
}

/// Whether the values of a column of this type are listed as frequent items.
pub(crate) fn has_items(tag: TypeTag) -> bool {
    has_scalars(tag)
        && !matches!(
            tag,
            TypeTag::Binary | TypeTag::Timestamp | TypeTag::Time | TypeTag::Duration
        )
}

fn merge_numbers(mine: &mut Option<Box<Numbers>>, theirs: &Option<Box<Numbers>>) {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => mine.merge(theirs),
        (mine @ None, Some(_)) => mine.clone_from(theirs),
        _ => {}
    }
}
