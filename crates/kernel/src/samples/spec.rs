//! Which sampler is meant: its kind and settings, and their JSON.

use crate::expressions::Expression;
use crate::{Error, Result};
use serde_json::{Map, Value as Json, json};

/// Records that a sample may hold.
pub(super) const LARGEST: usize = 1_000_000;

/// Strata that a sampler may tell apart.
const MOST_STRATA: usize = 100_000;

/// The smallest share of records that is counted well enough.
const SMALLEST_SHARE: f64 = 0.0005;

/// A kind of sampler with its settings.
#[derive(Debug, Clone)]
pub enum Spec {
    /// Every record with the same chance.
    Reservoir {
        /// Records to keep.
        size: usize,
    },
    /// The same in each stratum.
    Stratified {
        /// The columns whose values make a stratum.
        columns: Vec<String>,
        /// Records to keep of each stratum.
        size: usize,
        /// Strata that are told apart; the others count as one.
        strata: usize,
    },
    /// A record with a chance that goes with its weight.
    Weighted {
        /// What gives the weight.
        weight: Expression,
        /// Records to keep.
        size: usize,
    },
    /// The most extreme values.
    Outliers {
        /// What gives the value.
        value: Expression,
        /// The quantile below which a value is extreme.
        low: f64,
        /// The quantile above which it is.
        high: f64,
        /// Records to keep.
        size: usize,
    },
    /// Records with a rare value.
    Rare {
        /// The column.
        column: String,
        /// The share of the records that a rare value has at most.
        share: f64,
        /// Records to keep.
        size: usize,
    },
    /// Records of which a condition is false.
    Failing {
        /// The condition.
        condition: Expression,
        /// Whether records of which it cannot be told fail, too.
        unknown: bool,
        /// Records to keep.
        size: usize,
    },
}

fn wrong(what: impl std::fmt::Display) -> Error {
    Error::argument(format!("sampler: {what}"))
}

/// Reads settings out of an object.
struct Fields<'a>(&'a Map<String, Json>);

impl Fields<'_> {
    fn text(&self, name: &str) -> Result<&str> {
        let text = self.0.get(name).and_then(Json::as_str);
        text.ok_or_else(|| wrong(format!("{name} must be a text")))
    }

    fn expression(&self, name: &str) -> Result<Expression> {
        Expression::parse(self.text(name)?).map_err(|error| error.at(format!("sampler: {name}")))
    }

    fn number(&self, name: &str) -> Result<f64> {
        let number = self.0.get(name).and_then(Json::as_f64);
        number.ok_or_else(|| wrong(format!("{name} must be a number")))
    }

    fn count(&self, name: &str, most: usize) -> Result<usize> {
        let value = self.0.get(name).unwrap_or(&Json::Null);
        let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
        count.filter(|count| (1..=most).contains(count)).ok_or_else(|| {
            wrong(format!(
                "{name}={value}; expected a whole number from 1 to {most}"
            ))
        })
    }

    fn flag(&self, name: &str) -> Result<bool> {
        let flag = self.0.get(name).and_then(Json::as_bool);
        flag.ok_or_else(|| wrong(format!("{name} must be true or false")))
    }

    fn columns(&self) -> Result<Vec<String>> {
        let names = self.0.get("columns").and_then(Json::as_array);
        let texts = names.map(|names| {
            names
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .collect()
        });
        let texts: Option<Vec<String>> = texts.flatten();
        texts
            .filter(|names| !names.is_empty())
            .ok_or_else(|| wrong("columns must be the names of one or more columns"))
    }
}

impl Spec {
    /// Reads the JSON of a sampler.
    ///
    /// # Errors
    /// When it is not one, or a setting makes no sense.
    pub fn parse(text: &str) -> Result<Self> {
        let json: Json = serde_json::from_str(text).map_err(wrong)?;
        Self::of_json(&json)
    }

    pub(super) fn of_json(json: &Json) -> Result<Self> {
        let fields = Fields(json.as_object().ok_or_else(|| wrong("expected an object"))?);
        let size = fields.count("size", LARGEST)?;
        let spec = match fields.text("kind")? {
            "reservoir" => Self::Reservoir { size },
            "stratified" => Self::Stratified {
                columns: fields.columns()?,
                size,
                strata: fields.count("strata", MOST_STRATA)?,
            },
            "weighted" => Self::Weighted {
                weight: number(fields.expression("weight")?, "weight")?,
                size,
            },
            "outliers" => Self::Outliers {
                value: number(fields.expression("value")?, "value")?,
                low: fields.number("low")?,
                high: fields.number("high")?,
                size,
            },
            "rare" => Self::Rare {
                column: fields.text("column")?.to_owned(),
                share: fields.number("share")?,
                size,
            },
            "failing" => Self::Failing {
                condition: fields.expression("condition")?,
                unknown: fields.flag("unknown")?,
                size,
            },
            other => return Err(wrong(format!("there is no kind {other:?}"))),
        };
        spec.check()?;
        Ok(spec)
    }

    fn check(&self) -> Result<()> {
        match self {
            Self::Outliers { low, high, .. } if !(0.0 <= *low && low < high && *high <= 1.0) => Err(wrong(
                format!("low={low}, high={high}; expected quantiles with 0 ≤ low < high ≤ 1"),
            )),
            Self::Outliers { low, high, .. } if *low == 0.0 && *high == 1.0 => Err(wrong(
                "low=0, high=1: no value is beyond both; give a low above 0 or a high below 1",
            )),
            Self::Rare { share, .. } if !(SMALLEST_SHARE..=0.5).contains(share) => Err(wrong(format!(
                "share={share}; expected a share of the records from {SMALLEST_SHARE} to 0.5"
            ))),
            Self::Failing { condition, .. } if !condition.is_condition() => Err(wrong(format!(
                "{condition} is not true or false; compare it with something"
            ))),
            Self::Stratified { size, strata, .. } if size.saturating_mul(strata + 1) > LARGEST => {
                Err(wrong(format!(
                    "size={size} of each of strata={strata} may come to more than {LARGEST} records; ask for fewer"
                )))
            }
            _ => Ok(()),
        }
    }

    /// The name of the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Reservoir { .. } => "reservoir",
            Self::Stratified { .. } => "stratified",
            Self::Weighted { .. } => "weighted",
            Self::Outliers { .. } => "outliers",
            Self::Rare { .. } => "rare",
            Self::Failing { .. } => "failing",
        }
    }

    /// The most records that a sample holds.
    pub(super) fn capacity(&self) -> usize {
        match self {
            Self::Reservoir { size }
            | Self::Weighted { size, .. }
            | Self::Rare { size, .. }
            | Self::Failing { size, .. } => *size,
            // And as many for merging.
            Self::Outliers { size, .. } => size.saturating_mul(2),
            Self::Stratified { size, strata, .. } => size.saturating_mul(strata + 1),
        }
    }

    pub(super) fn to_json(&self) -> Json {
        let kind = self.kind();
        match self {
            Self::Reservoir { size } => json!({"kind": kind, "size": size}),
            Self::Stratified {
                columns,
                size,
                strata,
            } => json!({"kind": kind, "columns": columns, "size": size, "strata": strata}),
            Self::Weighted { weight, size } => {
                json!({"kind": kind, "weight": weight.to_string(), "size": size})
            }
            Self::Outliers {
                value,
                low,
                high,
                size,
            } => json!({"kind": kind, "value": value.to_string(), "low": low, "high": high, "size": size}),
            Self::Rare { column, share, size } => {
                json!({"kind": kind, "column": column, "share": share, "size": size})
            }
            Self::Failing {
                condition,
                unknown,
                size,
            } => json!({"kind": kind, "condition": condition.to_string(), "unknown": unknown, "size": size}),
        }
    }
}

/// The JSON; equal settings give equal texts.
impl std::fmt::Display for Spec {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.to_json().fmt(formatter)
    }
}

impl PartialEq for Spec {
    fn eq(&self, other: &Self) -> bool {
        self.to_json() == other.to_json()
    }
}

fn number(expression: Expression, name: &str) -> Result<Expression> {
    // A column alone may be anything: only data tells.
    let column = matches!(expression.columns(), [only] if *only == expression.to_string());
    if expression.is_condition() && !column {
        return Err(wrong(format!(
            "{name}={expression} is true or false; expected a number, such as a column"
        )));
    }
    Ok(expression)
}
