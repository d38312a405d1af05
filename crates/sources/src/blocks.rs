//! Blocks of bytes that frames carry from a file to a file: which there are, and which belong to a frame.
//!
//! | block | content | from | written to |
//! |---|---|---|---|
//! | `icc` | an ICC profile (ICC.1), inflated | PNG, JPEG, TIFF, WebP | PNG, TIFF |
//! | `exif` | Exif data: a small TIFF file in either byte order (CIPA DC-008, section 4.5) | PNG, JPEG, TIFF, WebP | PNG, TIFF |
//! | `xmp` | an XMP packet | PNG, JPEG, TIFF, WebP | PNG, TIFF |
//! | `tiff:NAME`, `tiff:NUMBER` | the values of a TIFF tag, see [`pages::value`](crate::pages::value) | TIFF | TIFF |
//! | `png:NAME` | the data of a PNG chunk, as in the file | PNG | PNG |
//! | `png:text` | all text chunks of a PNG: length (4 bytes, big-endian), type, data of each | PNG | PNG |

use std::collections::HashMap;
use std::path::Path;

use stack_core::{Block, Limits, Metadata, Result};

/// An ICC profile.
pub const ICC: &str = "icc";
/// Exif data: a small TIFF file.
pub const EXIF: &str = "exif";
/// An XMP packet.
pub const XMP: &str = "xmp";

/// The blocks of one frame.
pub(crate) type FrameBlocks = Vec<(String, Vec<u8>)>;

/// Collects the blocks of a stack's frames; equal ones in a row become one.
///
/// The same as [`Metadata::add_block`], in constant time for any number of blocks, and with a limit.
pub(crate) struct BlockList {
    blocks: Vec<Block>,
    /// The last block of each name.
    last: HashMap<String, usize>,
    bytes: u128,
    limit: u64,
}

impl BlockList {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { blocks: Vec::new(), last: HashMap::new(), bytes: 0, limit: limits.metadata_bytes }
    }

    /// Adds what frame `frame` carries; `path` is named if it is too much.
    pub(crate) fn add(&mut self, path: &Path, frame: usize, blocks: FrameBlocks) -> Result<()> {
        for (name, bytes) in blocks {
            if let Some(&index) = self.last.get(&name) {
                let last = &mut self.blocks[index];
                if last.frames.end == frame && last.bytes == bytes {
                    last.frames.end += 1;
                    continue;
                }
            }
            self.bytes += (name.len() + bytes.len()) as u128;
            Limits::check(
                path,
                "the size of profiles, tags and other blocks in bytes",
                self.bytes,
                self.limit,
            )?;
            self.last.insert(name.clone(), self.blocks.len());
            self.blocks.push(Block { name, frames: frame..frame + 1, bytes });
        }
        Ok(())
    }

    pub(crate) fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }
}

/// Gives the blocks of frame after frame without a search for each.
pub(crate) struct BlockCursor {
    /// Indices of blocks, in the order of their first frames.
    order: Vec<usize>,
    /// How many of `order` began at the current frame or before.
    begun: usize,
    current: Vec<usize>,
}

impl BlockCursor {
    pub(crate) fn new(meta: &Metadata) -> Self {
        let mut order: Vec<usize> = (0..meta.blocks.len()).collect();
        order.sort_by_key(|&index| meta.blocks[index].frames.start);
        Self { order, begun: 0, current: Vec::new() }
    }

    /// The blocks that frame `frame` carries; frames are asked for in increasing order.
    pub(crate) fn of_frame<'m>(&mut self, meta: &'m Metadata, frame: usize) -> Vec<&'m Block> {
        while let Some(&index) = self.order.get(self.begun)
            && meta.blocks[index].frames.start <= frame
        {
            self.current.push(index);
            self.begun += 1;
        }
        self.current.retain(|&index| meta.blocks[index].frames.contains(&frame));
        self.current.iter().map(|&index| &meta.blocks[index]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collecting_is_what_metadata_does() {
        let limits = Limits { metadata_bytes: 40, ..Limits::default() };
        let (mut list, mut meta) = (BlockList::new(&limits), Metadata::default());
        for (frame, text) in ["a", "a", "b", "b", "b", "a"].iter().enumerate() {
            let blocks = vec![(ICC.to_owned(), vec![7; 9]), ("text".to_owned(), text.as_bytes().to_vec())];
            for (name, bytes) in &blocks {
                meta.add_block(name, frame, bytes.clone());
            }
            list.add(Path::new("x"), frame, blocks).unwrap();
        }
        let error = list.add(Path::new("x.tif"), 6, vec![(XMP.into(), vec![0; 11])]).unwrap_err().to_string();
        assert!(
            error.contains("x.tif: the size of profiles, tags and other blocks in bytes is 41"),
            "{error}"
        );
        meta.blocks = list.into_blocks();
        let mut cursor = BlockCursor::new(&meta);
        for frame in 0..6 {
            let found: Vec<_> = cursor.of_frame(&meta, frame).iter().map(|block| &block.bytes[..]).collect();
            assert_eq!(found, [meta.block(ICC, frame).unwrap(), meta.block("text", frame).unwrap()]);
        }
        assert_eq!(meta.blocks.len(), 4);
    }
}
