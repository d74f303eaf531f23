//! Which collectors wait for Python code of the user's, on this thread.
//!
//! A metric or a function that logs to the very collector that calls it would wait for itself for ever.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

thread_local! {
    static CALLING: RefCell<Vec<Owner>> = const { RefCell::new(Vec::new()) };
}

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A collector, as those know it that it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner(u64);

impl Owner {
    /// One that no other collector is.
    pub(crate) fn new() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// Whether this thread runs code that the collector has called.
    pub(crate) fn is_calling(self) -> bool {
        CALLING.with_borrow(|calling| calling.contains(&self))
    }

    /// Calls code of the user's.
    pub(crate) fn call<T>(self, work: impl FnOnce() -> T) -> T {
        struct Called;
        impl Drop for Called {
            fn drop(&mut self) {
                CALLING.with_borrow_mut(Vec::pop);
            }
        }
        CALLING.with_borrow_mut(|calling| calling.push(self));
        let _called = Called;
        work()
    }
}
