//! Values that are too rare to be told: cut off a profile when it is given out, not each part that it is merged of.
//!
//! A value that occurs once a second is rare in every second and frequent in an hour.

use crate::columns::Schema;
use crate::privacy::Settings;
use crate::profile::collector::Collector;
use crate::profile::value::{Column, Profile};

use std::sync::Arc;

impl Collector {
    /// From now on profiles list rare values too, whatever the schema says; [`Profile::without_rare_items`] cuts
    /// them off by the schema that is returned. To be called before anything is added.
    pub fn list_rare_items(&mut self) -> Arc<Schema> {
        let strict = self.schema.clone();
        let schema = Arc::make_mut(&mut self.schema);
        let columns = schema.columns.values_mut().map(|spec| &mut spec.privacy);
        for settings in columns.chain([&mut schema.privacy]).flatten() {
            if settings.stated.min_count > 1 {
                let mut lax = Settings::clone(settings);
                lax.stated.min_count = 1;
                *settings = Arc::new(lax);
            }
        }
        strict
    }
}

impl Profile {
    /// The same without the frequent items that a schema takes for too rare to be told.
    #[must_use]
    pub fn without_rare_items(&self, schema: &Schema) -> Self {
        let cut = |column: &Arc<Column>| {
            let wanted = schema.privacy_of(&column.name);
            let min_count = wanted.map_or(1, |settings| settings.stated.min_count);
            if min_count <= column.privacy.min_count {
                return column.clone();
            }
            let mut column = Column::clone(column);
            column.privacy.min_count = min_count;
            column.frequent_items = column
                .frequent_items
                .take()
                .map(|items| items.at_least(min_count));
            Arc::new(column)
        };
        Self {
            columns: self.columns.iter().map(cut).collect(),
            ..self.clone()
        }
    }
}
