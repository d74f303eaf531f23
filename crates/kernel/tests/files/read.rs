//! Reading of one file, and what is expected of a column.

use std::io::Write;
use tidegauge_kernel::Result;
use tidegauge_kernel::columns::{Schema, TypeTag};
use tidegauge_kernel::files::{Format, log_file};
use tidegauge_kernel::profile::{Collector, Metadata, Profile, Window};

pub fn read_as(path: &str, format: Option<Format>) -> Result<Profile> {
    let mut collector = Collector::new(Schema::default(), None, None)?;
    let records = log_file(&mut collector, path, format, &mut |done, total| {
        assert!(done <= total, "{done} of {total} bytes are done");
        Ok(())
    })?;
    let profile = collector.profiles(&Metadata::default()).remove(0);
    assert_eq!(profile.records, records);
    Ok(profile)
}

pub fn read(path: &str) -> Profile {
    read_as(path, None).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn fail(path: &str) -> String {
    let error = read_as(path, None).expect_err("an error");
    assert!(error.message().contains(path), "{error} does not name {path}");
    error.message().to_owned()
}

pub fn windowed(path: &str, timestamp: &str) -> Vec<Profile> {
    let window = Window::parse("1d").unwrap();
    let mut collector = Collector::new(Schema::default(), Some(timestamp.to_owned()), Some(window)).unwrap();
    log_file(&mut collector, path, None, &mut |_, _| Ok(())).unwrap();
    collector.profiles(&Metadata::default())
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn names(profile: &Profile) -> Vec<&str> {
    profile.columns.iter().map(|column| &*column.name).collect()
}

/// Type, records, nulls and exact items of a column.
pub fn expect(profile: &Profile, name: &str, tag: TypeTag, records: u64, nulls: u64, items: &[(&str, u64)]) {
    let column = profile
        .column(name)
        .unwrap_or_else(|| panic!("no column {name:?} in {:?}", names(profile)));
    assert_eq!(
        (column.tag, column.counts.records, column.counts.nulls),
        (tag, records, nulls),
        "{name}"
    );
    let found = column.frequent_items.as_ref().unwrap();
    assert!(found.is_exact(), "{name}");
    let mut found: Vec<(&str, u64)> = found.items().collect();
    found.sort_unstable();
    let mut items = items.to_vec();
    items.sort_unstable();
    assert_eq!(found, items, "{name}");
}

#[test]
fn reading_stops_when_told_to() {
    let folder = crate::support::Folder::new();
    let text = format!("a\n{}", "1\n".repeat(100_000));
    let path = folder.write("long.csv", text);
    let mut collector = Collector::new(Schema::default(), None, None).unwrap();
    let mut calls = 0;
    let error = log_file(&mut collector, &path, None, &mut |_, _| {
        calls += 1;
        Err(tidegauge_kernel::Error::interrupted())
    });
    assert_eq!(
        error.unwrap_err().kind(),
        tidegauge_kernel::ErrorKind::Interrupted
    );
    assert_eq!(calls, 1);
}
