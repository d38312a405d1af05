//! Which order makes the smallest file: a sample of each is encoded.
//!
//! ```text
//! each order   stored frames  [..run..]        [..run..]        [..run..]     as an estimate takes them
//! size         bytes a frame x stored frames + bytes of the places
//! ```
//!
//! Another order than the stack's own is taken only where it is smaller.

use stack_core::{Arrangement, Error, FrameSource, Limits, Progress, Result, StoredOrder};
use stack_grouping::places;

use crate::estimate::{Arranged, sample};
use crate::survey::Survey;
use crate::{Method, Order};

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
        let mut stored = StoredOrder::new(source, &arrangement)?;
        let sampled = sample(&mut stored, method, Arranged::Already, scratch.path(), limits, progress)?;
        let places = if arrangement.is_identity() { 0 } else { places::to_bytes(&arrangement).len() };
        let bytes = sampled.bytes_per_frame() * arrangement.stored() as f64 + places as f64;
        tracing::info!(%order, bytes, "tried an order on a sample");
        if best.as_ref().is_none_or(|(smallest, ..)| bytes < *smallest) {
            best = Some((bytes, order, arrangement));
        }
    }
    let (_, order, arrangement) = best.expect("three orders were tried");
    Ok((order, arrangement))
}
