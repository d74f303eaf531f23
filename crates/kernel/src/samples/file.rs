//! Samples to Parquet and back: a column for each of the records', and one, a struct, of what is known of each.
//!
//! | field of `_sample` | is |
//! |---|---|
//! | `weight` | for how much of all the record stands; null when it stands for itself alone |
//! | `order` | its place in the order of arrival |
//! | `priority` | its random number |
//! | `value` | what it was chosen by; null when by nothing |
//! | `group` | its stratum, by number in the metadata; of outliers 0 below and 1 above |
//! | `spare` | whether it is kept for merging only: an outlier of a whole, perhaps, but not here |
//!
//! The metadata of the file hold, under [`KEY`], the sampler and what it knows of all records, as JSON.

use super::chunk;
use super::item::{Facts, Group, Item, Kept};
use super::sample::Sample;
use super::shape;
use super::spec::{LARGEST, Spec};
use crate::guard::guarded;
use crate::sketches::{frequent, kll};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type, UInt64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, StructArray, UInt32Array, UInt64Array,
};
use arrow_schema::{Field, Fields, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// Where the metadata of a file hold what is known of all records.
pub const KEY: &str = "tidegauge.sample";

/// The version of the form.
const VERSION: u64 = 1;

/// The name of the column of what is known of each record, unless the records have it.
const COLUMN: &str = "_sample";

fn failed(error: impl std::fmt::Display) -> Error {
    Error::data(format!("the sample cannot be written: {error}"))
}

fn bad(what: impl std::fmt::Display) -> Error {
    Error::format(format!("the sample file is damaged: {what}"))
}

/// The bytes of a sample file.
///
/// # Errors
/// When a column has a type that Parquet has not.
pub fn encode(sample: &Sample) -> Result<Vec<u8>> {
    let (_, rows) = sample.kept();
    let schema = rows.schema_ref();
    let mut name = COLUMN.to_owned();
    while schema.column_with_name(&name).is_some() {
        name.push('_');
    }
    let mut columns: Vec<(&str, ArrayRef)> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .zip(rows.columns().iter().cloned())
        .collect();
    columns.push((&name, known(sample)));
    let batch = chunk::batch(columns, rows.num_rows())?;
    let level = ZstdLevel::try_new(3).map_err(failed)?;
    let metadata = KeyValue::new(KEY.to_owned(), metadata(sample, &name).to_string());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_key_value_metadata(Some(vec![metadata]))
        .set_created_by(concat!("tidegauge ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.into_inner().map_err(failed)
}

fn known(sample: &Sample) -> ArrayRef {
    let (items, _) = sample.kept();
    let number = |get: fn(&Item) -> f64| -> ArrayRef {
        let numbers = items
            .iter()
            .map(|item| Some(get(item)).filter(|number| !number.is_nan()));
        Arc::new(numbers.collect::<Float64Array>())
    };
    let weights = sample.weights();
    // Where there are weights nothing is spare.
    let weight = |row: usize| weights.as_ref().and_then(|weights| weights.get(row).copied());
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "weight",
            Arc::new((0..items.len()).map(weight).collect::<Float64Array>()),
        ),
        (
            "order",
            Arc::new(items.iter().map(|item| Some(item.order)).collect::<UInt64Array>()),
        ),
        ("priority", number(|item| item.priority)),
        ("value", number(|item| item.value)),
        (
            "group",
            Arc::new(items.iter().map(|item| Some(item.group)).collect::<UInt32Array>()),
        ),
        (
            "spare",
            Arc::new(
                items
                    .iter()
                    .map(|item| Some(item.spare))
                    .collect::<BooleanArray>(),
            ),
        ),
    ];
    let fields: Fields = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|column| column.1).collect();
    Arc::new(StructArray::new(fields, arrays, None))
}

fn metadata(sample: &Sample, column: &str) -> Json {
    let facts = sample.facts();
    let groups: Vec<Json> = facts
        .groups
        .iter()
        .map(|group| json!({"values": group.key, "seen": group.seen}))
        .collect();
    let sketch: String = facts.sketch.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "version": VERSION,
        "column": column,
        "sampler": sample.spec().to_json(),
        "seen": facts.seen,
        "eligible": facts.eligible,
        "groups": groups,
        "sketch": sketch,
    })
}

/// Reads a sample.
///
/// # Errors
/// When the bytes are no sample, are damaged, or of a newer form.
pub fn decode(bytes: Vec<u8>) -> Result<Sample> {
    guarded(
        "the sample file is damaged: its structure is inconsistent",
        || read(bytes.into()),
    )
    .map_err(|error| Error::format(error.message()))
}

fn read(bytes: Bytes) -> Result<Sample> {
    if !bytes.starts_with(b"PAR1") {
        return Err(Error::format("this is no sample file: it is not Parquet"));
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(bad)?;
    let file = builder.metadata().file_metadata();
    let pairs = file.key_value_metadata();
    let text = pairs.and_then(|pairs| pairs.iter().find(|pair| pair.key == KEY)?.value.clone());
    let Some(text) = text else {
        return Err(Error::format(
            "this is no sample file: it is Parquet, but not written by Samples.write",
        ));
    };
    let json: Json = serde_json::from_str(&text).map_err(bad)?;
    let version = json["version"].as_u64().unwrap_or_default();
    if version != VERSION {
        return Err(Error::format(format!(
            "the sample file is of form {version}; this version of Tidegauge reads {VERSION}"
        )));
    }
    let spec = Spec::of_json(&json["sampler"]).map_err(|error| bad(error.message()))?;
    let facts = facts(&json)?;
    let most = spec.capacity().min(LARGEST) as u64;
    if u64::try_from(file.num_rows()).unwrap_or(u64::MAX) > most.min(facts.seen) {
        return Err(bad("more records than the sampler keeps, or saw"));
    }
    let batches = builder.with_batch_size(1 << 13).build().map_err(bad)?;
    let batches: Vec<RecordBatch> = batches.collect::<std::result::Result<_, _>>().map_err(bad)?;
    let column = json["column"].as_str().unwrap_or(COLUMN);
    let mut items = Vec::new();
    let mut rows = Vec::new();
    for batch in &batches {
        let (position, _) = batch
            .schema_ref()
            .column_with_name(column)
            .ok_or_else(|| bad("no column of what is known"))?;
        items.extend(items_of(batch.column(position))?);
        let others: Vec<usize> = (0..batch.num_columns())
            .filter(|&other| other != position)
            .collect();
        rows.push(shape::plain_batch(&batch.project(&others).map_err(bad)?)?);
    }
    if !matches!(spec, Spec::Weighted { .. }) {
        // In others it follows from the numbers of records.
        items.iter_mut().for_each(|item| item.weight = f64::NAN);
    }
    let kept = Kept { facts, items };
    check(&spec, &kept)?;
    let places = rows
        .iter()
        .enumerate()
        .flat_map(|(number, batch)| (0..batch.num_rows()).map(move |row| (number, row)));
    let rows = if rows.is_empty() {
        empty(&batches, column)?
    } else {
        shape::gather(&rows, &places.collect::<Vec<_>>())?
    };
    Sample::new(spec, kept, rows).map_err(|error| bad(error.message()))
}

fn empty(batches: &[RecordBatch], column: &str) -> Result<RecordBatch> {
    let schema = batches
        .first()
        .map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
    let fields: Vec<_> = schema
        .fields()
        .iter()
        .filter(|field| field.name() != column)
        .cloned()
        .collect();
    Ok(RecordBatch::new_empty(Arc::new(Schema::new(fields))))
}

fn facts(json: &Json) -> Result<Facts> {
    let count = |json: &Json, name: &str| {
        json[name]
            .as_u64()
            .ok_or_else(|| bad(format!("{name} is no count")))
    };
    let group = |json: &Json| {
        let values = match &json["values"] {
            Json::Array(values) => Some(
                values
                    .iter()
                    .map(|value| value.as_str().map(str::to_owned))
                    .collect(),
            ),
            _ => None,
        };
        Ok(Group {
            key: values,
            seen: count(json, "seen")?,
        })
    };
    let groups = json["groups"]
        .as_array()
        .ok_or_else(|| bad("groups are no list"))?;
    let hex = json["sketch"].as_str().unwrap_or_default().as_bytes();
    let byte = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).ok().filter(|text| text.len() == 2)?;
        u8::from_str_radix(text, 16).ok()
    };
    let sketch: Option<Vec<u8>> = hex.chunks(2).map(byte).collect();
    Ok(Facts {
        seen: count(json, "seen")?,
        eligible: count(json, "eligible")?,
        groups: groups.iter().map(group).collect::<Result<_>>()?,
        sketch: sketch.ok_or_else(|| bad("the sketch is no text of bytes"))?,
    })
}

fn items_of(array: &ArrayRef) -> Result<Vec<Item>> {
    let known = array
        .as_struct_opt()
        .ok_or_else(|| bad("what is known of records is no struct"))?;
    let column = |name: &str| {
        known
            .column_by_name(name)
            .ok_or_else(|| bad(format!("no field {name}")))
    };
    fn numbers(array: &ArrayRef) -> Result<&Float64Array> {
        array
            .as_primitive_opt::<Float64Type>()
            .ok_or_else(|| bad("a field is of another type"))
    }
    let order = column("order")?.as_primitive_opt::<UInt64Type>();
    let group = column("group")?.as_primitive_opt::<UInt32Type>();
    let spare = column("spare")?.as_boolean_opt();
    let (Some(order), Some(group), Some(spare)) = (order, group, spare) else {
        return Err(bad("a field is of another type"));
    };
    let (weight, value, priority) = (
        numbers(column("weight")?)?,
        numbers(column("value")?)?,
        numbers(column("priority")?)?,
    );
    if order.null_count()
        + group.null_count()
        + spare.null_count()
        + priority.null_count()
        + array.null_count()
        > 0
    {
        return Err(bad("a field is missing"));
    }
    let number = |array: &Float64Array, row: usize| {
        if array.is_valid(row) {
            array.value(row)
        } else {
            f64::NAN
        }
    };
    let item = |row: usize| Item {
        order: order.value(row),
        priority: priority.value(row),
        value: number(value, row),
        weight: number(weight, row),
        group: group.value(row),
        spare: spare.value(row),
    };
    Ok((0..known.len()).map(item).collect())
}

/// Looks whether what a file says can be so: a sampler would not make it otherwise.
fn check(spec: &Spec, kept: &Kept) -> Result<()> {
    let (facts, items) = (&kept.facts, &kept.items);
    require(facts.eligible <= facts.seen, "more records drawn from than seen")?;
    require(
        items.len() as u64 <= facts.eligible,
        "more records kept than drawn from",
    )?;
    require(
        items.is_sorted_by(|a, b| a.order < b.order),
        "the order of arrival is none",
    )?;
    require(
        items.iter().all(|item| item.order < facts.seen),
        "an order beyond the records seen",
    )?;
    require(
        items
            .iter()
            .all(|item| item.priority > 0.0 && item.priority < 1.0),
        "a random number beyond 0 and 1",
    )?;
    let shown = items.iter().filter(|item| !item.spare).count();
    let spares = matches!(spec, Spec::Outliers { size, .. } if shown <= *size);
    require(
        shown == items.len() || spares,
        "more records than there is room for",
    )?;
    check_kind(spec, kept)
}

fn require(holds: bool, what: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(bad(what)) }
}

/// The same of what only some kinds know.
fn check_kind(spec: &Spec, kept: &Kept) -> Result<()> {
    let (facts, items) = (&kept.facts, &kept.items);
    let positive = |number: f64| number > 0.0 && number.is_finite();
    let groups = facts.groups.len();
    match spec {
        Spec::Reservoir { .. } | Spec::Failing { .. } => require(
            groups == 0 && items.iter().all(|item| item.group == 0),
            "groups where there are none",
        ),
        Spec::Weighted { .. } => {
            let fits = |item: &Item| {
                positive(item.weight) && positive(item.value) && item.value <= item.weight * (1.0 + 1e-9)
            };
            require(items.iter().all(fits), "a weight that none can be")
        }
        Spec::Stratified { strata, columns, .. } => {
            let sum = facts
                .groups
                .iter()
                .try_fold(0u64, |sum, group| sum.checked_add(group.seen));
            require(sum == Some(facts.seen), "the strata do not add up")?;
            require(groups <= strata + 1, "too many strata")?;
            let fits = |group: &Group| group.key.as_ref().is_none_or(|key| key.len() == columns.len());
            require(facts.groups.iter().all(fits), "a stratum of other columns")?;
            require(
                items.iter().all(|item| (item.group as usize) < groups),
                "a stratum that is none",
            )
        }
        Spec::Outliers { .. } => {
            let sketch = kll::decode(&facts.sketch).map_err(|error| bad(error.message()))?;
            require(sketch.n() == facts.eligible, "the sketch is of other records")?;
            require(
                items.iter().all(|item| item.value.is_finite() && item.group < 2),
                "a value that none can be",
            )
        }
        Spec::Rare { .. } => {
            let sketch = frequent::decode(&facts.sketch).map_err(|error| bad(error.message()))?;
            require(sketch.total() == facts.eligible, "the sketch is of other records")?;
            let named = |group: &Group| matches!(group.key.as_deref(), Some([Some(_)]));
            require(facts.groups.iter().all(named), "a value without a text")?;
            require(
                items.iter().all(|item| (item.group as usize) < groups),
                "a value that is none",
            )
        }
    }
}
