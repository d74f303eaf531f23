//! Files as another program, or a newer version, would write them.

use crate::samples::{self, column, encode};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryArray, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::sync::Arc;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::format::{CHECKSUM_KEY, PROVENANCE_KEY, VERSION, VERSION_KEY, decode};
use tidegauge_kernel::hash::hash_bytes;
use tidegauge_kernel::profile::Profile;
use tidegauge_kernel::sketches::kll::{self, Kll};

const DIGITS: usize = 32;

/// Puts the right checksum into a file, as the specification says; false when it has no place.
pub fn seal(bytes: &mut [u8]) -> bool {
    let key = CHECKSUM_KEY.as_bytes();
    let Some(at) = bytes.windows(key.len()).rposition(|window| window == key) else {
        return false;
    };
    let start = at + key.len() + 2;
    let Some(place) = bytes.get_mut(start..start + DIGITS) else {
        return false;
    };
    place.fill(b'0');
    let (first, second) = hash_bytes(bytes);
    bytes[start..start + DIGITS].copy_from_slice(format!("{first:016x}{second:016x}").as_bytes());
    true
}

pub fn rows(bytes: &[u8]) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::copy_from_slice(bytes)).unwrap();
    let batches: Vec<RecordBatch> = reader
        .with_batch_size(1 << 16)
        .build()
        .unwrap()
        .map(Result::unwrap)
        .collect();
    batches.into_iter().next().unwrap()
}

/// Writes rows as a profile file of the given version, plainly, with the right checksum.
pub fn write(batch: &RecordBatch, version: Option<&str>) -> Vec<u8> {
    let blank = "0".repeat(DIGITS);
    let mut pairs = vec![(PROVENANCE_KEY, "another writer")];
    pairs.extend(version.map(|version| (VERSION_KEY, version)));
    pairs.push((CHECKSUM_KEY, &blank));
    let pairs = pairs
        .into_iter()
        .map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()))
        .collect();
    let properties = WriterProperties::builder()
        .set_key_value_metadata(Some(pairs))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    let mut bytes = writer.into_inner().unwrap();
    assert!(seal(&mut bytes));
    bytes
}

/// The rows with one more column, or another in its place.
pub fn with(batch: &RecordBatch, name: &str, array: ArrayRef) -> RecordBatch {
    let mut fields: Vec<Field> = batch
        .schema()
        .fields()
        .iter()
        .map(|field| Field::clone(field))
        .collect();
    let mut columns = batch.columns().to_vec();
    let field = Field::new(name, array.data_type().clone(), true);
    match batch.schema().index_of(name) {
        Ok(at) => (fields[at], columns[at]) = (field, array),
        Err(_) => {
            fields.push(field);
            columns.push(array);
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn small_rows() -> RecordBatch {
    rows(&encode(&samples::small()))
}

fn read(batch: &RecordBatch) -> tidegauge_kernel::Result<Vec<Profile>> {
    decode(&write(batch, Some(VERSION)))
}

#[test]
fn a_file_written_by_another_program_is_read() {
    let read = read(&small_rows()).unwrap();
    assert!(encode(&read) == encode(&samples::small()));
    let mut order: Vec<usize> = (0..small_rows().num_columns()).collect();
    order.reverse();
    let turned = small_rows().project(&order).unwrap();
    let read = decode(&write(&turned, Some(VERSION))).unwrap();
    assert!(
        encode(&read) == encode(&samples::small()),
        "fields are found by name"
    );
}

#[test]
fn the_checksum_is_as_specified() {
    let bytes = encode(&samples::types());
    let mut resealed = bytes.clone();
    assert!(seal(&mut resealed));
    assert!(resealed == bytes);
}

#[test]
fn unknown_fields_are_kept_on_rewriting() {
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![Some(7), None]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["new", "newer"]));
    let batch = with(
        &with(&small_rows(), "entropy", numbers.clone()),
        "zeta",
        texts.clone(),
    );
    let profiles = decode(&write(&batch, Some("1.9"))).unwrap();
    assert_eq!(column(&profiles[0], "n").unknown.len(), 2);
    let again = rows(&encode(&profiles));
    assert_eq!(again.column_by_name("entropy"), Some(&numbers));
    assert_eq!(again.column_by_name("zeta"), Some(&texts));
    // Beside profiles that do not have the field.
    let both: Vec<Profile> = profiles.into_iter().chain(samples::small()).collect();
    let again = rows(&encode(&both));
    let found = again.column_by_name("zeta").unwrap().as_string::<i32>();
    assert_eq!(
        found.iter().collect::<Vec<_>>(),
        [Some("new"), Some("newer"), None, None]
    );
}

#[test]
fn missing_fields_are_unknown_and_not_zero() {
    let batch = small_rows();
    for name in [
        "quantiles",
        "mean",
        "frequent_items",
        "cardinality",
        "role",
        "tags",
        "writer",
        "window_start",
        "extensions",
    ] {
        let kept: Vec<usize> = (0..batch.num_columns())
            .filter(|&at| batch.schema().field(at).name() != name)
            .collect();
        let profiles =
            read(&batch.project(&kept).unwrap()).unwrap_or_else(|error| panic!("without {name}: {error}"));
        let n = column(&profiles[0], "n");
        match name {
            "quantiles" => assert!(n.values.as_ref().unwrap().quantiles.is_none()),
            "mean" => assert!(n.values.as_ref().unwrap().moments.unwrap().mean.high.is_nan()),
            "cardinality" => assert!(n.cardinality.is_none()),
            "frequent_items" => assert!(n.frequent_items.is_none()),
            _ => assert_eq!(n.counts.records, 3),
        }
    }
}

#[test]
fn minor_versions_are_read_and_newer_major_ones_refused() {
    let batch = small_rows();
    for version in ["1.0", "1.1", "1.2", "1.999", "1"] {
        assert!(decode(&write(&batch, Some(version))).is_ok(), "{version}");
    }
    for version in ["2.0", "10.1"] {
        let error = decode(&write(&batch, Some(version))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format);
        assert!(
            error.message().contains(version) && error.message().contains("upgrade"),
            "{error}"
        );
    }
    for version in ["", "x", "-1.0", "1x.0"] {
        assert_eq!(
            decode(&write(&batch, Some(version))).unwrap_err().kind(),
            ErrorKind::Format,
            "{version:?}"
        );
    }
    assert_eq!(
        decode(&write(&batch, None)).unwrap_err().kind(),
        ErrorKind::Format
    );
}

#[test]
fn other_files_are_told_what_they_are() {
    let plain = {
        let mut writer = ArrowWriter::try_new(Vec::new(), small_rows().schema(), None).unwrap();
        writer.write(&small_rows()).unwrap();
        writer.into_inner().unwrap()
    };
    let error = decode(&plain).unwrap_err();
    assert!(
        error.message().contains("not one of profiles") && error.message().contains("tidegauge profile"),
        "{error}"
    );
    for bytes in [
        &b""[..],
        b"PAR1",
        b"a,b\n1,2\n",
        b"{\"a\": 1}",
        b"PAR1xxxxxxxxxxPAR1",
        &[0; 5000],
    ] {
        let error = decode(bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format, "{error}");
    }
}

fn cell(name: &str, first: ArrayRef) -> String {
    read(&with(&small_rows(), name, first))
        .expect_err(name)
        .message()
        .to_owned()
}

fn longs(first: i64) -> ArrayRef {
    Arc::new(Int64Array::from(vec![first, 3]))
}

#[test]
fn errors_name_the_row_and_the_field() {
    let sketch = {
        let mut sketch = Kll::new();
        sketch.extend(&[1.0, 2.0, 3.0]);
        kll::encode(&sketch.freeze())
    };
    let texts = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text, "integer"])) };
    let binaries =
        |bytes: &[u8]| -> ArrayRef { Arc::new(BinaryArray::from_opt_vec(vec![Some(bytes), None])) };
    for (field, message) in [
        ("type", cell("type", texts("nonsense"))),
        ("domain", cell("domain", texts("nonsense"))),
        ("min_exact", cell("min_exact", texts("1e5"))),
        ("records", cell("records", longs(-1))),
        ("type_integer", cell("type_integer", longs(i64::MIN))),
        ("n", cell("n", longs(-5))),
        ("mean", cell("mean", longs(1))),
        ("quantiles", cell("quantiles", binaries(b"nonsense"))),
        (
            "quantiles",
            cell("quantiles", binaries(&sketch[..sketch.len() - 1])),
        ),
        ("cardinality", cell("cardinality", binaries(b""))),
        ("frequent_items", cell("frequent_items", binaries(&[4; 40]))),
    ] {
        assert!(
            message.contains("row 0") && message.contains("\"n\"") && message.contains(field),
            "{field}: {message}"
        );
    }
    let disagree = cell("quantiles", binaries(&sketch));
    assert!(
        disagree.contains("row 0") && disagree.contains("moments count 2 values, quantiles 3"),
        "{disagree}"
    );
    let twice = cell("column", Arc::new(StringArray::from(vec!["n", "n"])));
    assert!(twice.contains("\"n\" occurs twice"), "{twice}");
    let null_type = cell("type", Arc::new(StringArray::from(vec![None, Some("string")])));
    assert!(
        null_type.contains("row 0") && null_type.contains("type is null"),
        "{null_type}"
    );
    for name in [
        "profile",
        "profile_records",
        "created",
        "column",
        "tags",
        "segment",
        "extensions",
        "dataset",
    ] {
        let nonsense: ArrayRef = Arc::new(arrow_array::BooleanArray::from(vec![true, false]));
        let message = cell(name, nonsense);
        assert!(message.contains(name), "{name}: {message}");
    }
}

#[test]
fn a_statement_of_privacy_is_read_and_kept() {
    let batch = rows(&encode(&samples::private()));
    let all = |text: Option<&str>| -> ArrayRef { Arc::new(StringArray::from(vec![text; batch.num_rows()])) };
    for text in [
        "items=off noise=laplace:3",
        "rounded=none,step:10 min_count=7",
        "of=a newer version",
    ] {
        let profiles = decode(&write(&with(&batch, "privacy", all(Some(text))), Some("1.9"))).unwrap();
        let words = |text: &str| -> std::collections::BTreeSet<String> {
            text.split(' ').map(str::to_owned).collect()
        };
        let said = profiles[0].columns[0].privacy.to_string();
        assert_eq!(words(&said), words(text));
        let again = decode(&encode(&profiles)).unwrap();
        assert_eq!(again[0].columns[0].privacy, profiles[0].columns[0].privacy);
    }
    let without = decode(&write(&with(&batch, "privacy", all(None)), Some("1.1"))).unwrap();
    assert_eq!(without[0].columns[0].privacy.to_string(), "");
    for text in [
        "items=maybe",
        "min_count=-1",
        "numbers=some",
        "cardinality=hashed:\u{202e}",
    ] {
        let error = decode(&write(&with(&batch, "privacy", all(Some(text))), Some("1.2"))).unwrap_err();
        assert!(
            error.message().contains("privacy") && error.kind() == ErrorKind::Format,
            "{error}"
        );
    }
}
