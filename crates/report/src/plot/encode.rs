//! Pixels as PNG files.

use std::collections::BTreeMap;

use png::Filter;

use super::theme::Rgb;

/// The share of pixels that a palette may change, one in so many.
const CHANGED: usize = 50;

/// A colour of so many pixels is seen, as in a colour bar: it may change by [`SEEN_CHANGE`] at most.
const SEEN: usize = 20;

/// Squared distance of two colours that look alike.
const SEEN_CHANGE: u32 = 3 * 8 * 8;

/// RGB bytes of a drawing as a PNG file with a palette: a third of the size. The 256 most frequent colours are kept;
/// the others, most of them blends at smooth edges, become the nearest of these. Where they are more than one pixel in
/// 50, as with photographs in a drawing, or one that is seen would change, all colours are kept.
pub(super) fn encode_drawing(width: u32, height: u32, bytes: &[u8]) -> Vec<u8> {
    let pixels = bytes.as_chunks::<3>().0;
    let mut counts: BTreeMap<Rgb, usize> = BTreeMap::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<(Rgb, usize)> = counts.into_iter().collect();
    colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let others: usize = colours.iter().skip(256).map(|(_, count)| count).sum();
    if others > pixels.len() / CHANGED {
        return encode(width, height, bytes, None, Filter::Paeth);
    }
    let palette: Vec<Rgb> = colours.iter().take(256).map(|(colour, _)| *colour).collect();
    let changes =
        |colour: Rgb| distance(colour, palette[usize::from(nearest(colour, &palette))]) > SEEN_CHANGE;
    if colours.iter().skip(256).any(|&(colour, count)| count >= SEEN && changes(colour)) {
        return encode(width, height, bytes, None, Filter::Paeth);
    }
    let index_of: BTreeMap<Rgb, u8> =
        colours.iter().map(|(colour, _)| (*colour, nearest(*colour, &palette))).collect();
    let indices: Vec<u8> = pixels.iter().map(|pixel| index_of[pixel]).collect();
    // Neighbouring indices are no neighbouring colours: differences between them would only grow the file.
    encode(width, height, &indices, Some(palette.concat()), Filter::NoFilter)
}

/// The index of the nearest colour; of equally near ones, the first.
fn nearest(colour: Rgb, palette: &[Rgb]) -> u8 {
    let nearest = palette.iter().enumerate().min_by_key(|(_, other)| distance(colour, **other));
    nearest.map_or(0, |(index, _)| index as u8)
}

fn distance(one: Rgb, other: Rgb) -> u32 {
    one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
}

/// Bytes of RGB, or indices into a palette, as a PNG file.
pub(super) fn encode(
    width: u32,
    height: u32,
    bytes: &[u8],
    palette: Option<Vec<u8>>,
    filter: Filter,
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(filter);
    if let Some(palette) = palette {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette);
    } else {
        encoder.set_color(png::ColorType::Rgb);
    }
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(bytes)?;
        writer.finish()
    });
    written.expect("a whole picture is written to memory");
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The colours of a file: with a palette, or each pixel's own.
    fn kind(bytes: &[u8], width: u32) -> png::ColorType {
        let height = bytes.len() as u32 / 3 / width;
        let file = encode_drawing(width, height, bytes);
        png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap().info().color_type
    }

    #[test]
    fn a_colour_bar_beside_a_picture_keeps_its_colours() {
        // 256 greys of a large picture, and a bar of 64 reds, 20 pixels each.
        let mut bytes: Vec<u8> = (0..=255_u8).flat_map(|grey| [grey; 3 * 400]).collect();
        assert_eq!(kind(&bytes, 20), png::ColorType::Indexed);
        bytes.extend((0..64_u8).flat_map(|red| [200, red * 3, 0].repeat(20)));
        assert_eq!(kind(&bytes, 20), png::ColorType::Rgb);
    }
}
