//! Work on bytes that may be anybody's, by readers that do not promise to survive them.
//!
//! A panic of such a reader is an error of ours, and is not reported on the screen.

use crate::{Error, Result};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static QUIET: Once = Once::new();

/// Does the work; a panic in it is an error of broken data that says `what`.
///
/// # Errors
/// Those of the work, and its panics on this thread.
pub fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    QUIET.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                report(panic);
            }
        }));
    });
    let before = GUARDED.replace(true);
    // What a panic leaves half done is dropped, or is a column that lacks the rest of a batch.
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.unwrap_or_else(|_| Err(Error::data(what)))
}
