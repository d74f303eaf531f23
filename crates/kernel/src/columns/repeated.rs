//! Short texts that come again and again: counted before they are hashed.
//!
//! Texts of up to 16 bytes are two words and a length, compared as such. A small direct-mapped cache
//! counts the recent ones; only when one is displaced, or at the end, does it go to the sketches,
//! with its count.

use crate::hash::short_words;

const LG_PLACES: u32 = 10;

/// Longest text that the cache takes.
pub(super) const SHORT: usize = 16;

#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    words: (u64, u64),
    text: &'a str,
    count: u64,
}

/// Recent short texts with their counts.
pub(super) struct Repeated<'a> {
    places: Vec<Place<'a>>,
    displaced: usize,
}

impl<'a> Repeated<'a> {
    pub(super) fn new() -> Self {
        Self {
            places: vec![
                Place {
                    words: (0, 0),
                    text: "",
                    count: 0
                };
                1 << LG_PLACES
            ],
            displaced: 0,
        }
    }

    /// Counts a text of at most [`SHORT`] bytes; gives the one that it displaced, with its count.
    #[inline(always)]
    pub(super) fn count(&mut self, text: &'a str) -> Option<(&'a str, u64)> {
        let words = short_words(text.as_bytes());
        let mixed = (words.0 ^ words.1.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = &mut self.places[(mixed >> (64 - LG_PLACES)) as usize];
        if place.words == words && place.text.len() == text.len() {
            place.count += 1;
            return None;
        }
        self.displaced += 1;
        let old = (place.text, place.count);
        *place = Place {
            words,
            text,
            count: 1,
        };
        (old.1 > 0).then_some(old)
    }

    /// How many texts were not in the cache since this was last asked.
    pub(super) fn take_displaced(&mut self) -> usize {
        std::mem::take(&mut self.displaced)
    }

    /// All texts that are in the cache, with their counts.
    pub(super) fn take_all(&mut self) -> Vec<(&'a str, u64)> {
        let places = std::mem::take(&mut self.places);
        places
            .iter()
            .filter(|place| place.count > 0)
            .map(|place| (place.text, place.count))
            .collect()
    }
}
