//! What the mean of a stack leaves over, in bits a sample: coded here, against the entropy of MED residuals.
//!
//! `cargo run --release -p stack-codec --example remainder_sizes -- u8 50x500x500x1 0 stack.raw ...` reads little-endian samples
//! (frames x height x width x channels) and codes them in chunks of 16 frames against the temporal mean, within the bound.

use std::time::Instant;

use stack_codec::remainder;
use stack_core::{ErrorBound, FrameBuf, FrameShape, PixelType, SampleFormat, StackHeader, with_samples};
use stack_core::{Limits, StackStatistics};
use stack_entropy::information::entropy_of_counts;
use stack_predict::{Earlier, Key, Ordered, Predictor, Shape};

/// Frames of a chunk.
const CHUNK: usize = 16;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pixel, shape, bound, file] = arguments.as_slice() else {
        return Err("give TYPE FRAMESxHEIGHTxWIDTHxCHANNELS BOUND FILE".into());
    };
    let pixel: PixelType = pixel.parse()?;
    let sizes: Vec<usize> = shape.split('x').map(str::parse).collect::<Result<_, _>>()?;
    let [count, height, width, channels] = *sizes.as_slice() else { return Err("give four sizes".into()) };
    let shape = FrameShape::new(height, width, channels)?;
    let header = StackHeader::new(count, shape, SampleFormat::full(pixel))?;
    let bytes = std::fs::read(file)?;
    let original: Vec<FrameBuf> = bytes
        .chunks_exact(header.frame_bytes())
        .map(|bytes| {
            let mut frame = FrameBuf::for_header(&header);
            frame.fill_le_bytes(|into| {
                into.copy_from_slice(bytes);
                Ok::<(), std::convert::Infallible>(())
            })?;
            Ok(frame)
        })
        .collect::<Result<_, std::convert::Infallible>>()?;

    let mut statistics = StackStatistics::new(&header, &Limits::default())?;
    for frame in &original {
        statistics.add(frame)?;
    }
    let base = mean(pixel, &statistics.mean());
    let bound = match bound.parse()? {
        0.0 => ErrorBound::Lossless,
        most => ErrorBound::MaxAbs(most),
    };
    let samples = header.samples() as f64;
    let (mut coded, mut encoding, mut decoding) = (0, 0.0, 0.0);
    let mut predictors = Vec::new();
    for chunk in original.chunks(CHUNK) {
        let bases = vec![base.clone(); chunk.len()];
        let (bytes, seconds) = fastest(|| remainder::encode(shape, chunk, &bases, bound))?;
        encoding += seconds;
        let ((), seconds) = fastest(|| remainder::decode(&bytes, shape, &mut bases.clone()))?;
        decoding += seconds;
        coded += bytes.len();
        predictors.push(bytes[2]);
    }
    let med = |base: Option<&FrameBuf>| {
        let plane = Shape::new(height, width * channels).expect("a shape");
        match (&original[0], base) {
            (FrameBuf::U8(_), _) | (FrameBuf::U16(_), _) | (FrameBuf::F32(_), _) => {}
            _ => return 0.0,
        }
        let mut counts = std::collections::HashMap::<u128, u64>::new();
        for frame in &original {
            with_samples!(frame, samples => {
                let keys: Vec<u64> = samples.iter().enumerate().map(|(place, sample)| {
                    let key = sample.to_key().widened();
                    let base = base.map_or(0, |base| key_at(base, place));
                    key.wrapping_sub(base) as u64
                }).collect();
                let mut residuals = vec![0; keys.len()];
                Predictor::Med.encode(plane, &keys, Earlier::None, &mut residuals).expect("it fits");
                for residual in residuals {
                    *counts.entry(residual.widened()).or_default() += 1;
                }
            });
        }
        let mut counts: Vec<u64> = counts.into_values().collect();
        counts.sort_unstable();
        entropy_of_counts(counts)
    };
    println!(
        "{file}: {:.4} bits a sample; MED of samples {:.4}, of remainder {:.4}; encode {:.1}, decode {:.1} M samples/s; predictors {:?}",
        coded as f64 * 8.0 / samples,
        med(None),
        med(Some(&base)),
        samples / encoding / 1e6,
        samples / decoding / 1e6,
        predictors,
    );
    Ok(())
}

/// The result, and the least time of three runs.
fn fastest<T>(run: impl Fn() -> Result<T, stack_codec::Error>) -> Result<(T, f64), stack_codec::Error> {
    let timed = || {
        let start = Instant::now();
        let result = run()?;
        Ok::<_, stack_codec::Error>((result, start.elapsed().as_secs_f64()))
    };
    let (result, mut seconds) = timed()?;
    for _ in 0..2 {
        seconds = timed()?.1.min(seconds);
    }
    Ok((result, seconds))
}

fn key_at(frame: &FrameBuf, place: usize) -> u128 {
    with_samples!(frame, samples => samples[place].to_key().widened())
}

fn mean(pixel: PixelType, mean: &[f64]) -> FrameBuf {
    let finite = mean.iter().map(|x| if x.is_nan() { 0.0 } else { *x });
    match pixel {
        PixelType::U8 => FrameBuf::U8(finite.map(|x| x.round() as u8).collect()),
        PixelType::U16 => FrameBuf::U16(finite.map(|x| x.round() as u16).collect()),
        PixelType::I16 => FrameBuf::I16(finite.map(|x| x.round() as i16).collect()),
        PixelType::I32 => FrameBuf::I32(finite.map(|x| x.round() as i32).collect()),
        PixelType::F32 => FrameBuf::F32(finite.map(|x| x as f32).collect()),
        PixelType::F64 => FrameBuf::F64(finite.collect()),
    }
}
