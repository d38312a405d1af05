//! Frames as TIFF pages: any sample type and number of channels, uncompressed, one strip.

use std::io::{Seek, Write};
use std::marker::PhantomData;

use stack_core::{FrameBuf, Sample, StackHeader, with_samples};
use tiff::encoder::colortype::ColorType;
use tiff::encoder::{TiffEncoder, TiffKind, TiffValue};
use tiff::tags::{ExtraSamples, PhotometricInterpretation, SampleFormat, Tag, Type};
use tiff::{Directory, TiffResult};

/// Most bytes of a page's directory and small tags, its name apart.
const PAGE_OVERHEAD: u64 = 512;

/// The tag that the standard calls "page name".
const PAGE_NAME: Tag = Tag::Unknown(285);

/// Whether the pages of a stack need BigTIFF: offsets of classic TIFF end at 4 GiB.
pub(super) fn needs_big_tiff(header: &StackHeader) -> bool {
    let names: u64 = header.meta.frame_names.iter().map(|name| name.len() as u64 + 2).sum();
    let pages = header.frames as u64;
    let total = pages
        .checked_mul(PAGE_OVERHEAD)
        .and_then(|bytes| bytes.checked_add(header.raw_bytes()))
        .and_then(|bytes| bytes.checked_add(names));
    total.is_none_or(|bytes| bytes > u64::from(u32::MAX))
}

/// Appends one frame as a page.
pub(super) fn write_page<W: Write + Seek, K: TiffKind>(
    encoder: &mut TiffEncoder<W, K>,
    header: &StackHeader,
    frame: &FrameBuf,
    name: Option<&str>,
) -> TiffResult<()> {
    with_samples!(frame, samples => match header.shape.channels() {
        1 | 2 => write_samples::<_, _, Gray<_>>(encoder, header, samples, name),
        _ => write_samples::<_, _, Rgb<_>>(encoder, header, samples, name),
    })
}

fn write_samples<W: Write + Seek, K: TiffKind, C: ColorType>(
    encoder: &mut TiffEncoder<W, K>,
    header: &StackHeader,
    samples: &[C::Inner],
    name: Option<&str>,
) -> TiffResult<()>
where
    [C::Inner]: TiffValue,
{
    let (height, width) = (u32::try_from(header.shape.height())?, u32::try_from(header.shape.width())?);
    let mut page = encoder.new_image::<C>(width, height)?;
    page.rows_per_strip(height)?;
    if header.shape.channels() > C::BITS_PER_SAMPLE.len() {
        page.extra_samples(&[ExtraSamples::UnassociatedAlpha])?;
    }
    if let Some(name) = name.filter(|name| !name.contains('\0')) {
        let directory = page.encoder();
        let text = [name.as_bytes(), b"\0"].concat();
        let entry = directory.write_entry_bytes(Type::ASCII, &text)?;
        directory.extend_from(&Directory::from_iter([(PAGE_NAME, entry)]));
    }
    page.write_data(samples)
}

/// A sample type as TIFF names it.
trait TiffSample: Sample + TiffValue {
    const FORMAT: SampleFormat;
}

macro_rules! tiff_samples {
    ($($type:ty => $format:ident;)*) => {$(
        impl TiffSample for $type {
            const FORMAT: SampleFormat = SampleFormat::$format;
        }
    )*};
}

tiff_samples! {
    u8 => Uint;
    u16 => Uint;
    i16 => Int;
    i32 => Int;
    f32 => IEEEFP;
    f64 => IEEEFP;
}

/// One sample a pixel, and possibly alpha.
struct Gray<S>(PhantomData<S>);

/// Three samples a pixel, and possibly alpha.
struct Rgb<S>(PhantomData<S>);

const fn bits<S: TiffSample>() -> u16 {
    S::PIXEL.bits() as u16
}

impl<S: TiffSample> ColorType for Gray<S> {
    type Inner = S;
    const TIFF_VALUE: PhotometricInterpretation = PhotometricInterpretation::BlackIsZero;
    const BITS_PER_SAMPLE: &'static [u16] = &[bits::<S>()];
    const SAMPLE_FORMAT: &'static [SampleFormat] = &[S::FORMAT];

    fn horizontal_predict(_: &[S], _: &mut Vec<S>) {
        unreachable!("pages are written without a predictor")
    }
}

impl<S: TiffSample> ColorType for Rgb<S> {
    type Inner = S;
    const TIFF_VALUE: PhotometricInterpretation = PhotometricInterpretation::RGB;
    const BITS_PER_SAMPLE: &'static [u16] = &[bits::<S>(); 3];
    const SAMPLE_FORMAT: &'static [SampleFormat] = &[S::FORMAT; 3];

    fn horizontal_predict(_: &[S], _: &mut Vec<S>) {
        unreachable!("pages are written without a predictor")
    }
}

#[cfg(test)]
mod tests {
    use stack_core::{FrameBuf, FrameShape, FrameSource, Limits, PixelType, SampleFormat, StackHeader};

    use super::{TiffEncoder, needs_big_tiff, write_page};
    use crate::pages::TiffStack;

    #[test]
    fn big_tiff_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.tif");
        let shape = FrameShape::new(2, 3, 4).unwrap();
        let header = StackHeader::new(2, shape, SampleFormat::full(PixelType::I16)).unwrap();
        let frames = [0, 24].map(|first| FrameBuf::I16((first..first + 24).collect()));
        let mut encoder = TiffEncoder::new_big(std::fs::File::create(&path).unwrap()).unwrap();
        for (name, frame) in ["first", "second"].iter().zip(&frames) {
            write_page(&mut encoder, &header, frame, Some(name)).unwrap();
        }
        drop(encoder);
        assert_eq!(std::fs::read(&path).unwrap()[2], 43);
        let mut stack = TiffStack::open(&path, &Limits::default()).unwrap();
        assert_eq!(stack.header().meta.frame_names, ["first", "second"]);
        let mut frame = FrameBuf::U8(Vec::new());
        for (index, expected) in frames.iter().enumerate().rev() {
            stack.read_frame(index, &mut frame).unwrap();
            assert_eq!(frame, *expected);
        }
    }

    #[test]
    fn four_gibibytes_need_big_tiff() {
        let header = |frames| {
            let shape = FrameShape::gray(1 << 10, 1 << 10).unwrap();
            StackHeader::new(frames, shape, SampleFormat::full(PixelType::U16)).unwrap()
        };
        assert!(!needs_big_tiff(&header(2047)));
        assert!(needs_big_tiff(&header(2048)));
        assert!(needs_big_tiff(&header(1 << 40)));
    }
}
