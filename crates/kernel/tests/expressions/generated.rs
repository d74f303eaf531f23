//! Expressions and batches made by dice.

use crate::support::Dice;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int8Array,
    Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray, TimestampMillisecondArray,
    UInt64Array,
};
use arrow_schema::DataType;
use std::sync::Arc;

const NUMBERS: [&str; 6] = ["i", "n", "u", "f", "g", "d"];
const TEXTS: [&str; 4] = ["s", "l", "v", "k"];
const TIMES: [&str; 2] = ["t", "day"];

/// Makes conditions over the columns of [`batch`].
pub struct Generator(Dice);

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self(Dice::new(seed))
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.0.below(from.len() as u64) as usize]
    }

    pub fn condition(&mut self, depth: u64) -> String {
        let choice = if depth == 0 {
            4 + self.0.below(12)
        } else {
            self.0.below(16)
        };
        match choice {
            0 | 1 => format!(
                "({}) and ({})",
                self.condition(depth - 1),
                self.condition(depth - 1)
            ),
            2 => format!(
                "({}) or ({})",
                self.condition(depth - 1),
                self.condition(depth - 1)
            ),
            3 => format!("not ({})", self.condition(depth - 1)),
            other => self.predicate(other),
        }
    }

    fn predicate(&mut self, choice: u64) -> String {
        match choice {
            4 => "b".to_owned(),
            5 => {
                let column = self.column();
                format!("{column} is {}null", self.pick(&["", "not "]))
            }
            6 => {
                let text = self.pick(&["", "a", "Oslo", "å", "zz"]);
                let sign = self.sign();
                format!("{} {sign} {text:?}", self.pick(&TEXTS))
            }
            7 => format!("{} in [\"a\", \"Oslo\", \"x\"]", self.pick(&TEXTS)),
            8 => {
                let column = self.pick(&TEXTS);
                format!("{column} {}matches \"^[a-zå]+$\"", self.pick(&["", "not "]))
            }
            9 => {
                let part = self.pick(&["", "a", "lo"]);
                let function = self.pick(&["starts_with", "ends_with", "contains"]);
                format!("{function}({}, {part:?})", self.pick(&TEXTS))
            }
            10 => {
                let moment = self.pick(&[
                    "1970-01-02",
                    "1970-01-01T00:00:00.001Z",
                    "1970-01-03T12:00",
                    "2024-02-30",
                ]);
                let sign = self.sign();
                format!("{} {sign} {moment:?}", self.pick(&TIMES))
            }
            11 => format!(
                "{} between {} and {}",
                self.number(1),
                self.number(0),
                self.number(0)
            ),
            12 => format!("{} in [0, 1, -2.5, 3]", self.number(1)),
            13 => format!("{}({})", self.pick(&["is_nan", "is_finite"]), self.number(1)),
            14 => {
                let sign = self.sign();
                format!("{} {sign} {}", self.column(), self.column())
            }
            _ => {
                let sign = self.sign();
                format!("{} {sign} {}", self.number(2), self.number(2))
            }
        }
    }

    fn sign(&mut self) -> &'static str {
        self.pick(&["==", "!=", "<", "<=", ">", ">="])
    }

    fn column(&mut self) -> &'static str {
        let all = [&NUMBERS[..], &TEXTS, &TIMES, &["b", "none", "absent"]].concat();
        self.pick(&all)
    }

    /// Something that gives a number of most records.
    pub fn number(&mut self, depth: u64) -> String {
        let choice = if depth == 0 {
            self.0.below(4)
        } else {
            self.0.below(8)
        };
        match choice {
            0..=2 => self.pick(&NUMBERS).to_owned(),
            3 => self
                .pick(&[
                    "0",
                    "1",
                    "-2",
                    "2.5",
                    "0.1",
                    "9007199254740993",
                    "1e300",
                    "9223372036854775807",
                ])
                .to_owned(),
            4 => format!("length({})", self.pick(&TEXTS)),
            5 => format!("abs({})", self.number(depth - 1)),
            6 => format!("-({})", self.number(depth - 1)),
            _ => {
                let sign = self.pick(&["+", "-", "*", "/", "%"]);
                format!("({}) {sign} ({})", self.number(depth - 1), self.number(depth - 1))
            }
        }
    }

    fn some<T: Copy>(&mut self, rows: usize, from: &[T]) -> Vec<Option<T>> {
        (0..rows)
            .map(|_| {
                let at = self.0.below(from.len() as u64 + 1) as usize;
                from.get(at).copied()
            })
            .collect()
    }

    /// A batch with a column of each kind: values that are equal, at the edges, or missing.
    pub fn batch(&mut self, rows: usize) -> RecordBatch {
        let whole = [0i64, 1, -2, 3, i64::MAX, i64::MIN, 9_007_199_254_740_993];
        let double = [
            0.0,
            -0.0,
            1.0,
            2.5,
            -2.5,
            f64::NAN,
            f64::INFINITY,
            9_007_199_254_740_992.0,
        ];
        let text = ["", "a", "Oslo", "å", "b"];
        let small = self.some(rows, &[0i8, 1, -2, 127, -128]);
        let narrow: Vec<Option<f32>> = self.some(rows, &[0.0f32, 0.1, -2.5, f32::NAN]);
        let decimals = Decimal128Array::from(self.some(rows, &[0i128, 10, 250, -200, 33]));
        let coded: ArrayRef = Arc::new(StringArray::from(self.some(rows, &text)));
        let codes = DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8));
        let moments = [0i64, 1, 86_400_000, 216_000_000, -1];
        let days = [0i32, 1, 2, -1];
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("i", Arc::new(Int64Array::from(self.some(rows, &whole)))),
            ("n", Arc::new(Int8Array::from(small))),
            (
                "u",
                Arc::new(UInt64Array::from(self.some(rows, &[0u64, 1, 3, u64::MAX]))),
            ),
            ("f", Arc::new(Float64Array::from(self.some(rows, &double)))),
            ("g", Arc::new(Float32Array::from(narrow))),
            ("d", Arc::new(decimals.with_precision_and_scale(20, 2).unwrap())),
            ("s", Arc::new(StringArray::from(self.some(rows, &text)))),
            ("l", Arc::new(LargeStringArray::from(self.some(rows, &text)))),
            ("v", Arc::new(StringViewArray::from(self.some(rows, &text)))),
            ("k", arrow_cast::cast(&coded, &codes).unwrap()),
            (
                "t",
                Arc::new(TimestampMillisecondArray::from(self.some(rows, &moments))),
            ),
            ("day", Arc::new(Date32Array::from(self.some(rows, &days)))),
            ("b", Arc::new(BooleanArray::from(self.some(rows, &[true, false])))),
            ("none", arrow_array::new_null_array(&DataType::Null, rows)),
        ];
        let lengths = columns.iter().all(|column| column.1.len() == rows);
        assert!(lengths);
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
            .unwrap()
    }
}
