//! Counts of the same values in two columns, from their frequent items.
//!
//! While both sketches list every distinct value the counts are exact. Beyond, a value's count is known
//! within bounds. A value stands for itself when both sketches would list it at the share that it has in
//! both together, or when it is so frequent in one that the other would have listed it, had it that share:
//! what is merely seen in one sample and cannot be listed in the other tells nothing. All else goes to
//! *other*, and of the counts that the bounds allow those are taken that differ least. So what the sketches
//! have lost can hide a change, never make one.

use crate::sketches::frequent::FrequentItems;
use std::collections::HashMap;

/// One category of two columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The value as text; `None` for all others together.
    pub item: Option<String>,
    /// Its count in each.
    pub count: (u64, u64),
}

/// How many times the error of its sketch a value must be expected to be counted to stand for itself.
const CLEAR: f64 = 2.0;
/// Standard deviations, and counts, by which a value exceeds what the other sketch may have missed.
const SURE: f64 = 6.0;

/// Whether a value with these lower bounds stands for itself.
fn is_clear((one, other): (u64, u64), a: &FrequentItems, b: &FrequentItems) -> bool {
    let (n, m) = (a.total() as f64, b.total() as f64);
    let (error_a, error_b) = (a.offset() as f64, b.offset() as f64);
    let share = (one + other) as f64 / (n + m).max(1.0);
    let listed = |n: f64, error: f64| error == 0.0 || share * n > CLEAR * error;
    // More than chance could make of the greatest share that the other sketch may have missed.
    let surely = |count: u64, n: f64, error: f64, m: f64| {
        let most = error / m.max(1.0) * n;
        count as f64 > most + SURE * most.sqrt() + SURE + 4.0
    };
    (listed(n, error_a) && listed(m, error_b)) || surely(one, n, error_b, m) || surely(other, m, error_a, n)
}

/// The categories of two columns, the most frequent first, other values last.
pub fn pairs(a: &FrequentItems, b: &FrequentItems) -> Vec<Pair> {
    let mut counts: HashMap<&str, (u64, u64)> = HashMap::with_capacity(a.len() + b.len());
    let mut order: Vec<&str> = Vec::with_capacity(a.len() + b.len());
    for (item, count) in a.items() {
        counts.insert(item, (count, 0));
        order.push(item);
    }
    for (item, count) in b.items() {
        match counts.get_mut(item) {
            Some(both) => both.1 = count,
            None => {
                counts.insert(item, (0, count));
                order.push(item);
            }
        }
    }
    let exact = a.is_exact() && b.is_exact();
    let mut pairs: Vec<Pair> = Vec::with_capacity(order.len() + 1);
    let mut listed = (0, 0);
    for item in order {
        let lower = counts[item];
        if !exact && !is_clear(lower, a, b) {
            continue;
        }
        let count = if exact {
            lower
        } else {
            closest(
                (lower.0, lower.0 + a.offset(), a.total()),
                (lower.1, lower.1 + b.offset(), b.total()),
            )
        };
        listed = (listed.0 + count.0, listed.1 + count.1);
        pairs.push(Pair {
            item: Some(item.to_owned()),
            count,
        });
    }
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.count.0.saturating_add(pair.count.1)));
    let rest = (
        a.total().saturating_sub(listed.0),
        b.total().saturating_sub(listed.1),
    );
    if rest != (0, 0) {
        pairs.push(Pair {
            item: None,
            count: rest,
        });
    }
    pairs
}

/// The counts within two pairs of bounds whose shares differ least.
fn closest(a: (u64, u64, u64), b: (u64, u64, u64)) -> (u64, u64) {
    let share = |count: u64, total: u64| count as f64 / total.max(1) as f64;
    let (low, high) = (share(a.0, a.2), share(a.1.min(a.2), a.2));
    let (low_b, high_b) = (share(b.0, b.2), share(b.1.min(b.2), b.2));
    let (from, to) = (low.max(low_b), high.min(high_b));
    let (p, q) = if from <= to {
        ((from + to) / 2.0, (from + to) / 2.0)
    } else if low > high_b {
        (low, high_b)
    } else {
        (high, low_b)
    };
    ((p * a.2 as f64).round() as u64, (q * b.2 as f64).round() as u64)
}

/// Most categories of a table of windows; all others count together.
const MOST: usize = 100;

/// The counts of the same categories in many windows, the most frequent of all first, others last.
/// A value's count is taken from below: what a sketch has lost is with the others.
pub fn table(windows: &[Option<&FrequentItems>]) -> Vec<Option<Vec<f64>>> {
    let mut totals: HashMap<&str, u64> = HashMap::new();
    for window in windows.iter().flatten() {
        for (item, count) in window.items() {
            *totals.entry(item).or_default() += count;
        }
    }
    let mut order: Vec<(&str, u64)> = totals.into_iter().collect();
    order.sort_unstable_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    order.truncate(MOST);
    let places: HashMap<&str, usize> = order.iter().enumerate().map(|(at, item)| (item.0, at)).collect();
    let row = |window: &FrequentItems| {
        let mut row = vec![0.0; order.len() + 1];
        let mut listed = 0;
        for (item, count) in window.items() {
            if let Some(&at) = places.get(item) {
                row[at] = count as f64;
                listed += count;
            }
        }
        row[order.len()] = window.total().saturating_sub(listed) as f64;
        row
    };
    windows.iter().map(|window| window.map(row)).collect()
}
