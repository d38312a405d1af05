//! Work that other threads do while this one reads or writes.

use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

/// The result of a task in rayon's pool, to be waited for.
#[derive(Debug)]
pub(crate) struct Pending<T> {
    result: Receiver<T>,
}

impl<T: Send + 'static> Pending<T> {
    /// Gives `task` to the current pool.
    pub(crate) fn spawn(task: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, result) = sync_channel(1);
        rayon::spawn(move || {
            // Nobody waits for the result any more when the reader or writer was dropped.
            let _ = sender.send(task());
        });
        Self { result }
    }

    /// The result once the task is done; `None` if the pool dropped the task.
    pub(crate) fn wait(self) -> Option<T> {
        // A thread of the pool must not block: with one thread, nobody else would run the task.
        while rayon::current_thread_index().is_some() {
            match self.result.try_recv() {
                Ok(result) => return Some(result),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {
                    if rayon::yield_now() != Some(rayon::Yield::Executed) {
                        std::thread::yield_now();
                    }
                }
            }
        }
        self.result.recv().ok()
    }
}

/// How many chunks of `chunk_bytes` may be on their way at once: two for each thread, as far as two buffers for
/// each stay within 256 MiB and within half of `memory_bytes`, and at least one.
pub(crate) fn in_flight(chunk_bytes: usize, memory_bytes: u64) -> usize {
    const BUDGET: u64 = 256 << 20;
    let fitting = BUDGET.min(memory_bytes / 2) / (chunk_bytes as u64).saturating_mul(2).max(1);
    (fitting as usize).clamp(1, 2 * rayon::current_num_threads())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_of_a_pool_of_one_can_wait() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(pool.install(|| Pending::spawn(|| 42).wait()), Some(42));
        assert_eq!(Pending::spawn(|| 43).wait(), Some(43));
    }

    #[test]
    fn large_chunks_are_fewer() {
        assert_eq!(in_flight(1 << 30, u64::MAX), 1);
        assert!(in_flight(64 << 20, u64::MAX) <= 2);
        assert_eq!(in_flight(1, u64::MAX), 2 * rayon::current_num_threads());
        assert_eq!(in_flight(1 << 20, 4 << 20), 1);
    }
}
