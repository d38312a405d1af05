//! The shape of one frame, with products that cannot overflow.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Height, width and channels of one frame. Samples lie row by row, channels innermost (R, G, B).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "FrameShapeFields")]
pub struct FrameShape {
    height: usize,
    width: usize,
    channels: usize,
}

#[derive(Deserialize)]
struct FrameShapeFields {
    height: usize,
    width: usize,
    channels: usize,
}

impl TryFrom<FrameShapeFields> for FrameShape {
    type Error = Error;

    fn try_from(fields: FrameShapeFields) -> Result<Self> {
        Self::new(fields.height, fields.width, fields.channels)
    }
}

impl FrameShape {
    /// Most channels a frame may have: RGBA.
    pub const MAX_CHANNELS: usize = 4;

    /// A frame of `height` rows, `width` columns and `channels` samples a pixel (1 grey, 2 grey + alpha, 3 RGB,
    /// 4 RGBA).
    ///
    /// # Errors
    /// [`Error::Parameter`] if a dimension is zero, there are more than four channels, or the number of bytes of
    /// a frame of doubles does not fit in a signed machine word.
    pub fn new(height: usize, width: usize, channels: usize) -> Result<Self> {
        let refuse = |problem: &str, remedy: &str| {
            Err(Error::parameter(format!("frame shape {height} x {width} x {channels}"), problem, remedy))
        };
        if height == 0 || width == 0 || channels == 0 {
            return refuse("a dimension is zero", "every dimension must be at least 1");
        }
        if channels > Self::MAX_CHANNELS {
            return refuse("too many channels", "use 1 to 4 channels (grey, grey + alpha, RGB, RGBA)");
        }
        let widest = height.checked_mul(width).and_then(|n| n.checked_mul(channels * 8));
        if widest.is_none_or(|n| isize::try_from(n).is_err()) {
            return refuse("the number of samples overflows", "use smaller frames");
        }
        Ok(Self { height, width, channels })
    }

    /// A frame with one channel.
    ///
    /// # Errors
    /// As [`FrameShape::new`].
    pub fn gray(height: usize, width: usize) -> Result<Self> {
        Self::new(height, width, 1)
    }

    /// Rows.
    pub const fn height(self) -> usize {
        self.height
    }

    /// Columns.
    pub const fn width(self) -> usize {
        self.width
    }

    /// Samples in a pixel.
    pub const fn channels(self) -> usize {
        self.channels
    }

    /// Pixels in a frame: height x width.
    pub const fn pixels(self) -> usize {
        self.height * self.width
    }

    /// Samples in a frame: height x width x channels. Cannot overflow: checked in [`FrameShape::new`].
    pub const fn samples(self) -> usize {
        self.height * self.width * self.channels
    }
}

impl fmt::Display for FrameShape {
    /// `201 x 301` or `480 x 640 x 3`: height first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}", self.height, self.width)?;
        if self.channels > 1 {
            write!(f, " x {}", self.channels)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_shapes_are_refused() {
        assert!(FrameShape::new(0, 1, 1).is_err());
        assert!(FrameShape::new(1, 1, 5).is_err());
        assert!(FrameShape::new(usize::MAX / 2, 3, 1).is_err());
        assert!(FrameShape::new(1 << 40, 1 << 30, 1).is_err());
        assert_eq!(FrameShape::new(2, 3, 3).unwrap().samples(), 18);
    }
}
