use crate::read::{fail, gzip, read_as};
use crate::support::{Dice, Folder};
use crate::{arrow, parquet};
use std::panic::catch_unwind;
use tidegauge_kernel::ErrorKind;
use tidegauge_kernel::files::Format;

fn parquet_bytes() -> Vec<u8> {
    let properties =
        ::parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(3000));
    parquet::file(&[parquet::table()], properties)
}

#[test]
fn a_file_that_is_not_there_or_is_a_folder_is_named() {
    let folder = Folder::new();
    for name in [
        "none.parquet",
        "none.csv",
        "none.ndjson",
        "none.arrow",
        "none",
        "none/none.csv",
    ] {
        let path = folder.path().join(name).to_str().unwrap().to_owned();
        let error = read_as(&path, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File, "{error}");
        assert!(error.message().contains(&path), "{error}");
    }
    let path = folder.path().to_str().unwrap();
    assert!(read_as(path, None).unwrap_err().message().contains("is a folder"));
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    let folder = Folder::new();
    let csv = gzip(format!("a,b\n{}", "1,2\n".repeat(5000)).as_bytes());
    let json = gzip("{\"a\": 1}\n".repeat(5000).as_bytes());
    for (name, bytes) in [
        ("cut.parquet", parquet_bytes()),
        ("cut.arrow", arrow::file(&[parquet::table()], None)),
        ("cut.csv.gz", csv),
        ("cut.ndjson.gz", json),
    ] {
        for eighths in 0..8 {
            for more in [0, 2, 7] {
                let length = (bytes.len() * eighths / 8 + more).min(bytes.len() - 1);
                let path = folder.write(name, &bytes[..length]);
                let done = read_as(&path, None);
                assert!(done.is_err(), "{name} cut to {length} of {} bytes", bytes.len());
                fail(&path);
            }
        }
        let path = folder.write(name, &bytes[..bytes.len() - 1]);
        assert!(read_as(&path, None).is_err(), "{name} without its last byte");
    }
}

#[test]
fn a_stream_cut_inside_a_batch_is_an_error() {
    let folder = Folder::new();
    let bytes = arrow::stream(&[parquet::table()]);
    for length in [4, 9, 100, bytes.len() / 3, bytes.len() / 2, bytes.len() - 100] {
        let path = folder.write("cut.arrows", &bytes[..length]);
        assert!(
            read_as(&path, None).is_err(),
            "cut to {length} of {} bytes",
            bytes.len()
        );
    }
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_an_error_that_says_what_it_is() {
    let folder = Folder::new();
    let text = b"a,b\n1,2\n".to_vec();
    let json = b"{\"a\": 1}\n".to_vec();
    let arrow = arrow::file(&[parquet::table()], None);
    for (name, bytes, said) in [
        ("x.parquet", &text, "Parquet"),
        ("x.parquet", &json, "Parquet"),
        ("x.parquet", &arrow, "Arrow"),
        ("x.csv", &parquet_bytes(), "Parquet"),
        ("x.csv", &arrow, "Arrow"),
        ("x.ndjson", &parquet_bytes(), "Parquet"),
        ("x.arrow", &text, "Arrow"),
        ("x.arrow", &parquet_bytes(), "Parquet"),
    ] {
        let message = fail(&folder.write(name, bytes));
        assert!(message.contains(said), "{name}: {message}");
    }
    for name in [
        "empty.parquet",
        "empty.csv",
        "empty.ndjson",
        "empty.arrow",
        "empty",
    ] {
        assert!(fail(&folder.write(name, b"")).contains("empty"), "{name}");
    }
}

#[test]
fn a_format_can_be_said() {
    let folder = Folder::new();
    let path = folder.write("data.bin", "a\n1\n");
    assert_eq!(read_as(&path, Some(Format::Csv)).unwrap().records, 1);
    assert!(read_as(&path, Some(Format::Parquet)).is_err());
    let path = folder.write("wrong.csv", "{\"a\": 1}\n");
    assert_eq!(read_as(&path, Some(Format::Ndjson)).unwrap().records, 1);
    assert_eq!(Format::parse("ndjson").unwrap(), Format::Ndjson);
    assert!(Format::parse("xlsx").unwrap_err().message().contains("parquet"));
}

#[test]
fn damaged_files_never_panic() {
    let folder = Folder::new();
    let mut panics = Vec::new();
    for (name, bytes) in [
        ("x.parquet", parquet_bytes()),
        ("x.arrow", arrow::file(&[parquet::table().slice(0, 300)], None)),
        ("x.arrows", arrow::stream(&[parquet::table().slice(0, 300)])),
    ] {
        let mut dice = Dice::new(1);
        for round in 0..300 {
            let mut damaged = bytes.clone();
            // Half of the damage where the structure is: the first and the last kilobyte.
            let at = match round % 4 {
                0 => dice.below(1024) as usize,
                1 => bytes.len() - 1 - dice.below(1024) as usize,
                _ => dice.below(bytes.len() as u64) as usize,
            };
            damaged[at] ^= 1 << dice.below(8);
            let path = folder.write(name, damaged);
            if catch_unwind(|| read_as(&path, None).is_ok()).is_err() {
                panics.push(format!("{name}, byte {at}"));
            }
        }
    }
    assert!(
        panics.is_empty(),
        "{} panics: {:?}",
        panics.len(),
        &panics[..panics.len().min(10)]
    );
}
