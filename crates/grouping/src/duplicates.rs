//! Exact duplicates: frames with the same samples are stored once.
//!
//! ```text
//! content hash   a  b  a  c  b
//! place          0  1  0  2  1        numbered as they first appear
//! ```
//!
//! Two frames are equal if their hashes of 32 bytes are. With a cryptographic hash such as BLAKE3 nobody knows two
//! different frames for which that is wrong; whoever stores them compares the decoded frames again.
//!
//! Memory: 4 bytes a frame, and from 42 to 85 bytes for each distinct one (36 in a hash table that doubles).
//!
//! ```
//! use stack_grouping::duplicates::{DistinctFrames, arranged};
//!
//! let mut distinct = DistinctFrames::default();
//! for content in [b'a', b'b', b'a', b'c', b'b'] {
//!     distinct.push([content; 32]);
//! }
//! let duplicates = distinct.into_arrangement()?;
//! assert_eq!(duplicates.places(), [0, 1, 0, 2, 1]);
//! assert_eq!(duplicates.firsts(), [0, 1, 3]);
//!
//! let by_neighbours = arranged(&duplicates, &[2, 0, 1])?; // c a b
//! assert_eq!(by_neighbours.places(), [1, 2, 1, 0, 2]);
//! # Ok::<(), stack_core::Error>(())
//! ```

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use stack_core::{Arrangement, Result};

/// Frames by the hash of their content, one after the other.
#[derive(Debug, Clone, Default)]
pub struct DistinctFrames {
    places: Vec<u32>,
    known: HashMap<[u8; 32], u32>,
}

impl DistinctFrames {
    /// The next frame has this content. Returns the place of its content, and whether it was not seen before.
    pub fn push(&mut self, content: [u8; 32]) -> (u32, bool) {
        // More than 32 bits count is refused by `into_arrangement`.
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let (place, new) = match self.known.entry(content) {
            Entry::Occupied(known) => (*known.get(), false),
            Entry::Vacant(free) => (*free.insert(next), true),
        };
        self.places.push(place);
        (place, new)
    }

    /// Frames so far.
    pub fn frames(&self) -> usize {
        self.places.len()
    }

    /// Distinct contents so far.
    pub fn distinct(&self) -> usize {
        self.known.len()
    }

    /// The arrangement that stores each content once, in the order in which they first appeared.
    ///
    /// # Errors
    /// [`Error::Parameter`](stack_core::Error::Parameter) for more frames than 32 bits count.
    pub fn into_arrangement(self) -> Result<Arrangement> {
        Arrangement::new(self.places)
    }
}

/// The same frames with their contents in another order: `order[p]` is the content (its place in `distinct`) that
/// comes to place `p`.
///
/// # Errors
/// [`Error::Parameter`](stack_core::Error::Parameter) if `order` is no permutation of the places of `distinct`.
pub fn arranged(distinct: &Arrangement, order: &[u32]) -> Result<Arrangement> {
    let order = Arrangement::from_order(order)?;
    if order.frames() != distinct.stored() {
        return Err(stack_core::Error::parameter(
            "the order of the frames",
            format!("it has {} places for {} distinct frames", order.frames(), distinct.stored()),
            "order the distinct frames only",
        ));
    }
    Arrangement::new(distinct.spread(order.places()).copied().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_order_of_another_length_is_refused() {
        let distinct = Arrangement::new(vec![0, 0, 1]).unwrap();
        for order in [&[0][..], &[0, 1, 2], &[0, 0], &[1, 2]] {
            assert!(arranged(&distinct, order).is_err(), "{order:?}");
        }
        assert_eq!(arranged(&distinct, &[1, 0]).unwrap().places(), [1, 1, 0]);
        assert_eq!(DistinctFrames::default().into_arrangement().unwrap().frames(), 0);
    }

    proptest! {
        #[test]
        fn equal_contents_share_a_place(contents in prop::collection::vec(0_u8..9, 0..40)) {
            let mut distinct = DistinctFrames::default();
            for (frame, &content) in contents.iter().enumerate() {
                let (place, new) = distinct.push([content; 32]);
                prop_assert_eq!(new, !contents[..frame].contains(&content));
                prop_assert!((place as usize) < distinct.distinct());
            }
            prop_assert_eq!(distinct.frames(), contents.len());
            let arrangement = distinct.into_arrangement().unwrap();
            for (a, first) in contents.iter().enumerate() {
                for (b, second) in contents.iter().enumerate() {
                    prop_assert_eq!(first == second, arrangement.place(a) == arrangement.place(b));
                }
            }
            prop_assert!(arrangement.is_ascending());
        }
    }
}
