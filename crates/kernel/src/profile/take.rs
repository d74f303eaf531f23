//! Taking out all that a collector gathered, so that it starts anew.

use super::collector::Collector;
use super::targets::WHOLE;

impl Collector {
    /// Takes out all that was gathered, in a time that does not depend on how much it is.
    ///
    /// What stays are the wishes and what was learnt: the columns' names, and so their order, whether
    /// conditions found theirs, and which segments there are, so that the limit on their number holds for all
    /// that is ever taken. The profiles of all of it merge to the profiles of the whole. Call it between records.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let gathered = std::mem::take(&mut self.targets);
        let mut full = self.clone();
        full.targets = gathered;
        self.under_way = vec![WHOLE];
        self.waiting = (0, 0);
        full
    }
}
