//! Arrow IPC: the file format and the streaming format.

use super::Report;
use super::source::Source;
use crate::guard::guarded;
use crate::profile::Collector;
use crate::{Error, Result};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::{FileReader, StreamDecoder, read_footer_length};
use arrow_ipc::root_as_footer;
use arrow_schema::{ArrowError, SchemaRef};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

/// How a file, as against a stream, begins and ends.
const MAGIC: &[u8] = b"ARROW1";

/// Bytes behind the footer: its length, and the magic word.
const END: u64 = 10;

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
    let file = source.start()?.starts_with(MAGIC);
    if file && path == "-" {
        return Err(Error::data(
            "an Arrow file cannot be read from standard input; send the Arrow stream format",
        ));
    }
    guarded("the Arrow file is damaged: its structure is inconsistent", || {
        if file {
            log_file(collector, path, report)
        } else {
            log_stream(collector, source, report)
        }
    })
}

fn log_file(collector: &mut Collector, path: &str, report: Report<'_>) -> Result<()> {
    let mut file = File::open(path).map_err(|error| super::unreadable(path, &error))?;
    let total = file.metadata().map_or(0, |metadata| metadata.len());
    check_sizes(&mut file, total)?;
    let reader = FileReader::try_new(BufReader::new(file), None).map_err(broken)?;
    begin(collector, reader.schema())?;
    let batches = reader.num_batches().max(1) as u64;
    let mut waiting = Waiting::default();
    for (read, batch) in reader.enumerate() {
        waiting.add(batch.map_err(broken)?, collector)?;
        report(total * (read as u64 + 1) / batches, total)?;
    }
    waiting.fold(collector)
}

/// Looks whether all that the footer speaks of is inside the file: the reader takes its word for it,
/// and the memory.
fn check_sizes(file: &mut File, total: u64) -> Result<()> {
    let mut read = |from_end: u64, length: usize| -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::End(-(from_end as i64)))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(super::source::broken)?;
        Ok(bytes)
    };
    let end = read(END.min(total), END as usize)?;
    let end: [u8; END as usize] = end.try_into().map_err(|_| beyond())?;
    let length = read_footer_length(end).map_err(broken)?;
    if length as u64 > total.saturating_sub(END) {
        return Err(beyond());
    }
    let footer = read(END + length as u64, length)?;
    let footer = root_as_footer(&footer).map_err(|error| broken(ArrowError::IpcError(error.to_string())))?;
    let blocks = footer
        .recordBatches()
        .into_iter()
        .chain(footer.dictionaries())
        .flatten();
    for block in blocks {
        let sizes = [block.offset(), block.metaDataLength().into(), block.bodyLength()];
        let sizes = sizes.map(|size| u64::try_from(size).unwrap_or(u64::MAX));
        if sizes.into_iter().fold(0, u64::saturating_add) > total {
            return Err(beyond());
        }
    }
    Ok(())
}

fn beyond() -> Error {
    Error::data("the Arrow file is damaged or cut off: it ends before what it speaks of")
}

fn log_stream(collector: &mut Collector, source: Source, report: Report<'_>) -> Result<()> {
    let (mut bytes, tell) = source.into_reader();
    // Takes memory only for bytes that came, whatever a message says of its length.
    let mut decoder = StreamDecoder::new();
    let mut waiting = Waiting::default();
    let mut registered = false;
    loop {
        let chunk = bytes.fill_buf().map_err(super::source::broken)?;
        let length = chunk.len();
        if length == 0 {
            break;
        }
        let mut chunk = Buffer::from(chunk);
        bytes.consume(length);
        while let Some(batch) = decoder.decode(&mut chunk).map_err(broken)? {
            waiting.add(batch, collector)?;
        }
        if let Some(schema) = decoder.schema().filter(|_| !registered) {
            begin(collector, schema)?;
            registered = true;
        }
        tell(report)?;
    }
    decoder.finish().map_err(broken)?;
    if !registered {
        return Err(beyond());
    }
    waiting.fold(collector)
}

/// Makes the columns known in their order; they are columns even if no batch comes.
fn begin(collector: &mut Collector, schema: SchemaRef) -> Result<()> {
    collector.log_batches(&[RecordBatch::new_empty(schema)])
}

/// Batches that wait to be folded together.
#[derive(Default)]
struct Waiting {
    batches: Vec<RecordBatch>,
    rows: usize,
}

impl Waiting {
    fn add(&mut self, batch: RecordBatch, collector: &mut Collector) -> Result<()> {
        self.rows += batch.num_rows();
        self.batches.push(batch);
        if self.rows >= ROWS_AT_ONCE {
            self.fold(collector)?;
        }
        Ok(())
    }

    fn fold(&mut self, collector: &mut Collector) -> Result<()> {
        self.rows = 0;
        collector.log_batches(&std::mem::take(&mut self.batches))
    }
}
