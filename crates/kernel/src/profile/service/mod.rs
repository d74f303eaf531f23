//! What a collector needs that never rests, beside what every collector does.

mod horizon;
mod moments;
mod rare;
mod take;

pub(super) use horizon::Horizon;
pub(super) use moments::Moments;
