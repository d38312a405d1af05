//! Tiles compressed by LZW, put together here.
//!
//! Version 0.11 of the `tiff` crate fails at most LZW tiles that reach past the right edge: it asks its LZW decoder
//! for a row and the rest of a row in turn, and that decoder takes the end of its input for the end of its output.
//! Here a tile is decoded whole.

use std::io::{self, Read, Seek, SeekFrom};

use stack_core::{FrameBuf, StackHeader};
use tiff::decoder::Decoder;
use tiff::tags::{ByteOrder, Tag};
use tiff::{TiffError, TiffResult};
use weezl::{BitOrder, LzwStatus};

use super::predictor::{add_planes, add_previous};

/// Reads the page that the decoder is at; `most` bounds what a compressed tile may take.
pub(super) fn read<R: Read + Seek>(
    decoder: &mut Decoder<R>,
    header: &StackHeader,
    white_is_zero: bool,
    most: u64,
    into: &mut FrameBuf,
) -> TiffResult<()> {
    let offsets = decoder.get_tag_u64_vec(Tag::TileOffsets)?;
    let lengths = decoder.get_tag_u64_vec(Tag::TileByteCounts)?;
    let predictor = decoder.find_tag_unsigned::<u16>(Tag::Predictor)?.unwrap_or(1);
    let big_endian = decoder.byte_order() == ByteOrder::BigEndian;
    let (tile_width, tile_height) = decoder.chunk_dimensions();
    let (tile_width, tile_height) = (tile_width as usize, tile_height as usize);
    let (shape, word) = (header.shape, header.format.pixel().bytes());
    let pixel_bytes = shape.channels() * word;
    let across = shape.width().div_ceil(tile_width);
    let frame_row = shape.width() * pixel_bytes;
    let mut frame = vec![0; frame_row * shape.height()];
    let (mut coded, mut scratch) = (Vec::new(), Vec::new());
    let mut tile = vec![0; tile_width * tile_height * pixel_bytes];
    for (index, (&offset, &length)) in offsets.iter().zip(&lengths).enumerate() {
        let (top, left) = (index / across * tile_height, index % across * tile_width);
        let rows = tile_height.min(shape.height().saturating_sub(top));
        if length > most {
            return Err(TiffError::LimitsExceeded);
        }
        coded.clear();
        decoder.inner().seek(SeekFrom::Start(offset))?;
        decoder.inner().take(length).read_to_end(&mut coded)?;
        // Rows below the image are of no use.
        let used = &mut tile[..rows * tile_width * pixel_bytes];
        decode(&coded, used)?;
        for (row, bytes) in used.chunks_exact_mut(tile_width * pixel_bytes).enumerate() {
            match predictor {
                3 => add_planes(bytes, shape.channels(), word, &mut scratch),
                _ => {
                    if big_endian {
                        bytes.chunks_exact_mut(word).for_each(<[u8]>::reverse);
                    }
                    if predictor == 2 {
                        add_previous(bytes, shape.channels(), word);
                    }
                }
            }
            let count = tile_width.min(shape.width() - left) * pixel_bytes;
            let at = (top + row) * frame_row + left * pixel_bytes;
            frame[at..at + count].copy_from_slice(&bytes[..count]);
        }
    }
    if white_is_zero {
        frame.iter_mut().for_each(|byte| *byte = !*byte);
    }
    into.fill_le_bytes(|bytes| {
        bytes.copy_from_slice(&frame);
        Ok(())
    })
}

/// Decodes as many bytes as `tile` has; codes after them are of no use.
fn decode(mut coded: &[u8], mut tile: &mut [u8]) -> io::Result<()> {
    let mut decoder = weezl::decode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8)
        .with_yield_on_full_buffer(true)
        .build();
    while !tile.is_empty() {
        let step = decoder.decode_bytes(coded, tile);
        coded = &coded[step.consumed_in..];
        tile = &mut tile[step.consumed_out..];
        match step.status {
            Ok(LzwStatus::Ok) => {}
            // Rows must not keep what another tile left there.
            Ok(LzwStatus::Done | LzwStatus::NoProgress) if !tile.is_empty() => {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            Ok(_) => break,
            Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        }
    }
    Ok(())
}
