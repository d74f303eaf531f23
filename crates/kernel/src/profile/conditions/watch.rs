//! What a collector needs to count conditions: which values belong to which column of theirs.

use super::{Condition, Conditions, Outcomes, Tally};
use crate::columns::Value;
use crate::expressions::{Cells, Inputs};
use crate::profile::derived::Derived;
use crate::profile::names::Names;
use crate::profile::nearest::nearest;
use crate::{Error, Result};
use arrow_schema::{DataType, Field};
use std::collections::BTreeSet;
use std::sync::Arc;

/// From here on numbers are of columns that conditions need and the profile does not.
pub(in crate::profile) const OBSERVED: usize = 1 << 40;

/// Not a column of any condition.
const NONE: u32 = u32::MAX;

/// The conditions of a collector, and the record under way.
#[derive(Debug, Clone, Default)]
pub(in crate::profile) struct Watch {
    conditions: Arc<Conditions>,
    paused: bool,
    /// By the number of a column: which column of the conditions it is.
    slots: Vec<u32>,
    /// Columns that are not profiled, and the same of them.
    observed: Names,
    observed_slots: Vec<u32>,
    /// Columns that came and that the schema names to leave them out.
    left_out: BTreeSet<String>,
    record: Cells,
    /// Whether each column of the conditions was ever there.
    seen: Vec<bool>,
    checked: bool,
    derived_checked: bool,
}

impl Watch {
    pub(in crate::profile) fn new(conditions: Conditions) -> Self {
        let columns = conditions.columns().len();
        Self {
            conditions: Arc::new(conditions),
            record: Cells::new(columns),
            seen: vec![false; columns],
            ..Self::default()
        }
    }

    /// The same conditions for a part of the data.
    pub(in crate::profile) fn part(&self) -> Self {
        Self {
            conditions: self.conditions.clone(),
            record: Cells::new(self.seen.len()),
            seen: vec![false; self.seen.len()],
            checked: true,
            derived_checked: true,
            ..Self::default()
        }
    }

    pub(in crate::profile) fn merge(&mut self, part: &Self) {
        for (mine, theirs) in self.seen.iter_mut().zip(&part.seen) {
            *mine |= theirs;
        }
        self.left_out.extend(part.left_out.iter().cloned());
    }

    pub(in crate::profile) fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// The conditions, when there are any and what comes in are whole records.
    #[inline]
    pub(in crate::profile) fn active(&self) -> Option<&Conditions> {
        (!self.conditions.is_empty() && !self.paused).then_some(&*self.conditions)
    }

    pub(in crate::profile) fn set_watching(&mut self, watching: bool) {
        self.paused = !watching;
        self.record.clear();
    }

    /// Which column of the conditions has that name.
    fn slot(&mut self, name: &str) -> u32 {
        match self.conditions.columns().iter().position(|column| column == name) {
            Some(slot) => {
                self.seen[slot] = true;
                slot as u32
            }
            None => NONE,
        }
    }

    /// Learns the number of a column that is profiled.
    pub(in crate::profile) fn notice(&mut self, name: &str, number: usize) {
        if self.conditions.is_empty() {
            return;
        }
        let slot = self.slot(name);
        if slot != NONE {
            place(&mut self.slots, number, slot);
        }
    }

    /// The number of a column that is not profiled; `None` when no condition needs it either.
    pub(in crate::profile) fn observed(&mut self, name: &str) -> Option<usize> {
        if !self.conditions.needs(name) {
            return None;
        }
        Some(self.observed_inside(name))
    }

    /// Notes that a column came which the schema names and which is not profiled.
    pub(in crate::profile) fn leave_out(&mut self, name: &str) {
        self.left_out.insert(name.to_owned());
    }

    /// Columns that came although they are not profiled: those of conditions, and those that the schema names.
    pub(in crate::profile) fn came(&self) -> impl Iterator<Item = &str> {
        let columns = self.conditions.columns().iter().zip(&self.seen);
        let seen = columns.filter(|(_, seen)| **seen).map(|(name, _)| name.as_str());
        let left_out = self.left_out.iter().map(String::as_str);
        self.observed.iter().chain(seen).chain(left_out)
    }

    /// The number of a column inside such a one.
    pub(in crate::profile) fn observed_inside(&mut self, path: &str) -> usize {
        let number = self.observed.number(path);
        let slot = self.slot(path);
        place(&mut self.observed_slots, number, slot);
        OBSERVED + number
    }

    /// Which column of the conditions the values of a column are.
    #[inline]
    pub(in crate::profile) fn slot_of(&self, number: usize) -> Option<usize> {
        let slot = match number.checked_sub(OBSERVED) {
            None => self.slots.get(number),
            Some(number) => self.observed_slots.get(number),
        };
        slot.filter(|&&slot| slot != NONE).map(|&slot| slot as usize)
    }

    /// Keeps a value of the record under way, if a condition needs it.
    #[inline]
    pub(in crate::profile) fn push(&mut self, number: usize, value: Value<'_>) {
        if let Some(slot) = self.slot_of(number)
            && !self.paused
        {
            self.record.set(slot, value);
        }
    }

    /// The record under way, when it is to be counted.
    #[inline]
    pub(in crate::profile) fn record(&mut self) -> Option<(&Conditions, &mut Cells)> {
        self.active()?;
        Some((&self.conditions, &mut self.record))
    }

    /// Looks whether a table has the columns that derived ones are computed of.
    pub(in crate::profile) fn check_derived<'a>(
        &mut self,
        fields: impl Iterator<Item = &'a Field>,
        first: bool,
        derived: &Derived,
    ) -> Result<()> {
        if derived.is_empty() || self.derived_checked || !first {
            return Ok(());
        }
        let mut paths = Vec::new();
        fields.for_each(|field| add_paths(field.name().clone(), field.data_type(), &mut paths));
        let Some(missing) = derived.columns().iter().find(|column| !is_there(column, &paths)) else {
            self.derived_checked = true;
            return Ok(());
        };
        Err(Error::argument(format!(
            "derived column {:?} uses the column {missing:?}, which the data does not have{}",
            derived.using(missing).unwrap_or_default(),
            nearest(missing, paths.iter().map(|path| path.0.as_str()))
        )))
    }

    /// Looks whether a table has the columns of the conditions.
    pub(in crate::profile) fn check<'a>(
        &mut self,
        fields: impl Iterator<Item = &'a Field>,
        first: bool,
    ) -> Result<()> {
        if self.conditions.is_empty() || self.checked || !first {
            return Ok(());
        }
        let mut paths = Vec::new();
        fields.for_each(|field| add_paths(field.name().clone(), field.data_type(), &mut paths));
        let mut needed = self.conditions.columns().iter();
        if let Some(missing) = needed.find(|column| !is_there(column, &paths)) {
            let condition = self.conditions.naming(missing).unwrap_or_default();
            return Err(Error::argument(format!(
                "condition {condition:?} names the column {missing:?}, which the data does not have{}",
                nearest(missing, paths.iter().map(|path| path.0.as_str()))
            )));
        }
        self.checked = true;
        self.seen.fill(true);
        Ok(())
    }

    /// Counts the rows of some columns.
    pub(in crate::profile) fn count(&self, inputs: &Inputs) -> Vec<Tally> {
        let mut tallies = self.conditions.count(inputs);
        self.conditions.explain(&mut tallies, |column| inputs.has(column));
        tallies
    }

    /// What the conditions are for each row of some columns.
    pub(in crate::profile) fn outcomes(&self, inputs: &Inputs) -> Outcomes {
        let mut outcomes = self.conditions.outcomes(inputs);
        outcomes.explain(&self.conditions, inputs);
        outcomes
    }

    /// The conditions as a profile keeps them.
    pub(in crate::profile) fn counted(&self, tallies: &[Tally]) -> Vec<Condition> {
        let mut tallies = tallies.to_vec();
        self.conditions.explain(&mut tallies, |column| self.seen[column]);
        self.conditions.counted(&tallies)
    }
}

/// Whether a column is among the paths, or may be inside of one.
fn is_there(column: &str, paths: &[(String, bool)]) -> bool {
    let fits = |(path, open): &(String, bool)| {
        let rest = column.strip_prefix(path.as_str());
        rest.is_some_and(|rest| rest.is_empty() || (*open && rest.starts_with('.')))
    };
    paths.iter().any(fits)
}

fn place(slots: &mut Vec<u32>, number: usize, slot: u32) {
    if slots.len() <= number {
        slots.resize(number + 1, NONE);
    }
    slots[number] = slot;
}

/// The paths of a column and of the structs in it, and whether there may be others inside of it: of Python
/// objects, which come without a type, that is not known yet.
fn add_paths(path: String, data_type: &DataType, paths: &mut Vec<(String, bool)>) {
    if let DataType::Struct(fields) = data_type {
        for field in fields {
            add_paths(format!("{path}.{}", field.name()), field.data_type(), paths);
        }
    }
    paths.push((path, *data_type == DataType::Null));
}
