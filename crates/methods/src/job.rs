//! What is decided before a method encodes: where each frame goes, and how the file names its method.
//!
//! ```text
//! pass 1   frames --BLAKE3--> equal frames have one place          (and the range of the samples, where it is needed)
//! pass 2   distinct frames --grey levels--> hashes or thumbnails --> their order      only with order=
//! ```
//!
//! Memory: about 100 bytes a frame for the first pass, and a hash or a thumbnail for each distinct frame of the second.

#[cfg(any(feature = "hdf5", feature = "video"))]
use stack_core::ErrorBound;
use stack_core::{Arrangement, FrameSource, Limits, Progress, Result};

#[cfg(any(feature = "hdf5", feature = "video"))]
use crate::envelope::Envelope;
use crate::survey::Survey;
use crate::{Method, MethodSpec, Order, trial};

/// Everything that [`Method::encode`] is told beside the source and the name of the file.
pub struct Job<'a> {
    /// What the file shall say of its method.
    pub spec: MethodSpec,
    /// Where each frame is stored; equal frames have one place.
    pub arrangement: Arrangement,
    /// Limits for buffers of frames and chunks.
    pub limits: &'a Limits,
    /// Where the work reports to.
    pub progress: &'a dyn Progress,
}

impl<'a> Job<'a> {
    /// Looks through `source` and decides: equal frames are stored once, in the method's order.
    ///
    /// One pass finds equal frames. An order takes one more, `order=auto` two and the encoding of samples.
    ///
    /// # Errors
    /// Those of the source, and [`Error::Cancelled`](stack_core::Error::Cancelled).
    pub fn plan(
        method: &dyn Method,
        source: &mut dyn FrameSource,
        limits: &'a Limits,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let (order, keeps_duplicates) = (method.order(), method.keeps_duplicates());
        let grey = matches!(order, Order::Hash | Order::Auto);
        let survey = Survey::of(source, grey, keeps_duplicates, progress)?;
        let mut spec = method.spec();
        let arrangement = match order {
            Order::None => survey.distinct,
            Order::Hash => survey.by_hash(source, progress)?,
            Order::Nearest => survey.by_neighbours(source, limits, progress)?,
            Order::Auto => {
                let (best, arrangement) = trial::smallest(method, source, &survey, limits, progress)?;
                spec = spec.arranged(best, keeps_duplicates)?;
                arrangement
            }
        };
        Ok(Self { spec, arrangement, limits, progress })
    }

    /// The same with the frames as they come, whatever order the method has.
    ///
    /// # Errors
    /// As [`Job::plan`].
    pub fn in_order(
        method: &dyn Method,
        source: &mut dyn FrameSource,
        limits: &'a Limits,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let arrangement = Survey::of(source, false, method.keeps_duplicates(), progress)?.distinct;
        Ok(Self { spec: method.spec(), arrangement, limits, progress })
    }

    /// The envelope that the file shall carry.
    #[cfg(any(feature = "hdf5", feature = "video"))]
    pub(crate) fn envelope(&self, promise: ErrorBound) -> Envelope {
        Envelope::new(self.spec.clone(), promise)
    }
}
