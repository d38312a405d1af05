//! What a file says of itself beside its samples: method, promise, and a hash of every decoded frame.
//!
//! Both are tables that the container stores by name:
//!
//! | table | content |
//! |---|---|
//! | `envelope.json` | an [`Envelope`] as JSON |
//! | `frame_hashes` | BLAKE3 of each decoded frame's little-endian samples, 32 bytes a frame, in frame order |

use std::path::Path;

use serde::{Deserialize, Serialize};
use stack_core::{Arrangement, Error, ErrorBound, FrameBuf, FrameSource, Result, StackHeader};

use crate::MethodSpec;

/// Name of the table that holds the [`Envelope`].
pub const ENVELOPE_TABLE: &str = "envelope.json";
/// Name of the table that holds the [`FrameHashes`].
pub const HASHES_TABLE: &str = "frame_hashes";
/// The version of the file layout that this library writes, and the newest that it reads.
pub const LAYOUT_VERSION: u32 = 1;

/// Method and promise of a file, written once and never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Version of the layout, [`LAYOUT_VERSION`].
    pub layout_version: u32,
    /// The method that wrote the file.
    pub method: MethodSpec,
    /// What the method promised for these samples.
    pub promise: ErrorBound,
}

impl Envelope {
    /// The envelope of a file that is about to be written.
    pub fn new(method: MethodSpec, promise: ErrorBound) -> Self {
        Self { layout_version: LAYOUT_VERSION, method, promise }
    }

    /// The bytes of the table.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an envelope has only strings and finite numbers")
    }

    /// Reads the bytes of the table; `path` is for the error.
    ///
    /// # Errors
    /// [`Error::Format`] where the bytes are not an envelope, or one of a version that is still to come.
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self> {
        /// The one field that every version has.
        #[derive(Deserialize)]
        struct Version {
            layout_version: u32,
        }
        let damaged = |error: serde_json::Error| {
            Error::format(
                path,
                ENVELOPE_TABLE,
                error.to_string(),
                "the file is damaged; restore it from a copy",
            )
        };
        let Version { layout_version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if layout_version == 0 || layout_version > LAYOUT_VERSION {
            return Err(Error::format(
                path,
                "layout_version",
                format!(
                    "the file has layout version {layout_version}, this program reads 1 to {LAYOUT_VERSION}"
                ),
                "use a newer stackpress",
            ));
        }
        serde_json::from_slice(bytes).map_err(damaged)
    }
}

/// BLAKE3 of every frame's decoded samples.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrameHashes {
    bytes: Vec<u8>,
}

impl FrameHashes {
    /// Bytes of one frame's hash.
    pub const HASH_BYTES: usize = blake3::OUT_LEN;

    /// No hashes yet, room for `frames`.
    pub fn with_capacity(frames: usize) -> Self {
        Self { bytes: Vec::with_capacity(frames.saturating_mul(Self::HASH_BYTES)) }
    }

    /// Zeros for `frames` frames: what is written where the hashes are known only later.
    pub fn placeholder(frames: usize) -> Vec<u8> {
        vec![0; frames * Self::HASH_BYTES]
    }

    /// Adds the hash of the next frame.
    pub fn push(&mut self, frame: &FrameBuf) {
        self.bytes.extend_from_slice(&Self::hash(frame));
    }

    /// Whether frame `index` has the hash that is stored for it.
    pub fn matches(&self, index: usize, frame: &FrameBuf) -> bool {
        self.get(index).is_some_and(|stored| stored == Self::hash(frame))
    }

    /// Refuses a decoded frame that has not the hash that is stored for it; `path` is for the error.
    ///
    /// # Errors
    /// [`Error::Mismatch`] that names the frame.
    pub fn check(&self, path: &Path, index: usize, frame: &FrameBuf) -> Result<()> {
        if self.matches(index, frame) {
            return Ok(());
        }
        Err(Error::mismatch(path, wrong_hash(index), "restore the file from a copy"))
    }

    /// The stored hash of frame `index`.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        self.bytes.get(index * Self::HASH_BYTES..(index + 1) * Self::HASH_BYTES)
    }

    /// From the hashes of stored frames to those of the stack's frames.
    ///
    /// # Panics
    /// If there are fewer hashes than stored frames.
    #[must_use]
    pub fn spread(self, arrangement: &Arrangement) -> Self {
        if arrangement.is_identity() {
            return self;
        }
        let (hashes, _) = self.bytes.as_chunks::<{ Self::HASH_BYTES }>();
        Self { bytes: arrangement.spread(hashes).flatten().copied().collect() }
    }

    /// The bytes of the table.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads the bytes of the table for a stack of `frames`; `path` is for the error.
    ///
    /// # Errors
    /// [`Error::Format`] where there is not one hash a frame.
    pub fn from_bytes(path: &Path, bytes: Vec<u8>, frames: usize) -> Result<Self> {
        if bytes.len() != frames.saturating_mul(Self::HASH_BYTES) {
            return Err(Error::format(
                path,
                HASHES_TABLE,
                format!("{} bytes of hashes for {frames} frames", bytes.len()),
                "the file is damaged; restore it from a copy",
            ));
        }
        Ok(Self { bytes })
    }

    /// The hash of a frame: BLAKE3 of its samples as little-endian bytes.
    pub fn hash(frame: &FrameBuf) -> [u8; Self::HASH_BYTES] {
        *blake3::hash(&frame.le_bytes()).as_bytes()
    }
}

/// What is said of a frame whose hash differs.
pub(crate) fn wrong_hash(index: usize) -> String {
    format!("frame {index} does not decode to the samples whose hash is stored")
}

/// A source that hashes every frame once, in order, while a method reads it.
///
/// A frame that is read again (by a method that takes two passes) is not hashed again.
pub struct HashingSource<'a> {
    source: &'a mut dyn FrameSource,
    hashes: FrameHashes,
    next: usize,
}

impl<'a> HashingSource<'a> {
    /// Wraps a source.
    pub fn new(source: &'a mut dyn FrameSource) -> Self {
        let hashes = FrameHashes::with_capacity(source.header().frames);
        Self { source, hashes, next: 0 }
    }

    /// The hashes of all frames, once all were read in order.
    pub fn into_hashes(self) -> FrameHashes {
        self.hashes
    }
}

impl FrameSource for HashingSource<'_> {
    fn header(&self) -> &StackHeader {
        self.source.header()
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        self.source.read_frame(index, into)?;
        if index == self.next {
            self.hashes.push(into);
            self.next += 1;
        }
        Ok(())
    }

    fn seeks(&self) -> bool {
        self.source.seeks()
    }

    fn disk_bytes(&self) -> Option<u64> {
        self.source.disk_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope::new("hdf5:shuffle,gzip=9".parse().unwrap(), ErrorBound::Lossless)
    }

    #[test]
    fn the_bytes_of_an_envelope_are_fixed() {
        let text = r#"{"layout_version":1,"method":"hdf5:shuffle,gzip=9","promise":"lossless"}"#;
        assert_eq!(envelope().to_bytes(), text.as_bytes());
        assert_eq!(Envelope::from_bytes(Path::new("x"), text.as_bytes()).unwrap(), envelope());
    }

    #[test]
    fn cuts_and_flips_are_errors_or_other_envelopes_but_never_a_panic() {
        let bytes = envelope().to_bytes();
        for length in 0..bytes.len() {
            assert!(Envelope::from_bytes(Path::new("x"), &bytes[..length]).is_err());
        }
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(
                Envelope::from_bytes(Path::new("x"), &damaged).is_ok_and(|e| e != envelope())
                    || Envelope::from_bytes(Path::new("x"), &damaged).is_err()
            );
        }
    }

    #[test]
    fn a_version_from_the_future_is_named() {
        let text = r#"{"layout_version":2,"something":"new"}"#;
        let error = Envelope::from_bytes(Path::new("x"), text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("layout version 2"), "{error}");
    }

    #[test]
    fn there_is_one_hash_a_frame() {
        let mut hashes = FrameHashes::default();
        let frame = FrameBuf::U8(vec![1, 2, 3]);
        hashes.push(&frame);
        assert!(hashes.matches(0, &frame));
        assert!(!hashes.matches(0, &FrameBuf::U8(vec![1, 2, 4])));
        assert!(!hashes.matches(1, &frame));
        assert!(FrameHashes::from_bytes(Path::new("x"), vec![0; 33], 1).is_err());
        assert_eq!(FrameHashes::from_bytes(Path::new("x"), hashes.as_bytes().to_vec(), 1).unwrap(), hashes);
    }
}
