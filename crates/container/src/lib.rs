//! Image stacks in HDF5: filters, parallel direct chunks, tables, and any dataset as a source.
//!
//! ```text
//! StackWriter   push --> chunk of frames --> pipeline (pool) --> H5Dwrite_chunk, in order --> file
//! StackFile     file --> H5Dread_chunk --> inverse pipeline (pool, ahead) --> read_frame
//! DatasetSource file --> the same, or the library's own reading for what we do not know   --> read_frame
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`filter`] | the filters, valid orders, and their names in specifications |
//! | [`filters`] | each filter on byte slices: shuffle, bitshuffle, deflate, Zstandard, LZ4, Fletcher-32 |
//! | [`pipeline`] | all filters of a chunk, forward and backward, with the filter mask |
//! | [`record`] | how a file records filters, and what the records of other programs mean |
//! | [`layout`] | filters and frames in a chunk |
//! | [`writer`] | our files, written |
//! | [`stack_file`], [`tables`] | our files, read: frames; tables and what else lies beside them |
//! | [`coded`] | files of ours that hold codes in place of samples |
//! | [`piles`] | files of ours in piles, with a mean each |
//! | [`arrays`] | files of ours that hold arrays of numbers, of which samples are made, and records of bytes |
//! | [`dataset`], [`index`], [`listing`] | any dataset, or a part of it, as a stack; which datasets there are |
//!
//! # Quick start
//! ```
//! use stack_container::{Layout, StackFile, StackWriter};
//! use stack_core::{FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader};
//!
//! # let folder = std::env::temp_dir().join(format!("stack-container-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let path = folder.join("cells.stack.h5");
//! let header = StackHeader::new(3, FrameShape::gray(2, 2)?, SampleFormat::new(PixelType::U16, 12)?)?;
//! let layout = Layout { filters: "shuffle,gzip=9".parse()?, chunk_frames: None };
//! let mut writer = StackWriter::create(&path, &header, &layout)?;
//! for brightness in [7, 8, 9] {
//!     writer.push(&FrameBuf::U16(vec![brightness; 4]))?;
//! }
//! writer.add_table("note", b"any bytes")?;
//! writer.finish()?;
//!
//! let mut file = StackFile::open(&path, &Limits::default())?;
//! assert_eq!(file.header(), &header);
//! let mut frame = FrameBuf::for_header(file.header());
//! file.read_frame(2, &mut frame)?;
//! assert_eq!(frame, FrameBuf::U16(vec![9; 4]));
//! assert_eq!(file.table("note")?.as_deref(), Some(&b"any bytes"[..]));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The file
//! `/stack` holds the samples, little-endian, (frames, rows, columns) or (frames, rows, columns, channels), with
//! attributes in plain words; `/frame_names` and `/properties` (a JSON object) hold what the source knew;
//! `/stackpress` holds tables of bytes and the version of this layout. A stack that is stored in another order, or with
//! equal frames once, has its rows in `/frames` and the row of each frame in `/index`; `/stack` is then a virtual dataset
//! over them, and is left out where it would take more than 1/1024 of the samples (or 4 KiB). h5py, MATLAB, `HDFView`
//! and h5dump read it all; the registered filters (bitshuffle, zstd, lz4) need the plugins that the Python package
//! hdf5plugin brings. The format is that of HDF5 1.10 (2016) and needs that version or a newer one: its index is small, and checksums
//! guard the structure. There are no time stamps: the same stack gives the same bytes.
//!
//! # Bitshuffle and Zstandard
//! `bitshuffle,zstd` is stored as two filters and not as the one that does both: the compressor then sees the
//! whole chunk instead of blocks of 8 KiB. Files with the combined filter are read too.

#![deny(unsafe_code)]

pub mod arrays;
pub mod coded;
pub mod dataset;
pub mod filter;
pub mod filters;
pub mod index;
pub mod layout;
pub mod listing;
pub mod piles;
pub mod pipeline;
pub mod record;
pub mod stack_file;
pub mod tables;
pub mod writer;

mod arranged;
mod attributes;
mod chunk_reader;
mod element;
mod failure;
mod frame_writer;
mod geometry;
mod heap_text;
mod library;
mod metadata;
mod missing_filter;
mod names;
mod number;
mod number_list;
mod region;
mod samples;
mod tasks;
mod text;
mod view;
mod virtual_stack;

pub use arrays::{ArraysFile, ArraysWriter, RecordsFile};
pub use coded::{CodedFile, Coding};
pub use dataset::DatasetSource;
pub use filter::{Filter, FilterPipeline};
/// Major, minor and release number of the HDF5 library that is in use.
pub use hdf5::library_version;
pub use index::Index;
pub use layout::Layout;
pub use listing::{DatasetInfo, list_datasets};
pub use piles::{PilesFile, PilesWriter};
pub use stack_file::{StackFile, is_stack_file};
pub use tables::Tables;
pub use writer::StackWriter;
