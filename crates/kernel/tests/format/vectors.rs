//! Golden files: what any version ever wrote is read for ever.
//!
//! They are written once a version of the format, by
//! `TIDEGAUGE_WRITE_VECTORS=1 cargo test --release --package tidegauge-kernel --test format vectors`,
//! which never overwrites one.

use crate::rewritten::{rows, with, write};
use crate::samples::{self, encode};
use arrow_array::{ArrayRef, Int32Array};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tidegauge_kernel::columns::Numbers;
use tidegauge_kernel::format::{VERSION, decode, encode as encode_profiles};
use tidegauge_kernel::metrics::{Counts, Extension, Part, Types};
use tidegauge_kernel::profile::{Column, Condition, Correlation, Profile};

const RANKS: [f64; 7] = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/vectors")
}

/// A number of JSON, which has neither NaN nor infinities.
fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        json!(value.to_string())
    }
}

fn numbers(numbers: &Numbers) -> Value {
    let mut told = json!({ "domain": numbers.domain.name() });
    if let Some(moments) = &numbers.moments {
        told["n"] = json!(moments.n);
        let exact = moments
            .exact
            .map(|(low, high)| [low.to_string(), high.to_string()]);
        told["exact"] = json!(exact);
        if moments.n > 0 {
            for (name, value) in [
                ("mean", moments.mean.high),
                ("m2", moments.m2),
                ("m3", moments.m3),
                ("m4", moments.m4),
                ("min", moments.min),
                ("max", moments.max),
            ] {
                told[name] = number(value);
            }
        }
    }
    if let Some(quantiles) = &numbers.quantiles {
        told["quantiles_n"] = json!(quantiles.n());
        told["quantiles_exact"] = json!(quantiles.is_exact());
        if quantiles.n() > 0 {
            let view = quantiles.view();
            told["quantiles"] = RANKS
                .iter()
                .map(|&rank| json!([rank, number(view.quantile(rank))]))
                .collect();
        }
    }
    told
}

fn named<const N: usize>(names: [&str; N], values: [u64; N]) -> Value {
    let pairs = names.into_iter().zip(values).filter(|pair| pair.1 > 0);
    Value::Object(
        pairs
            .map(|(name, count)| (name.to_owned(), json!(count)))
            .collect::<Map<_, _>>(),
    )
}

/// Files before format 1.2 knew of one state, and nothing beside its bytes.
fn extension(metric: &Extension) -> Value {
    match &metric.parts[..] {
        [Part { version: 0, bytes }] => json!(bytes),
        parts => json!({
            "parts": parts.iter().map(|part| json!([part.version, part.bytes])).collect::<Vec<_>>(),
            "records": metric.records,
            "failures": metric.failures,
            "reason": metric.reason,
        }),
    }
}

fn column(column: &Column) -> Value {
    let extensions: BTreeMap<&String, Value> = column
        .extensions
        .iter()
        .map(|(name, metric)| (name, extension(metric)))
        .collect();
    let items = column.frequent_items.as_ref().map(|items| {
        let top: Vec<Value> = items
            .items()
            .take(20)
            .map(|(item, count)| json!([item, count]))
            .collect();
        json!({ "total": items.total(), "offset": items.offset(), "count": items.len(), "top": top })
    });
    let mut told = json!({
        "name": &*column.name,
        "type": column.tag.name(),
        "arrow_type": column.arrow_type,
        "role": column.role,
        "position": column.position,
        "counts": named(Counts::NAMES, column.counts.values()),
        "types": named(Types::NAMES, column.types.values()),
        "values": column.values.as_deref().map(numbers),
        "lengths": column.lengths.as_deref().map(numbers),
        "distinct": column.cardinality.as_ref().map(|sketch| sketch.estimate()),
        "frequent_items": items,
        "extensions": extensions,
        "unknown": column.unknown.iter().map(|field| field.0.name()).collect::<Vec<_>>(),
    });
    // Files before format 1.2 said nothing of it.
    let privacy = column.privacy.to_string();
    if !privacy.is_empty() {
        told["privacy"] = json!(privacy);
    }
    told
}

fn condition(condition: &Condition) -> Value {
    let tally = &condition.tally;
    json!({
        "name": condition.name,
        "expression": condition.expression,
        "passed": tally.passed,
        "failed": tally.failed,
        "unknown": tally.unknown,
        "reason": tally.reason,
    })
}

fn told(profiles: &[Profile]) -> Value {
    let profile = |profile: &Profile| {
        let metadata = &profile.metadata;
        let mut told = json!({
            "dataset": metadata.dataset,
            "window": metadata.window.map(|window| [window.0, window.1]),
            "segment": metadata.segment,
            "created": metadata.created,
            "tags": metadata.tags,
            "writer": metadata.writer,
            "records": profile.records,
            "columns": profile.columns.iter().map(|each| column(each)).collect::<Vec<_>>(),
        });
        // Files before format 1.1 knew of none.
        if !profile.conditions.is_empty() {
            told["conditions"] = profile.conditions.iter().map(condition).collect();
        }
        // Files before format 1.2 had none.
        if let Some(found) = &profile.correlation {
            told["correlation"] = correlation(found);
        }
        told
    };
    profiles.iter().map(profile).collect()
}

/// Columns with n, mean and m2, and pairs with n and all their moments.
fn correlation(correlation: &Correlation) -> Value {
    let singles = correlation.moments.singles().iter();
    let pairs = correlation.moments.pairs().iter();
    json!({
        "columns": correlation.columns,
        "singles": singles
            .map(|single| json!([single.n, single.mean.high, single.mean.low, single.m2]))
            .collect::<Vec<_>>(),
        "pairs": pairs
            .map(|pair| json!([pair.n, pair.offset_x, pair.offset_y, pair.m2_x, pair.m2_y, pair.c]))
            .collect::<Vec<_>>(),
    })
}

/// Equal but for the last digits of doubles.
fn assert_alike(found: &Value, expected: &Value, place: &str) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let names = |object: &Map<String, Value>| {
                object.keys().cloned().collect::<std::collections::BTreeSet<_>>()
            };
            assert_eq!(names(found), names(expected), "{place}");
            found
                .iter()
                .for_each(|(name, value)| assert_alike(value, &expected[name], &format!("{place}.{name}")));
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{place}");
            for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
                assert_alike(found, expected, &format!("{place}[{at}]"));
            }
        }
        (Value::Number(found), Value::Number(expected)) if found.is_f64() || expected.is_f64() => {
            let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
            assert!(
                (found - expected).abs() <= 1e-12 * expected.abs(),
                "{place}: {found}, expected {expected}"
            );
        }
        _ => assert_eq!(found, expected, "{place}"),
    }
}

/// All golden files.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .flat_map(|version| std::fs::read_dir(version.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "parquet"))
        .collect();
    files.sort();
    files
}

fn newer() -> Vec<u8> {
    let batch = rows(&encode(&samples::small()));
    let more: ArrayRef = Arc::new(Int32Array::from(vec![Some(7), None]));
    write(&with(&batch, "entropy", more), Some("1.7"))
}

#[test]
fn every_golden_file_is_read_as_it_was_written() {
    let files = files();
    assert!(files.len() >= 7, "{files:?}");
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let profiles = decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected: Value =
            serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        assert_alike(
            &told(&profiles),
            &expected,
            &path.file_name().unwrap().to_string_lossy(),
        );
        // And written anew, it is read the same.
        let again = encode_profiles(&profiles.iter().collect::<Vec<_>>()).unwrap();
        assert_alike(&told(&decode(&again).unwrap()), &expected, "rewritten");
    }
}

#[test]
fn golden_files_are_written_once_a_version() {
    if std::env::var_os("TIDEGAUGE_WRITE_VECTORS").is_none() {
        return;
    }
    let version = folder().join(format!("format-{VERSION}"));
    std::fs::create_dir_all(&version).unwrap();
    let kinds = samples::every_kind()
        .into_iter()
        .map(|(name, profiles)| (name, encode(&profiles)));
    for (name, bytes) in kinds.chain([("newer_minor", newer())]) {
        let path = version.join(format!("{name}.parquet"));
        if path.exists() {
            continue;
        }
        let mut text = serde_json::to_string_pretty(&told(&decode(&bytes).unwrap())).unwrap();
        text.push('\n');
        std::fs::write(path.with_extension("json"), text).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
