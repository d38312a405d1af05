//! Similar images of a set: which are alike, and in which order do they lie best?
//!
//! ```text
//! frame --grey levels--> hash       --> order by hash, piles
//!                   \--> thumbnail  --> near duplicates, chain of neighbours, clusters
//! ```
//!
//! | module | subject |
//! |---|---|
//! | [`grey`] | a frame of any type as a picture of 8-bit grey levels |
//! | [`hash`] | perceptual hashes: average, difference, DCT, wavelet |
//! | [`hash_order`] | frames sorted by their hashes, and piles of equal ones |

#![forbid(unsafe_code)]

pub mod grey;
pub mod hash;
pub mod hash_order;

pub use grey::{GreyPicture, GreyScale};
pub use hash::{HashKind, Hasher, ImageHash};
pub use hash_order::HashKeys;
