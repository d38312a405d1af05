//! Similar images of a set: which are alike, and in which order do they lie best?
//!
//! ```text
//! frame --grey levels--> hash       --> order by hash, piles
//!                   \--> thumbnail  --> near duplicates, chain of neighbours, clusters
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`duplicates`] | frames with the same samples, stored once |
//! | [`grey`] | a frame of any type as a picture of 8-bit grey levels |
//! | [`places`] | an arrangement of frames as bytes |

#![forbid(unsafe_code)]

pub mod duplicates;
pub mod grey;
pub mod places;

pub use duplicates::DistinctFrames;
pub use grey::{GreyPicture, GreyScale};
