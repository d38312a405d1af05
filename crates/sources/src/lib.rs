//! Where stacks come from and go to: folders of images, multipage TIFF, `.npy` and `.npz`, HDF5 datasets, videos,
//! bare samples; and the words that name them.
//!
//! ```text
//! INPUT word --open_input--> FrameSource --frames--> FrameSink <--open_output-- target name
//!               |                                      |
//!   folder, pattern, file, file:member      folder of PNG or TIFF, .tif, .npy
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`input`], [`word`] | from a word to a source; `file:member` |
//! | [`kind`] | what a file is, by its bytes and by its name |
//! | [`images`], [`natural`] | folders of PNG, JPEG, TIFF, BMP, PNM and WebP; `img2` before `img10` |
//! | [`pages`] | multipage TIFF and BigTIFF, their tags, ImageJ stacks |
//! | [`npy`], [`npz`], [`column_major`] | NumPy arrays: headers, archives, Fortran order |
//! | [`blocks`] | profiles, Exif data and tags, which frames carry from file to file |
//! | [`raw`] | bare samples: `u16le:100x480x640` |
//! | [`array`](mod@array) | frames at a fixed distance in a file, which the three above come down to |
//! | [`outputs`] | folders, multipage TIFF, `.npy`; single frames |
//!
//! Every source but a video reads any frame at about the same cost. Each holds one frame and what all frames carry, and
//! checks what a file claims against [`Limits`](stack_core::Limits) and the file's size before anything is allocated.
//! Every output appears whole under its name, or not at all.
//!
//! ```
//! use stack_core::{FrameBuf, FrameShape, Limits, PixelType, SampleFormat, StackHeader};
//! use stack_sources::{InputOptions, OutputOptions, open_input, open_output};
//!
//! let folder = tempfile::tempdir().unwrap();
//! let target = folder.path().join("stack.npy");
//! let header = StackHeader::new(2, FrameShape::gray(1, 3)?, SampleFormat::full(PixelType::U16))?;
//! let mut sink = open_output(&target, &header, &OutputOptions::default())?;
//! sink.start(&header)?;
//! sink.push(&FrameBuf::U16(vec![1, 2, 3]))?;
//! sink.push(&FrameBuf::U16(vec![4, 5, 6]))?;
//! sink.finish()?;
//!
//! let mut source = open_input(target.as_os_str(), &InputOptions::default(), &Limits::default())?;
//! assert_eq!(source.header().describe(), "2 frames of 1 x 3, u16");
//! let mut frame = FrameBuf::for_header(source.header());
//! source.read_frame(1, &mut frame)?;
//! assert_eq!(frame, FrameBuf::U16(vec![4, 5, 6]));
//! # Ok::<(), stack_core::Error>(())
//! ```
//!
//! What files carry beside samples (profiles, Exif data, tags, texts) goes from source to sink as
//! [`Block`](stack_core::Block)s; [`blocks`] lists them. A source says in the stack's properties what it could not give
//! as it was: `expanded` (palettes, few bits), `not_kept` (tags that are places in a file), `skipped` (images that
//! cannot be decoded, with [`InputOptions::skip_unreadable`]).
//!
//! With the feature `hdf5` (on by default) HDF5 and NetCDF-4 files are read through `stack-container`, which needs
//! the HDF5 C library; without it they are an error that says so. So it is with the feature `video` (on by default) for
//! videos, which `stack-video` reads with the program `ffmpeg`.

#![forbid(unsafe_code)]

pub mod array;
pub mod blocks;
pub mod column_major;
mod hdf5;
pub mod images;
pub mod input;
pub mod kind;
pub mod natural;
pub mod npy;
mod npy_literal;
pub mod npz;
pub mod outputs;
pub mod pages;
pub mod raw;
mod spool;
mod video;
pub mod word;

pub use images::folder::is_picture;
pub use input::{InputOptions, open_input, open_pictures, picture_files};
pub use kind::FileKind;
pub use outputs::{OutputOptions, TiffCompression, open_output, write_frame_image};
pub use raw::RawFormat;
