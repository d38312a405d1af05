//! Which order makes the smallest file: a sample of each is encoded.
//!
//! ```text
//! small stacks   the whole file, arranged                                     its size
//! others         stored frames  [..run..]        [..run..]        [..run..]   as an estimate takes them
//!                bytes a frame x stored frames + what the arrangement costs
//! ```
//!
//! Another order than the stack's own is taken only where it saves at least 0.5 %: it makes reading harder.

use std::path::Path;

use stack_core::{Arrangement, Error, FrameSource, Limits, Progress, Result, StoredOrder};
use stack_grouping::places;

use crate::estimate::{Arranged, is_sampled_whole, sample};
use crate::survey::Survey;
use crate::{Job, Method, Order};

/// The share of the file that another order must save.
const LEAST_GAIN: f64 = 0.005;

/// The order with the smallest estimate, and its arrangement.
pub(crate) fn smallest(
    method: &dyn Method,
    source: &mut dyn FrameSource,
    survey: &Survey,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<(Order, Arrangement)> {
    let scratch = tempfile::tempdir().map_err(Error::io("create a folder in", std::env::temp_dir()))?;
    let mut best: Option<(f64, Order, Arrangement)> = None;
    for order in [Order::None, Order::Hash, Order::Nearest] {
        let arrangement = match order {
            Order::Hash => survey.by_hash(source, progress)?,
            Order::Nearest => survey.by_neighbours(source, limits, progress)?,
            Order::None | Order::Auto => survey.distinct.clone(),
        };
        let job = Job { spec: method.spec(), arrangement, limits, progress };
        let bytes = size(method, source, &job, scratch.path())?;
        tracing::info!(%order, bytes, "tried an order on a sample");
        let to_beat = best.as_ref().map_or(f64::INFINITY, |(smallest, best, _)| {
            if *best == Order::None { smallest * (1.0 - LEAST_GAIN) } else { *smallest }
        });
        if bytes < to_beat {
            best = Some((bytes, order, job.arrangement));
        }
    }
    let (_, order, arrangement) = best.expect("three orders were tried");
    Ok((order, arrangement))
}

/// Bytes of the file, or an estimate for a large stack.
fn size(method: &dyn Method, source: &mut dyn FrameSource, job: &Job<'_>, scratch: &Path) -> Result<f64> {
    if is_sampled_whole(source.header()) {
        let file = scratch.join(format!("whole{}", method.extension()));
        method.encode(source, &file, job)?;
        return std::fs::metadata(&file).map(|file| file.len() as f64).map_err(Error::io("read", &file));
    }
    let raw = source.header().raw_bytes();
    let mut stored = StoredOrder::new(source, &job.arrangement)?;
    let sampled = sample(&mut stored, method, Arranged::Already, scratch, job.limits, job.progress)?;
    let bytes = sampled.bytes_per_frame() * job.arrangement.stored() as f64;
    if job.arrangement.is_identity() {
        return Ok(bytes);
    }
    // The places; in HDF5 also a virtual dataset, which takes at most this share of the samples.
    let virtual_stack = if method.extension().ends_with(".h5") { raw / 1024 } else { 0 };
    Ok(bytes + places::to_bytes(&job.arrangement).len() as f64 + virtual_stack as f64)
}
