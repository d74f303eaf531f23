//! Bytes of a file or of standard input, decompressed, with a count of how far we are.

use super::{Report, unreadable};
use crate::{Error, Result};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const BUFFER: usize = 1 << 18;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Counts the bytes that pass.
struct Counting<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A stream of bytes.
pub(super) struct Source {
    reader: Box<dyn BufRead + Send>,
    done: Arc<AtomicU64>,
    total: u64,
}

impl Source {
    /// Opens a file, or standard input as `-`.
    pub(super) fn open(path: &str) -> Result<Self> {
        let done = Arc::new(AtomicU64::new(0));
        let count = done.clone();
        let (inner, total): (Box<dyn Read + Send>, u64) = if path == "-" {
            (Box::new(std::io::stdin()), 0)
        } else {
            let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
            if metadata.is_dir() {
                return Err(Error::file(format!("{path} is a folder; name its files")));
            }
            (
                Box::new(File::open(path).map_err(|error| unreadable(path, &error))?),
                metadata.len(),
            )
        };
        let mut raw = BufReader::with_capacity(BUFFER, Counting { inner, count });
        let zipped = raw
            .fill_buf()
            .map_err(|error| unreadable(path, &error))?
            .starts_with(&GZIP);
        let reader: Box<dyn BufRead + Send> = if zipped {
            Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(raw)))
        } else {
            Box::new(raw)
        };
        Ok(Self { reader, done, total })
    }

    /// The first bytes, which stay to be read.
    pub(super) fn start(&mut self) -> Result<&[u8]> {
        self.reader.fill_buf().map_err(broken)
    }

    /// Skips the byte order mark that some programs put before UTF-8.
    pub(super) fn skip_mark(&mut self) -> Result<()> {
        if self.start()?.starts_with(BYTE_ORDER_MARK) {
            self.reader.consume(BYTE_ORDER_MARK.len());
        }
        Ok(())
    }

    /// Tells how far reading is.
    pub(super) fn report(&self, report: Report<'_>) -> Result<()> {
        let done = self.done.load(Ordering::Relaxed);
        report(done, self.total.max(done + u64::from(self.total == 0)))
    }

    /// A function that tells how far reading is, for when the reader itself is given away.
    pub(super) fn into_reader(self) -> (Box<dyn BufRead + Send>, impl Fn(Report<'_>) -> Result<()>) {
        let (done, total) = (self.done, self.total);
        let tell = move |report: Report<'_>| {
            let done = done.load(Ordering::Relaxed);
            report(done, total.max(done + u64::from(total == 0)))
        };
        (self.reader, tell)
    }

    /// Reads whole lines: at least `wanted` bytes unless the end comes first.
    pub(super) fn lines(&mut self, wanted: usize, lines: &mut Vec<u8>) -> Result<bool> {
        lines.clear();
        (&mut self.reader)
            .take(wanted as u64)
            .read_to_end(lines)
            .map_err(broken)?;
        if lines.len() == wanted && lines.last() != Some(&b'\n') {
            self.reader.read_until(b'\n', lines).map_err(broken)?;
        }
        Ok(!lines.is_empty())
    }
}

/// The error of bytes that do not come as they should.
pub(super) fn broken(error: std::io::Error) -> Error {
    Error::data(format!("the file is damaged or cut off: {error}"))
}
