//! Windows of days in the time of places where clocks change.

use crate::support::Dice;
use tidegauge_kernel::profile::Window;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Clocks are two hours ahead from `summer` to `winter` (hours of 1970), else one.
fn window(text: &str, summer: i64, winter: i64) -> Window {
    let offsets = vec![(i64::MIN, HOUR), (summer * HOUR, 2 * HOUR), (winter * HOUR, HOUR)];
    Window::parse(text).unwrap().in_zone(offsets).unwrap()
}

fn lengths(window: &Window, days: std::ops::Range<i64>) -> Vec<i64> {
    let mut start = window.start(days.start * DAY + 12 * HOUR);
    let mut lengths = Vec::new();
    while start + 12 * HOUR < days.end * DAY {
        let end = window.end(start);
        lengths.push((end - start) / HOUR);
        start = end;
    }
    lengths
}

#[test]
fn days_begin_at_midnight_and_are_shorter_or_longer_where_clocks_change() {
    // At two in the night of day 10 and at three of day 20, as in most of Europe.
    let window = window("1d", 10 * 24 + 1, 20 * 24 + 1);
    assert_eq!(window.start(0), -HOUR);
    assert_eq!(lengths(&window, 8..13), [24, 24, 23, 24, 24]);
    assert_eq!(lengths(&window, 18..23), [24, 24, 25, 24, 24]);
    assert_eq!(window.start(15 * DAY), 15 * DAY - 2 * HOUR);
}

#[test]
fn clocks_may_change_at_midnight() {
    // 23:00 UTC of day 9 is midnight: clocks jump to one, and the day has no midnight of its own.
    let window = window("1d", 10 * 24 - 1, 20 * 24 - 1);
    assert_eq!(lengths(&window, 8..12), [24, 24, 23, 24]);
    // 23:00 UTC of day 19 is one in the night: clocks go back to midnight, which is there twice.
    assert_eq!(lengths(&window, 18..22), [24, 24, 25, 24]);
}

#[test]
fn a_day_that_is_left_out_is_no_window() {
    let offsets = vec![(0, -10 * HOUR), (10 * DAY + 10 * HOUR, 14 * HOUR)];
    let window = Window::parse("1d").unwrap().in_zone(offsets).unwrap();
    let jump = 10 * DAY + 10 * HOUR;
    assert_eq!(window.start(jump), jump);
    assert_eq!(window.end(jump), jump + DAY);
    assert_eq!(window.end(window.start(jump - 1)), jump);
}

#[test]
fn windows_of_any_length_are_a_partition_of_time() {
    let mut dice = Dice::new(11);
    for text in ["1d", "3d", "1w", "1mo", "5mo"] {
        for _ in 0..200 {
            let summer = dice.below(5_000) as i64;
            let window = window(text, summer, summer + 500 + dice.below(5_000) as i64);
            for _ in 0..50 {
                let time = dice.below(12_000 * HOUR as u64) as i64 - 1_000 * HOUR;
                let start = window.start(time);
                let end = window.end(start);
                assert!(start <= time && time < end, "{start} {time} {end} {window:?}");
                assert_eq!(window.start(start), start);
                assert_eq!(window.start(end - 1), start);
                assert_eq!(window.start(end), end);
            }
        }
    }
}

#[test]
fn shorter_windows_are_the_same_everywhere() {
    assert_eq!(window("90m", 5, 10), Window::parse("90m").unwrap());
    assert!(Window::parse("1d").unwrap().in_zone(Vec::new()).is_err());
    assert!(
        Window::parse("1d")
            .unwrap()
            .in_zone(vec![(5, 0), (5, 1)])
            .is_err()
    );
}

#[test]
fn the_extremes_of_time_have_a_window_everywhere() {
    for text in ["1d", "1mo"] {
        let window = window(text, 5, 10);
        for time in [i64::MIN, i64::MAX] {
            assert!(window.start(time) <= time);
            window.end(window.start(time));
        }
    }
}
