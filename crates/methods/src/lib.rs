//! Compression methods: how a stack becomes one file that was decoded again and compared before anyone sees it.
//!
//! ```text
//! "hdf5:shuffle,gzip=9" --parse--> MethodSpec --method()--> dyn Method
//!                                                              |
//! FrameSource --compress()--> encode beside the target --> decode, compare, measure --> rename
//!                                                              |
//! file --identify()--> MethodSpec          open_stack() --> StackReader (a FrameSource)
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`spec`] | specification strings and their grammar |
//! | [`registry`] | the list of methods, and making one from words |
//! | [`mod@method`] | the trait that every method has |
//! | [`job`], [`order`] | where each frame is stored: equal ones once, similar ones side by side |
//! | `pca` | principal components of a stack, as a file of the method holds them (feature `hdf5`) |
//! | [`reader`] | a finished file, open |
//! | [`envelope`] | method, promise and frame hashes inside a file |
//! | [`seal`] | the last 48 bytes: a hash of all others |
//! | [`mod@identify`] | which method wrote a file |
//! | [`mod@compress`], [`partial`] | encode, verify, rename; nothing half-written |
//! | [`mod@estimate`] | how large an output would be, from a sample |
//! | [`mod@verify`] | check a file later |
//! | [`measurement`] | a row of a report |
//!
//! # Quick start
//! ```
//! # #[cfg(feature = "hdf5")] {
//! use stack_core::{FrameBuf, FrameShape, FrameSource, PixelType, SampleFormat, Silent, StackHeader, StackInMemory};
//! use stack_methods::{CompressOptions, compress, method, open_stack};
//!
//! let header = StackHeader::new(2, FrameShape::gray(1, 3)?, SampleFormat::full(PixelType::U16))?;
//! let frames = vec![FrameBuf::U16(vec![1, 2, 3]), FrameBuf::U16(vec![2, 3, 4])];
//! let mut stack = StackInMemory::new(header, frames)?;
//!
//! let folder = tempfile::tempdir().unwrap();
//! let file = folder.path().join("tiny.stack.h5");
//! let method = method("hdf5:shuffle,gzip=9")?;
//! let done = compress(&mut stack, method.as_ref(), &file, &CompressOptions::default(), &Silent)?;
//! assert!(done.errors.unwrap().bit_exact());
//!
//! let mut frame = FrameBuf::U16(Vec::new());
//! open_stack(&file, &Default::default())?.read_frame(1, &mut frame)?;
//! assert_eq!(frame, FrameBuf::U16(vec![2, 3, 4]));
//! # }
//! # Ok::<(), stack_core::Error>(())
//! ```

#![forbid(unsafe_code)]

#[cfg(feature = "video")]
mod arranged;
#[cfg(feature = "hdf5")]
mod codes;
pub mod compress;
pub mod envelope;
pub mod estimate;
#[cfg(feature = "hdf5")]
mod hdf5;
#[cfg(feature = "hdf5")]
mod hdf5diff;
pub mod identify;
pub mod job;
pub mod libraries;
pub mod measurement;
pub mod method;
#[cfg(any(feature = "hdf5", feature = "video"))]
mod options;
pub mod order;
pub mod partial;
#[cfg(feature = "hdf5")]
pub mod pca;
#[cfg(feature = "hdf5")]
mod piles;
pub mod reader;
pub mod registry;
pub mod seal;
pub mod spec;
mod spool;
pub mod spread;
mod survey;
mod trial;
pub mod verify;
#[cfg(feature = "video")]
mod video;

pub use compress::{CompressOptions, Compressed, check_promise, compress};
pub use envelope::{Envelope, FrameHashes};
pub use estimate::{Estimate, estimate};
pub use identify::{identify, is_ours, may_be_ours, open_stack};
pub use job::Job;
pub use libraries::library_versions;
pub use measurement::{Figures, Measurement, Outcome};
pub use method::Method;
pub use order::{Order, ordered};
pub use reader::{CheckedStack, StackReader, Storage};
pub use registry::{DEFAULT_METHOD, GROUPED, METHODS, MethodInfo, UNREPORTED, from_spec, method};
pub use seal::{SealState, check_seal};
pub use spec::MethodSpec;
pub use spread::{ErrorSpread, SpreadMeter};
pub use verify::{ComparedFrame, Verified, verify, verify_frames};
