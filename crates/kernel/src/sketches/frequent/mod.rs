//! Most frequent values: a counter summary of the Misra–Gries family.
//!
//! While logging, a [`CountTable`] counts every value exactly up to 1,024 distinct ones. Beyond, 256
//! buckets of eight counters share the values by hash, and each runs Misra–Gries by itself: a new
//! value of a full bucket takes an equal amount off all eight, which is added to the bucket's
//! *offset*. So a value's true count lies between its counter and counter + offset, and a value
//! without a counter occurred at most offset times: bounds that are never violated, in any order,
//! after any merge. In longer stretches a gate keeps rare values from the buckets, and what it keeps is
//! added to the offset. [`CountTable::freeze`] keeps all counters while they are exact, and beyond
//! that the 768 largest: what Apache DataSketches calls `ItemsSketch<String>`, with lg max map size 10
//! (11 for more than 768 exact counters), whose one offset is the largest of ours.
//!
//! Error: a bucket that receives m values lowers at most m / 9 times, and hashing spreads n values
//! evenly, so the buckets cost about n / 2,300 and the
//! gate n / 9,300; the cut to 768 costs at most n / 769 more, below the
//! 0.34 % of n (3.5 / 1024) that Apache publishes for this size. Only values chosen to collide under
//! the fixed seed can make it worse, and then the stated offset says so.
//!
//! Sources: Misra & Gries, "Finding repeated elements", 1982; Anderson et al., "A high-performance
//! algorithm for identifying frequent items in data streams", IMC 2017.

mod buckets;
mod codec;
mod gate;
mod hashed;
mod items;
mod table;

pub use codec::{decode, encode};
pub use hashed::{hashed_name, is_hashed};
pub use items::FrequentItems;
pub use table::{CountTable, Keys, NumberKeys, TextKeys};

/// Logarithm of Apache's largest map.
pub const LG_MAX_MAP: u8 = 10;

/// Most items that a frozen sketch keeps (three quarters of the map) unless it is exact.
pub const MAX_ITEMS: usize = 3 << (LG_MAX_MAP - 2);

/// Most distinct values that are counted exactly.
pub const MAX_EXACT: usize = 1024;

/// Longest text that is kept whole, in bytes; longer ones are cut and marked with `…`.
pub const MAX_TEXT: usize = 128;

/// The item under which a text is counted: itself, or its beginning and `…`.
pub fn shorten(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= MAX_TEXT {
        return text.into();
    }
    let end = (0..=MAX_TEXT)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0);
    format!("{}…", &text[..end]).into()
}

/// Whether an item is the beginning of longer texts.
pub fn is_cut(item: &str) -> bool {
    item.ends_with('…') && (item.len() > MAX_TEXT - 3 || is_hashed(item))
}
