//! Frames sorted by their hashes, and frames with the same hash.
//!
//! ```text
//! key of a frame = (phash, ahash, dhash)     order: by key, frames of one key as they come
//! pile           = frames of one ahash       in the order in which each hash first appears
//! ```
//!
//! Pictures of one key are alike, so they lie side by side; and as the first digits of `phash` stand for the lowest
//! frequencies from top to bottom, neighbours often have those in common. Only keys are held, 24 bytes a frame for hashes
//! of 8 x 8 bits, and 32 MiB of frames (or one) while a source is read. Keys are computed on all cores; the result is the
//! same for any number of them.
//!
//! ```
//! use stack_grouping::{GreyPicture, HashKeys};
//!
//! let slope = |step: u8| GreyPicture { height: 8, width: 9, levels: (0..72).map(|i| i % 9 * step).collect() };
//! let flat = GreyPicture { height: 8, width: 9, levels: vec![7; 72] };
//! let mut keys = HashKeys::new(8)?;
//! for picture in [&slope(20), &flat, &slope(20), &flat] {
//!     keys.push(picture)?;
//! }
//! assert_eq!(keys.distinct(), 2);
//! assert_eq!(keys.piles(), [[0, 2], [1, 3]]);
//! assert_eq!(keys.order(), [1, 3, 0, 2]);
//! # Ok::<(), stack_core::Error>(())
//! ```

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;
use stack_core::{FrameBuf, FrameSource, Progress, Result, for_each_frame};

use crate::hash::{HashKind, Hasher, ImageHash};
use crate::{GreyPicture, GreyScale};

/// The hashes of a key, by which frames are sorted first, second and third.
const KINDS: [HashKind; 3] = [HashKind::Perceptual, HashKind::Average, HashKind::Difference];

/// Place of the hash of piles among [`KINDS`].
const AVERAGE: usize = 1;

/// Frames whose keys are computed at once: at most so many, and of so many bytes, but at least one.
const BATCH: (usize, usize) = (256, 1 << 25);

/// The keys of frames, one after the other.
#[derive(Debug, Clone)]
pub struct HashKeys {
    side: usize,
    /// Prepared for the size of the latest picture.
    hashers: Option<[Hasher; 3]>,
    /// The words of three hashes for each frame.
    words: Vec<u64>,
}

impl HashKeys {
    /// The side of the hashes of `ImageHash` where none is given.
    pub const SIDE: usize = 8;

    /// No frames yet; hashes of `side x side` bits.
    ///
    /// # Errors
    /// [`Error::Parameter`](stack_core::Error::Parameter) if `side` is not 2 to 64.
    pub fn new(side: usize) -> Result<Self> {
        ImageHash::check_side(side)?;
        Ok(Self { side, hashers: None, words: Vec::new() })
    }

    /// The keys of all frames of `source`, which is read once, with hashes of [`HashKeys::SIDE`]. `progress` gets a phase.
    ///
    /// # Errors
    /// Those of the source, and [`Error::Cancelled`](stack_core::Error::Cancelled).
    pub fn of(source: &mut dyn FrameSource, scale: &GreyScale, progress: &dyn Progress) -> Result<Self> {
        let mut keys = Self::new(Self::SIDE)?;
        let header = source.header();
        let (frames, shape) = (header.frames, header.shape);
        progress.phase("hashing pictures", frames as u64);
        let count = (BATCH.1 / header.frame_bytes().max(1)).clamp(1, BATCH.0);
        let mut batch = Vec::with_capacity(count.min(frames));
        let mut take = |batch: &[FrameBuf]| {
            let size = (shape.height(), shape.width());
            keys.extend_from(batch, size, |frame| Cow::Owned(scale.picture(frame, shape)))
        };
        for_each_frame(source, progress, |_, frame| {
            batch.push(frame.clone());
            if batch.len() == count {
                take(&batch)?;
                batch.clear();
            }
            Ok(())
        })?;
        take(&batch)?;
        Ok(keys)
    }

    /// The next frame.
    ///
    /// # Errors
    /// [`Error::Parameter`](stack_core::Error::Parameter) if the picture has no samples, or not those of its size.
    pub fn push(&mut self, picture: &GreyPicture) -> Result<()> {
        self.extend(std::slice::from_ref(picture))
    }

    /// The next frames, whose keys are computed on all cores.
    ///
    /// # Errors
    /// As [`HashKeys::push`]; then none of them was taken.
    pub fn extend(&mut self, pictures: &[GreyPicture]) -> Result<()> {
        let Some(last) = pictures.last() else { return Ok(()) };
        self.extend_from(pictures, (last.height, last.width), |picture| Cow::Borrowed(picture))
    }

    /// The pictures of `items`, most of which have one size.
    fn extend_from<T: Sync>(
        &mut self,
        items: &[T],
        size: (usize, usize),
        picture: impl Fn(&T) -> Cow<'_, GreyPicture> + Sync,
    ) -> Result<()> {
        let side = self.side;
        let prepare = |(height, width): (usize, usize)| -> Result<[Hasher; 3]> {
            let [one, two, three] = KINDS.map(|kind| Hasher::new(kind, side, height, width));
            Ok([one?, two?, three?])
        };
        let hashers = match self.hashers.take() {
            Some(hashers) if hashers[0].picture_size() == size => hashers,
            _ => prepare(size)?,
        };
        let keys = items
            .par_iter()
            .map(|item| {
                let picture = picture(item);
                let own = (picture.height, picture.width);
                let other = if own == size { None } else { Some(prepare(own)?) };
                let [one, two, three] =
                    other.as_ref().unwrap_or(&hashers).each_ref().map(|hasher| hasher.hash(&picture));
                Ok([one?, two?, three?])
            })
            .collect::<Result<Vec<[ImageHash; 3]>>>()?;
        self.hashers = Some(hashers);
        self.words.extend(keys.iter().flatten().flat_map(ImageHash::words));
        Ok(())
    }

    fn words_of_key(&self) -> usize {
        KINDS.len() * ImageHash::words_of(self.side)
    }

    /// Frames so far.
    pub fn frames(&self) -> usize {
        self.words.len() / self.words_of_key()
    }

    fn keys(&self) -> impl Iterator<Item = &[u64]> {
        self.words.chunks_exact(self.words_of_key())
    }

    /// Frames in the order of their keys: the frame at each place.
    pub fn order(&self) -> Vec<u32> {
        let keys: Vec<&[u64]> = self.keys().collect();
        let mut order: Vec<u32> = (0..).take(keys.len()).collect();
        order.par_sort_by_key(|&frame| keys[frame as usize]);
        order
    }

    /// Number of different keys.
    pub fn distinct(&self) -> usize {
        let mut keys: Vec<&[u64]> = self.keys().collect();
        keys.par_sort_unstable();
        keys.dedup();
        keys.len()
    }

    /// Frames by their average hash, piles in the order in which they first appear.
    pub fn piles(&self) -> Vec<Vec<u32>> {
        let words = ImageHash::words_of(self.side);
        let mut known: HashMap<&[u64], usize> = HashMap::new();
        let mut piles: Vec<Vec<u32>> = Vec::new();
        for (frame, key) in (0..).zip(self.keys()) {
            let pile = *known.entry(&key[AVERAGE * words..][..words]).or_insert(piles.len());
            if pile == piles.len() {
                piles.push(Vec::new());
            }
            piles[pile].push(frame);
        }
        piles
    }
}

#[cfg(test)]
mod tests {
    use stack_core::synthetic::Synthetic;
    use stack_core::{Error, Silent};

    use super::*;

    fn picture(height: usize, width: usize, seed: usize) -> GreyPicture {
        let levels = (0..height * width).map(|i| ((i + seed) * (i + 7 * seed) % 251) as u8).collect();
        GreyPicture { height, width, levels }
    }

    #[test]
    fn batches_and_sizes_make_no_difference() {
        let pictures: Vec<GreyPicture> = (0..40).map(|i| picture(9 + i % 3, 12 - i % 2, i % 7)).collect();
        for side in [3, 8] {
            let mut single = HashKeys::new(side).unwrap();
            pictures.iter().for_each(|picture| single.push(picture).unwrap());
            let mut whole = HashKeys::new(side).unwrap();
            whole.extend(&pictures).unwrap();
            assert_eq!(single.words, whole.words);
            assert_eq!(whole.frames(), 40);
            let key = |frame: u32| {
                KINDS.map(|kind| kind.hash(&pictures[frame as usize], side).unwrap().hex()).concat()
            };
            let order = whole.order();
            assert!(order.is_sorted_by_key(|&frame| (key(frame), frame)));
            let mut keys: Vec<String> = order.iter().map(|&frame| key(frame)).collect();
            keys.dedup();
            assert_eq!(keys.len(), whole.distinct());
            let average = |frame: u32| HashKind::Average.hash(&pictures[frame as usize], side).unwrap();
            let piles = whole.piles();
            assert!(piles.iter().all(|pile| pile.iter().all(|&frame| average(frame) == average(pile[0]))));
            assert!(piles.is_sorted_by_key(|pile| pile[0]));
            assert_eq!(piles.iter().map(Vec::len).sum::<usize>(), 40);
        }
    }

    #[test]
    fn a_source_is_read_in_batches() {
        let spec: Synthetic = "noise-gaussian:frames=600,size=6x7,type=u16".parse().unwrap();
        let mut source = spec.source().unwrap();
        let header = source.header().clone();
        let scale = GreyScale::new(header.format, None);
        let mut single = HashKeys::new(HashKeys::SIDE).unwrap();
        for_each_frame(&mut source, &Silent, |_, frame| single.push(&scale.picture(frame, header.shape)))
            .unwrap();
        let whole = HashKeys::of(&mut source, &scale, &Silent).unwrap();
        assert_eq!(whole.frames(), 600);
        assert_eq!(whole.words, single.words);
    }

    #[test]
    fn pictures_without_samples_are_refused_and_leave_no_keys() {
        assert!(HashKeys::new(1).is_err() && HashKeys::new(65).is_err());
        let mut keys = HashKeys::new(8).unwrap();
        keys.push(&picture(4, 4, 1)).unwrap();
        let cut = GreyPicture { levels: vec![0; 15], ..picture(4, 4, 1) };
        let empty = GreyPicture { height: 0, width: 4, levels: Vec::new() };
        for wrong in [cut, empty] {
            assert!(matches!(keys.push(&wrong), Err(Error::Parameter { .. })));
            assert!(keys.extend(&[picture(4, 4, 2), wrong, picture(4, 4, 3)]).is_err());
        }
        assert_eq!(keys.frames(), 1);
        keys.push(&picture(4, 4, 2)).unwrap();
        assert_eq!(keys.frames(), 2);
    }
}
