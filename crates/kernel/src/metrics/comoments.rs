//! Second moments of several columns together: what Pearson's correlation is made of.
//!
//! Pairwise complete: for every pair of columns, over the rows in which both have a finite value. Where no value
//! is missing, all pairs of a column share its mean and its squares. Parts combine by the formulas of Pébay,
//! "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments",
//! SAND2008-6212; means are kept to twice the precision, since parts of 1e9 ± 1 differ by less than one rounding.

use super::Mean;
use super::products::Products;

/// One column: of all its finite values.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Single {
    /// How many values.
    pub n: u64,
    /// Their mean.
    pub mean: Mean,
    /// Sum of squared deviations from the mean.
    pub m2: f64,
}

impl Single {
    fn merged(&self, other: &Self) -> Self {
        if other.n == 0 || self.n == 0 {
            return if self.n == 0 { *other } else { *self };
        }
        let (a, b) = (self.n as f64, other.n as f64);
        // From the larger part, so that the order of the two makes no difference.
        let (base, far, share) = if (a, self.mean.high) >= (b, other.mean.high) {
            (self.mean, other.mean, b / (a + b))
        } else {
            (other.mean, self.mean, a / (a + b))
        };
        let apart = self.mean.distance_to(other.mean);
        Self {
            n: self.n.saturating_add(other.n),
            mean: base.moved(base.distance_to(far) * share),
            m2: beyond(self.m2 + other.m2 + apart * apart * (a * b / (a + b))),
        }
    }
}

/// Two columns: of the rows in which both have a finite value.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pair {
    /// How many such rows.
    pub n: u64,
    /// Mean of the first column over these rows, less its mean over all its values.
    pub offset_x: f64,
    /// The same of the second column.
    pub offset_y: f64,
    /// Sum of squared deviations of the first column over these rows.
    pub m2_x: f64,
    /// The same of the second column.
    pub m2_y: f64,
    /// Sum of products of both columns' deviations.
    pub c: f64,
}

impl Pair {
    /// Pearson's correlation; NaN when a column does not vary, or lies beyond the range of doubles.
    pub fn r(&self) -> f64 {
        let product = self.m2_x * self.m2_y;
        // One root rounds once: what goes wholly together has a correlation of exactly 1.
        let scale = if product.is_normal() {
            product.sqrt()
        } else {
            self.m2_x.sqrt() * self.m2_y.sqrt()
        };
        if !(scale > 0.0 && scale.is_finite() && self.n > 1) {
            return f64::NAN;
        }
        (self.c / scale).clamp(-1.0, 1.0)
    }

    /// The covariance, of a sample; NaN of less than two rows.
    pub fn covariance(&self) -> f64 {
        if self.n > 1 {
            self.c / (self.n - 1) as f64
        } else {
            f64::NAN
        }
    }

    fn merged(&self, other: &Self, mine: [f64; 2], theirs: [f64; 2]) -> Self {
        let (ax, ay) = (self.offset_x + mine[0], self.offset_y + mine[1]);
        let (bx, by) = (other.offset_x + theirs[0], other.offset_y + theirs[1]);
        let moved = |pair: &Self, offset_x: f64, offset_y: f64| Self {
            offset_x,
            offset_y,
            ..*pair
        };
        if other.n == 0 || self.n == 0 {
            // An empty part has no mean that could be far away.
            return match (self.n, other.n) {
                (0, 0) => Self::default(),
                (0, _) => moved(other, bx, by),
                _ => moved(self, ax, ay),
            };
        }
        let (a, b) = (self.n as f64, other.n as f64);
        let n = a + b;
        let dx = apart([self.offset_x, mine[0]], [other.offset_x, theirs[0]]);
        let dy = apart([self.offset_y, mine[1]], [other.offset_y, theirs[1]]);
        let weight = a * b / n;
        Self {
            n: self.n.saturating_add(other.n),
            offset_x: (ax * a + bx * b) / n,
            offset_y: (ay * a + by * b) / n,
            m2_x: self.m2_x + other.m2_x + dx * dx * weight,
            m2_y: self.m2_y + other.m2_y + dy * dy * weight,
            c: self.c + other.c + dx * dy * weight,
        }
    }

    /// Where a pair has all values of a column, it has that column's moments, to the last bit.
    fn settled(mut self, x: &Single, y: &Single) -> Self {
        if self.n == x.n {
            (self.offset_x, self.m2_x) = (0.0, x.m2);
        }
        if self.n == y.n {
            (self.offset_y, self.m2_y) = (0.0, y.m2);
        }
        self
    }
}

/// Squares beyond the range of doubles are infinite, not unknown.
pub(super) fn beyond(squares: f64) -> f64 {
    if squares.is_nan() { f64::INFINITY } else { squares }
}

/// How far two sums lie apart; not at all when rounding alone could have moved them so far, or what does not vary
/// would seem to.
fn apart(mine: [f64; 2], theirs: [f64; 2]) -> f64 {
    let distance = (theirs[0] + theirs[1]) - (mine[0] + mine[1]);
    let rounding: f64 = mine
        .iter()
        .chain(&theirs)
        .map(|part| part.abs() * f64::EPSILON)
        .sum();
    if distance.abs() > 4.0 * rounding {
        distance
    } else {
        0.0
    }
}

/// Second moments of columns and of their pairs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CoMoments {
    singles: Vec<Single>,
    /// Pair (i, j), i < j, at `j * (j - 1) / 2 + i`.
    pairs: Vec<Pair>,
}

/// Where a pair stands, whose columns are in ascending order.
fn place(first: usize, second: usize) -> usize {
    second * (second - 1) / 2 + first
}

impl CoMoments {
    /// Moments of so many columns, all empty.
    pub fn empty(columns: usize) -> Self {
        Self {
            singles: vec![Single::default(); columns],
            pairs: vec![Pair::default(); columns * columns.saturating_sub(1) / 2],
        }
    }

    /// Moments from their parts: the columns, and the pairs (0, 1), (0, 2), (1, 2), (0, 3) and so on.
    pub fn from_parts(singles: Vec<Single>, pairs: Vec<Pair>) -> Option<Self> {
        let fits = pairs.len() == singles.len() * singles.len().saturating_sub(1) / 2;
        fits.then_some(Self { singles, pairs })
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.singles.len()
    }

    /// The columns.
    pub fn singles(&self) -> &[Single] {
        &self.singles
    }

    /// The pairs (0, 1), (0, 2), (1, 2), (0, 3) and so on.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Makes room for so many columns.
    pub fn widen(&mut self, columns: usize) {
        if columns > self.singles.len() {
            self.singles.resize(columns, Single::default());
            self.pairs.resize(columns * (columns - 1) / 2, Pair::default());
        }
    }

    /// Adds rows: of each column its values, all of one length; what is not finite is missing.
    pub fn add_rows(&mut self, columns: &[&[f64]], products: &mut Products) {
        self.widen(columns.len());
        let (singles, pairs) = products.sum(columns);
        self.merge_parts(singles, pairs);
    }

    /// Combines with the moments of other rows of the same columns.
    pub fn merge(&mut self, other: &Self) {
        self.widen(other.columns());
        self.merge_parts(&other.singles, &other.pairs);
    }

    fn merge_parts(&mut self, singles: &[Single], pairs: &[Pair]) {
        let mut moved = Vec::with_capacity(singles.len());
        for (mine, theirs) in self.singles.iter_mut().zip(singles) {
            let both = mine.merged(theirs);
            moved.push([
                both.mean.distance_to(mine.mean),
                both.mean.distance_to(theirs.mean),
            ]);
            *mine = both;
        }
        let mut at = 0;
        for second in 1..singles.len() {
            for first in 0..second {
                let (x, y) = (moved[first], moved[second]);
                let both = self.pairs[at].merged(&pairs[at], [x[0], y[0]], [x[1], y[1]]);
                self.pairs[at] = both.settled(&self.singles[first], &self.singles[second]);
                at += 1;
            }
        }
    }

    /// The same moments with column `i` of the result being column `order[i]` of these; none where that is `None`.
    #[must_use]
    pub fn arranged(&self, order: &[Option<usize>]) -> Self {
        let single = |from: &Option<usize>| from.map_or_else(Single::default, |from| self.singles[from]);
        let mut pairs = Vec::with_capacity(order.len() * order.len().saturating_sub(1) / 2);
        for second in 1..order.len() {
            pairs.extend((0..second).map(|first| match (order[first], order[second]) {
                (Some(first), Some(second)) => self.pair(first, second),
                _ => Pair::default(),
            }));
        }
        Self {
            singles: order.iter().map(single).collect(),
            pairs,
        }
    }

    /// Two different columns.
    pub fn pair(&self, x: usize, y: usize) -> Pair {
        if x < y {
            return self.pairs[place(x, y)];
        }
        let pair = self.pairs[place(y, x)];
        Pair {
            offset_x: pair.offset_y,
            offset_y: pair.offset_x,
            m2_x: pair.m2_y,
            m2_y: pair.m2_x,
            ..pair
        }
    }
}
