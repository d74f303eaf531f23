//! Profiles to bytes.

use super::checksum::{BLANK, seal};
use super::correlation;
use super::fields::{Access, PROFILE_FIELDS, fields, rows};
use super::{CHECKSUM_KEY, PROVENANCE, PROVENANCE_KEY, VERSION, VERSION_KEY};
use super::{conditions, extensions};
use crate::profile::{Column, Metadata, Profile};
use crate::{Error, Result, cores};
use arrow_array::builder::{BinaryBuilder, MapBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray, new_null_array,
};
use arrow_schema::{Field, FieldRef, Schema};
use arrow_select::concat::concat;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) type Row<'a> = (usize, &'a Profile, Option<&'a Column>);
type Pair<'a> = (&'a str, Option<&'a str>);

fn failed(error: impl std::fmt::Display) -> Error {
    Error::format(format!("the profile cannot be written: {error}"))
}

/// The bytes of a profile file.
pub fn encode(profiles: &[&Profile]) -> Result<Vec<u8>> {
    let rows = rows(profiles);
    if rows.len() >= MANY_ROWS {
        work_out(&rows);
    }
    let mut names: Vec<FieldRef> = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    let mut add = |name: &str, array: ArrayRef| {
        let required = matches!(name, "profile" | "profile_records" | "created");
        names.push(Arc::new(Field::new(name, array.data_type().clone(), !required)));
        arrays.push(array);
    };
    for (name, array) in PROFILE_FIELDS.into_iter().zip(profile_arrays(&rows)?) {
        add(name, array);
    }
    let fields = fields();
    let array = |field: &super::fields::Field| column_array(&rows, &field.access);
    let column_arrays: Vec<ArrayRef> = if rows.len() < MANY_ROWS {
        fields.iter().map(array).collect()
    } else {
        cores::map(&fields, array)
    };
    for (field, array) in fields.iter().zip(column_arrays) {
        add(field.name, array);
    }
    for (field, array) in unknown_arrays(&rows)? {
        names.push(field);
        arrays.push(array);
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(names)), arrays).map_err(failed)?;
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties(batch.num_rows())?))
        .map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    let mut bytes = writer.into_inner().map_err(failed)?;
    seal(&mut bytes)?;
    Ok(bytes)
}

/// Works out on all cores what waits in the columns.
fn work_out(rows: &[Row<'_>]) {
    cores::map(rows, |row| row.2.map(Column::work_out));
}

/// From so many rows on, the fields that are no sketches are worth compressing, and all are worth all cores.
const MANY_ROWS: usize = 1_000;

fn properties(rows: usize) -> Result<WriterProperties> {
    let pairs = [
        (VERSION_KEY, VERSION),
        (PROVENANCE_KEY, PROVENANCE),
        (CHECKSUM_KEY, BLANK),
    ];
    let metadata = pairs.map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()));
    let zstd = Compression::ZSTD(ZstdLevel::try_new(3).map_err(failed)?);
    // Some numbers do not get smaller, and to set up a compressor for each of sixty fields takes readers and writers
    // longer than all the rest; on a virtual machine, where zstd's asking the processor what it can do is trapped, most of all.
    let plain = if rows < MANY_ROWS {
        Compression::UNCOMPRESSED
    } else {
        zstd
    };
    let mut builder = WriterProperties::builder()
        .set_compression(plain)
        .set_key_value_metadata(Some(metadata.into()))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_created_by(concat!("tidegauge ", env!("CARGO_PKG_VERSION")).to_owned());
    // Readers that look for one column or stretch of time need not open every row group.
    for name in ["dataset", "column", "window_start", "window_end"] {
        builder = builder.set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::Chunk);
    }
    for name in [
        "quantiles",
        "length_quantiles",
        "cardinality",
        "frequent_items",
        "correlation",
    ] {
        let path = ColumnPath::from(name);
        builder = builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_compression(path, zstd);
    }
    Ok(builder.build())
}

fn profile_arrays(rows: &[Row<'_>]) -> Result<[ArrayRef; 16]> {
    let time = |get: fn(&Profile) -> Option<i64>| -> ArrayRef {
        let values: TimestampMicrosecondArray = rows.iter().map(|row| get(row.1)).collect();
        Arc::new(values.with_timezone("UTC"))
    };
    let text = |get: for<'a> fn(&Row<'a>) -> Option<&'a str>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    let count = |get: fn(&Metadata) -> u64| -> ArrayRef {
        let counts = rows.iter().map(|row| get(&row.1.metadata));
        Arc::new(
            counts
                .map(|count| i64::try_from(count).unwrap_or(i64::MAX))
                .collect::<Int64Array>(),
        )
    };
    Ok([
        Arc::new(rows.iter().map(|row| row.0 as i32).collect::<Int32Array>()),
        text(|row| row.1.metadata.dataset.as_deref()),
        time(|profile| profile.metadata.window.map(|window| window.0)),
        time(|profile| profile.metadata.window.map(|window| window.1)),
        text_map(rows, |profile| {
            profile
                .metadata
                .segment
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_deref()))
                .collect()
        })?,
        time(|profile| Some(profile.metadata.created)),
        text_map(rows, |profile| {
            profile
                .metadata
                .tags
                .iter()
                .map(|(key, value)| (key.as_str(), Some(value.as_str())))
                .collect()
        })?,
        text(|row| Some(&row.1.metadata.writer)),
        Arc::new(
            rows.iter()
                .map(|row| i64::try_from(row.1.records).unwrap_or(i64::MAX))
                .collect::<Int64Array>(),
        ),
        text(|row| row.2.map(|column| &*column.name)),
        extension_array(rows)?,
        conditions::array(rows),
        correlation::array(rows),
        count(|metadata| metadata.late_records),
        count(|metadata| metadata.early_records),
        Arc::new(
            rows.iter()
                .map(|row| Some(row.1.metadata.other))
                .collect::<BooleanArray>(),
        ),
    ])
}

fn text_map<'a>(rows: &[Row<'a>], pairs: fn(&'a Profile) -> Vec<Pair<'a>>) -> Result<ArrayRef> {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for row in rows {
        for (key, value) in pairs(row.1) {
            builder.keys().append_value(key);
            builder.values().append_option(value);
        }
        builder.append(true).map_err(failed)?;
    }
    Ok(Arc::new(builder.finish()))
}

fn extension_array(rows: &[Row<'_>]) -> Result<ArrayRef> {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), BinaryBuilder::new());
    for row in rows {
        for (key, value) in row.2.iter().flat_map(|column| &column.extensions) {
            builder.keys().append_value(key);
            builder.values().append_value(extensions::encode(value)?);
        }
        builder.append(true).map_err(failed)?;
    }
    Ok(Arc::new(builder.finish()))
}

fn column_array(rows: &[Row<'_>], access: &Access) -> ArrayRef {
    let columns = rows.iter().map(|row| row.2);
    let whole = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    match access {
        Access::Int(get, _) => Arc::new(columns.map(|column| column.and_then(get)).collect::<Int64Array>()),
        Access::Float(get, _) => Arc::new(
            columns
                .map(|column| column.and_then(get))
                .collect::<Float64Array>(),
        ),
        Access::Text(get, _) => Arc::new(
            columns
                .map(|column| column.and_then(get))
                .collect::<StringArray>(),
        ),
        Access::Bytes(get, _) => Arc::new(
            columns
                .map(|column| column.and_then(get))
                .collect::<BinaryArray>(),
        ),
        Access::Count(at) => Arc::new(
            columns
                .map(|column| column.map(|column| whole(column.counts.values()[*at])))
                .collect::<Int64Array>(),
        ),
        Access::Type(at) => Arc::new(
            columns
                .map(|column| column.map(|column| whole(column.types.values()[*at])))
                .collect::<Int64Array>(),
        ),
    }
}

/// Columns that a newer version wrote, as they came.
fn unknown_arrays(rows: &[Row<'_>]) -> Result<Vec<(FieldRef, ArrayRef)>> {
    let mut fields: BTreeMap<&str, &FieldRef> = BTreeMap::new();
    for (field, _) in rows
        .iter()
        .filter_map(|row| row.2)
        .flat_map(|column| &column.unknown)
    {
        fields.entry(field.name()).or_insert(field);
    }
    let mut arrays = Vec::new();
    for field in fields.into_values() {
        let null = new_null_array(field.data_type(), 1);
        let cells = rows.iter().map(|row| {
            let unknown = row.2.map_or(&[][..], |column| &column.unknown);
            let same = |cell: &&crate::profile::Unknown| {
                cell.0.name() == field.name() && cell.0.data_type() == field.data_type()
            };
            unknown.iter().find(same).map_or(&null, |cell| &cell.1)
        });
        let cells: Vec<&dyn Array> = cells.map(|cell| &**cell).collect();
        let nullable = Field::clone(field).with_nullable(true);
        arrays.push((Arc::new(nullable), concat(&cells).map_err(failed)?));
    }
    Ok(arrays)
}
