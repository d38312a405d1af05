//! Which axes of a dataset are frames, rows, columns and channels, and where a chunk's samples belong.
//!
//! Everything is counted on four axes (frames, rows, columns, channels); axes that the dataset lacks have a
//! length of one. Chunks at the far edges are full-sized in the file and reach over the dataset's end; what lies outside is
//! ignored.

use std::path::Path;

use stack_core::{FrameShape, Limits, Result};

use crate::failure;

/// Lengths along frames, rows, columns, channels.
pub(crate) type Lengths = [usize; 4];

/// The shape of a dataset, on four axes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Geometry {
    lengths: Lengths,
    present: [bool; 4],
}

impl Geometry {
    /// A stack as we write it: rank 3, or rank 4 with channels.
    pub(crate) const fn of_stack(frames: usize, shape: FrameShape) -> Self {
        Self {
            lengths: [frames, shape.height(), shape.width(), shape.channels()],
            present: [true, true, true, shape.channels() > 1],
        }
    }

    /// A list of `items`: rank 1.
    pub(crate) const fn of_list(items: usize) -> Self {
        Self { lengths: [items, 1, 1, 1], present: [true, false, false, false] }
    }

    /// The axes of a dataset of rank 2 (one frame), 3 (frames) or 4 (frames with channels).
    pub(crate) fn of_dims(dims: &[usize]) -> Option<Self> {
        match *dims {
            [height, width] => {
                Some(Self { lengths: [1, height, width, 1], present: [false, true, true, false] })
            }
            [frames, height, width] => {
                Some(Self { lengths: [frames, height, width, 1], present: [true, true, true, false] })
            }
            [frames, height, width, channels] => {
                Some(Self { lengths: [frames, height, width, channels], present: [true; 4] })
            }
            _ => None,
        }
    }

    pub(crate) const fn lengths(&self) -> Lengths {
        self.lengths
    }

    /// Elements of the whole dataset.
    pub(crate) fn samples(&self) -> u128 {
        self.lengths.iter().map(|&length| length as u128).product()
    }

    /// The values of the axes that the dataset has.
    pub(crate) fn present<T: Copy>(&self, values: [T; 4]) -> Vec<T> {
        values.into_iter().zip(self.present).filter_map(|(value, present)| present.then_some(value)).collect()
    }

    /// The inverse of [`Geometry::present`]: missing axes get 1.
    fn on_four_axes(&self, values: &[usize]) -> Option<Lengths> {
        let mut given = values.iter();
        let mut all = [1; 4];
        for (value, present) in all.iter_mut().zip(self.present) {
            if present {
                *value = *given.next()?;
            }
        }
        given.next().is_none().then_some(all)
    }
}

/// The chunks of a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChunkGrid {
    geometry: Geometry,
    chunk: Lengths,
    element_bytes: usize,
    chunk_bytes: usize,
}

impl ChunkGrid {
    /// Chunks of the shape `chunk` (one length for each axis of the dataset), which a file claims.
    pub(crate) fn new(
        path: &Path,
        field: &str,
        geometry: Geometry,
        chunk: &[usize],
        element_bytes: usize,
        limits: &Limits,
    ) -> Result<Self> {
        let wrong = |problem: String| failure::damaged(path, format!("{field}, chunk shape"), problem);
        let lengths = geometry
            .on_four_axes(chunk)
            .filter(|lengths| !lengths.contains(&0))
            .ok_or_else(|| wrong(format!("{chunk:?} does not fit the dataset")))?;
        let bytes =
            lengths.iter().try_fold(element_bytes as u128, |product, &n| product.checked_mul(n as u128));
        let bytes = bytes.ok_or_else(|| wrong(format!("{chunk:?} overflows")))?;
        Limits::check(path, "the size of a chunk in bytes", bytes, limits.chunk_bytes)?;
        let chunk_bytes = usize::try_from(bytes).map_err(|_| wrong(format!("{chunk:?} overflows")))?;
        Ok(Self { geometry, chunk: lengths, element_bytes, chunk_bytes })
    }

    /// Bytes of one chunk before filtering.
    pub(crate) const fn chunk_bytes(&self) -> usize {
        self.chunk_bytes
    }

    /// Frames in one chunk.
    pub(crate) const fn frames(&self) -> usize {
        self.chunk[0]
    }

    /// Chunks that hold the same frames: more than one where frames are cut into tiles.
    pub(crate) fn tiles(&self) -> usize {
        let [_, rows, columns, channels] = self.tile_counts();
        rows.saturating_mul(columns).saturating_mul(channels)
    }

    /// Bytes of all chunks that hold the same frames, before filtering.
    pub(crate) fn slab_bytes(&self) -> usize {
        self.chunk_bytes.saturating_mul(self.tiles())
    }

    /// Groups of chunks that hold the same frames.
    pub(crate) const fn slabs(&self) -> usize {
        self.geometry.lengths[0].div_ceil(self.chunk[0])
    }

    /// First and last frame of group `slab`.
    pub(crate) fn frame_range(&self, slab: usize) -> (usize, usize) {
        let first = slab * self.frames();
        (first, self.geometry.lengths[0].min(first + self.frames()) - 1)
    }

    fn tile_counts(&self) -> Lengths {
        let mut counts = self.geometry.lengths;
        for (count, chunk) in counts.iter_mut().zip(self.chunk) {
            *count = count.div_ceil(chunk);
        }
        counts
    }

    /// First frame, row, column and channel of tile `tile` of the chunks in row `slab`.
    fn origin(&self, slab: usize, tile: usize) -> Lengths {
        let [_, _, columns, channels] = self.tile_counts();
        let place = [slab, tile / channels / columns, tile / channels % columns, tile % channels];
        let mut origin = [0; 4];
        for axis in 0..4 {
            origin[axis] = place[axis] * self.chunk[axis];
        }
        origin
    }

    /// The same in the dataset's own axes, for the library.
    pub(crate) fn offset(&self, slab: usize, tile: usize) -> Vec<u64> {
        self.geometry.present(self.origin(slab, tile).map(|n| n as u64))
    }

    /// Copies what `chunk` (a decoded chunk, tile `tile`) holds of frame `frame` into `into`, that whole frame.
    pub(crate) fn copy_frame(&self, chunk: &[u8], frame: usize, tile: usize, into: &mut [u8]) {
        self.for_each_run(frame, tile, |from, to, bytes| {
            into[to..to + bytes].copy_from_slice(&chunk[from..from + bytes]);
        });
    }

    /// Writes the fill value `fill` where a chunk that the file lacks would have frame `frame`.
    pub(crate) fn fill_frame(&self, fill: &[u8], frame: usize, tile: usize, into: &mut [u8]) {
        self.for_each_run(frame, tile, |_, to, bytes| {
            into[to..to + bytes]
                .chunks_exact_mut(fill.len())
                .for_each(|element| element.copy_from_slice(fill));
        });
    }

    /// Calls `run` with place in the chunk, place in the frame and length, all in bytes, of each run of samples
    /// that is contiguous in both.
    fn for_each_run(&self, frame: usize, tile: usize, mut run: impl FnMut(usize, usize, usize)) {
        let [_, height, width, depth] = self.geometry.lengths;
        let [frames, chunk_height, chunk_width, chunk_depth] = self.chunk;
        let [_, top, left, first] = self.origin(0, tile);
        let (rows, columns) = (chunk_height.min(height - top), chunk_width.min(width - left));
        let channels = chunk_depth.min(depth - first);
        let e = self.element_bytes;
        let base = frame % frames * chunk_height * chunk_width * chunk_depth * e;
        if chunk_depth == depth && chunk_width == width {
            return run(base, top * width * depth * e, rows * width * depth * e);
        }
        for row in 0..rows {
            let from = base + row * chunk_width * chunk_depth * e;
            let to = ((top + row) * width + left) * depth * e;
            if chunk_depth == depth {
                run(from, to, columns * depth * e);
                continue;
            }
            for column in 0..columns {
                run(from + column * chunk_depth * e, to + (column * depth + first) * e, channels * e);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Cuts a frame into chunks by the definition, and puts it together again.
        #[test]
        fn tiles_cover_each_frame_once(
            dims in prop::array::uniform4(1usize..7), chunk in prop::array::uniform4(1usize..8), element in 1usize..3,
        ) {
            let geometry = Geometry::of_dims(&dims).unwrap();
            let grid =
                ChunkGrid::new(Path::new("x.h5"), "/x", geometry, &chunk, element, &Limits::default()).unwrap();
            let sample = |t: usize, y: usize, x: usize, c: usize, b: usize| {
                (((((t * dims[1] + y) * dims[2] + x) * dims[3] + c) * element + b) % 251) as u8
            };
            for frame in 0..dims[0] {
                let slab = frame / chunk[0];
                let mut found = vec![255; dims[1] * dims[2] * dims[3] * element];
                for tile in 0..grid.tiles() {
                    let origin = grid.offset(slab, tile).into_iter().map(|n| n as usize).collect::<Vec<_>>();
                    let mut bytes = Vec::new();
                    for t in 0..chunk[0] { for y in 0..chunk[1] { for x in 0..chunk[2] { for c in 0..chunk[3] {
                        for b in 0..element {
                            bytes.push(sample(origin[0] + t, origin[1] + y, origin[2] + x, origin[3] + c, b));
                        }
                    }}}}
                    prop_assert_eq!(bytes.len(), grid.chunk_bytes());
                    grid.copy_frame(&bytes, frame, tile, &mut found);
                }
                let mut wanted = Vec::new();
                for y in 0..dims[1] { for x in 0..dims[2] { for c in 0..dims[3] { for b in 0..element {
                    wanted.push(sample(frame, y, x, c, b));
                }}}}
                prop_assert_eq!(found, wanted);
            }
        }
    }

    #[test]
    fn claimed_chunk_shapes_are_checked() {
        let geometry = Geometry::of_dims(&[10, 4, 4]).unwrap();
        let grid = |chunk: &[usize]| {
            ChunkGrid::new(Path::new("x.h5"), "/x", geometry.clone(), chunk, 2, &Limits::default())
        };
        assert!(grid(&[1, 4, 4]).is_ok());
        assert!(grid(&[1, 0, 4]).is_err());
        assert!(grid(&[1, 4]).is_err());
        assert!(grid(&[1 << 40, 1 << 30, 1 << 30]).unwrap_err().to_string().contains("size of a chunk"));
        assert!(grid(&[usize::MAX; 3]).is_err());
    }
}
