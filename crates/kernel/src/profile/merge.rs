//! Merging frozen profiles: associative, commutative, the empty profile is neutral.

use super::value::{Column, ColumnMetrics, Metadata, Profile};
use super::{conditions, correlation};
use crate::columns::{Numbers, TypeTag, has_items, has_scalars};
use crate::metrics::{Counts, Extension, Types};
use crate::privacy::{Extent, Showing, Statement};
use crate::sketches::frequent::FrequentItems;
use crate::sketches::hll::Hll;
use crate::{Error, Result, cores};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// From so many column sketches on, columns merge on all cores.
const PARALLEL_FROM: usize = 64;

/// The profile of all records that the given profiles summarise.
///
/// # Errors
/// When the profiles are of different datasets.
pub fn merge(profiles: &[&Profile]) -> Result<Profile> {
    let parts: Vec<&Profile> = profiles
        .iter()
        .copied()
        .filter(|profile| !profile.is_empty())
        .collect();
    let (first, rest) = match parts.split_first() {
        None => {
            return Ok(profiles
                .first()
                .map(|profile| (*profile).clone())
                .unwrap_or_default());
        }
        Some((first, [])) => return Ok((*first).clone()),
        Some(parts) => parts,
    };
    let mut metadata = first.metadata.clone();
    for part in rest {
        metadata = merge_metadata(metadata, &part.metadata)?;
    }
    let mut positions: HashMap<&str, usize> = HashMap::new();
    let mut columns: Vec<Vec<&Column>> = Vec::new();
    for column in parts.iter().flat_map(|part| &part.columns) {
        let position = *positions.entry(&column.name).or_insert(columns.len());
        if position == columns.len() {
            columns.push(Vec::new());
        }
        columns[position].push(column);
    }
    let sketches: usize = columns.iter().map(Vec::len).sum();
    let merged: Result<Vec<Column>> = if sketches < PARALLEL_FROM {
        columns.iter().map(|parts| merge_columns(parts)).collect()
    } else {
        cores::run(|| {
            columns
                .par_iter()
                .with_max_len(1)
                .map(|parts| merge_columns(parts))
                .collect()
        })
    };
    let mut merged = merged?;
    merged.sort_by(|a, b| (a.position, &a.name).cmp(&(b.position, &b.name)));
    let records = parts
        .iter()
        .fold(0u64, |sum, part| sum.saturating_add(part.records));
    let mut counted = Vec::new();
    let correlation = correlation::merge(&parts);
    for part in parts {
        conditions::merge(&mut counted, &part.conditions);
    }
    Ok(Profile {
        metadata,
        records,
        columns: merged.into_iter().map(Arc::new).collect(),
        conditions: counted,
        correlation,
    })
}

fn merge_metadata(mine: Metadata, theirs: &Metadata) -> Result<Metadata> {
    let dataset = match (mine.dataset, &theirs.dataset) {
        (Some(mine), Some(theirs)) if mine != *theirs => {
            return Err(Error::merge(format!(
                "profiles of datasets {mine:?} and {theirs:?} do not merge; give them one dataset name first if they are one"
            )));
        }
        (mine, theirs) => mine.or_else(|| theirs.clone()),
    };
    let theirs_tags = &theirs.tags;
    // A total over different segments has no segment.
    let same = mine.segment == theirs.segment && mine.other == theirs.other;
    Ok(Metadata {
        dataset,
        window: mine
            .window
            .zip(theirs.window)
            .map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))),
        segment: if same { mine.segment } else { Vec::new() },
        other: same && mine.other,
        created: mine.created.max(theirs.created),
        tags: mine
            .tags
            .into_iter()
            .filter(|(key, value)| theirs_tags.get(key) == Some(value))
            .collect(),
        writer: mine.writer.max(theirs.writer.clone()),
        late_records: mine.late_records.saturating_add(theirs.late_records),
        early_records: mine.early_records.saturating_add(theirs.early_records),
    })
}

/// Merges profiles of one dataset, segment and window each with each, on all cores; in the order in which each
/// first comes.
///
/// # Errors
/// When parts of one profile do not belong together.
pub fn merge_alike(profiles: &[&Profile]) -> Result<Vec<Profile>> {
    let mut positions = HashMap::new();
    let mut groups: Vec<Vec<&Profile>> = Vec::new();
    for profile in profiles {
        let metadata = &profile.metadata;
        let position = *positions
            .entry((
                &metadata.dataset,
                &metadata.segment,
                metadata.other,
                metadata.window,
            ))
            .or_insert(groups.len());
        if position == groups.len() {
            groups.push(Vec::new());
        }
        groups[position].push(profile);
    }
    let merged = cores::map(&groups, |parts| merge(parts));
    merged.into_iter().collect()
}

fn merge_columns(parts: &[&Column]) -> Result<Column> {
    let mut counts = Counts::default();
    let mut types = Types::default();
    let mut tag = TypeTag::Null;
    for part in parts {
        counts.merge(&part.counts);
        types.merge(&part.types);
        tag = tag.join(part.tag);
    }
    let arrow_types: BTreeSet<&str> = parts
        .iter()
        .flat_map(|part| part.arrow_type.split(" | "))
        .filter(|name| !name.is_empty())
        .collect();
    let privacy = Statement::of_parts(parts.iter().map(|part| (&part.privacy, any_value(part))));
    let role = parts.iter().filter_map(|part| part.role.clone()).min();
    let position = parts.iter().map(|part| part.position).min().unwrap_or(0);
    let metrics = ColumnMetrics {
        tag,
        arrow_type: arrow_types.into_iter().collect::<Vec<_>>().join(" | ").into(),
        counts,
        types,
        values: merge_numbers(parts, |part| part.values.as_deref(), measured)
            .and_then(|values| shown(values, privacy.numbers))
            .map(Box::new),
        lengths: merge_numbers(parts, |part| part.lengths.as_deref(), long)
            .and_then(|lengths| shown(lengths, privacy.lengths))
            .map(Box::new),
        cardinality: merge_cardinality(parts)
            .filter(|_| has_scalars(tag) && privacy.cardinality != Showing::Off),
        frequent_items: merge_items(parts, privacy.min_count)
            .filter(|_| has_items(tag) && privacy.items != Showing::Off),
        privacy,
        extensions: merge_extensions(parts)?,
        unknown: Vec::new(),
    };
    Ok(Column::new(parts[0].name.clone(), role, position, metrics))
}

/// What the kernel does not understand it keeps: the states of all parts, whoever has some.
fn merge_extensions(parts: &[&Column]) -> Result<BTreeMap<String, Extension>> {
    let mut by_name: BTreeMap<&String, Vec<&Extension>> = BTreeMap::new();
    for (name, extension) in parts.iter().flat_map(|part| &part.extensions) {
        by_name.entry(name).or_default().push(extension);
    }
    let merged = by_name.into_iter().map(|(name, all)| {
        let extension = Extension::merge(&all);
        extension.check_size(name, &parts[0].name)?;
        Ok((name.clone(), extension))
    });
    merged.collect()
}

/// Values that have moments and quantiles.
fn measured(types: [u64; 9]) -> u64 {
    types[1] + types[2] + types[5]
}

/// Values that have a length.
fn long(types: [u64; 9]) -> u64 {
    types[3] + types[4] + types[6]
}

/// Values that are counted by distinct value.
fn scalar(types: [u64; 9]) -> u64 {
    types[..6].iter().sum()
}

/// A metric of the whole is known only where every part that has such values has the metric.
fn complete<T>(parts: &[&Column], get: fn(&Column) -> Option<&T>, count: fn([u64; 9]) -> u64) -> bool {
    parts
        .iter()
        .all(|part| get(part).is_some() || count(part.types.values()) == 0)
}

fn merge_numbers(
    parts: &[&Column],
    get: fn(&Column) -> Option<&Numbers>,
    count: fn([u64; 9]) -> u64,
) -> Option<Numbers> {
    if !complete(parts, get, count) {
        return None;
    }
    let mut present = parts.iter().filter_map(|part| get(part));
    let mut merged = present.next()?.clone();
    present.for_each(|part| merged.merge(part));
    Some(merged.freeze())
}

fn merge_cardinality(parts: &[&Column]) -> Option<Hll> {
    if !complete(parts, |part| part.cardinality.as_ref(), scalar) {
        return None;
    }
    let mut present = parts.iter().filter_map(|part| part.cardinality.as_ref());
    let mut merged = present.next()?.clone();
    present.for_each(|part| merged.merge(part));
    Some(merged)
}

fn any_value(column: &Column) -> bool {
    column.types.values().iter().any(|&count| count > 0)
}

/// What may be seen of numbers.
fn shown(mut numbers: Numbers, extent: Extent) -> Option<Numbers> {
    match extent {
        Extent::Kept => Some(numbers),
        Extent::Moments => {
            numbers.quantiles = None;
            numbers.hide_extremes();
            numbers.moments.is_some().then_some(numbers)
        }
        Extent::Off => None,
    }
}

fn merge_items(parts: &[&Column], min_count: u64) -> Option<FrequentItems> {
    let listed = |types: [u64; 9]| types[0] + types[1] + types[2] + types[3];
    if !complete(parts, |part| part.frequent_items.as_ref(), listed) {
        return None;
    }
    let present: Vec<&FrequentItems> = parts
        .iter()
        .filter_map(|part| part.frequent_items.as_ref())
        .collect();
    // A part that was not cut so far lists values that are too rare for the others.
    let laxer = parts.iter().any(|part| part.privacy.min_count < min_count);
    let merged = (!present.is_empty()).then(|| FrequentItems::merge_all(present))?;
    Some(if laxer { merged.at_least(min_count) } else { merged })
}
