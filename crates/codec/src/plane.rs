//! The residuals of one channel of one frame, row by row, each in the context of those around it.

use stack_predict::{Key, Shape};

use crate::context::{Context, summand};
use crate::error::Result;
use crate::number::{Coder, NumberModel, sign_of};

/// What is known beside the plane itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a, K> {
    /// The same channel of the previous frame.
    pub(crate) earlier: Option<&'a [K]>,
    /// The previous channel of the same frame.
    pub(crate) channel: Option<&'a [K]>,
    /// Places that are not coded; their codes are zero.
    pub(crate) exceptions: Option<&'a [bool]>,
}

/// Codes a plane: a writer takes the codes, a reader fills them in.
pub(crate) fn code<K: Key, C: Coder>(
    coder: &mut C,
    model: &mut NumberModel,
    shape: Shape,
    beside: Beside<'_, K>,
    codes: &mut [K],
) -> Result<()> {
    let width = shape.width();
    for y in 0..shape.height() {
        let (done, rest) = codes.split_at_mut(y * width);
        let north = done.len().checked_sub(width).map(|start| &done[start..]);
        let earlier = beside.earlier.map(|codes| &codes[y * width..][..width]);
        let channel = beside.channel.map(|codes| &codes[y * width..][..width]);
        let exceptions = beside.exceptions.map(|flags| &flags[y * width..][..width]);
        code_row(coder, model, north, earlier, channel, exceptions, &mut rest[..width])?;
    }
    Ok(())
}

#[inline]
fn code_row<K: Key, C: Coder>(
    coder: &mut C,
    model: &mut NumberModel,
    north: Option<&[K]>,
    earlier: Option<&[K]>,
    channel: Option<&[K]>,
    exceptions: Option<&[bool]>,
    row: &mut [K],
) -> Result<()> {
    let width = row.len();
    let first = north.map_or(K::ZERO, |north| north[0]);
    let (mut west, mut north_west, mut north_here) = (first, first, first);
    for x in 0..width {
        let (above, north_east) = match north {
            Some(north) => (north_here, if x + 1 < width { north[x + 1] } else { north_here }),
            None => (west, west),
        };
        let [w, n, nw, ne] = [west, above, north_west, north_east].map(summand);
        let (other, other_sign) = match (earlier, channel) {
            (Some(earlier), Some(channel)) => {
                (summand(earlier[x]) + summand(channel[x]), sign_of(earlier[x]))
            }
            (Some(one), None) | (None, Some(one)) => (2 * summand(one[x]), sign_of(one[x])),
            (None, None) => (w + n, 0),
        };
        let context = Context::of(2 * w + 2 * n + nw + ne + other, K::BITS);
        let signs = (other_sign * 3 + sign_of(west)) * 3 + sign_of(above);
        let here = match exceptions {
            Some(flags) if flags[x] => K::ZERO,
            _ => model.code(coder, row[x], context, signs)?,
        };
        row[x] = here;
        (north_west, north_here, west) = (above, north_east, here);
    }
    Ok(())
}
