//! All cores, also after a fork.
//!
//! Threads do not survive a fork, so a process that forked (gunicorn, multiprocessing) would wait
//! for ever for the pool of its parent: each process has a pool of its own, made when first needed.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, TryLockError};
use std::thread::yield_now;

/// The process that the pool is of, and the pool.
type Slot = Option<(u32, Arc<ThreadPool>)>;

static POOL: Mutex<Slot> = Mutex::new(None);

/// How often the slot is asked for: it is held for some instructions only.
const PATIENCE: usize = 1_000;

/// Looks into the slot. `None` when it cannot be had: a process that was forked off just when another thread
/// held it will never have it, and must not wait for it.
fn with_slot<T>(look: impl FnOnce(&mut Slot) -> T) -> Option<T> {
    for _ in 0..PATIENCE {
        match POOL.try_lock() {
            Ok(mut slot) => return Some(look(&mut slot)),
            Err(TryLockError::Poisoned(poisoned)) => return Some(look(&mut poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => yield_now(),
        }
    }
    None
}

fn pool() -> Option<Arc<ThreadPool>> {
    let process = std::process::id();
    let mine = |slot: &mut Slot| {
        let owned = slot.as_ref().filter(|(owner, _)| *owner == process);
        owned.map(|(_, pool)| pool.clone())
    };
    if let Some(pool) = with_slot(mine)? {
        return Some(pool);
    }
    // Made outside of the slot, for it takes long; should two threads make one, one of the two is dropped.
    let named = ThreadPoolBuilder::new().thread_name(|number| format!("tidegauge-{number}"));
    let made = Arc::new(named.build().ok()?);
    with_slot(|slot| match mine(slot) {
        Some(pool) => pool,
        None => {
            // The parent's pool has no threads here: dropping it would wait for them.
            std::mem::forget(slot.replace((process, made.clone())));
            made
        }
    })
}

/// Does work whose parallel parts run on all cores. Without threads to be had, on this one.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if rayon::current_thread_index().is_some() {
        return work();
    }
    match pool() {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Applies a function to each item, on all cores when there are several, one by one: some may take much longer
/// than others. Results in the items' order.
pub fn map<T: Sync, R: Send>(items: &[T], apply: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match items {
        [] | [_] => items.iter().map(apply).collect(),
        many => run(|| many.par_iter().with_max_len(1).map(apply).collect()),
    }
}
