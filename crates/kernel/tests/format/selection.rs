//! What is selected of a file, and that the rest is not looked at.

use crate::samples::{encode, segments, small, windows};
use tidegauge_kernel::format::{Selection, decode, decode_selected};
use tidegauge_kernel::profile::Profile;

/// What the selected profiles are of.
fn selected(bytes: &[u8], selection: &Selection) -> Vec<String> {
    let profiles = decode_selected(bytes, selection).unwrap();
    profiles
        .iter()
        .map(|profile| format!("{:?}", profile.metadata))
        .collect()
}

/// The same by decoding everything and looking afterwards.
fn filtered(bytes: &[u8], wanted: impl Fn(&Profile) -> bool) -> Vec<String> {
    let profiles = decode(bytes).unwrap();
    let kept = profiles.iter().filter(|profile| wanted(profile));
    kept.map(|profile| format!("{:?}", profile.metadata)).collect()
}

#[test]
fn the_default_selects_all() {
    for profiles in [windows(), segments(), small()] {
        let bytes = encode(&profiles);
        assert_eq!(
            selected(&bytes, &Selection::default()),
            filtered(&bytes, |_| true)
        );
    }
}

#[test]
fn time_selects_windows_that_reach_into_it() {
    let bytes = encode(&windows());
    let found = decode(&bytes).unwrap();
    let times: Vec<(i64, i64)> = found
        .iter()
        .filter_map(|profile| profile.metadata.window)
        .collect();
    assert!(times.len() > 1);
    let borders = times.iter().flat_map(|time| [time.0, time.1]);
    for border in borders.flat_map(|time| [time - 1, time, time + 1]) {
        let since = Selection {
            since: Some(border),
            ..Selection::default()
        };
        let until = Selection {
            until: Some(border),
            ..Selection::default()
        };
        let late = |profile: &Profile| profile.metadata.window.is_some_and(|window| window.1 > border);
        let early = |profile: &Profile| profile.metadata.window.is_some_and(|window| window.0 < border);
        assert_eq!(selected(&bytes, &since), filtered(&bytes, late));
        assert_eq!(selected(&bytes, &until), filtered(&bytes, early));
    }
}

#[test]
fn names_select_datasets() {
    let bytes = encode(&windows());
    let name = decode(&bytes).unwrap()[0].metadata.dataset.clone();
    let of = |dataset: Option<String>| Selection {
        dataset,
        ..Selection::default()
    };
    assert_eq!(
        selected(&bytes, &of(name.clone())),
        filtered(&bytes, |profile| profile.metadata.dataset == name)
    );
    assert!(selected(&bytes, &of(Some("another".to_owned()))).is_empty());
}

#[test]
fn values_select_segments() {
    let bytes = encode(&segments());
    let found = decode(&bytes).unwrap();
    assert!(found.iter().any(|profile| !profile.metadata.segment.is_empty()));
    for segment in found.iter().map(|profile| profile.metadata.segment.clone()) {
        let selection = Selection {
            segment: Some(segment.clone()),
            ..Selection::default()
        };
        let same = |profile: &Profile| {
            let pairs = &profile.metadata.segment;
            if segment.is_empty() {
                pairs.is_empty()
            } else {
                segment.iter().all(|pair| pairs.contains(pair))
            }
        };
        let kept = selected(&bytes, &selection);
        assert!(!kept.is_empty());
        assert_eq!(kept, filtered(&bytes, same));
    }
}

#[test]
fn a_damaged_file_is_told_whatever_is_selected() {
    let mut bytes = encode(&windows());
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let nothing = Selection {
        since: Some(i64::MAX),
        ..Selection::default()
    };
    assert!(decode_selected(&bytes, &nothing).is_err());
}
