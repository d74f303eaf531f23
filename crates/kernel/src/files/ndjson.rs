//! NDJSON: one object a line, blocks of lines parsed on all cores.

use super::Report;
use super::source::Source;
use crate::columns::{Value, parse_timestamp};
use crate::expressions::{Gathered, Input};
use crate::profile::Collector;
use crate::{Error, Result, cores};
use arrow_array::{Array, ArrayRef};
use rayon::prelude::*;
use serde_json::Value as Json;
use std::collections::HashMap;

/// Bytes of lines that one task parses.
const BLOCK: usize = 1 << 20;

pub(super) fn log(collector: &mut Collector, mut source: Source, report: Report<'_>) -> Result<()> {
    let mut first_line = 1;
    source.skip_mark()?;
    loop {
        let mut blocks = Vec::new();
        for _ in 0..2 * rayon::current_num_threads() {
            let mut block = Vec::new();
            if !source.lines(BLOCK, &mut block)? {
                break;
            }
            let lines = block.iter().filter(|&&byte| byte == b'\n').count();
            blocks.push((first_line, block));
            first_line += lines;
        }
        if blocks.is_empty() {
            return Ok(());
        }
        let whole: &Collector = collector;
        let parse = |(line, block): &(usize, Vec<u8>)| {
            let mut objects = Objects::new(whole.part(0, 0));
            objects.log(block, *line)?;
            objects.collector.flush();
            Ok(objects.collector)
        };
        let parts: Result<Vec<Collector>> = cores::run(|| blocks.par_iter().map(parse).collect());
        parts?
            .into_iter()
            .for_each(|part| collector.merge_part(part, true));
        source.report(report)?;
    }
}

type Object = serde_json::Map<String, Json>;

/// The objects of some lines, with the numbers of their lines.
fn objects(block: &[u8], first_line: usize) -> impl Iterator<Item = Result<(usize, Object)>> {
    let lines = block.split(|&byte| byte == b'\n').zip(first_line..);
    lines
        .filter(|(line, _)| !line.trim_ascii().is_empty())
        .map(|(text, line)| match parse(text) {
            Ok(Json::Object(object)) => Ok((line, object)),
            Ok(other) => {
                let kind = if other.is_array() {
                    "an array"
                } else {
                    "a single value"
                };
                Err(Error::data(format!(
                    "line {line}: {kind}; expected one JSON object a line"
                )))
            }
            Err(error) => Err(Error::data(format!(
                "line {line}: {error}; expected one JSON object a line"
            ))),
        })
}

/// A column of objects, by its name or by its path inside of them.
fn column_at(path: &str, objects: &[(usize, Object)]) -> Input {
    let mut gathered = Gathered::default();
    for (_, object) in objects {
        match inside(object, path) {
            Some(value) => each_value(value, |value| gathered.push(value)),
            None => gathered.push(Value::Null),
        }
    }
    gathered.finish()
}

fn inside<'a>(object: &'a Object, path: &str) -> Option<&'a Json> {
    object.get(path).or_else(|| {
        object.iter().find_map(|(name, value)| {
            let rest = path.strip_prefix(name.as_str())?.strip_prefix('.')?;
            inside(value.as_object()?, rest)
        })
    })
}

/// Hands on a value, without what is inside of it.
fn each_value(value: &Json, mut take: impl FnMut(Value<'_>)) {
    take(match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Boolean(*value),
        Json::String(text) => match NOT_FINITE.iter().find(|word| word.1 == text) {
            Some((_, _, number)) => Value::Float(*number),
            None => Value::Text(text),
        },
        Json::Number(json) => match (json.as_i64(), json.as_u64(), json.as_f64()) {
            (Some(whole), _, _) => Value::Integer(whole),
            (None, Some(whole), _) => return take(Value::BigInteger(&whole.to_string())),
            (_, _, Some(fraction)) => Value::Float(fraction),
            _ => Value::Other,
        },
        Json::Array(items) => Value::List(items.len()),
        Json::Object(_) => Value::Struct,
    });
}

/// Takes objects apart.
struct Objects {
    collector: Collector,
    numbers: HashMap<String, Option<usize>>,
    nested: HashMap<String, usize>,
}

impl Objects {
    fn new(collector: Collector) -> Self {
        Self {
            collector,
            numbers: HashMap::new(),
            nested: HashMap::new(),
        }
    }

    fn log(&mut self, block: &[u8], first_line: usize) -> Result<()> {
        let derived = self.collector.derived().clone();
        if derived.is_empty() {
            return objects(block, first_line).try_for_each(|object| {
                let (line, object) = object?;
                let done = self.log_object(&object, None);
                done.map_err(|error| error.at(format!("line {line}")))
            });
        }
        let all: Vec<(usize, Object)> = objects(block, first_line).collect::<Result<_>>()?;
        let inputs = derived.columns().iter().map(|path| column_at(path, &all));
        let arrays = derived.compute(inputs.collect(), all.len(), false)?;
        for (row, (line, object)) in all.iter().enumerate() {
            let done = self.log_object(object, Some((&arrays, row)));
            done.map_err(|error| error.at(format!("line {line}")))?;
        }
        Ok(())
    }

    fn log_object(&mut self, object: &Object, derived: Option<(&[ArrayRef], usize)>) -> Result<()> {
        if self.collector.window().is_some() {
            let time = match derived.and_then(|(arrays, row)| {
                let times = self.collector.derived_timestamp(arrays)?;
                Some(self.collector.times_of(&times.slice(row, 1)))
            }) {
                Some(times) => times?.first().copied().flatten(),
                None => {
                    let name = self.collector.timestamp().unwrap_or_default();
                    object.get(name).map_or(Ok(None), |value| time_of(name, value))?
                }
            };
            self.collector.begin_record(time);
        }
        for (name, value) in object {
            let number = match self.numbers.get(name) {
                Some(number) => *number,
                None => {
                    self.collector.derived().check_name(name)?;
                    let number = self.collector.column_number(name);
                    self.numbers.insert(name.clone(), number);
                    number
                }
            };
            if let Some(number) = number {
                self.push(number, name, value);
            }
        }
        if let Some((arrays, row)) = derived {
            self.collector.push_derived(arrays, row);
        }
        self.collector.end_record();
        Ok(())
    }

    fn push(&mut self, number: usize, path: &str, value: &Json) {
        each_value(value, |value| self.collector.push(number, value));
        match value {
            Json::Array(items) => {
                let path = format!("{path}[]");
                let child = self.nested(number, &path);
                items.iter().for_each(|item| self.push(child, &path, item));
            }
            Json::Object(fields) => {
                for (name, value) in fields {
                    let path = format!("{path}.{name}");
                    let child = self.nested(number, &path);
                    self.push(child, &path, value);
                }
            }
            _ => {}
        }
    }

    fn nested(&mut self, parent: usize, path: &str) -> usize {
        if let Some(&number) = self.nested.get(path) {
            return number;
        }
        let number = self.collector.nested_number(parent, path);
        self.nested.insert(path.to_owned(), number);
        number
    }
}

/// What Python's `json` writes for numbers that JSON has not, and the texts that stand for them here.
const NOT_FINITE: [(&str, &str, f64); 3] = [
    ("-Infinity", "\u{1}-Infinity", f64::NEG_INFINITY),
    ("Infinity", "\u{1}Infinity", f64::INFINITY),
    ("NaN", "\u{1}NaN", f64::NAN),
];

/// Reads a line; the error names the column, since whoever called knows the line.
fn parse(line: &[u8]) -> std::result::Result<Json, String> {
    let strict = serde_json::from_slice(line);
    let lenient = match &strict {
        Err(_) => std::str::from_utf8(line)
            .ok()
            .and_then(|text| serde_json::from_str(&with_marks(text)).ok()),
        Ok(_) => None,
    };
    lenient
        .map_or(strict, Ok)
        .map_err(|error| error.to_string().replace(" at line 1 column ", ", at byte "))
}

/// The line with NaN and infinities outside of texts replaced by marked texts.
fn with_marks(line: &str) -> String {
    let mut marked = String::with_capacity(line.len() + 16);
    let (mut rest, mut inside) = (line, false);
    while let Some(first) = rest.chars().next() {
        let word = NOT_FINITE.iter().find(|word| !inside && rest.starts_with(word.0));
        let len = match word {
            Some((word, mark, _)) => {
                marked.push_str(&Json::from(*mark).to_string());
                word.len()
            }
            None if inside && first == '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
            None => first.len_utf8(),
        };
        if word.is_none() {
            marked.push_str(&rest[..len]);
            inside ^= first == '"';
        }
        rest = &rest[len..];
    }
    marked
}

fn time_of(name: &str, value: &Json) -> Result<Option<i64>> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) if text.is_empty() => Ok(None),
        Json::String(text) if parse_timestamp(text).is_some() => Ok(parse_timestamp(text)),
        other => Err(Error::data(format!(
            "timestamp column {name:?} holds {other}; expected ISO 8601 text such as \"2013-02-08T05:00:00Z\""
        ))),
    }
}
