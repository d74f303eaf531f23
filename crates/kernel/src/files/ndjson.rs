//! NDJSON: one object a line, blocks of lines parsed on all cores.

use super::Report;
use super::source::Source;
use crate::columns::{Value, parse_timestamp};
use crate::expressions::{Gathered, Input, Inputs};
use crate::profile::{Collector, Derived, DerivedRow};
use crate::samples::{Chunk, Datum, Record, Source as Samplable};
use crate::{Error, Result, cores};
use arrow_array::ArrayRef;
use rayon::prelude::*;
use serde_json::Value as Json;
use std::collections::HashMap;

/// Bytes of lines that one task parses.
const BLOCK: usize = 1 << 20;

pub(super) fn log(collector: &mut Collector, mut source: Source, report: Report<'_>) -> Result<()> {
    let mut first_line = 1;
    let is_first = collector.records() == 0;
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
            return if is_first { collector.check_came() } else { Ok(()) };
        }
        let parsed = if collector.segments().is_empty() && collector.derived().is_empty() {
            None
        } else {
            Some(learn(collector, &blocks)?)
        };
        let whole: &Collector = collector;
        let log = |(at, (line, block)): (usize, &(usize, Vec<u8>))| {
            let mut objects = Objects::new(whole.part(0, 0));
            match &parsed {
                None => each_object(block, *line, |_, object| objects.log(&object, None))?,
                Some(parsed) => {
                    let Parsed { lines, derived } = &parsed[at];
                    for (row, (line, object)) in lines.iter().enumerate() {
                        let done = objects.log(object, Some(DerivedRow::Of(derived, row)));
                        done.map_err(|error| in_line(*line, error))?;
                    }
                }
            }
            objects.collector.flush();
            Ok(objects.collector)
        };
        let parts: Result<Vec<Collector>> = cores::run(|| blocks.par_iter().enumerate().map(log).collect());
        parts?
            .into_iter()
            .for_each(|part| collector.merge_part(part, true));
        if collector.samples().is_some() {
            blocks
                .iter()
                .try_for_each(|(_, block)| collector.sample(&Lines::new(block)))?;
        }
        source.report(report)?;
    }
}

/// Objects as samplers see them: parsed only when one is looked into or kept.
struct Lines<'a>(Vec<&'a [u8]>);

impl<'a> Lines<'a> {
    fn new(block: &'a [u8]) -> Self {
        let lines = block.split(|&byte| byte == b'\n');
        Self(lines.filter(|line| !line.trim_ascii().is_empty()).collect())
    }

    fn record(line: &[u8]) -> Record {
        match parse(line).map(|json| Datum::of_json(&json)) {
            Ok(Datum::Struct(mut fields)) => {
                fields.iter_mut().for_each(|(_, value)| unmark(value));
                fields
            }
            _ => Record::new(),
        }
    }
}

impl Samplable for Lines<'_> {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn names(&self) -> Option<Vec<&str>> {
        None
    }

    fn inputs(&self, names: &[String]) -> Result<Inputs> {
        if names.is_empty() {
            return Inputs::new(Vec::new(), self.rows(), false);
        }
        let records: Vec<Record> = cores::run(|| self.0.par_iter().map(|line| Self::record(line)).collect());
        records.as_slice().inputs(names)
    }

    fn take(&self, rows: &[u32]) -> Result<Chunk> {
        let records = rows.iter().map(|&row| Self::record(self.0[row as usize]));
        Ok(Chunk::Records(records.collect()))
    }
}

/// Puts numbers that JSON has not in the place of the texts that stand for them.
fn unmark(value: &mut Datum) {
    match value {
        Datum::Text(text) => {
            if let Some((_, _, number)) = NOT_FINITE.iter().find(|word| *word.1 == **text) {
                *value = Datum::Float(*number);
            }
        }
        Datum::List(items) => items.iter_mut().for_each(unmark),
        Datum::Struct(fields) => fields.iter_mut().for_each(|(_, value)| unmark(value)),
        _ => {}
    }
}

type Object = serde_json::Map<String, Json>;

/// The objects of a block with the numbers of their lines, and their derived columns.
struct Parsed {
    lines: Vec<(usize, Object)>,
    derived: Vec<ArrayRef>,
}

impl Parsed {
    fn of(block: &[u8], first_line: usize, derived: &Derived) -> Result<Self> {
        let mut lines = Vec::new();
        each_object(block, first_line, |line, object| {
            lines.push((line, object));
            Ok(())
        })?;
        let inputs = derived.columns().iter().map(|path| column_at(path, &lines));
        let derived = derived.compute(inputs.collect(), lines.len(), false)?;
        Ok(Self { lines, derived })
    }
}

/// Parses blocks on all cores, then numbers the segments of their objects in order.
fn learn(collector: &mut Collector, blocks: &[(usize, Vec<u8>)]) -> Result<Vec<Parsed>> {
    let derived = collector.derived().clone();
    let parse = |(first_line, block): &(usize, Vec<u8>)| Parsed::of(block, *first_line, &derived);
    let parsed: Result<Vec<Parsed>> = cores::run(|| blocks.par_iter().map(parse).collect());
    let parsed = parsed?;
    if collector.segments().is_empty() {
        return Ok(parsed);
    }
    for Parsed { lines, derived } in &parsed {
        for (row, (line, object)) in lines.iter().enumerate() {
            let done = set_keys(collector, object, Some(DerivedRow::Of(derived, row)));
            done.map_err(|error| in_line(*line, error))?;
            collector.learn_record();
        }
    }
    Ok(parsed)
}

/// A column of objects, by its name or by its path inside of them.
fn column_at(path: &str, objects: &[(usize, Object)]) -> Input {
    let mut gathered = Gathered::default();
    for (_, object) in objects {
        match inside(object, path) {
            Some(value) => with_value(value, |value| gathered.push(value)),
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

fn in_line(line: usize, error: Error) -> Error {
    error.at(format!("line {line}"))
}

/// Hands each object of a block on, with the number of its line.
fn each_object(
    block: &[u8],
    first_line: usize,
    mut take: impl FnMut(usize, Object) -> Result<()>,
) -> Result<()> {
    for (at, text) in block.split(|&byte| byte == b'\n').enumerate() {
        let line = first_line + at;
        if text.trim_ascii().is_empty() {
            continue;
        }
        let found = match parse(text) {
            Ok(Json::Object(object)) => {
                take(line, object).map_err(|error| in_line(line, error))?;
                continue;
            }
            Ok(Json::Array(_)) => "an array".to_owned(),
            Ok(_) => "a single value".to_owned(),
            Err(error) => error,
        };
        return Err(in_line(
            line,
            Error::data(format!("{found}; expected one JSON object a line")),
        ));
    }
    Ok(())
}

/// Gives the collector the values by which an object is grouped.
fn set_keys(collector: &mut Collector, object: &Object, derived: Option<DerivedRow<'_>>) -> Result<()> {
    collector.clear_key();
    for key in 0..collector.segments().columns().len() {
        let Some(value) = object.get(&collector.segments().columns()[key]) else {
            continue;
        };
        with_value(value, |value| collector.set_key(key, value))?;
    }
    if let Some(row) = derived {
        collector.set_derived_keys(row)?;
    }
    Ok(())
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

    fn log(&mut self, object: &Object, derived: Option<DerivedRow<'_>>) -> Result<()> {
        if !self.collector.is_whole() {
            let time = self.time(object, derived)?;
            set_keys(&mut self.collector, object, derived)?;
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
        if let Some(row) = derived {
            self.collector.push_derived(row);
        }
        self.collector.end_record();
        Ok(())
    }

    /// When an object happened; of no account without windows.
    fn time(&self, object: &Object, derived: Option<DerivedRow<'_>>) -> Result<Option<i64>> {
        if self.collector.window().is_none() {
            return Ok(None);
        }
        if let Some(row) = derived
            && let Some(time) = self.collector.derived_time(row)?
        {
            return Ok(time);
        }
        let name = self.collector.timestamp().unwrap_or_default();
        match object.get(name).filter(|_| self.collector.needs_times()) {
            Some(value) => self.collector.forgive(time_of(name, value)),
            None => Ok(None),
        }
    }

    fn push(&mut self, number: usize, path: &str, value: &Json) {
        match value {
            Json::Array(items) => {
                self.collector.push(number, Value::List(items.len()));
                let path = format!("{path}[]");
                let child = self.nested(number, &path);
                items.iter().for_each(|item| self.push(child, &path, item));
            }
            Json::Object(fields) => {
                self.collector.push(number, Value::Struct);
                for (name, value) in fields {
                    let path = format!("{path}.{name}");
                    let child = self.nested(number, &path);
                    self.push(child, &path, value);
                }
            }
            single => with_value(single, |value| self.collector.push(number, value)),
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

/// Hands on the value that a single one in JSON is.
fn with_value<T>(json: &Json, take: impl FnOnce(Value<'_>) -> T) -> T {
    match json {
        Json::Null => take(Value::Null),
        Json::Bool(value) => take(Value::Boolean(*value)),
        Json::String(text) => match NOT_FINITE.iter().find(|word| word.1 == text) {
            Some((_, _, number)) => take(Value::Float(*number)),
            None => take(Value::Text(text)),
        },
        Json::Number(json) => match (json.as_i64(), json.as_u64(), json.as_f64()) {
            (Some(whole), _, _) => take(Value::Integer(whole)),
            (None, Some(whole), _) => take(Value::BigInteger(&whole.to_string())),
            (_, _, Some(fraction)) => take(Value::Float(fraction)),
            _ => take(Value::Other),
        },
        Json::Array(items) => take(Value::List(items.len())),
        Json::Object(_) => take(Value::Struct),
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
