//! The field `correlation`: bytes in the first row of a profile, null in its other rows.
//!
//! Little-endian. What a pair has in common with its columns is not written twice, so that 50 columns without
//! missing values take 13 kilobytes.

use super::write::Row;
use crate::metrics::{CoMoments, Mean, Pair, Single};
use crate::profile::Correlation;
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, BinaryArray};
use std::collections::HashSet;
use std::sync::Arc;

/// The layout that this version writes.
const LAYOUT: u8 = 1;

/// What a pair's first byte says: it has all values of its first column, of its second; it has no row.
const ALL_X: u8 = 1;
const ALL_Y: u8 = 2;
const EMPTY: u8 = 4;

/// Bytes that a column takes at least, and a pair.
const COLUMN_BYTES: usize = 4 + 4 * 8;
const PAIR_BYTES: usize = 1;

/// How far beyond 1 rounding may take a correlation.
const ROUNDING: f64 = 1e-6;

/// Below it, squares have lost digits to the end of the range of doubles.
const TINY: f64 = 1e-280;

/// The correlation of each row.
pub(super) fn array(rows: &[Row<'_>]) -> ArrayRef {
    let mut before = None;
    let cells = rows.iter().map(|(number, profile, _)| {
        let first = before.replace(*number) != Some(*number);
        profile.correlation.as_ref().filter(|_| first).map(write)
    });
    Arc::new(cells.collect::<BinaryArray>())
}

fn write(correlation: &Correlation) -> Vec<u8> {
    let singles = correlation.moments.singles();
    let mut bytes = vec![LAYOUT];
    bytes.extend((singles.len() as u32).to_le_bytes());
    for (name, single) in correlation.columns.iter().zip(singles) {
        bytes.extend((name.len() as u32).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(single.n.to_le_bytes());
        for number in [single.mean.high, single.mean.low, single.m2] {
            bytes.extend(number.to_le_bytes());
        }
    }
    let mut pairs = correlation.moments.pairs().iter();
    for second in 1..singles.len() {
        for (first, pair) in pairs.by_ref().take(second).enumerate() {
            write_pair(&mut bytes, pair, singles[first].n, singles[second].n);
        }
    }
    bytes
}

fn write_pair(bytes: &mut Vec<u8>, pair: &Pair, n_x: u64, n_y: u64) {
    if pair.n == 0 {
        bytes.push(EMPTY);
        return;
    }
    let (all_x, all_y) = (pair.n == n_x, pair.n == n_y);
    bytes.push(if all_x { ALL_X } else { 0 } | if all_y { ALL_Y } else { 0 });
    if !all_x && !all_y {
        bytes.extend(pair.n.to_le_bytes());
    }
    let own = |all: bool, offset: f64, m2: f64| if all { Vec::new() } else { vec![offset, m2] };
    let x = own(all_x, pair.offset_x, pair.m2_x);
    let y = own(all_y, pair.offset_y, pair.m2_y);
    for number in x.into_iter().chain(y).chain([pair.c]) {
        bytes.extend(number.to_le_bytes());
    }
}

/// The correlation of a row; a reader trusts none of it.
pub(super) fn read(array: &ArrayRef, row: usize, records: u64) -> Result<Correlation> {
    let wrong = || Error::format(format!("it is {}", array.data_type()));
    let mut bytes = Bytes(array.as_binary_opt::<i32>().ok_or_else(wrong)?.value(row));
    let layout = bytes.take::<1>()?[0];
    if layout != LAYOUT {
        return Err(Error::format(format!("layout {layout} is not known")));
    }
    let count = bytes.length()?;
    let least = count
        .saturating_mul(COLUMN_BYTES)
        .saturating_add(count.saturating_mul(count.saturating_sub(1)) / 2 * PAIR_BYTES);
    if least > bytes.0.len() {
        return Err(Error::format(format!(
            "{count} columns do not fit into its {} bytes",
            bytes.0.len()
        )));
    }
    let mut columns = Vec::with_capacity(count);
    let mut singles = Vec::with_capacity(count);
    for _ in 0..count {
        columns.push(bytes.text()?);
        singles.push(single(&mut bytes, records)?);
    }
    if columns.iter().collect::<HashSet<_>>().len() < count {
        return Err(Error::format("a column is there twice"));
    }
    let mut pairs = Vec::with_capacity(count * count.saturating_sub(1) / 2);
    for second in 1..count {
        for first in 0..second {
            let pair = pair(&mut bytes, &singles[first], &singles[second]);
            pairs.push(pair.map_err(|error| error.at(format!("columns {first} and {second}")))?);
        }
    }
    if !bytes.0.is_empty() {
        return Err(Error::format(format!("{} bytes are left over", bytes.0.len())));
    }
    let moments = CoMoments::from_parts(singles, pairs);
    let moments = moments.ok_or_else(|| Error::format("its pairs are not those of its columns"))?;
    Ok(Correlation { columns, moments })
}

fn single(bytes: &mut Bytes<'_>, records: u64) -> Result<Single> {
    let n = bytes.count()?;
    let (high, low, m2) = (bytes.double()?, bytes.double()?, bytes.double()?);
    if n == 0 || n > records {
        return Err(Error::format(format!(
            "a column has {n} values in {records} records"
        )));
    }
    // What went beyond the range of doubles is infinite or no number, and says nothing.
    if m2 < 0.0 {
        return Err(Error::format("a column has impossible moments"));
    }
    Ok(Single {
        n,
        mean: Mean { high, low },
        m2,
    })
}

fn pair(bytes: &mut Bytes<'_>, x: &Single, y: &Single) -> Result<Pair> {
    let kind = bytes.take::<1>()?[0];
    if kind == EMPTY {
        return Ok(Pair::default());
    }
    let n = match kind {
        0 => bytes.count()?,
        ALL_X => x.n,
        ALL_Y => y.n,
        _ if kind == ALL_X | ALL_Y && x.n == y.n => x.n,
        _ => return Err(Error::format(format!("its kind {kind} is not known"))),
    };
    if n == 0 || n > x.n.min(y.n) {
        return Err(Error::format(format!("{n} rows of {} and {} values", x.n, y.n)));
    }
    let mut own = |all: u8, whole: f64| -> Result<(f64, f64)> {
        if kind & all > 0 {
            return Ok((0.0, whole));
        }
        Ok((bytes.double()?, bytes.double()?))
    };
    let (offset_x, m2_x) = own(ALL_X, x.m2)?;
    let (offset_y, m2_y) = own(ALL_Y, y.m2)?;
    check_part(n, kind & ALL_X > 0, (offset_x, m2_x), x)?;
    check_part(n, kind & ALL_Y > 0, (offset_y, m2_y), y)?;
    let c = bytes.double()?;
    if m2_x < 0.0 || m2_y < 0.0 {
        return Err(Error::format("it has impossible moments"));
    }
    // Squares below the last have lost digits to the end of the range of doubles; what is no number says nothing.
    let most = m2_x.max(TINY).sqrt() * m2_y.max(TINY).sqrt();
    if c.abs() > most * (1.0 + ROUNDING) && !m2_x.is_nan() && !m2_y.is_nan() {
        return Err(Error::format("its correlation is beyond 1"));
    }
    Ok(Pair {
        n,
        offset_x,
        offset_y,
        m2_x,
        m2_y,
        c,
    })
}

/// A part of a column's values, and the others as near to one another as can be, vary no more than all of them.
fn check_part(n: u64, all: bool, (offset, m2): (f64, f64), whole: &Single) -> Result<()> {
    if !all && n == whole.n {
        return Err(Error::format("it has all values of a column, and says otherwise"));
    }
    if all {
        return Ok(());
    }
    let apart = n as f64 * (whole.n as f64 / (whole.n - n) as f64) * offset * offset;
    let spread = m2 + apart;
    // What is no number is passed over: nothing follows from it.
    if spread > whole.m2.max(TINY) * (1.0 + ROUNDING) && !whole.m2.is_nan() {
        return Err(Error::format("its moments are beyond those of its columns"));
    }
    Ok(())
}

/// What is left of some bytes.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let short = || Error::format("it is cut off");
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or_else(short)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn length(&mut self) -> Result<usize> {
        Ok(u32::from_le_bytes(self.take()?) as usize)
    }

    fn count(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.take()?))
    }

    fn double(&mut self) -> Result<f64> {
        Ok(f64::from_le_bytes(self.take()?))
    }

    fn text(&mut self) -> Result<String> {
        let length = self.length()?;
        let (text, rest) = self
            .0
            .split_at_checked(length)
            .ok_or_else(|| Error::format("it is cut off"))?;
        self.0 = rest;
        let text = std::str::from_utf8(text).map_err(|_| Error::format("a name is not UTF-8"))?;
        Ok(text.to_owned())
    }
}
