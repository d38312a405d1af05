//! Colours: red, green and blue to brightness and two colour differences, and back.
//!
//! ```text
//! Y  = kr R + kg G + kb B            kr + kg + kb = 1
//! Cb = (B - Y) / (2 (1 - kb))        R = Y + 2 (1 - kr) Cr
//! Cr = (R - Y) / (2 (1 - kr))        B = Y + 2 (1 - kb) Cb,   G = (Y - kr R - kb B) / kg
//!
//! BT.601: kr = 0.299,  kg = 0.587,  kb = 0.114        BT.709: kr = 0.2126, kg = 0.7152, kb = 0.0722
//! ```
//!
//! Red, green and blue rise and fall together; Y, Cb and Cr much less so, and the eye sees fine detail in Y only, so
//! that Cb and Cr can be stored smaller ([`crate::chroma`]). Full range: 8-bit samples use all of 0 to 255, and 128 is
//! added to Cb and Cr, as in JPEG files (JFIF). Rounding
//! loses a little: all 2^24 colours come back within 1 of each sample, but only 24 % of them exactly. For
//! lossless work there is [`crate::ycocg`]; [`Klt::of_pixels`](crate::Klt::of_pixels) finds the best matrix for one
//! picture.
//!
//! Sources: ITU-R BT.601-7 (2011) and BT.709-6 (2015), where the video range is defined too; ITU-T T.871 (2011), JFIF.
//!
//! ```
//! use stack_transform::ColourMatrix;
//!
//! assert_eq!(ColourMatrix::Bt601.to_ycbcr([255, 0, 0]), [76, 85, 255]);
//! assert_eq!(ColourMatrix::Bt709.to_ycbcr([255, 0, 0]), [54, 99, 255]);
//! assert_eq!(ColourMatrix::Bt601.to_rgb([76, 85, 255]), [254, 0, 0]);
//! let exact = ColourMatrix::Bt601.to_ycbcr_real([1.0, 0.0, 0.0]);
//! assert_eq!(exact[0], 0.299);
//! assert_eq!(exact[2], 0.5);
//! ```
//!
//! Cost: a handful of integer multiplications and divisions by constants a pixel. The 8-bit functions compute in
//! integers, exactly rounded (halves up), and are the same on every machine; other programs use shorter constants and
//! may differ by 1.
//!
//! Exercise: how many of the 256^3 colours Y, Cb, Cr are colours within 0 to 255 of red, green and blue?

use crate::error::{Error, Result, check_length};

/// The weights of the primaries in the brightness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourMatrix {
    /// Standard television, JPEG.
    Bt601,
    /// High-definition television.
    Bt709,
}

impl ColourMatrix {
    /// `kr`, `kg`, `kb` as integers, and their sum.
    const fn weights(self) -> ([i64; 3], i64) {
        match self {
            Self::Bt601 => ([299, 587, 114], 1000),
            Self::Bt709 => ([2126, 7152, 722], 10_000),
        }
    }

    /// `Y, Cb, Cr` by the definition; Cb and Cr lie around zero.
    #[must_use]
    pub fn to_ycbcr_real(self, [red, green, blue]: [f64; 3]) -> [f64; 3] {
        let (weights, sum) = self.weights();
        let [kr, kg, kb] = weights.map(|weight| weight as f64 / sum as f64);
        let y = kr * red + kg * green + kb * blue;
        [y, (blue - y) / (2.0 * (1.0 - kb)), (red - y) / (2.0 * (1.0 - kr))]
    }

    /// `R, G, B` by the definition.
    #[must_use]
    pub fn to_rgb_real(self, [y, cb, cr]: [f64; 3]) -> [f64; 3] {
        let (weights, sum) = self.weights();
        let [kr, kg, kb] = weights.map(|weight| weight as f64 / sum as f64);
        let red = y + 2.0 * (1.0 - kr) * cr;
        let blue = y + 2.0 * (1.0 - kb) * cb;
        [red, (y - kr * red - kb * blue) / kg, blue]
    }

    /// An 8-bit colour, rounded and limited to 0 to 255; 128 is added to Cb and Cr.
    #[must_use]
    #[inline]
    pub fn to_ycbcr(self, rgb: [u8; 3]) -> [u8; 3] {
        let ([kr, kg, kb], sum) = self.weights();
        let [red, green, blue] = rgb.map(i64::from);
        // Y in units of 1 / sum.
        let y = kr * red + kg * green + kb * blue;
        [
            rounded(y, sum),
            rounded(sum * blue - y + 256 * (sum - kb), 2 * (sum - kb)),
            rounded(sum * red - y + 256 * (sum - kr), 2 * (sum - kr)),
        ]
    }

    /// The colour of 8-bit Y, Cb, Cr, rounded and limited to 0 to 255.
    #[must_use]
    #[inline]
    pub fn to_rgb(self, ycbcr: [u8; 3]) -> [u8; 3] {
        let ([kr, kg, kb], sum) = self.weights();
        let [y, cb, cr] = ycbcr.map(i64::from);
        let (cb, cr) = (cb - 128, cr - 128);
        [
            rounded(y * sum + 2 * (sum - kr) * cr, sum),
            rounded(y * sum * kg - 2 * (sum - kr) * kr * cr - 2 * (sum - kb) * kb * cb, sum * kg),
            rounded(y * sum + 2 * (sum - kb) * cb, sum),
        ]
    }

    /// Planes Y, Cb and Cr of pixels R G B R G B ...
    ///
    /// # Errors
    /// [`Error::Length`] if the number of samples is not three times that of each plane.
    pub fn split(self, rgb: &[u8], planes: [&mut [u8]; 3]) -> Result<()> {
        check_planes(rgb.len(), planes.each_ref().map(|plane| plane.len()))?;
        let [luma, blue, red] = planes;
        for (((pixel, y), cb), cr) in rgb.as_chunks::<3>().0.iter().zip(luma).zip(blue).zip(red) {
            [*y, *cb, *cr] = self.to_ycbcr(*pixel);
        }
        Ok(())
    }

    /// Pixels R G B R G B ... of planes Y, Cb and Cr.
    ///
    /// # Errors
    /// As [`ColourMatrix::split`].
    pub fn merge(self, planes: [&[u8]; 3], rgb: &mut [u8]) -> Result<()> {
        check_planes(rgb.len(), planes.map(<[u8]>::len))?;
        let [luma, blue, red] = planes;
        for (((pixel, y), cb), cr) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(luma).zip(blue).zip(red) {
            *pixel = self.to_rgb([*y, *cb, *cr]);
        }
        Ok(())
    }
}

fn check_planes(samples: usize, planes: [usize; 3]) -> Result<()> {
    if !samples.is_multiple_of(3) {
        return Err(Error::Length { what: "the picture", expected: samples.div_ceil(3) * 3, found: samples });
    }
    planes.into_iter().try_for_each(|plane| check_length("a plane", samples / 3, plane))
}

/// The nearest integer to a quotient, halves up, within 0 to 255.
#[inline]
fn rounded(numerator: i64, denominator: i64) -> u8 {
    (2 * numerator + denominator).div_euclid(2 * denominator).clamp(0, 255) as u8
}
