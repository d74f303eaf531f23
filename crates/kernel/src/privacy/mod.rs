//! What of a column's values may be read from its profile.
//!
//! [`Settings`] say what is wanted while data is folded: values are rounded *before* they enter any metric,
//! hashes are keyed *before* they enter the distinct count; rare values are left out, and listed ones
//! renamed, when the column is frozen, which is before anything can leave the process. [`Statement`] is what
//! a profile says of it, without the key; it merges as the metrics do.

mod rounding;
mod secret;
mod settings;
mod statement;

pub use rounding::Rounding;
pub use secret::Secret;
pub use settings::Settings;
pub(crate) use settings::keyed;
pub use statement::{Extent, Showing, Statement};
