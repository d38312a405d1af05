//! A chunk of frames of one sample type: quantised, predicted, coded; and back.

use stack_core::{ErrorBound, FrameShape};
use stack_entropy::binary::Decoder;
use stack_entropy::bits::BitReader;
use stack_predict::{Earlier, Key, Shape};

use crate::Error;
use crate::choice::cheapest;
use crate::error::Result;
use crate::exceptions::{ExceptionModel, Exceptions};
use crate::header::{Header, expect};
use crate::number::{Coder, NumberModel, Reader, Writer};
use crate::plane::{self, Beside};
use crate::prediction::earlier_of;
use crate::quantiser::{Coded, Step};

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

    /// Codes the exceptions of a plane, if the chunk has any, and its residuals.
    fn code<K: Key>(
        &mut self,
        coder: &mut impl Coder,
        shape: Shape,
        before: Option<&Coding<K>>,
        channel: Option<&Coding<K>>,
        coding: &mut Coding<K>,
    ) -> Result<()> {
        if let Some(exceptions) = &mut coding.exceptions {
            let earlier = before.and_then(|before| before.exceptions.as_ref());
            *exceptions = self.exceptions.code(coder, shape, earlier, exceptions, K::BITS)?;
        }
        let beside = Beside {
            earlier: before.map(|before| before.residuals.as_slice()),
            channel: channel.map(|channel| channel.residuals.as_slice()),
            exceptions: coding.exceptions.as_ref().map(Exceptions::flags),
        };
        plane::code(coder, &mut self.numbers, shape, beside, &mut coding.residuals)
    }
}

/// What is coded of one channel of one frame.
struct Coding<K> {
    residuals: Vec<K>,
    /// Nothing where the chunk has none.
    exceptions: Option<Exceptions>,
}

impl<K: Key> Coding<K> {
    fn new(samples: usize, exceptions: bool) -> Self {
        Self { residuals: vec![K::ZERO; samples], exceptions: exceptions.then(|| Exceptions::none(samples)) }
    }
}

/// The codes of a channel of a frame, and where there are none; the code before stands in their place.
fn quantise<S: Coded>(
    original: &[S],
    base: &[S],
    (channel, channels): (usize, usize),
    step: &Step,
) -> (Vec<S::Code>, Exceptions) {
    let mut codes = Vec::with_capacity(original.len() / channels);
    let mut exceptions = Exceptions::none(original.len() / channels);
    let mut last = S::Code::default();
    let pairs = original.iter().zip(base).skip(channel).step_by(channels);
    for (place, (sample, base)) in pairs.enumerate() {
        match sample.quantise(*base, step) {
            Some(code) => last = code,
            None => exceptions.push(place, sample.to_bits_u64()),
        }
        codes.push(last);
    }
    (codes, exceptions)
}

/// Codes frames that were checked: as many of the base, all of the shape.
pub(crate) fn encode<S: Coded>(
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

    let (mut planes, mut exceptions) = (Vec::new(), Vec::new());
    for (original, base) in original.iter().zip(base) {
        for channel in 0..channels {
            let (codes, without) = quantise(original, base, (channel, channels), &step);
            planes.push(codes);
            exceptions.push(without);
        }
    }
    let prediction = cheapest(plane_shape, &planes, channels)?;
    let exception_count: u64 = exceptions.iter().map(|exceptions| exceptions.bits().len() as u64).sum();

    let mut writer = Writer::default();
    let mut models = ChannelModel::all(channels, S::Key::BITS);
    let mut codings: Vec<Coding<S::Key>> = Vec::with_capacity(2 * channels);
    for (place, exceptions) in exceptions.into_iter().enumerate() {
        let channel = place % channels;
        let (done, rest) = planes.split_at_mut(place);
        let earlier = earlier_of(done, channels, place);
        let mut coding = Coding::new(plane_shape.len(), false);
        if exception_count > 0 {
            let (plane, residuals) = (&mut rest[0], &mut coding.residuals);
            prediction.encode_around(plane_shape, channel, plane, earlier, exceptions.flags(), residuals);
            coding.exceptions = Some(exceptions);
        } else {
            prediction.encode(plane_shape, channel, &rest[0], earlier, &mut coding.residuals)?;
        }
        code(&mut writer, &mut models, plane_shape, &mut codings, coding)?;
    }

    let code = writer.decisions.finish();
    let header = Header {
        sample_type: S::BYTE,
        prediction,
        channels: channels as u8,
        frames,
        bound: step.bound(),
        exceptions: exception_count,
        code_length: code.len() as u64,
    };
    Ok([header.write(), code, writer.raw.finish()].concat())
}

/// Codes a plane after `codings`, those of a frame and more at most, and appends it to them.
fn code<K: Key>(
    coder: &mut impl Coder,
    models: &mut [ChannelModel],
    shape: Shape,
    codings: &mut Vec<Coding<K>>,
    mut coding: Coding<K>,
) -> Result<()> {
    let channels = models.len();
    if codings.len() == 2 * channels {
        codings.drain(..channels);
    }
    let channel = codings.len() % channels;
    let before = codings.len().checked_sub(channels).map(|before| &codings[before]);
    let beside = (channel > 0).then(|| &codings[codings.len() - 1]);
    models[channel].code(coder, shape, before, beside, &mut coding)?;
    codings.push(coding);
    Ok(())
}

/// Turns frames of the base, all of the shape, into the samples of a chunk.
pub(crate) fn decode<S: Coded>(bytes: &[u8], shape: FrameShape, frames: &mut [&mut [S]]) -> Result<()> {
    let channels = shape.channels();
    let (header, code_bytes, raw) = Header::read(bytes, channels)?;
    expect("sample type", header.sample_type.into(), S::BYTE.into())?;
    expect("frames", header.frames.into(), frames.len() as u64)?;
    let step = Step::holding::<S>(ErrorBound::MaxAbs(header.bound))?;
    expect("bound", header.bound.to_bits(), step.bound().to_bits())?;

    let plane_shape = Shape::new(shape.height(), shape.width())?;
    let mut reader = Reader { decisions: Decoder::new(code_bytes)?, raw: BitReader::new(raw) };
    let mut models = ChannelModel::all(channels, S::Key::BITS);
    let mut codings: Vec<Coding<S::Key>> = Vec::with_capacity(2 * channels);
    let (mut previous, mut before) = (Vec::<Vec<S::Code>>::new(), Vec::<Vec<S::Code>>::new());
    let mut exceptions = 0;
    for frame in frames {
        let mut planes = Vec::with_capacity(channels);
        for channel in 0..channels {
            let coding = Coding::new(plane_shape.len(), header.exceptions > 0);
            code(&mut reader, &mut models, plane_shape, &mut codings, coding)?;
            let coding = codings.last().expect("it was appended");
            let earlier = match (previous.get(channel), before.get(channel)) {
                (Some(previous), Some(before)) => Earlier::Two(previous, before),
                (Some(previous), None) => Earlier::One(previous),
                _ => Earlier::None,
            };
            let mut codes = vec![S::Code::default(); plane_shape.len()];
            header.prediction.decode(plane_shape, channel, &coding.residuals, earlier, &mut codes)?;
            for (sample, code) in frame.iter_mut().skip(channel).step_by(channels).zip(&codes) {
                *sample = S::reconstruct(*sample, *code, &step);
            }
            if let Some(found) = &coding.exceptions {
                let places = (channel..).step_by(channels).zip(found.flags()).filter(|(_, flag)| **flag);
                for ((place, _), bits) in places.zip(found.bits()) {
                    frame[place] = S::from_bits_u64(*bits);
                }
                exceptions += found.bits().len() as u64;
            }
            planes.push(codes);
        }
        before = std::mem::replace(&mut previous, planes);
    }
    expect("exceptions", header.exceptions, exceptions)?;
    reader.decisions.finish()?;
    reader.raw.finish()?;
    Ok(())
}
