//! What a profile says of how private a column is: the field `privacy` of the file.
//!
//! `name=value` pairs with a space between, in a fixed order, without those that keep everything; so a column
//! of which all is kept has no text at all.

use crate::{Error, Result};
use std::collections::BTreeSet;
use std::fmt;

/// How a metric shows values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Showing {
    /// As they are.
    #[default]
    Kept,
    /// Under names made with a key; holds the key's id, which does not reveal it.
    Hashed(String),
    /// Not at all.
    Off,
}

impl Showing {
    /// How the metric of both together shows them: names of different keys, or names and values, do not go
    /// together.
    fn merged(&self, other: &Self) -> Self {
        if self == other { self.clone() } else { Self::Off }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "kept" => Some(Self::Kept),
            "off" => Some(Self::Off),
            _ => {
                let id = text.strip_prefix("hashed:")?;
                let plain =
                    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
                plain.then(|| Self::Hashed(id.to_owned()))
            }
        }
    }
}

impl fmt::Display for Showing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => formatter.write_str("kept"),
            Self::Hashed(id) => write!(formatter, "hashed:{id}"),
            Self::Off => formatter.write_str("off"),
        }
    }
}

/// How much of numbers is shown, the strictest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Extent {
    /// Everything.
    #[default]
    Kept,
    /// Their moments: no value as it is.
    Moments,
    /// Nothing.
    Off,
}

impl Extent {
    fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Moments => "moments",
            Self::Off => "off",
        }
    }

    /// The extent of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Kept, Self::Moments, Self::Off]
            .into_iter()
            .find(|extent| extent.name() == name)
    }
}

/// What a profile says of how private a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// How frequent items are shown.
    pub items: Showing,
    /// How often a value that is listed occurred at least.
    pub min_count: u64,
    /// How values were hashed for the distinct count.
    pub cardinality: Showing,
    /// What is shown of numbers and times.
    pub numbers: Extent,
    /// What is shown of lengths.
    pub lengths: Extent,
    /// How numbers were rounded, each way that parts were; empty when none was.
    pub rounded: BTreeSet<String>,
    /// Words of a newer version.
    pub others: BTreeSet<String>,
}

impl Default for Statement {
    fn default() -> Self {
        Self {
            items: Showing::Kept,
            min_count: 1,
            cardinality: Showing::Kept,
            numbers: Extent::Kept,
            lengths: Extent::Kept,
            rounded: BTreeSet::new(),
            others: BTreeSet::new(),
        }
    }
}

/// What stands for the values that were not rounded, beside others that were.
const AS_THEY_ARE: &str = "none";

impl Statement {
    /// Reads the text.
    ///
    /// # Errors
    /// When a known word has a value that means nothing.
    pub fn parse(text: &str) -> Result<Self> {
        let mut statement = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let known = match name {
                "items" => Showing::parse(value).map(|showing| statement.items = showing),
                "min_count" => value
                    .parse()
                    .ok()
                    .filter(|&count| count > 0)
                    .map(|count| statement.min_count = count),
                "cardinality" => Showing::parse(value).map(|showing| statement.cardinality = showing),
                "numbers" => Extent::parse(value).map(|extent| statement.numbers = extent),
                "lengths" => Extent::parse(value).map(|extent| statement.lengths = extent),
                "rounded" => {
                    let ways = value.split(',').filter(|way| !way.is_empty());
                    statement.rounded = ways.map(str::to_owned).collect();
                    Some(())
                }
                _ => {
                    statement.others.insert(word.to_owned());
                    Some(())
                }
            };
            known.ok_or_else(|| Error::format(format!("{word:?} says nothing of privacy")))?;
        }
        Ok(statement)
    }

    /// What holds of several parts together: the stricter of each. Parts without a value have a say only where
    /// all have none.
    pub fn of_parts<'a>(parts: impl Iterator<Item = (&'a Self, bool)> + Clone) -> Self {
        let with_values = parts.clone().any(|part| part.1);
        let mut said = parts.filter(|part| part.1 || !with_values).map(|part| part.0);
        let first = said.next().cloned().unwrap_or_default();
        said.fold(first, |merged, part| merged.merged(part))
    }

    fn merged(self, other: &Self) -> Self {
        Self {
            items: self.items.merged(&other.items),
            min_count: self.min_count.max(other.min_count),
            cardinality: self.cardinality.merged(&other.cardinality),
            numbers: self.numbers.max(other.numbers),
            lengths: self.lengths.max(other.lengths),
            rounded: ways(&self.rounded, &other.rounded),
            others: self.others.union(&other.others).cloned().collect(),
        }
    }
}

fn ways(mine: &BTreeSet<String>, theirs: &BTreeSet<String>) -> BTreeSet<String> {
    let mut both: BTreeSet<String> = mine.union(theirs).cloned().collect();
    if mine.is_empty() != theirs.is_empty() {
        both.insert(AS_THEY_ARE.to_owned());
    }
    both
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        if self.items != Showing::Kept {
            words.push(format!("items={}", self.items));
        }
        if self.min_count > 1 {
            words.push(format!("min_count={}", self.min_count));
        }
        if self.cardinality != Showing::Kept {
            words.push(format!("cardinality={}", self.cardinality));
        }
        for (name, extent) in [("numbers", self.numbers), ("lengths", self.lengths)] {
            if extent != Extent::Kept {
                words.push(format!("{name}={}", extent.name()));
            }
        }
        if !self.rounded.is_empty() {
            let ways: Vec<&str> = self.rounded.iter().map(String::as_str).collect();
            words.push(format!("rounded={}", ways.join(",")));
        }
        words.extend(self.others.iter().cloned());
        formatter.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 7] = [
        "",
        "items=hashed:3f9a min_count=10 cardinality=hashed:3f9a numbers=off lengths=off rounded=digits:2",
        "items=hashed:77 cardinality=off",
        "items=off cardinality=off numbers=moments",
        "min_count=3 rounded=step:0.5",
        "rounded=none,step:10",
        "noise=laplace:3",
    ];

    fn read(text: &str) -> Statement {
        Statement::parse(text).expect("a statement")
    }

    #[test]
    fn texts_read_back() {
        for text in TEXTS {
            assert_eq!(read(text).to_string(), text);
        }
        for text in [
            "items=maybe",
            "min_count=0",
            "numbers=",
            "items=hashed:",
            "cardinality=hashed:a:b",
        ] {
            assert!(Statement::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn merging_is_associative_and_commutative() {
        let merged = |parts: &[(&Statement, bool)]| Statement::of_parts(parts.iter().copied());
        for a in TEXTS.map(read) {
            for b in TEXTS.map(read) {
                assert_eq!(
                    merged(&[(&a, true), (&b, true)]),
                    merged(&[(&b, true), (&a, true)])
                );
                assert_eq!(merged(&[(&a, true), (&b, false)]), a);
                for c in TEXTS.map(read) {
                    let left = merged(&[(&merged(&[(&a, true), (&b, true)]), true), (&c, true)]);
                    let right = merged(&[(&a, true), (&merged(&[(&b, true), (&c, true)]), true)]);
                    assert_eq!(left, right);
                    assert_eq!(left, merged(&[(&a, true), (&b, true), (&c, true)]));
                }
            }
        }
    }

    #[test]
    fn the_stricter_wins() {
        let merged = |a: &str, b: &str| {
            Statement::of_parts([(&read(a), true), (&read(b), true)].into_iter()).to_string()
        };
        assert_eq!(merged("items=hashed:a1", "items=hashed:a1"), "items=hashed:a1");
        assert_eq!(merged("items=hashed:a1", "items=hashed:b2"), "items=off");
        assert_eq!(merged("items=hashed:a1", ""), "items=off");
        assert_eq!(
            merged("min_count=3", "min_count=5 numbers=off"),
            "min_count=5 numbers=off"
        );
        assert_eq!(merged("rounded=step:10", ""), "rounded=none,step:10");
    }
}
