//! What the table promises and refuses.

use stack_core::{FrameShape, SampleFormat};

use super::*;

fn header(pixel: PixelType, bits: u8, height: usize, width: usize, channels: usize) -> StackHeader {
    let shape = FrameShape::new(height, width, channels).unwrap();
    StackHeader::new(2, shape, SampleFormat::new(pixel, bits).unwrap()).unwrap()
}

#[test]
fn the_table_is_in_the_order_of_the_enum() {
    for (codec, info) in Codec::ALL.into_iter().zip(&CODECS) {
        assert_eq!(codec, info.codec);
        assert_eq!(codec.name().parse::<Codec>().unwrap(), codec);
    }
    let error = "x265".parse::<Codec>().unwrap_err().to_string();
    assert!(error.contains("mp4, x264-fast, x264-slow, x264-interm, x264-lossless"), "{error}");
}

#[test]
fn significant_bits_choose_the_narrowest_format() {
    for (bits, format) in
        [(1, "gray10le"), (10, "gray10le"), (11, "gray12le"), (12, "gray12le"), (13, "gray16le")]
    {
        let header = header(PixelType::U16, bits, 4, 4, 1);
        assert_eq!(Codec::Ffv1.encoded_pixel_format(&header).unwrap(), format);
    }
}

#[test]
fn types_without_an_exact_pixel_format_are_refused_with_a_way_out() {
    for pixel in [PixelType::I16, PixelType::I32, PixelType::F32, PixelType::F64] {
        for codec in Codec::ALL {
            let error = codec.promise(&header(pixel, pixel.bits(), 4, 4, 1)).unwrap_err();
            assert!(matches!(error, Error::Unsupported { .. }), "{error}");
            assert!(error.to_string().contains("hdf5:shuffle,gzip=9"), "{error}");
        }
    }
    let alpha = header(PixelType::U8, 8, 4, 4, 4);
    assert!(Codec::Mp4.promise(&alpha).unwrap_err().to_string().contains("video:ffv1"));
    assert_eq!(Codec::Ffv1.promise(&alpha).unwrap(), ErrorBound::Lossless);
    assert!(Codec::Ffv1.promise(&header(PixelType::U16, 16, 4, 4, 2)).is_err());
}

#[test]
fn more_bits_than_a_codec_holds_are_refused_with_a_way_out() {
    let gray = |bits| header(PixelType::U16, bits, 20, 20, 1);
    for (codec, most) in [(Codec::X264Lossless, 10), (Codec::X265Lossless, 12), (Codec::JpegXlLossless, 16)] {
        for bits in 1..=16 {
            let promise = codec.promise(&gray(bits));
            assert_eq!(promise.is_ok(), bits <= most, "{codec}, {bits} bits");
            if let Err(error) = promise {
                assert!(error.to_string().contains("add planes=2"), "{error}");
            }
        }
    }
    let rgb = header(PixelType::U16, 16, 20, 20, 3);
    let error = Codec::X265Lossless.promise(&rgb).unwrap_err().to_string();
    assert!(error.contains("it holds 12 of the 16 bits") && error.contains("video:ffv1"), "{error}");
    assert!(Codec::X264Lossless.promise(&header(PixelType::U8, 8, 20, 20, 4)).is_err());
}

#[test]
fn sides_outside_of_what_was_tried_are_refused() {
    for (codec, height, width, holds) in [
        (Codec::X264Lossless, 1, 1, true),
        (Codec::X264Lossless, 16_384, 1, true),
        (Codec::X264Lossless, 1, 16_385, false),
        (Codec::X264Fast, 16_385, 2, false),
        (Codec::Mp4, 8191, 2, true),
        (Codec::Mp4, 2, 8192, false),
        (Codec::X265Lossless, 16, 16, true),
        (Codec::X265Lossless, 15, 16, false),
        (Codec::X265Lossless, 16, 70_000, true),
        (Codec::JpegXlLossless, 1, 70_000, true),
        (Codec::JpegXlLossless, 20_000, 20_000, false),
        (Codec::Ffv1, 20_000, 20_000, false),
    ] {
        let promise = codec.promise(&header(PixelType::U8, 8, height, width, 1));
        assert_eq!(promise.is_ok(), holds, "{codec}, {height} x {width}");
    }
}

#[test]
fn frames_too_thin_for_ffv1_are_refused() {
    for (height, width, holds) in
        [(1, 9, false), (9, 1, false), (2, 2, true), (300, 3, false), (3, 400, false), (4, 400, true)]
    {
        let promise = Codec::Ffv1.promise(&header(PixelType::U8, 8, height, width, 1));
        assert_eq!(promise.is_ok(), holds, "{height} x {width}");
    }
    assert!(Codec::X264Fast.promise(&header(PixelType::U8, 8, 1, 1, 1)).is_ok());
}
