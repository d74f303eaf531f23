//! Arrow IPC: the file format and the streaming format.

use super::Report;
use super::source::Source;
use crate::profile::Collector;
use crate::{Error, Result};
use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::ArrowError;
use std::fs::File;
use std::io::BufReader;

/// Rows that are folded at a time.
const ROWS_AT_ONCE: usize = 1 << 18;

fn broken(error: ArrowError) -> Error {
    Error::data(format!("the Arrow file is damaged or cut off: {error}"))
}

pub(super) fn log(
    collector: &mut Collector,
    path: &str,
    mut source: Source,
    report: Report<'_>,
) -> Result<()> {
    if source.start()?.starts_with(b"ARROW1") {
        if path == "-" {
            return Err(Error::data(
                "an Arrow file cannot be read from standard input; send the Arrow stream format",
            ));
        }
        let file = File::open(path).map_err(|error| super::unreadable(path, &error))?;
        let total = file.metadata().map_or(0, |metadata| metadata.len());
        let reader = FileReader::try_new(BufReader::new(file), None).map_err(broken)?;
        collector.log_batches(&[RecordBatch::new_empty(reader.schema())])?;
        let batches = reader.num_batches().max(1) as u64;
        let mut read = 0;
        return fold(collector, reader, &mut || {
            read += 1;
            report(total * read / batches, total)
        });
    }
    let (bytes, tell) = source.into_reader();
    let reader = StreamReader::try_new(bytes, None).map_err(broken)?;
    collector.log_batches(&[RecordBatch::new_empty(reader.schema())])?;
    fold(collector, reader, &mut || tell(report))
}

fn fold(
    collector: &mut Collector,
    reader: impl Iterator<Item = std::result::Result<RecordBatch, ArrowError>>,
    report: &mut dyn FnMut() -> Result<()>,
) -> Result<()> {
    let mut waiting = Vec::new();
    let mut rows = 0;
    for batch in reader {
        let batch = batch.map_err(broken)?;
        rows += batch.num_rows();
        waiting.push(batch);
        if rows >= ROWS_AT_ONCE {
            collector.log_batches(&waiting)?;
            waiting.clear();
            rows = 0;
        }
        report()?;
    }
    collector.log_batches(&waiting)
}
