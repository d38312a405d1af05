//! The codes of one frame in memory, and code that runs on frames of one sample type.

use stack_core::StackHeader;

/// Runs one expression on frames of one sample type; `$other` where they are of several.
macro_rules! same_type {
    (($first:expr, $second:expr, $third:expr), ($a:ident, $b:ident, $c:ident) => $body:expr, $other:expr) => {
        match ($first, $second, $third) {
            (FrameBuf::U8($a), FrameBuf::U8($b), FrameBuf::U8($c)) => $body,
            (FrameBuf::U16($a), FrameBuf::U16($b), FrameBuf::U16($c)) => $body,
            (FrameBuf::I16($a), FrameBuf::I16($b), FrameBuf::I16($c)) => $body,
            (FrameBuf::I32($a), FrameBuf::I32($b), FrameBuf::I32($c)) => $body,
            (FrameBuf::F32($a), FrameBuf::F32($b), FrameBuf::F32($c)) => $body,
            (FrameBuf::F64($a), FrameBuf::F64($b), FrameBuf::F64($c)) => $body,
            _ => $other,
        }
    };
}

pub(crate) use same_type;

/// The codes of one frame, one unsigned integer as wide as a sample for each.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    /// Memory that is aligned for every width.
    words: Vec<u64>,
    bytes: usize,
}

impl Codes {
    /// Room for the codes of a frame.
    pub(crate) fn for_header(header: &StackHeader) -> Self {
        let bytes = header.frame_bytes();
        Self { words: vec![0; bytes.div_ceil(size_of::<u64>())], bytes }
    }

    /// The codes as numbers, as many as a frame has samples.
    pub(crate) fn keys<K: bytemuck::Pod>(&mut self) -> &mut [K] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.bytes / size_of::<K>()]
    }

    /// The codes as the file has them, little-endian.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        self.keys::<u8>()
    }

    /// Turns numbers of this machine into those of the file, and back.
    pub(crate) fn swap_order(&mut self, width: usize) {
        if cfg!(target_endian = "big") {
            self.bytes().chunks_exact_mut(width).for_each(<[u8]>::reverse);
        }
    }
}
