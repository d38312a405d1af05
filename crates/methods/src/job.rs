//! What is decided before a method encodes: where each frame goes, and how the file names its method.
//!
//! ```text
//! pass 1   frames --BLAKE3--> equal frames have one place          (and the range of the samples, where it is needed)
//! pass 2   distinct frames --grey levels--> hashes or thumbnails --> their order      only with order=
//! ```
//!
//! Memory: about 100 bytes a frame for the first pass, and a hash or a thumbnail for each distinct frame of the second.

use stack_core::{Arrangement, ErrorBound, FrameSource, Limits, Progress, Result};

use crate::envelope::Envelope;
use crate::survey::Survey;
use crate::{Method, MethodSpec, Order};

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
    /// Looks through `source` once or twice and decides: equal frames are stored once, in the method's order.
    ///
    /// # Errors
    /// Those of the source, and [`Error::Cancelled`](stack_core::Error::Cancelled).
    pub fn plan(
        method: &dyn Method,
        source: &mut dyn FrameSource,
        limits: &'a Limits,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let survey = Survey::of(source, method.order() != Order::None, progress)?;
        let arrangement = survey.distinct;
        Ok(Self { spec: method.spec(), arrangement, limits, progress })
    }

    /// The envelope that the file shall carry.
    pub(crate) fn envelope(&self, promise: ErrorBound) -> Envelope {
        Envelope::new(self.spec.clone(), promise)
    }
}
