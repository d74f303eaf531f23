//! The profile file: Parquet, one row a (profile, column), sketches in Apache's bytes.
//!
//! The specification is `contracts/profile-format.md`. [`fields`] is the one list of what a row
//! holds; [`encode`] and [`decode`] go through it. The whole file is covered by a checksum in its
//! metadata, so that an altered byte is an error and never a wrong number.

mod checksum;
mod conditions;
mod correlation;
mod extensions;
mod fields;
mod many;
mod read;
mod selection;
mod write;

pub use fields::{FIELD_NAMES, field_names};
pub use many::read_files;
pub use read::{decode, decode_selected};
pub use selection::Selection;
pub use write::encode;

/// Version of the format, `major.minor`: readers refuse a newer major one.
pub const VERSION: &str = "1.2";

/// Metadata key of the version.
pub const VERSION_KEY: &str = "tidegauge.format_version";

/// Metadata key of what the sketches' bytes need to be understood.
pub const PROVENANCE_KEY: &str = "tidegauge.provenance";

/// Metadata key of the checksum.
pub const CHECKSUM_KEY: &str = "tidegauge.checksum";

/// How values were hashed and encoded.
pub const PROVENANCE: &str = concat!(
    "library=tidegauge ",
    env!("CARGO_PKG_VERSION"),
    "; hash=murmur3-x64-128 seed 9001; integers=8 bytes little-endian; ",
    "doubles=canonical (-0 as 0, one NaN); strings=UTF-8; booleans=0 and 1 as integers; ",
    "temporal=microseconds, dates days; kll=doubles k 1024; hll=lg_k 12; ",
    "frequent_items=strings lg_max 10"
);
