//! `pca`: a stack as its mean frame, its first principal components, and a few scores a frame.
//!
//! ```text
//! passes        frames --> mean, components, singular values      what is held: components, not frames
//! base          frame n ~ round(mean + sum of score[n, j] * component[j])
//! remainder     frame - base --> /residual                        with residual=lossless or residual=E
//! ```
//!
//! [`stack_transform::pca`] is the mathematics, [`stack_codec::remainder`] codes what the base leaves over. Without it
//! nothing is promised: the file says how much of the variance the components explain, and `verify` measures the rest.
//! The base is made of the stored numbers in a fixed order, so that every machine has the same.

mod encode;
mod file;
mod model;
mod options;
mod rows;

use std::path::Path;

use stack_core::{ErrorBound, FrameSource, Limits, Result, StackHeader};

pub use file::open_components;
pub use model::Components;

pub(crate) use file::open;

use crate::{Job, Method, MethodSpec, StackReader};
use options::PcaOptions;

/// Name of the family.
pub(crate) const FAMILY: &str = "pca";

/// Principal components, and what they leave over or not.
struct Pca {
    options: PcaOptions,
}

/// Makes the method from its specification.
pub(crate) fn build(spec: &MethodSpec) -> Result<Box<dyn Method>> {
    Ok(Box::new(Pca { options: PcaOptions::from_spec(spec)? }))
}

impl Method for Pca {
    fn spec(&self) -> MethodSpec {
        self.options.to_string().parse().expect("options print as a specification")
    }

    fn extension(&self) -> &'static str {
        ".stack.h5"
    }

    fn promise(&self, _: &StackHeader) -> Result<ErrorBound> {
        Ok(self.options.residual)
    }

    fn encode(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()> {
        encode::encode(&self.options, source, dest, job)
    }

    fn open(&self, file: &Path, limits: &Limits) -> Result<StackReader> {
        crate::hdf5::open(file, limits)
    }
}
