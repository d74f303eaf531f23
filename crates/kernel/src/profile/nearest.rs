//! The name that was probably meant.

/// Names that a message lists at most.
const SHOWN: usize = 10;

/// The tail of an error message on a name that is not known: what was probably meant, or what there is.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let folded: Vec<char> = name.to_lowercase().chars().collect();
    let far = folded.len().div_ceil(3).min(4);
    let closest = known
        .iter()
        .take(10_000)
        .map(|other| {
            (
                distance(&folded, &other.to_lowercase().chars().collect::<Vec<_>>()),
                *other,
            )
        })
        .min_by_key(|pair| pair.0)
        .filter(|pair| pair.0 <= far);
    if let Some((_, other)) = closest {
        return format!("; did you mean {other:?}?");
    }
    if known.is_empty() {
        return "; it has no columns".to_owned();
    }
    let shown: Vec<String> = known
        .iter()
        .take(SHOWN)
        .map(|other| format!("{other:?}"))
        .collect();
    let more = match known.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("; there are {}{more}", shown.join(", "))
}

/// Letters to put in, take out or replace (Wagner and Fischer, 1974), as far as a few matter.
fn distance(mine: &[char], theirs: &[char]) -> usize {
    if mine.len().abs_diff(theirs.len()) > 4 || mine.len() > 200 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=theirs.len()).collect();
    for (at, letter) in mine.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in theirs.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[theirs.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let known = ["fare", "tip", "city"];
        assert_eq!(nearest("fair", known.into_iter()), "; did you mean \"fare\"?");
        assert_eq!(nearest("Fare", known.into_iter()), "; did you mean \"fare\"?");
        assert_eq!(
            nearest("altogether", known.into_iter()),
            "; there are \"fare\", \"tip\", \"city\""
        );
        assert_eq!(nearest("x", [].into_iter()), "; it has no columns");
    }
}
