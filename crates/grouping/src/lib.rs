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
//! | [`clusters`](mod@clusters) | piles of similar frames |
//! | [`near_duplicates`](mod@near_duplicates) | pictures of any sizes that show the same |

#![forbid(unsafe_code)]

pub mod clusters;
pub mod duplicates;
pub mod grey;
pub mod hash;
pub mod hash_order;
pub mod near_duplicates;
pub mod nearest;
pub mod places;
pub mod thumbnail;

pub use clusters::clusters;
pub use duplicates::DistinctFrames;
pub use grey::{GreyPicture, GreyScale};
pub use hash::{HashKind, Hasher, ImageHash};
pub use hash_order::HashKeys;
pub use near_duplicates::near_duplicates;
pub use nearest::nearest_order;
pub use thumbnail::{Side, Thumbnails};
