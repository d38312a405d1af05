//! Multipage TIFF and BigTIFF: one page, one frame.
//!
//! ```text
//! file --directory--> offsets and entries of every page --layout--> one shape and type for all
//!                                                          |
//!                                    stack: any page, decoded by the `tiff` crate
//!                                    imagej: one page that stands for many
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`directory`] | image file directories: the entries of a page, the chain of pages, cycles |
//! | [`layout`] | what a page is made of, and whether this crate reads it |
//! | [`stack`] | the source |
//! | [`imagej`] | ImageJ stacks of more than 4 GiB, ImageJ's metadata |
//! | [`value`], [`tags`] | tags that are kept beside the samples, in no byte order but one |
//! | `exif`, `writer` | Exif directories; writing TIFF files |
//! | `lzw_tiles`, `predictor` | tiles that the `tiff` crate does not decode; differences |
//!
//! The directories are read here although the `tiff` crate reads them too: all pages are compared, and everything
//! that memory is allocated for is checked, before the decoder sees the file.

pub mod directory;
pub(crate) mod exif;
pub mod imagej;
pub mod layout;
mod lzw_tiles;
pub(crate) mod predictor;
pub mod stack;
pub mod tags;
pub mod value;
pub(crate) mod writer;

pub use stack::TiffStack;
