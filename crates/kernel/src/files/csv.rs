//! CSV: one core reads and splits lines while the others fold the lines before.
//!
//! A column is what all values of its first block are (a number, a date, a text …); a later value
//! that does not fit is taken for what it looks like, and so shows in the counts by type.

use super::Report;
use super::source::Source;
use crate::columns::Inference;
use crate::profile::{Collector, TextColumn};
use crate::{Error, Result, cores};
use ::csv::{ByteRecord, ReaderBuilder, Trim};
use arrow_schema::{DataType, Field, Schema};
use std::io::BufRead;

/// Records that are folded at a time, and bytes at most.
const RECORDS: usize = 16_384;
const BYTES: usize = 8 << 20;

type Reader = ::csv::Reader<Box<dyn BufRead + Send>>;

fn broken(error: ::csv::Error) -> Error {
    let line = error.position().map(::csv::Position::line);
    let place = line.map_or_else(String::new, |line| format!("line {line}: "));
    Error::data(match error.kind() {
        ::csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("{place}{len} fields, expected {expected_len} as in the header")
        }
        _ => format!("{place}{error}"),
    })
}

pub(super) fn log(
    collector: &mut Collector,
    path: &str,
    mut source: Source,
    report: Report<'_>,
) -> Result<()> {
    source.skip_mark()?;
    let delimiter = delimiter(path, source.start()?);
    let (bytes, tell) = source.into_reader();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(Trim::Headers)
        .from_reader(bytes);
    let names: Vec<String> = {
        let header = reader.byte_headers().map_err(broken)?;
        header
            .iter()
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect()
    };
    if names.is_empty() {
        return Err(Error::data(
            "there is no header line; the first line must name the columns",
        ));
    }
    let fields: Vec<Field> = names
        .iter()
        .map(|name| Field::new(name, DataType::Utf8, true))
        .collect();
    collector.register(&Schema::new(fields))?;
    let mut kinds = vec![Inference::Unknown; names.len()];
    let mut waiting = read_block(&mut reader, &names)?;
    // Without a record the columns are columns all the same.
    for name in &names {
        if let Some(number) = collector.column_number(name) {
            collector.touch(number);
        }
    }
    while waiting.rows > 0 {
        waiting.infer(&mut kinds);
        // The next block is read while this one is folded.
        let (done, next) = cores::run(|| {
            rayon::join(
                || collector.log_texts(&waiting.columns, waiting.rows),
                || read_block(&mut reader, &names),
            )
        });
        done?;
        waiting = next?;
        tell(report)?;
    }
    Ok(())
}

/// The delimiter that the header line has most of.
fn delimiter(path: &str, start: &[u8]) -> u8 {
    let path = path.strip_suffix(".gz").unwrap_or(path);
    if path.ends_with(".tsv") {
        return b'\t';
    }
    let header = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| header.iter().filter(|&&byte| byte == delimiter).count();
    // The comma wins a tie.
    [b'|', b';', b'\t', b',']
        .into_iter()
        .max_by_key(|&delimiter| count(delimiter))
        .unwrap_or(b',')
}

struct Block {
    columns: Vec<TextColumn>,
    rows: usize,
}

impl Block {
    fn infer(&mut self, kinds: &mut [Inference]) {
        for (column, kind) in self.columns.iter_mut().zip(kinds) {
            if *kind == Inference::Unknown {
                *kind = Inference::of(column.texts());
            }
            column.kind = *kind;
        }
    }
}

fn read_block(reader: &mut Reader, names: &[String]) -> Result<Block> {
    let mut columns: Vec<TextColumn> = names.iter().map(|name| TextColumn::new(name)).collect();
    let mut record = ByteRecord::new();
    let (mut rows, mut bytes) = (0, 0);
    while rows < RECORDS && bytes < BYTES && reader.read_byte_record(&mut record).map_err(broken)? {
        for (column, value) in columns.iter_mut().zip(&record) {
            column.push(value);
        }
        bytes += record.as_slice().len();
        rows += 1;
    }
    Ok(Block { columns, rows })
}
