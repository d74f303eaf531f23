//! Records that come value by value.

use super::Collector;
use super::builder::ProfileBuilder;
use super::conditions::OBSERVED;
use super::targets::WHOLE;
use crate::columns::Value;

/// Records, and bytes of texts, that wait in all profiles together before all are folded: memory must not
/// grow with the number of segments that have seen a few records each.
const MOST_WAITING: (usize, usize) = (1 << 16, 1 << 24);

impl Collector {
    /// The number under which values of a column are pushed; `None` when nothing wants them.
    pub fn column_number(&mut self, name: &str) -> Option<usize> {
        if !self.schema.wants(name) {
            if self.schema.columns.contains_key(name) {
                self.watch.leave_out(name);
            }
            return self.watch.observed(name);
        }
        let number = self.names.number(name);
        self.watch.notice(name, number);
        Some(number)
    }

    /// Makes a column part of the profile before it has a value.
    pub fn touch(&mut self, number: usize) {
        if self.window().is_none() && self.segments.has_total() && number < OBSERVED {
            let known = (&self.names, &*self.schema);
            self.targets.at(WHOLE).touch(number, known.0, known.1);
        }
    }

    /// Notes the Arrow type that values of a column would have.
    pub fn note_arrow_type(&mut self, number: usize, name: &str) {
        if number >= OBSERVED {
            return;
        }
        for &target in &self.under_way {
            let builder = self.targets.at(target);
            builder.note_arrow_type(number, name, &self.names, &self.schema);
        }
    }

    /// The number of a column inside another one, `parent.child` or `parent[]`.
    pub fn nested_number(&mut self, parent: usize, path: &str) -> usize {
        if parent >= OBSERVED || !self.schema.shows(path) {
            return self.watch.observed_inside(path);
        }
        let number = self.names.number(path);
        self.watch.notice(path, number);
        number
    }

    /// Adds one value of the record.
    #[inline]
    pub fn push(&mut self, number: usize, value: Value<'_>) {
        self.watch.push(number, value);
        if number >= OBSERVED {
            return;
        }
        for &target in &self.under_way {
            let builder = self.targets.at(target);
            self.rows
                .push(builder, number, value, (&self.names, &self.schema));
            self.waiting.1 += builder.push(number, value, &self.names, &self.schema);
        }
    }

    /// Ends the record.
    #[inline]
    pub fn end_record(&mut self) {
        if let Some((conditions, record)) = self.watch.record() {
            if let [only] = self.under_way[..] {
                self.targets.at(only).count_record(conditions, record);
            } else {
                let mut tallies = Vec::new();
                conditions.count_record(record, &mut tallies);
                let builders = self.under_way.iter();
                builders.for_each(|&target| self.targets.at(target).add_tallies(&tallies));
            }
            record.clear();
        }
        for &target in &self.under_way {
            let builder = self.targets.at(target);
            if builder.end_record() {
                builder.flush();
            }
        }
        self.waiting.0 += 1;
        if self.waiting.0 >= MOST_WAITING.0 || self.waiting.1 >= MOST_WAITING.1 {
            self.flush();
        }
    }

    /// Counts records whose columns were, or will be, added one by one.
    pub fn add_records(&mut self, count: u64) {
        for &target in &self.under_way {
            self.targets.at(target).add_records(count);
        }
    }

    /// Whether the values pushed for the record under way take so much memory that it is time to
    /// [`Self::flush`].
    pub fn is_heavy(&mut self) -> bool {
        let Self {
            under_way, targets, ..
        } = self;
        self.waiting.1 >= MOST_WAITING.1 || under_way.iter().any(|&target| targets.at(target).is_heavy())
    }

    /// Ends a batch that came value by value: metrics of the user's see it for itself.
    pub fn end_batch(&mut self) {
        if !self.schema.custom.is_empty() {
            self.flush();
        }
    }

    /// Folds all that waits.
    pub fn flush(&mut self) {
        self.waiting = (0, 0);
        self.targets.iter_mut().for_each(ProfileBuilder::flush);
    }
}
