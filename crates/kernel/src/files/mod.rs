//! Files of data, read by the kernel itself: in bounded memory, on all cores.
//!
//! One file a format, each with one function that feeds a collector and reports how far it is.

mod arrow;
mod csv;
mod ndjson;
mod parquet;
mod rows;
mod source;

use crate::profile::Collector;
use crate::{Error, ErrorKind, Result};
use source::Source;
use std::path::Path;

/// Told now and then how many bytes of how many are done; an error stops the reading.
pub type Report<'a> = &'a mut dyn FnMut(u64, u64) -> Result<()>;

/// A format of data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated values (also tab, semicolon or bar), perhaps compressed with gzip.
    Csv,
    /// One JSON object a line, perhaps compressed with gzip.
    Ndjson,
    /// Arrow IPC, file or stream.
    Arrow,
}

impl Format {
    /// The format of that name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "parquet" => Ok(Self::Parquet),
            "csv" => Ok(Self::Csv),
            "ndjson" => Ok(Self::Ndjson),
            "arrow" => Ok(Self::Arrow),
            _ => Err(Error::argument(format!(
                "format {name:?} is not known; formats are parquet, csv, ndjson, arrow"
            ))),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Csv => "CSV",
            Self::Ndjson => "NDJSON",
            Self::Arrow => "Arrow IPC",
        }
    }

    /// What a file's name says.
    fn of_name(path: &str) -> Option<Self> {
        let path = path.strip_suffix(".gz").unwrap_or(path);
        match Path::new(path)
            .extension()?
            .to_str()?
            .to_ascii_lowercase()
            .as_str()
        {
            "parquet" | "pq" | "parq" => Some(Self::Parquet),
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "ndjson" | "jsonl" | "json" => Some(Self::Ndjson),
            "arrow" | "feather" | "ipc" | "arrows" => Some(Self::Arrow),
            _ => None,
        }
    }

    /// What the first bytes of a file say; `None` for text, which may be CSV.
    fn of_content(start: &[u8]) -> Option<Self> {
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        match start {
            _ if start.starts_with(b"PAR1") => Some(Self::Parquet),
            _ if start.starts_with(b"ARROW1") || start.starts_with(&[0xff; 4]) => Some(Self::Arrow),
            _ if first == Some(&b'{') => Some(Self::Ndjson),
            _ => None,
        }
    }
}

/// The error of a file that cannot be opened.
pub fn unreadable(path: &str, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::file(format!("there is no file {path}")),
        _ => Error::file(format!("{path} cannot be read: {error}")),
    }
}

/// Profiles a file (`-` is standard input) and gives how many records it held.
///
/// # Errors
/// When the file is not there, is damaged, is not what it is said to be, or `report` says to stop.
pub fn log_file(
    collector: &mut Collector,
    path: &str,
    format: Option<Format>,
    report: Report<'_>,
) -> Result<u64> {
    let before = collector.records();
    let mut source = Source::open(path)?;
    let start = source.start().map_err(|error| error.at(path))?;
    let format = decide(path, format, start)?;
    let done = match format {
        Format::Parquet => parquet::log(collector, path, report),
        Format::Arrow => arrow::log(collector, path, source, report),
        Format::Csv => csv::log(collector, path, source, report),
        Format::Ndjson => ndjson::log(collector, source, report),
    };
    match done {
        Err(error) if error.kind() == ErrorKind::Data => return Err(error.at(path)),
        done => done?,
    }
    collector.flush();
    Ok(collector.records() - before)
}

fn decide(path: &str, wanted: Option<Format>, start: &[u8]) -> Result<Format> {
    let content = Format::of_content(start);
    let (said, by) = match (wanted, Format::of_name(path)) {
        (Some(wanted), _) => (wanted, "it is said to be"),
        (None, Some(named)) => (named, "its name says"),
        (None, None) if start.is_empty() => return Err(Error::data(format!("{path}: the file is empty"))),
        (None, None) => {
            let found = content.unwrap_or(Format::Csv);
            return if found == Format::Csv {
                check_text(path, start).map(|()| found)
            } else {
                Ok(found)
            };
        }
    };
    let binary = |format| matches!(format, Format::Parquet | Format::Arrow);
    let contradicts = match content {
        Some(content) => content != said && (binary(content) || binary(said)),
        None => binary(said),
    };
    if start.is_empty() {
        return Err(Error::data(format!(
            "{path}: the file is empty; expected {}",
            said.name()
        )));
    }
    if contradicts {
        let found = content.map_or_else(
            || "does not begin as one".to_owned(),
            |found| format!("is {}", found.name()),
        );
        return Err(Error::data(format!(
            "{path}: {by} {}, but its content {found}; rename it or say its format",
            said.name()
        )));
    }
    if !binary(said) {
        check_text(path, start)?;
    }
    Ok(said)
}

/// Refuses what is no text at all, before it becomes the name of a column.
fn check_text(path: &str, start: &[u8]) -> Result<()> {
    let head = &start[..start.len().min(4096)];
    let found = if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        "UTF-16 text; convert it to UTF-8"
    } else if head.contains(&0)
        || head.starts_with(b"PK\x03\x04")
        || head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
    {
        "binary; data files are Parquet, CSV, NDJSON (also gzipped) or Arrow IPC"
    } else {
        return Ok(());
    };
    Err(Error::data(format!("{path}: the file is {found}")))
}
