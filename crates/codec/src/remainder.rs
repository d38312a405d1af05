//! Chunks of frames: what a base leaves over, as bytes and back.
//!
//! # Format, version 1
//!
//! | byte | bytes | field | content |
//! |---|---|---|---|
//! | 0 | 1 | version | 1 |
//! | 1 | 1 | sample type | 0 u8, 1 u16, 2 i16, 3 i32, 4 f32, 5 f64 |
//! | 2 | 1 | predictor | 0 none, 1 west, 2 average, 3 med, 4 gradient, 5 plane, 6 frame, 7 frame-med |
//! | 3 | 1 | channels | 1 to 4 |
//! | 4 | 4 | frames | number of frames, little-endian |
//! | 8 | 8 | bound | `E` as a 64-bit float, little-endian; +0 for lossless; 1 or more for integers |
//! | 16 | 8 | exceptions | number of samples whose bits are stored, little-endian |
//! | 24 | 8 | code length | bytes of the next part, little-endian |
//! | 32 | | code | decisions, arithmetic code of [`stack_entropy::binary`] |
//! | | | raw bits | low bits of residuals and bits of exceptions, as [`stack_entropy::bits`]; to the end of the chunk |
//!
//! Decisions and raw bits, frame by frame and in each frame channel by channel: if there are exceptions in the chunk,
//! one flag a sample and their bits; then the residuals of all other samples, row by row. Height and width are not
//! stored; the caller has them.

use stack_core::{ErrorBound, FrameBuf, FrameShape};
use stack_entropy::binary::Decoder;
use stack_entropy::bits::BitReader;
use stack_predict::{Earlier, Key, Shape};

use crate::Error;
use crate::error::Result;
use crate::exceptions::ExceptionModel;
use crate::number::{Coder, NumberModel, Reader, Writer};
use crate::plane::{self, Beside};
use crate::prediction::{Prediction, cost};
use crate::quantiser::{Coded, Step};

const VERSION: u8 = 1;

/// Bytes before the code.
const HEADER: usize = 32;

/// Pairs of frames that the choice of the predictor looks at, at most.
const LOOKED_AT: usize = 4;

/// Codes what `base` leaves over of `original`, frame for frame, so that [`decode`] comes back within `bound`.
///
/// Holds one code of the samples' width for each sample of the chunk.
///
/// # Errors
/// [`Error::Frames`] for no frames, or frames that differ in number, type or length from each other or from the shape;
/// [`Error::Bound`] for a bound that cannot be held: unbounded, negative or not finite.
pub fn encode(
    shape: FrameShape,
    original: &[FrameBuf],
    base: &[FrameBuf],
    bound: ErrorBound,
) -> Result<Vec<u8>> {
    check(shape, original)?;
    check(shape, base)?;
    same("frames of the base", original.len(), base.len())?;
    let found = base[0].pixel();
    same("sample type of the base", original[0].pixel(), found)?;
    macro_rules! typed {
        ($($variant:ident)*) => {
            match original[0] {
                $(FrameBuf::$variant(_) => {
                    let samples = |frame| match frame { &FrameBuf::$variant(ref it) => it.as_slice(), _ => &[] };
                    let original: Vec<&[_]> = original.iter().map(samples).collect();
                    let base: Vec<&[_]> = base.iter().map(samples).collect();
                    encode_typed(shape, &original, &base, bound)
                })*
            }
        };
    }
    typed!(U8 U16 I16 I32 F32 F64)
}

/// Turns frames of the base into the samples that were coded with it.
///
/// After an error the frames hold a mixture of both.
///
/// # Errors
/// [`Error::Frames`] for no frames, or frames that do not fit together; [`Error::Truncated`], [`Error::Field`] and
/// [`Error::Code`] for bytes that [`encode`] has not written for such frames.
pub fn decode(bytes: &[u8], shape: FrameShape, frames: &mut [FrameBuf]) -> Result<()> {
    check(shape, frames)?;
    macro_rules! typed {
        ($($variant:ident)*) => {
            match frames[0] {
                $(FrameBuf::$variant(_) => {
                    let samples = |frame| match frame {
                        &mut FrameBuf::$variant(ref mut it) => it.as_mut_slice(),
                        _ => &mut [],
                    };
                    let mut frames: Vec<&mut [_]> = frames.iter_mut().map(samples).collect();
                    decode_typed(bytes, shape, &mut frames)
                })*
            }
        };
    }
    typed!(U8 U16 I16 I32 F32 F64)
}

fn same<T: PartialEq + std::fmt::Display>(what: &'static str, expected: T, found: T) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Frames { what, expected: expected.to_string(), found: found.to_string() })
}

/// At least one frame, all of one type and of the shape.
fn check(shape: FrameShape, frames: &[FrameBuf]) -> Result<()> {
    let Some(first) = frames.first() else {
        return Err(Error::Frames { what: "frames", expected: "1 or more".into(), found: "0".into() });
    };
    for frame in frames {
        same("sample type of a frame", first.pixel(), frame.pixel())?;
        same("samples of a frame", shape.samples(), frame.len())?;
    }
    Ok(())
}

/// The fields before the code.
struct Header {
    sample_type: u8,
    prediction: Prediction,
    channels: u8,
    frames: u32,
    bound: f64,
    exceptions: u64,
    code_length: u64,
}

impl Header {
    fn write(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.sample_type, self.prediction.byte(), self.channels];
        bytes.extend(self.frames.to_le_bytes());
        bytes.extend(self.bound.to_bits().to_le_bytes());
        bytes.extend(self.exceptions.to_le_bytes());
        bytes.extend(self.code_length.to_le_bytes());
        bytes
    }

    /// The header and what follows.
    fn read(bytes: &[u8]) -> Result<(Self, &[u8])> {
        let Some((head, rest)) = bytes.split_first_chunk::<HEADER>() else {
            return Err(Error::Truncated { needed: HEADER, found: bytes.len() });
        };
        field("version", head[0].into(), VERSION.into())?;
        let long = |start: usize| u64::from_le_bytes(*head[start..].first_chunk().expect("eight bytes"));
        let header = Self {
            sample_type: head[1],
            prediction: Prediction::from_byte(head[2])?,
            channels: head[3],
            frames: u32::from_le_bytes(*head[4..].first_chunk().expect("four bytes")),
            bound: f64::from_bits(long(8)),
            exceptions: long(16),
            code_length: long(24),
        };
        Ok((header, rest))
    }
}

fn field(field: &'static str, found: u64, wanted: u64) -> Result<()> {
    if found == wanted {
        return Ok(());
    }
    Err(Error::Field { field, found, wanted: format!("it must be {wanted}") })
}

/// The bound as a chunk says it, for the step that it led to.
fn stored_bound(step: &Step) -> f64 {
    match *step {
        Step::Exact => 0.0,
        Step::Integer(step) => (step / 2) as f64,
        Step::Float { bound, .. } => bound,
    }
}

/// The models of one channel.
struct ChannelModel {
    numbers: NumberModel,
    exceptions: ExceptionModel,
}

impl ChannelModel {
    fn all(channels: usize, bits: u32) -> Vec<Self> {
        let model = || Self { numbers: NumberModel::new(bits), exceptions: ExceptionModel::new() };
        (0..channels).map(|_| model()).collect()
    }
}

/// One channel of one frame.
struct Plane<S: Coded> {
    codes: Vec<S::Code>,
    residuals: Vec<S::Key>,
    /// Flags of the exceptions, or nothing where the chunk has none.
    exceptions: Vec<bool>,
    /// The bits of the exceptions.
    raw: Vec<u64>,
}

impl<S: Coded> Plane<S> {
    fn new(samples: usize, exceptions: bool) -> Self {
        let flagged = if exceptions { samples } else { 0 };
        Self {
            codes: vec![S::Code::default(); samples],
            residuals: vec![S::Key::ZERO; samples],
            exceptions: vec![false; flagged],
            raw: vec![0; flagged],
        }
    }

    fn flags(&self) -> Option<&[bool]> {
        (!self.exceptions.is_empty()).then_some(&self.exceptions)
    }
}

fn encode_typed<S: Coded>(
    shape: FrameShape,
    original: &[&[S]],
    base: &[&[S]],
    bound: ErrorBound,
) -> Result<Vec<u8>> {
    let step = Step::holding::<S>(bound)?;
    let plane_shape = Shape::new(shape.height(), shape.width())?;
    let channels = shape.channels();
    let frames = u32::try_from(original.len()).map_err(|_| Error::Frames {
        what: "frames of a chunk",
        expected: format!("{} or fewer", u32::MAX),
        found: original.len().to_string(),
    })?;

    let mut codes = Vec::new();
    let mut flags = Vec::new();
    let mut exceptions = 0;
    for (original, base) in original.iter().zip(base) {
        for channel in 0..channels {
            let samples = original.iter().zip(*base).skip(channel).step_by(channels);
            let quantised: Vec<Option<S::Code>> =
                samples.map(|(sample, base)| sample.quantise(*base, &step)).collect();
            codes.push(quantised.iter().map(|code| code.unwrap_or_default()).collect::<Vec<_>>());
            flags.push(quantised.iter().map(Option::is_none).collect::<Vec<_>>());
            exceptions += quantised.iter().filter(|code| code.is_none()).count() as u64;
        }
    }
    let prediction = cheapest(plane_shape, &codes, channels)?;

    let mut writer = Writer::default();
    let mut models = ChannelModel::all(channels, S::Key::BITS);
    let mut done: Vec<Plane<S>> = Vec::new();
    for (frame, original) in original.iter().enumerate() {
        let mut planes: Vec<Plane<S>> = Vec::new();
        for channel in 0..channels {
            let mut plane = Plane::new(plane_shape.len(), exceptions > 0);
            plane.codes.copy_from_slice(&codes[frame * channels + channel]);
            let before = done.get(channel);
            let earlier = before.map_or(Earlier::None, |before| Earlier::One(&before.codes));
            if exceptions > 0 {
                plane.exceptions.copy_from_slice(&flags[frame * channels + channel]);
                let samples = original.iter().skip(channel).step_by(channels);
                for (raw, sample) in plane.raw.iter_mut().zip(samples) {
                    *raw = sample.to_bits_u64();
                }
                let Plane { codes, residuals, exceptions, .. } = &mut plane;
                prediction.encode_around(plane_shape, codes, earlier, exceptions, residuals);
            } else {
                prediction.encode(plane_shape, &plane.codes, earlier, &mut plane.residuals)?;
            }
            code_plane(&mut writer, &mut models[channel], plane_shape, before, planes.last(), &mut plane)?;
            planes.push(plane);
        }
        done = planes;
    }

    let code = writer.decisions.finish();
    let header = Header {
        sample_type: S::BYTE,
        prediction,
        channels: channels as u8,
        frames,
        bound: stored_bound(&step),
        exceptions,
        code_length: code.len() as u64,
    };
    let mut bytes = header.write();
    bytes.extend(code);
    bytes.extend(writer.raw.finish());
    Ok(bytes)
}

/// Codes exceptions and residuals of a plane; returns the number of exceptions.
fn code_plane<S: Coded>(
    coder: &mut impl Coder,
    model: &mut ChannelModel,
    shape: Shape,
    before: Option<&Plane<S>>,
    channel: Option<&Plane<S>>,
    plane: &mut Plane<S>,
) -> Result<u64> {
    let mut count = 0;
    if !plane.exceptions.is_empty() {
        let earlier = before.and_then(Plane::flags);
        let (flags, raw) = (&mut plane.exceptions, &mut plane.raw);
        count = model.exceptions.code(coder, shape, earlier, flags, raw, S::Key::BITS)?;
    }
    let beside = Beside {
        earlier: before.map(|before| before.residuals.as_slice()),
        channel: channel.map(|channel| channel.residuals.as_slice()),
        exceptions: (!plane.exceptions.is_empty()).then_some(plane.exceptions.as_slice()),
    };
    plane::code(coder, &mut model.numbers, shape, beside, &mut plane.residuals)?;
    Ok(count)
}

/// The prediction that costs least on a few frames; the first of equal ones.
fn cheapest<Q: stack_predict::Ordered>(
    shape: Shape,
    codes: &[Vec<Q>],
    channels: usize,
) -> Result<Prediction> {
    let frames = codes.len() / channels;
    let looked_at: Vec<usize> = if frames <= LOOKED_AT {
        (0..frames).collect()
    } else {
        (0..LOOKED_AT).map(|n| (n + 1) * (frames - 1) / LOOKED_AT).collect()
    };
    let mut residuals = vec![Q::Key::ZERO; shape.len()];
    let mut best = None;
    for prediction in Prediction::all() {
        let mut total = 0;
        for place in looked_at.iter().flat_map(|frame| frame * channels..(frame + 1) * channels) {
            let before = place.checked_sub(channels).map(|before| codes[before].as_slice());
            let earlier = before.map_or(Earlier::None, Earlier::One);
            prediction.encode(shape, &codes[place], earlier, &mut residuals)?;
            total += cost(&residuals);
        }
        if best.is_none_or(|(least, _)| total < least) {
            best = Some((total, prediction));
        }
    }
    Ok(best.expect("there are predictions").1)
}

fn decode_typed<S: Coded>(bytes: &[u8], shape: FrameShape, frames: &mut [&mut [S]]) -> Result<()> {
    let (header, rest) = Header::read(bytes)?;
    let channels = shape.channels();
    field("sample type", header.sample_type.into(), S::BYTE.into())?;
    field("channels", header.channels.into(), channels as u64)?;
    field("frames", header.frames.into(), frames.len() as u64)?;
    let step = Step::holding::<S>(ErrorBound::MaxAbs(header.bound))?;
    if stored_bound(&step).to_bits() != header.bound.to_bits() {
        return Err(Error::Bound { bound: header.bound.to_string() });
    }
    let samples = shape.samples() as u64 * u64::from(header.frames);
    if header.exceptions > samples {
        let wanted = format!("the frames have {samples} samples");
        return Err(Error::Field { field: "exceptions", found: header.exceptions, wanted });
    }
    let code_length = usize::try_from(header.code_length).ok().filter(|length| *length <= rest.len());
    let Some((code, raw)) = code_length.map(|length| rest.split_at(length)) else {
        let wanted = format!("{} bytes follow", rest.len());
        return Err(Error::Field { field: "code length", found: header.code_length, wanted });
    };
    let plane_shape = Shape::new(shape.height(), shape.width())?;
    let mut reader = Reader { decisions: Decoder::new(code)?, raw: BitReader::new(raw) };
    let mut models = ChannelModel::all(channels, S::Key::BITS);
    let mut exceptions = 0;
    let mut done: Vec<Plane<S>> = Vec::new();
    for frame in frames {
        let mut planes: Vec<Plane<S>> = Vec::new();
        for channel in 0..channels {
            let mut plane = Plane::new(plane_shape.len(), header.exceptions > 0);
            let before = done.get(channel);
            exceptions += code_plane(
                &mut reader,
                &mut models[channel],
                plane_shape,
                before,
                planes.last(),
                &mut plane,
            )?;
            let earlier = before.map_or(Earlier::None, |before| Earlier::One(&before.codes));
            header.prediction.decode(plane_shape, &plane.residuals, earlier, &mut plane.codes)?;
            for (place, sample) in frame.iter_mut().skip(channel).step_by(channels).enumerate() {
                *sample = if plane.exceptions.get(place) == Some(&true) {
                    S::from_bits_u64(plane.raw[place])
                } else {
                    S::reconstruct(*sample, plane.codes[place], &step)
                };
            }
            planes.push(plane);
        }
        done = planes;
    }
    field("exceptions", header.exceptions, exceptions)?;
    reader.decisions.finish()?;
    reader.raw.finish()?;
    Ok(())
}
