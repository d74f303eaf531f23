//! Windows: half-open stretches of time, aligned in UTC or, in `zone`, in the time of a place.

mod zone;

use crate::calendar::{DAY, civil, days};
use crate::columns::{Unit, parse_timestamp};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};

pub use zone::LocalWindow;

const SECOND: i64 = 1_000_000;
/// 1970-01-05 was a Monday.
const FIRST_MONDAY: i64 = 4 * DAY;

/// The length of windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    /// So many microseconds, aligned so that one window starts at `origin`.
    Fixed {
        /// Length.
        microseconds: i64,
        /// Where one window starts.
        origin: i64,
    },
    /// So many calendar months.
    Months(i64),
    /// Days or months of a place, where clocks change.
    Local(Box<LocalWindow>),
}

impl Window {
    /// Reads `30s`, `5m`, `1h`, `1d`, `1w` (from Monday) or `1mo`.
    pub fn parse(text: &str) -> Result<Self> {
        let digits = text.len()
            - text
                .trim_start_matches(|character: char| character.is_ascii_digit())
                .len();
        let (number, unit) = text.split_at(digits);
        let unit_microseconds = match unit {
            "s" => SECOND,
            "m" | "min" => 60 * SECOND,
            "h" => 3_600 * SECOND,
            "d" => DAY,
            "w" => 7 * DAY,
            "mo" => 1,
            _ => 0,
        };
        let length = number
            .parse::<i64>()
            .ok()
            .and_then(|count| count.checked_mul(unit_microseconds));
        let length = length.filter(|&length| length > 0 && length < 1000 * 366 * DAY).ok_or_else(|| {
            Error::argument(format!(
                "window {text:?} is not a length of time; give a whole number and a unit, such as \"30s\", \"5m\", \"1h\", \"1d\", \"1w\" or \"1mo\""
            ))
        })?;
        Ok(match unit {
            "mo" => Self::Months(length),
            "w" => Self::Fixed {
                microseconds: length,
                origin: FIRST_MONDAY,
            },
            _ => Self::Fixed {
                microseconds: length,
                origin: 0,
            },
        })
    }

    /// The start of the window that a point in time falls into.
    pub fn start(&self, time: i64) -> i64 {
        match self {
            Self::Fixed { microseconds, origin } => {
                time.saturating_sub(time.saturating_sub(*origin).rem_euclid(*microseconds))
            }
            Self::Local(local) => local.start(time),
            &Self::Months(count) => {
                let (year, month, _) = civil(time.div_euclid(DAY));
                month_start((year * 12 + month - 1).div_euclid(count) * count)
            }
        }
    }

    /// The end of the window that starts there.
    pub fn end(&self, start: i64) -> i64 {
        match self {
            Self::Fixed { microseconds, .. } => start.saturating_add(*microseconds),
            Self::Local(local) => local.end(start),
            &Self::Months(count) => {
                let (year, month, _) = civil(start.div_euclid(DAY));
                month_start(year * 12 + month - 1 + count)
            }
        }
    }
}

fn month_start(months: i64) -> i64 {
    days(months.div_euclid(12), months.rem_euclid(12) + 1, 1).saturating_mul(DAY)
}

/// The points in time of a column, in microseconds; `None` for nulls, and for texts that are no time where that
/// is forgiven.
pub(in crate::profile) fn times(name: &str, array: &ArrayRef, forgiving: bool) -> Result<Vec<Option<i64>>> {
    let parse = |text: Option<&str>| match parse(name, text) {
        Err(_) if forgiving => Ok(None),
        time => time,
    };
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => Ok(read::<TimestampSecondType>(array, Unit::Second)),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            Ok(read::<TimestampMillisecondType>(array, Unit::Millisecond))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            Ok(read::<TimestampMicrosecondType>(array, Unit::Microsecond))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            Ok(read::<TimestampNanosecondType>(array, Unit::Nanosecond))
        }
        DataType::Date32 | DataType::Date64 => {
            let target = DataType::Timestamp(TimeUnit::Millisecond, None);
            let cast = arrow_cast::cast(array, &target).map_err(|error| Error::data(error.to_string()))?;
            times(name, &cast, forgiving)
        }
        DataType::Dictionary(_, values) => {
            let cast = arrow_cast::cast(array, values).map_err(|error| Error::data(error.to_string()))?;
            times(name, &cast, forgiving)
        }
        DataType::Utf8 => array.as_string::<i32>().iter().map(parse).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(parse).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(parse).collect(),
        DataType::Null => Ok(vec![None; array.len()]),
        other => Err(Error::argument(format!(
            "timestamp column {name:?} holds {other}; windows need timestamps, dates or ISO 8601 texts"
        ))),
    }
}

fn read<T: ArrowPrimitiveType<Native = i64>>(array: &ArrayRef, unit: Unit) -> Vec<Option<i64>> {
    let array: &PrimitiveArray<T> = array.as_primitive::<T>();
    array
        .iter()
        .map(|value| value.map(|value| unit.microseconds(value)))
        .collect()
}

fn parse(name: &str, text: Option<&str>) -> Result<Option<i64>> {
    let Some(text) = text.filter(|text| !matches!(*text, "" | "NA" | "null" | "NaN")) else {
        return Ok(None);
    };
    parse_timestamp(text).map(Some).ok_or_else(|| {
        Error::data(format!(
            "timestamp column {name:?} holds {text:?}; expected ISO 8601 such as 2013-02-08 or 2013-02-08T05:00:00Z"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_aligned() {
        let noon = parse_timestamp("2013-02-08T12:34:56Z").unwrap();
        for (window, start, end) in [
            ("1h", "2013-02-08T12:00:00Z", "2013-02-08T13:00:00Z"),
            ("1d", "2013-02-08", "2013-02-09"),
            ("1w", "2013-02-04", "2013-02-11"),
            ("1mo", "2013-02-01", "2013-03-01"),
            ("3mo", "2013-01-01", "2013-04-01"),
        ] {
            let window = Window::parse(window).unwrap();
            assert_eq!(window.start(noon), parse_timestamp(start).unwrap(), "{window:?}");
            assert_eq!(
                window.end(window.start(noon)),
                parse_timestamp(end).unwrap(),
                "{window:?}"
            );
        }
        assert_eq!(Window::parse("1d").unwrap().start(-1), -DAY);
        for wrong in ["", "d", "0d", "1x", "-1d", "99999999999d", "1.5h"] {
            assert!(Window::parse(wrong).is_err(), "{wrong}");
        }
    }
}
