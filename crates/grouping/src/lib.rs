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
//! | [`thumbnail`] | small pictures of frames: exact means of areas, and their distances |
//! | [`nearest`] | an order in which neighbours are alike |
//! | [`hash`] | perceptual hashes: average, difference, DCT, wavelet |
//! | [`hash_order`] | frames sorted by their hashes, and piles of equal ones |

#![forbid(unsafe_code)]

pub mod duplicates;
pub mod grey;
pub mod nearest;
pub mod places;
pub mod thumbnail;
pub mod hash;
pub mod hash_order;

pub use duplicates::DistinctFrames;
pub use grey::{GreyPicture, GreyScale};
pub use nearest::nearest_order;
pub use thumbnail::{Side, Thumbnails};
pub use hash::{HashKind, Hasher, ImageHash};
pub use hash_order::HashKeys;
