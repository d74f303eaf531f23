//! Bytes to profiles. The bytes may be anybody's.

use super::checksum::verify;
use super::correlation;
use super::fields::{Access, Draft, FIELD_NAMES, PROFILE_FIELDS, fields};
use super::selection::Selection;
use super::{VERSION, VERSION_KEY};
use super::{conditions, extensions};
use crate::guard::guarded;
use crate::profile::{Column, Metadata, Profile};
use crate::{Error, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::ParquetMetaData;
use std::sync::Arc;

/// Pages may be compressed, but not beyond reason.
const MOST_EXPANSION: usize = 10_000;
const SMALL: usize = 1 << 24;

fn bad(error: impl std::fmt::Display) -> Error {
    Error::format(format!("the profile file is damaged: {error}"))
}

/// The profiles of a file.
///
/// # Errors
/// When the bytes are not a profile file, are damaged, or are of a newer major version.
pub fn decode(bytes: &[u8]) -> Result<Vec<Profile>> {
    decode_selected(bytes, &Selection::default())
}

/// The profiles of a file that are selected; of the others no more is read than is needed to tell.
///
/// # Errors
/// As [`decode`].
pub fn decode_selected(bytes: &[u8], selection: &Selection) -> Result<Vec<Profile>> {
    if bytes.len() < 12 || &bytes[..4] != b"PAR1" {
        return Err(Error::format(format!(
            "not a profile file: {} bytes that do not begin as Parquet does; profile files are written by Profile.write",
            bytes.len()
        )));
    }
    if &bytes[bytes.len() - 4..] != b"PAR1" {
        return Err(bad("its end is missing; copy or write it anew"));
    }
    // Before anything is parsed: an altered file may make the Parquet reader do anything.
    if !verify(bytes) {
        return Err(unsealed(bytes));
    }
    guarded(
        "the profile file is damaged: its Parquet structure is inconsistent",
        || decode_sealed(bytes, selection),
    )
    .map_err(|error| Error::format(error.message()))
}

/// Why a file without a right checksum is refused.
fn unsealed(bytes: &[u8]) -> Error {
    let holds = |mark: &str| {
        let mut windows = bytes.windows(mark.len());
        windows.any(|window| window == mark.as_bytes())
    };
    if holds(crate::samples::KEY) && !holds(VERSION_KEY) {
        return Error::format(
            "not a profile file: it holds records that were sampled; read it with tidegauge.samplers.Samples.read",
        );
    }
    if holds(VERSION_KEY.split_inclusive('.').next().unwrap_or(VERSION_KEY)) {
        return bad("its checksum does not match: it was cut off or altered; copy or write it anew");
    }
    Error::format(
        "not a profile file: it is a Parquet file, but not one of profiles; \
         to profile its rows use tidegauge.log or `tidegauge profile`",
    )
}

fn decode_sealed(bytes: &[u8], selection: &Selection) -> Result<Vec<Profile>> {
    let owned = bytes::Bytes::copy_from_slice(bytes);
    // The Arrow schema that Parquet carries along is one more thing to go wrong, and says no more.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(owned, options).map_err(bad)?;
    check_version(builder.metadata())?;
    check_sizes(builder.metadata(), bytes.len())?;
    if !selection.may_be_in(builder.metadata()) {
        return Ok(Vec::new());
    }
    let mut reader = RowReader {
        selection,
        profiles: Vec::new(),
        number: None,
        is_wanted: false,
        row: 0,
    };
    for batch in builder.with_batch_size(1 << 16).build().map_err(bad)? {
        reader.read(&batch.map_err(bad)?)?;
    }
    reader.finish()
}

fn check_version(metadata: &ParquetMetaData) -> Result<()> {
    let pairs = metadata.file_metadata().key_value_metadata();
    let pair = pairs.and_then(|pairs| pairs.iter().find(|pair| pair.key == VERSION_KEY));
    let version = pair
        .and_then(|pair| pair.value.as_deref())
        .ok_or_else(|| bad("its version is missing"))?;
    let major = |version: &str| {
        version
            .split('.')
            .next()
            .and_then(|major| major.parse::<u32>().ok())
    };
    match (major(version), major(VERSION)) {
        (Some(theirs), Some(ours)) if theirs > ours => Err(Error::format(format!(
            "the profile file is of format {version}, this library reads up to {VERSION}; upgrade tidegauge"
        ))),
        (None, _) => Err(bad(format!("version {version:?}"))),
        _ => Ok(()),
    }
}

fn check_sizes(metadata: &ParquetMetaData, len: usize) -> Result<()> {
    let most = len.saturating_mul(MOST_EXPANSION).max(SMALL) as i64;
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let range = column.byte_range();
        let inside = range.0.checked_add(range.1).is_some_and(|end| end <= len as u64);
        if !inside || column.uncompressed_size() > most || column.num_values() > most {
            return Err(bad(format!(
                "the sizes of {} are impossible",
                column.column_path()
            )));
        }
    }
    Ok(())
}

/// Rows come in order of profile; a new number begins a new one.
struct RowReader<'a> {
    selection: &'a Selection,
    profiles: Vec<Profile>,
    number: Option<i32>,
    is_wanted: bool,
    row: usize,
}

impl RowReader<'_> {
    fn read(&mut self, batch: &RecordBatch) -> Result<()> {
        let source = Source { batch };
        let known: Vec<_> = fields()
            .into_iter()
            .map(|field| (batch.column_by_name(field.name), field))
            .collect();
        let numbers = source.required("profile", &DataType::Int32)?;
        let numbers = numbers.as_primitive::<Int32Type>();
        for row in 0..batch.num_rows() {
            let place = format!("row {}", self.row);
            if self.number != Some(numbers.value(row)) {
                self.number = Some(numbers.value(row));
                let profile = source.profile(row).map_err(|error| bad(error.at(&place)))?;
                self.is_wanted = self.selection.wants(&profile.metadata);
                if self.is_wanted {
                    self.profiles.push(profile);
                }
            }
            let Some(profile) = self.profiles.last_mut().filter(|_| self.is_wanted) else {
                self.row += 1;
                continue;
            };
            if let Some(name) = source.text("column", row)? {
                let mut draft = Draft::new(&name);
                for (array, field) in &known {
                    let Some(array) = array.filter(|array| array.is_valid(row)) else {
                        continue;
                    };
                    read_cell(&mut draft, array, row, &field.access).map_err(|error| {
                        bad(error.at(format!("{place}, column {name:?}, field {}", field.name)))
                    })?;
                }
                let mut column = draft
                    .finish()
                    .map_err(|error| bad(error.at(format!("{place}, column {name:?}"))))?;
                source.rest(row, &mut column)?;
                profile.columns.push(Arc::new(column));
            }
            self.row += 1;
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<Profile>> {
        for profile in &self.profiles {
            let mut names: Vec<&str> = profile.columns.iter().map(|column| &*column.name).collect();
            names.sort_unstable();
            if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(bad(format!("column {:?} occurs twice in one profile", pair[0])));
            }
            let mut correlated = profile
                .correlation
                .iter()
                .flat_map(|correlation| &correlation.columns);
            if let Some(name) = correlated.find(|name| names.binary_search(&name.as_str()).is_err()) {
                return Err(bad(format!(
                    "it correlates {name:?}, which is no column of the profile"
                )));
            }
        }
        Ok(self.profiles)
    }
}

fn read_cell(draft: &mut Draft, array: &ArrayRef, row: usize, access: &Access) -> Result<()> {
    let mismatch = || Error::format(format!("it is {}", array.data_type()));
    let int = || {
        array
            .as_primitive_opt::<Int64Type>()
            .map(|array| array.value(row))
            .ok_or_else(mismatch)
    };
    let natural = || {
        int()
            .and_then(|value| u64::try_from(value).map_err(|_| Error::format(format!("{value} is negative"))))
    };
    match access {
        Access::Int(_, set) => set(draft, natural()? as i64),
        Access::Count(at) => draft.counts[*at] = natural()?,
        Access::Type(at) => draft.types[*at] = natural()?,
        Access::Float(_, set) => {
            set(
                draft,
                array
                    .as_primitive_opt::<Float64Type>()
                    .ok_or_else(mismatch)?
                    .value(row),
            );
        }
        Access::Text(_, set) => {
            return set(
                draft,
                array.as_string_opt::<i32>().ok_or_else(mismatch)?.value(row),
            );
        }
        Access::Bytes(_, set) => {
            return set(
                draft,
                array.as_binary_opt::<i32>().ok_or_else(mismatch)?.value(row),
            );
        }
    }
    Ok(())
}

struct Source<'a> {
    batch: &'a RecordBatch,
}

impl Source<'_> {
    fn required(&self, name: &str, data_type: &DataType) -> Result<&ArrayRef> {
        let array = self
            .batch
            .column_by_name(name)
            .ok_or_else(|| bad(format!("field {name} is missing")))?;
        if array.data_type() != data_type || array.null_count() > 0 {
            return Err(bad(format!(
                "field {name} is {} with {} nulls",
                array.data_type(),
                array.null_count()
            )));
        }
        Ok(array)
    }

    fn optional(&self, name: &str, row: usize) -> Option<&ArrayRef> {
        self.batch
            .column_by_name(name)
            .filter(|array| array.is_valid(row))
    }

    fn text(&self, name: &str, row: usize) -> Result<Option<String>> {
        let Some(array) = self.optional(name, row) else {
            return Ok(None);
        };
        let texts = array
            .as_string_opt::<i32>()
            .ok_or_else(|| bad(format!("field {name} is {}", array.data_type())))?;
        Ok(Some(texts.value(row).to_owned()))
    }

    /// A truth that is false where the field is not there.
    fn flag(&self, name: &str, row: usize) -> Result<bool> {
        let Some(array) = self.optional(name, row) else {
            return Ok(false);
        };
        let flags = array.as_boolean_opt();
        Ok(flags
            .ok_or_else(|| bad(format!("field {name} is {}", array.data_type())))?
            .value(row))
    }

    fn time(&self, name: &str, row: usize) -> Result<Option<i64>> {
        let Some(array) = self.optional(name, row) else {
            return Ok(None);
        };
        let times = array.as_primitive_opt::<TimestampMicrosecondType>();
        Ok(Some(
            times
                .ok_or_else(|| bad(format!("field {name} is {}", array.data_type())))?
                .value(row),
        ))
    }

    /// A count that older files do not have.
    fn count(&self, name: &str, row: usize) -> Result<u64> {
        let Some(array) = self.optional(name, row) else {
            return Ok(0);
        };
        let counts = array
            .as_primitive_opt::<Int64Type>()
            .ok_or_else(|| bad(format!("field {name} is {}", array.data_type())))?;
        let count = counts.value(row);
        u64::try_from(count).map_err(|_| Error::format(format!("field {name} is {count}")))
    }

    /// Keys and values of a map field.
    fn pairs(&self, name: &str, row: usize) -> Result<Vec<(String, ArrayRef)>> {
        let Some(array) = self.optional(name, row) else {
            return Ok(Vec::new());
        };
        let wrong = || bad(format!("field {name} is {}", array.data_type()));
        let entries = array.as_map_opt().ok_or_else(wrong)?.value(row);
        let keys = entries.column(0).as_string_opt::<i32>().ok_or_else(wrong)?;
        Ok((0..entries.len())
            .map(|at| (keys.value(at).to_owned(), entries.column(1).slice(at, 1)))
            .collect())
    }

    fn profile(&self, row: usize) -> Result<Profile> {
        let text = |array: &ArrayRef| {
            let texts = array
                .as_string_opt::<i32>()
                .ok_or_else(|| Error::format("a map holds no texts"))?;
            Ok(texts.is_valid(0).then(|| texts.value(0).to_owned()))
        };
        let segment = self
            .pairs("segment", row)?
            .iter()
            .map(|(key, value)| Ok((key.clone(), text(value)?)))
            .collect::<Result<_>>()?;
        let tags = self
            .pairs("tags", row)?
            .iter()
            .map(|(key, value)| Ok((key.clone(), text(value)?.unwrap_or_default())))
            .collect::<Result<_>>()?;
        let records = self
            .required("profile_records", &DataType::Int64)?
            .as_primitive::<Int64Type>()
            .value(row);
        let metadata = Metadata {
            dataset: self.text("dataset", row)?,
            window: self.time("window_start", row)?.zip(self.time("window_end", row)?),
            segment,
            other: self.flag("segment_other", row)?,
            created: self.time("created", row)?.unwrap_or_default(),
            tags,
            writer: self.text("writer", row)?.unwrap_or_default(),
            late_records: self.count("late_records", row)?,
            early_records: self.count("early_records", row)?,
        };
        let records = u64::try_from(records).map_err(|_| Error::format(format!("{records} records")))?;
        let conditions = match self.optional("conditions", row) {
            Some(array) => {
                conditions::read(array, row, records).map_err(|error| error.at("field conditions"))?
            }
            None => Vec::new(),
        };
        let correlation = self
            .optional("correlation", row)
            .map(|array| {
                correlation::read(array, row, records).map_err(|error| error.at("field correlation"))
            })
            .transpose()?;
        Ok(Profile {
            metadata,
            records,
            columns: Vec::new(),
            conditions,
            correlation,
        })
    }

    /// Metrics of plug-ins, and what this version does not know.
    fn rest(&self, row: usize, column: &mut Column) -> Result<()> {
        for (name, value) in self.pairs("extensions", row)? {
            let bytes = value
                .as_binary_opt::<i32>()
                .ok_or_else(|| bad("extensions hold no bytes"))?;
            let read = extensions::decode(bytes.value(0), column.counts.records).map_err(|error| {
                bad(error.at(format!("column {:?}, field extensions, {name:?}", column.name)))
            })?;
            column.extensions.insert(name, read);
        }
        let schema = self.batch.schema_ref();
        for (field, array) in schema.fields().iter().zip(self.batch.columns()) {
            let known = PROFILE_FIELDS.contains(&field.name().as_str())
                || FIELD_NAMES.contains(&field.name().as_str());
            if !known {
                column.unknown.push((field.clone(), array.slice(row, 1)));
            }
        }
        Ok(())
    }
}
