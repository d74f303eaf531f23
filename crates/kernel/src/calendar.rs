//! Days and civil dates. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// Year, month and day of a count of days since 1970-01-01.
pub fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970-01-01 of a valid civil date.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let shifted_year = year - i64::from(month <= 2);
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// How many days a month has; `None` when there is no such month.
pub fn month_length(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => Some(28 + i64::from(leap)),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// A date in ISO 8601.
pub fn date_text(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A time of day in ISO 8601, of microseconds since midnight.
pub fn time_text(microseconds: i64) -> String {
    let (seconds, rest) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let clock = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    match rest {
        0 => clock,
        rest => format!("{clock}.{rest:06}"),
    }
}

/// A date and time in ISO 8601 without a zone, of microseconds since the epoch.
pub fn timestamp_text(microseconds: i64) -> String {
    let (days, rest) = (microseconds.div_euclid(DAY), microseconds.rem_euclid(DAY));
    format!("{}T{}", date_text(days), time_text(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for count in (-1_000_000..1_000_000).step_by(97) {
            let (year, month, day) = civil(count);
            assert_eq!(days(year, month, day), count);
            assert!(day <= month_length(year, month).unwrap());
        }
        assert_eq!(civil(0), (1970, 1, 1));
    }

    #[test]
    fn texts_are_iso() {
        assert_eq!(date_text(15_744), "2013-02-08");
        assert_eq!(timestamp_text(-1), "1969-12-31T23:59:59.999999");
        assert_eq!(
            timestamp_text(15_744 * DAY + 3_600_000_000),
            "2013-02-08T01:00:00"
        );
    }
}
