use crate::read::{expect, names, read, windowed};
use crate::support::Folder;
use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, LargeStringArray, RecordBatch,
    RecordBatchOptions, StringArray, StructArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use std::ops::Range;
use std::sync::Arc;
use tidegauge_kernel::columns::TypeTag;
use tidegauge_kernel::profile::Profile;

const ROWS: usize = 9000;

pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns.into_iter().map(|column| column.1).collect(),
    )
    .unwrap()
}

pub fn file(batches: &[RecordBatch], properties: WriterPropertiesBuilder) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), Some(properties.build())).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

pub fn table() -> RecordBatch {
    let rows = 0..ROWS as i64;
    let coded: DictionaryArray<Int32Type> = rows
        .clone()
        .map(|row| ["low", "high"].get(row as usize % 3).copied())
        .collect();
    let mut lists = ListBuilder::new(Int64Builder::new());
    rows.clone().for_each(|row| {
        lists.append_option((row % 4 > 0).then(|| (0..row % 4).map(|item| (item > 0).then_some(item))))
    });
    batch(vec![
        ("id", Arc::new(rows.clone().map(Some).collect::<Int64Array>())),
        (
            "small",
            Arc::new(
                rows.clone()
                    .map(|row| (row % 3 > 0).then_some(row as i32 % 9))
                    .collect::<Int32Array>(),
            ),
        ),
        (
            "part",
            Arc::new(
                rows.clone()
                    .map(|row| Some(row as f64 / 8.0))
                    .collect::<Float64Array>(),
            ),
        ),
        (
            "few",
            Arc::new(
                rows.clone()
                    .map(|row| (row % 10 > 0).then(|| format!("é{}", row % 4)))
                    .collect::<StringArray>(),
            ),
        ),
        (
            "many",
            Arc::new(
                rows.clone()
                    .map(|row| Some(format!("value number {row}")))
                    .collect::<LargeStringArray>(),
            ),
        ),
        ("coded", Arc::new(coded)),
        (
            "at",
            Arc::new(
                rows.clone()
                    .map(|row| Some(row * 3_600_000))
                    .collect::<TimestampMillisecondArray>()
                    .with_timezone("UTC"),
            ),
        ),
        ("list", Arc::new(lists.finish())),
        ("inner", Arc::new(structs(rows))),
    ])
}

fn structs(rows: Range<i64>) -> StructArray {
    let fields = Fields::from(vec![Field::new("x", DataType::Int64, true)]);
    let even = rows.clone().map(|row| (row % 2 == 0).then_some(row % 10));
    let values: ArrayRef = Arc::new(even.collect::<Int64Array>());
    let present = rows.map(|row| row % 5 > 0).collect::<Vec<bool>>();
    StructArray::new(fields, vec![values], Some(present.into()))
}

pub fn check(profile: &Profile) {
    let rows = ROWS as u64;
    assert_eq!(profile.records, rows);
    assert_eq!(
        names(profile),
        [
            "id", "small", "part", "few", "many", "coded", "at", "list", "list[]", "inner", "inner.x"
        ]
    );
    let id = profile
        .column("id")
        .unwrap()
        .values
        .as_ref()
        .unwrap()
        .moments
        .unwrap();
    assert_eq!((id.n, id.min, id.max, id.mean.high), (rows, 0.0, 8999.0, 4499.5));
    let ninths: Vec<String> = [1, 2, 4, 5, 7, 8].map(|value| value.to_string()).into();
    let ninths: Vec<(&str, u64)> = ninths.iter().map(|text| (text.as_str(), 1000)).collect();
    expect(profile, "small", TypeTag::Integer, rows, 3000, &ninths);
    expect(
        profile,
        "few",
        TypeTag::String,
        rows,
        900,
        &[("é0", 1800), ("é1", 2250), ("é2", 1800), ("é3", 2250)],
    );
    expect(
        profile,
        "coded",
        TypeTag::String,
        rows,
        3000,
        &[("low", 3000), ("high", 3000)],
    );
    let many = profile.column("many").unwrap();
    assert!((many.cardinality.as_ref().unwrap().estimate() / 9000.0 - 1.0).abs() < 0.06);
    assert_eq!(many.lengths.as_ref().unwrap().moments.unwrap().max, 17.0);
    let at = profile.column("at").unwrap();
    assert_eq!(
        (at.tag, at.values.as_ref().unwrap().moments.unwrap().max),
        (TypeTag::Timestamp, 8999.0 * 3.6e9)
    );
    let list = profile.column("list").unwrap();
    assert_eq!(
        (list.tag, list.counts.nulls, list.counts.records),
        (TypeTag::List, 2250, rows)
    );
    expect(
        profile,
        "list[]",
        TypeTag::Integer,
        13_500,
        6750,
        &[("1", 4500), ("2", 2250)],
    );
    let inner = profile.column("inner").unwrap();
    assert_eq!((inner.tag, inner.counts.nulls), (TypeTag::Struct, 1800));
    assert_eq!(profile.column("inner.x").unwrap().counts.records, 7200);
}

#[test]
fn every_encoding_and_layout_of_pages_is_read_alike() {
    let folder = Folder::new();
    let builder = WriterProperties::builder;
    for (name, properties) in [
        ("default", builder()),
        ("plain", builder().set_dictionary_enabled(false)),
        ("groups", builder().set_max_row_group_row_count(Some(1000))),
        (
            "uneven",
            builder()
                .set_max_row_group_row_count(Some(8191))
                .set_data_page_row_count_limit(100)
                .set_write_batch_size(50),
        ),
        (
            "fallback",
            builder()
                .set_dictionary_page_size_limit(200)
                .set_write_batch_size(100),
        ),
        (
            "zstd",
            builder().set_compression(Compression::ZSTD(Default::default())),
        ),
        ("snappy", builder().set_compression(Compression::SNAPPY)),
        (
            "silent",
            builder().set_statistics_enabled(EnabledStatistics::None),
        ),
        (
            "second",
            builder().set_writer_version(parquet::file::properties::WriterVersion::PARQUET_2_0),
        ),
    ] {
        check(&read(
            &folder.write(&format!("{name}.parquet"), file(&[table()], properties)),
        ));
    }
    check(&read(&folder.write("unnamed", file(&[table()], builder()))));
}

#[test]
fn no_rows_no_columns_and_no_values_are_read() {
    let folder = Folder::new();
    let none = table().slice(0, 0);
    for batches in [vec![none.clone()], vec![]] {
        let mut writer = ArrowWriter::try_new(Vec::new(), none.schema(), None).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        let profile = read(&folder.write("no-rows.parquet", writer.into_inner().unwrap()));
        assert_eq!(profile.records, 0);
        assert_eq!(
            names(&profile).len(),
            11,
            "columns without a row are columns all the same"
        );
        assert_eq!(profile.column("id").unwrap().tag, TypeTag::Integer);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(5));
    let bare = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &options).unwrap();
    let profile = read(&folder.write("no-columns.parquet", file(&[bare], WriterProperties::builder())));
    // The Parquet writer of Arrow counts no rows where there is no column.
    assert_eq!((profile.records, profile.columns.len()), (0, 0));
    let nulls: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>; 7]));
    let profile = read(&folder.write(
        "nulls.parquet",
        file(&[batch(vec![("t", nulls)])], WriterProperties::builder()),
    ));
    expect(&profile, "t", TypeTag::String, 7, 7, &[]);
}

#[test]
fn row_groups_fall_into_windows() {
    let folder = Folder::new();
    for rows_a_group in [100, 100_000] {
        let properties = WriterProperties::builder().set_max_row_group_row_count(Some(rows_a_group));
        let profiles = windowed(&folder.write("w.parquet", file(&[table()], properties)), "at");
        assert_eq!(profiles.len(), 375);
        assert!(profiles.iter().all(|profile| profile.records == 24));
        let ids = profiles[10]
            .column("id")
            .unwrap()
            .values
            .as_ref()
            .unwrap()
            .moments
            .unwrap();
        assert_eq!((ids.n, ids.min, ids.max), (24, 240.0, 263.0));
    }
}

#[test]
fn equal_row_groups_stay_within_the_stated_error() {
    let folder = Folder::new();
    let mut dice = crate::support::Dice::new(5);
    let mut values: Vec<f64> = (0..100_000).map(|_| dice.unit()).collect();
    let group = batch(vec![(
        "x",
        Arc::new(Float64Array::from(values.clone())) as ArrayRef,
    )]);
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(100_000));
    let profile = read(&folder.write("equal.parquet", file(&vec![group; 40], properties)));
    let view = profile
        .column("x")
        .unwrap()
        .values
        .as_ref()
        .unwrap()
        .quantiles
        .as_ref()
        .unwrap()
        .view();
    values.sort_unstable_by(f64::total_cmp);
    for step in 1..40 {
        let error = view.rank(values[step * 2500]) - (step * 2500 + 1) as f64 / 100_000.0;
        assert!(error.abs() < 0.002_72, "{error} at {step} of 40");
    }
}
