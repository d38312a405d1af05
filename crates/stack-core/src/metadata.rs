//! What a stack carries beside its samples: names, properties in words, and blocks of bytes.

use std::collections::BTreeMap;
use std::ops::Range;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// What a stack carries beside its samples; it is kept and given back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// File name of each frame, in frame order; empty where the source has no names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frame_names: Vec<String>,
    /// Free-text properties in the words of the source, sorted by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
    /// Blocks of bytes that came with frames, in the order of their first frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
}

/// Bytes that came with a run of frames and are given back with them: a colour profile, EXIF data, a page's text.
///
/// Frames in a row that carry the same bytes share one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What the bytes are, in the words of the format they came from: `icc`, `exif`, `tiff:ImageDescription`.
    pub name: String,
    /// The frames that carry it, half-open.
    pub frames: Range<usize>,
    /// The bytes, as they were.
    #[serde(with = "as_base64")]
    pub bytes: Vec<u8>,
}

impl Metadata {
    /// Checks names and blocks against the number of frames.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names the field.
    pub fn check(&self, frames: usize) -> Result<()> {
        let names = self.frame_names.len();
        if names != 0 && names != frames {
            return Err(Error::parameter(
                "frame_names",
                format!("{names} names for {frames} frames"),
                "give one name for each frame, or none",
            ));
        }
        for block in &self.blocks {
            if block.name.is_empty() || block.frames.is_empty() || block.frames.end > frames {
                return Err(Error::parameter(
                    "blocks",
                    format!(
                        "block {:?} is for frames {} to {} of {frames}",
                        block.name, block.frames.start, block.frames.end
                    ),
                    "give every block a name and frames that there are",
                ));
            }
        }
        Ok(())
    }

    /// The metadata of the frames in `range`, numbered from 0.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let within = |block: &Block| {
            let start = block.frames.start.max(range.start);
            let end = block.frames.end.min(range.end);
            (start < end).then(|| Block { frames: start - range.start..end - range.start, ..block.clone() })
        };
        Self {
            frame_names: self.frame_names.get(range.clone()).map(<[String]>::to_vec).unwrap_or_default(),
            properties: self.properties.clone(),
            blocks: self.blocks.iter().filter_map(within).collect(),
        }
    }

    /// Adds bytes that came with frame `frame`; a block of the same name and bytes that ends there grows.
    ///
    /// Frames are given in order.
    ///
    /// ```
    /// let mut meta = stack_core::Metadata::default();
    /// for (frame, profile) in [(0, b"sRGB"), (1, b"sRGB"), (2, b"gray")] {
    ///     meta.add_block("icc", frame, profile.to_vec());
    /// }
    /// let runs: Vec<_> = meta.blocks.iter().map(|block| block.frames.clone()).collect();
    /// assert_eq!(runs, [0..2, 2..3]);
    /// ```
    pub fn add_block(&mut self, name: &str, frame: usize, bytes: Vec<u8>) {
        let last = self.blocks.iter_mut().rev().find(|block| block.name == name);
        match last {
            Some(block) if block.frames.end == frame && block.bytes == bytes => block.frames.end += 1,
            _ => self.blocks.push(Block { name: name.into(), frames: frame..frame + 1, bytes }),
        }
    }

    /// The bytes of this name that frame `frame` carries; `None` if it has none.
    pub fn block(&self, name: &str, frame: usize) -> Option<&[u8]> {
        let found = self.blocks.iter().find(|block| block.name == name && block.frames.contains(&frame));
        found.map(|block| block.bytes.as_slice())
    }
}

/// Bytes as text in files that are JSON (RFC 4648, section 4).
mod as_base64 {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{BASE64_STANDARD, Engine};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_per_frame_or_none() {
        let meta = Metadata { frame_names: vec!["only one".into()], ..Metadata::default() };
        assert!(meta.check(2).is_err());
        assert!(meta.check(1).is_ok());
    }

    #[test]
    fn blocks_are_for_frames_that_there_are() {
        let mut meta = Metadata::default();
        meta.add_block("icc", 1, vec![1, 2]);
        assert!(meta.check(2).is_ok());
        assert!(meta.check(1).is_err());
        assert_eq!(meta.block("icc", 1), Some(&[1, 2][..]));
        assert_eq!(meta.block("icc", 0), None);
        assert_eq!(meta.block("exif", 1), None);
    }

    #[test]
    fn a_part_cuts_blocks_and_counts_from_its_own_first_frame() {
        let mut meta = Metadata::default();
        for frame in 0..4 {
            meta.add_block("icc", frame, vec![7]);
        }
        meta.add_block("exif", 0, vec![8]);
        let part = meta.part(1..3);
        assert_eq!(part.blocks, [Block { name: "icc".into(), frames: 0..2, bytes: vec![7] }]);
    }
}
