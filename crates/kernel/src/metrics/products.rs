//! Sums of products of columns over a block of rows: a matrix times its own transpose, in tiles.
//!
//! Values are centred at their mean in the block before they are multiplied, so that nothing cancels. Missing
//! values are 0 then, and add nothing to products; sums over the rows that a pair has in common are sums over all
//! rows less those over the rows that the other column lacks, of which there are few.

use super::Mean;
use super::comoments::{Pair, Single, beyond};

/// Columns of one panel: a tile is the products of two panels.
const PANEL: usize = 4;

/// Values that are added at a time.
const LANES: usize = 8;

/// Where subtracting leaves less than this share of a sum, too few digits of it are left.
const LEFT: f64 = 1e-5;

/// Room to work in, and the sums of the last block.
#[derive(Debug, Clone, Default)]
pub struct Products {
    /// Centred values, by panel, row, column in the panel; missing ones are 0.
    panels: Vec<f64>,
    /// By column: its centre, and sums of its centred values and their squares.
    centres: Vec<f64>,
    sums: Vec<f64>,
    squares: Vec<f64>,
    /// Which pattern of missing values each column has; `None` when it has all.
    patterns: Vec<Option<usize>>,
    missing: Vec<Missing>,
    products: Vec<f64>,
    singles: Vec<Single>,
    pairs: Vec<Pair>,
}

/// The rows in which some columns have no value.
#[derive(Debug, Clone, Default, PartialEq)]
struct Missing {
    bits: Vec<u64>,
    count: usize,
    /// Sums over these rows of the values, and their squares, of every column.
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Products {
    /// The moments of a block of rows: of each column its values, all of one length.
    pub fn sum(&mut self, columns: &[&[f64]]) -> (&[Single], &[Pair]) {
        let rows = columns.first().map_or(0, |column| column.len());
        if rows == 0 {
            self.singles = vec![Single::default(); columns.len()];
            self.pairs = vec![Pair::default(); columns.len() * columns.len().saturating_sub(1) / 2];
            return (&self.singles, &self.pairs);
        }
        self.centre(columns, rows);
        self.multiply(columns.len(), rows);
        self.sum_columns(columns.len(), rows);
        for pattern in 0..self.missing.len() {
            self.sum_missing(pattern, columns.len(), rows);
        }
        self.pair(columns, rows);
        (&self.singles, &self.pairs)
    }

    fn centre(&mut self, columns: &[&[f64]], rows: usize) {
        let panels = columns.len().div_ceil(PANEL);
        self.panels.clear();
        self.panels.resize(panels * PANEL * rows, 0.0);
        self.missing.clear();
        self.centres.clear();
        self.patterns.clear();
        for (at, column) in columns.iter().enumerate() {
            let panel = &mut self.panels[at / PANEL * PANEL * rows..][..PANEL * rows];
            let cells = panel.iter_mut().skip(at % PANEL).step_by(PANEL);
            let (n, mean) = finite_mean(column);
            let centre = constant(column).unwrap_or(mean);
            self.centres.push(centre);
            if n == rows {
                for (cell, &value) in cells.zip(*column) {
                    *cell = value - centre;
                }
                self.patterns.push(None);
                continue;
            }
            let mut missing = Missing::of(rows);
            for (row, (cell, &value)) in cells.zip(*column).enumerate() {
                if value.is_finite() {
                    *cell = value - centre;
                } else {
                    missing.add(row);
                }
            }
            let pattern = self.pattern(missing);
            self.patterns.push(Some(pattern));
        }
    }

    /// Sums of each column, once the products are there.
    fn sum_columns(&mut self, columns: usize, rows: usize) {
        let width = columns.div_ceil(PANEL) * PANEL;
        self.sums.clear();
        self.squares.clear();
        self.singles.clear();
        for panel in self.panels.chunks_exact(PANEL * rows) {
            self.sums.extend(panel_sums(panel));
        }
        for column in 0..columns {
            let square = self.products[column * width + column];
            let missing = self.patterns[column].map_or(0, |pattern| self.missing[pattern].count);
            self.squares.push(square);
            self.singles.push(single(
                rows - missing,
                self.centres[column],
                self.sums[column],
                square,
            ));
        }
        self.squares.resize(width, 0.0);
    }

    /// Columns that come from one place lack the same rows.
    fn pattern(&mut self, missing: Missing) -> usize {
        let known = self.missing.iter().position(|known| known.bits == missing.bits);
        known.unwrap_or_else(|| {
            self.missing.push(missing);
            self.missing.len() - 1
        })
    }

    /// Products of all pairs of columns, tile by tile.
    fn multiply(&mut self, columns: usize, rows: usize) {
        let panels = columns.div_ceil(PANEL);
        let width = panels * PANEL;
        self.products.clear();
        self.products.resize(width * width, 0.0);
        for right in 0..panels {
            for left in 0..=right {
                let a = &self.panels[left * PANEL * rows..][..PANEL * rows];
                let b = &self.panels[right * PANEL * rows..][..PANEL * rows];
                let tile = tile(a, b);
                for (row, line) in tile.iter().enumerate() {
                    self.products[(left * PANEL + row) * width + right * PANEL..][..PANEL]
                        .copy_from_slice(line);
                }
            }
        }
    }

    /// Sums of all columns over the rows that some column lacks.
    fn sum_missing(&mut self, pattern: usize, columns: usize, rows: usize) {
        let missing = &mut self.missing[pattern];
        // The fewer rows are walked over: those with the value, or those without it.
        let invert = missing.count * 2 > rows;
        let width = columns.div_ceil(PANEL) * PANEL;
        let (mut sums, mut squares) = (vec![0.0; width], vec![0.0; width]);
        for row in (0..rows).filter(|&row| missing.has(row) != invert) {
            for (panel, values) in self.panels.chunks_exact(PANEL * rows).enumerate() {
                let values = &values[row * PANEL..][..PANEL];
                for lane in 0..PANEL {
                    sums[panel * PANEL + lane] += values[lane];
                    squares[panel * PANEL + lane] += values[lane] * values[lane];
                }
            }
        }
        if invert {
            let rest = |whole: &[f64], part: &mut [f64]| {
                part.iter_mut()
                    .zip(whole)
                    .for_each(|(part, whole)| *part = whole - *part);
            };
            rest(&self.sums, &mut sums);
            rest(&self.squares, &mut squares);
        }
        (missing.sums, missing.squares) = (sums, squares);
    }

    fn pair(&mut self, columns: &[&[f64]], rows: usize) {
        self.pairs.clear();
        let width = columns.len().div_ceil(PANEL) * PANEL;
        for second in 1..columns.len() {
            for first in 0..second {
                let product = self.products[first * width + second];
                let pair = match (self.patterns[first], self.patterns[second]) {
                    (None, None) => self.complete(first, second, product, rows),
                    _ => self
                        .partial(first, second, product, rows)
                        .unwrap_or_else(|| self.exact(first, second, columns)),
                };
                self.pairs.push(pair);
            }
        }
    }

    fn complete(&self, first: usize, second: usize, product: f64, rows: usize) -> Pair {
        Pair {
            n: rows as u64,
            offset_x: 0.0,
            offset_y: 0.0,
            m2_x: self.singles[first].m2,
            m2_y: self.singles[second].m2,
            c: product - self.sums[first] * self.sums[second] / rows as f64,
        }
    }

    /// A pair of which one column at least lacks values; `None` when sums over few rows are lost in those over all.
    fn partial(&self, first: usize, second: usize, product: f64, rows: usize) -> Option<Pair> {
        let lacks = |column: usize| self.patterns[column].map(|pattern| &self.missing[pattern]);
        let count = |missing: Option<&Missing>| missing.map_or(0, |missing| missing.count);
        let (without_x, without_y) = (lacks(first), lacks(second));
        let both = without_x.zip(without_y).map_or(0, |(x, y)| x.count_both(y));
        let n = rows + both - count(without_x) - count(without_y);
        if n == 0 {
            return Some(Pair::default());
        }
        let over = |column: usize, other: Option<&Missing>| {
            let (sum, square) = (self.sums[column], self.squares[column]);
            other.map_or((sum, square), |other| {
                (sum - other.sums[column], square - other.squares[column])
            })
        };
        let weight = n as f64;
        let moments = |column: usize, other: Option<&Missing>| {
            let (sum, square) = over(column, other);
            let m2 = square - sum * sum / weight;
            let whole = self.sums[column] / self.singles[column].n as f64;
            (m2 >= LEFT * self.squares[column]).then_some((sum, sum / weight - whole, m2))
        };
        let (sum_x, offset_x, m2_x) = moments(first, without_y)?;
        let (sum_y, offset_y, m2_y) = moments(second, without_x)?;
        Some(Pair {
            n: n as u64,
            offset_x,
            offset_y,
            m2_x,
            m2_y,
            c: product - sum_x * sum_y / weight,
        })
    }

    /// A pair in two walks over the rows that both columns have.
    fn exact(&self, first: usize, second: usize, columns: &[&[f64]]) -> Pair {
        let rows = || {
            let both = columns[first].iter().zip(columns[second]);
            both.filter(|(x, y)| x.is_finite() && y.is_finite())
        };
        let n = rows().count();
        let mean = |sum: f64| sum / n as f64;
        let near_x = mean(rows().map(|(x, _)| x - self.centres[first]).sum());
        let near_y = mean(rows().map(|(_, y)| y - self.centres[second]).sum());
        let (mut m2_x, mut m2_y, mut c) = (0.0, 0.0, 0.0);
        for (x, y) in rows() {
            let dx = (x - self.centres[first]) - near_x;
            let dy = (y - self.centres[second]) - near_y;
            m2_x += dx * dx;
            m2_y += dy * dy;
            c += dx * dy;
        }
        let offset = |column: usize, near: f64| near - self.sums[column] / self.singles[column].n as f64;
        Pair {
            n: n as u64,
            offset_x: offset(first, near_x),
            offset_y: offset(second, near_y),
            m2_x,
            m2_y,
            c,
        }
    }
}

impl Missing {
    fn of(rows: usize) -> Self {
        Self {
            bits: vec![0; rows.div_ceil(64)],
            ..Self::default()
        }
    }

    fn add(&mut self, row: usize) {
        self.bits[row / 64] |= 1 << (row % 64);
        self.count += 1;
    }

    fn has(&self, row: usize) -> bool {
        self.bits[row / 64] >> (row % 64) & 1 == 1
    }

    fn count_both(&self, other: &Self) -> usize {
        let words = self.bits.iter().zip(&other.bits);
        words.map(|(a, b)| (a & b).count_ones() as usize).sum()
    }
}

fn single(n: usize, centre: f64, total: f64, square: f64) -> Single {
    if n == 0 {
        return Single::default();
    }
    // The centre was rounded: move the sums to the true mean.
    let shift = total / n as f64;
    Single {
        n: n as u64,
        mean: Mean::sum(centre, shift),
        m2: beyond(square - total * shift).max(0.0),
    }
}

/// The sums of the columns of a panel.
fn panel_sums(panel: &[f64]) -> [f64; PANEL] {
    // Two rows at a time: one addition need not wait for the one before.
    let chunks = panel.chunks_exact(2 * PANEL);
    let rest = chunks.remainder();
    let mut lanes = [0.0; 2 * PANEL];
    for chunk in chunks {
        for lane in 0..2 * PANEL {
            lanes[lane] += chunk[lane];
        }
    }
    std::array::from_fn(|lane| lanes[lane] + lanes[PANEL + lane] + rest.get(lane).copied().unwrap_or(0.0))
}

/// The one value that a column holds, if it does: rounding its mean would let it vary.
fn constant(values: &[f64]) -> Option<f64> {
    let mut finite = values.iter().copied().filter(|value| value.is_finite());
    let first = finite.next()?;
    finite.all(|value| value == first).then_some(first)
}

/// How many values are finite, and their mean; that is never beyond the range of doubles, as their sum may be.
fn finite_mean(values: &[f64]) -> (usize, f64) {
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder();
    let mut sums = [0.0; LANES];
    let mut counts = [0u64; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            let finite = chunk[lane].is_finite();
            sums[lane] += if finite { chunk[lane] } else { 0.0 };
            counts[lane] += u64::from(finite);
        }
    }
    for (lane, value) in rest.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        sums[lane] += value;
        counts[lane] += 1;
    }
    let n: u64 = counts.iter().sum();
    let sum: f64 = sums.iter().sum();
    let weight = n.max(1) as f64;
    if sum.is_finite() {
        return (n as usize, sum / weight);
    }
    let finite = values.iter().filter(|value| value.is_finite());
    (n as usize, finite.map(|value| value / weight).sum())
}

/// The products of two panels.
fn tile(a: &[f64], b: &[f64]) -> [[f64; PANEL]; PANEL] {
    let mut tile = [[0.0; PANEL]; PANEL];
    for (a, b) in a.chunks_exact(PANEL).zip(b.chunks_exact(PANEL)) {
        for row in 0..PANEL {
            for column in 0..PANEL {
                tile[row][column] += a[row] * b[column];
            }
        }
    }
    tile
}
