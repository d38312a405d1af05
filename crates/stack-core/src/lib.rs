//! The shared types of Stackpress: frames, stacks and streams; error bounds and error measures; limits for
//! untrusted files; synthetic stacks.
//!
//! ```text
//! FrameSource --read_frame(n)--> FrameBuf --push--> FrameSink
//!     |                             |
//!  StackHeader                  ErrorMeter (original, decoded) -> Errors -> kept or broken ErrorBound
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`pixel`] | sample types and significant bits |
//! | [`shape`], [`header`] | one frame's shape; a stack's frames, shape and type |
//! | [`metadata`] | names, properties, and blocks of bytes such as colour profiles |
//! | [`frame`] | the samples of one frame, and the way from dynamic to generic code |
//! | [`stream`] | traits of sources, sinks and progress |
//! | [`part`] | a run of frames as a stack of its own |
//! | [`arrangement`] | the order in which frames are stored, equal ones once |
//! | [`memory`] | a stack in memory |
//! | [`bound`] | lossless, maximum error, nothing |
//! | [`measure`] | errors between original and decoded samples |
//! | [`statistics`] | mean, deviation and range of each pixel over the frames; histogram |
//! | [`synthetic`] | stacks made from a specification, equal on every machine |
//! | [`limits`] | what a file's header may claim |
//! | [`error`] | the error type of the project |
//!
//! This crate does no I/O and knows no other crate of the project.

#![forbid(unsafe_code)]

pub mod arrangement;
pub mod bound;
pub mod error;
pub mod frame;
pub mod header;
pub mod limits;
pub mod measure;
pub mod memory;
pub mod metadata;
pub mod part;
pub mod pixel;
pub mod shape;
pub mod statistics;
pub mod stream;
pub mod synthetic;

pub use arrangement::{Arrangement, StoredOrder};
pub use bound::ErrorBound;
pub use error::{Error, Result};
pub use frame::FrameBuf;
pub use header::StackHeader;
pub use limits::Limits;
pub use measure::{ErrorMeter, Errors};
pub use memory::StackInMemory;
pub use metadata::{Block, Metadata};
pub use part::Part;
pub use pixel::{PixelType, Sample, SampleFormat};
pub use shape::FrameShape;
pub use statistics::{SampleHistogram, StackStatistics};
pub use stream::{FrameSink, FrameSource, Progress, Silent, check_frame_index, copy_frames, for_each_frame};
pub use synthetic::Synthetic;
