//! Samples: which records to keep for a human to look at, in bounded memory.
//!
//! A [`Sampling`] is shown records as they come, as Arrow batches or one by one, and asks each of its samplers
//! which of them enter. A sampler never sees whole records: it reads the columns it decides by, and notes the
//! records it wants by their place in the order of arrival. Only records that some sampler wants are copied,
//! once, and those that none wants any more are dropped: memory is bounded by the sizes of the samples and by
//! how wide a record is, never by batches.
//!
//! Out comes a [`Sample`]: rows, and for each what its sampler knows of it. Two samples of one kind merge into
//! the sample of all the records that either saw. Samples are no part of a profile, which holds no records.
//!
//! | kind | keeps | merging |
//! |---|---|---|
//! | [`reservoir`](Spec::Reservoir) | every record with the same chance | the smallest random priorities |
//! | [`stratified`](Spec::Stratified) | the same in each stratum | by stratum |
//! | [`weighted`](Spec::Weighted) | a record by its weight: VarOpt | VarOpt of adjusted weights |
//! | [`outliers`](Spec::Outliers) | the most extreme values beyond two quantiles | the most extreme |
//! | [`rare`](Spec::Rare) | records with a rare value | the smallest random priorities |
//! | [`failing`](Spec::Failing) | records of which a condition is false | the smallest random priorities |

mod bottom;
mod chunk;
mod datum;
mod failing;
mod file;
mod item;
mod outliers;
mod pool;
mod rare;
mod reservoir;
mod sample;
mod sampler;
mod sampling;
mod shape;
mod source;
mod spec;
mod stratified;
mod varopt;
mod weighted;

pub use chunk::{Chunk, Record};
pub use datum::{Datum, column};
pub use file::{KEY, decode, encode};
pub use item::{Facts, Group, Item};
pub use sample::{Estimate, Sample};
pub use sampling::Sampling;
pub use source::Source;
pub use spec::Spec;
