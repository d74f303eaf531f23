//! All cores, also after a fork.
//!
//! Threads do not survive a fork, so a process that forked (gunicorn, multiprocessing) would wait
//! for ever for the pool of its parent: each process has a pool of its own, made when first needed.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, PoisonError};

static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);

fn pool() -> Option<Arc<ThreadPool>> {
    let process = std::process::id();
    let mut held = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    match &*held {
        Some((owner, pool)) if *owner == process => Some(pool.clone()),
        _ => {
            let named = ThreadPoolBuilder::new().thread_name(|number| format!("tidegauge-{number}"));
            let pool = Arc::new(named.build().ok()?);
            // The parent's pool has no threads here: dropping it would wait for them.
            std::mem::forget(held.replace((process, pool.clone())));
            Some(pool)
        }
    }
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

/// Applies a function to each item, on all cores when there are several; results in the items' order.
pub fn map<T: Sync, R: Send>(items: &[T], apply: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match items {
        [] | [_] => items.iter().map(apply).collect(),
        many => run(|| many.par_iter().map(apply).collect()),
    }
}
