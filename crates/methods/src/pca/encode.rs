//! Writing a file of the family.

use std::path::Path;

use rayon::prelude::*;
use stack_codec::remainder;
use stack_container::ArraysWriter;
use stack_core::{
    Arrangement, Error, ErrorBound, FrameBuf, FrameSource, Limits, Metadata, PixelType, Result, StackHeader,
    StoredOrder,
};
use stack_transform::pca::{Missing, Options, Pca, analyse};

use super::FAMILY;
use super::file::{
    COMPONENTS, DESCRIPTION, Description, MEAN, RESIDUAL, RESIDUAL_ENDS, SCORES, SINGULAR_VALUES, VERSION,
    chunk_range, frame_dims,
};
use super::model::{Components, number_type};
use super::options::PcaOptions;
use super::rows::{Failure, FrameRows, Samples};
use crate::envelope::{ENVELOPE_TABLE, FrameHashes, HASHES_TABLE};
use crate::{Job, seal};

/// Bytes of samples that a chunk of the residual aims at.
const CHUNK_BYTES: usize = 4 << 20;

pub(super) fn encode(
    options: &PcaOptions,
    source: &mut dyn FrameSource,
    dest: &Path,
    job: &Job<'_>,
) -> Result<()> {
    let header = source.header().clone();
    let envelope = job.envelope(options.residual);
    let found = find(options, source, dest, job)?;
    let converged = found.converged;
    let model = narrow(found, &header, &job.arrangement)?;
    let chunk_frames = match options.residual {
        ErrorBound::Unbounded => 0,
        _ => (CHUNK_BYTES / header.frame_bytes()).clamp(1, job.arrangement.stored()),
    };
    let mut writer = ArraysWriter::create(dest, &header.meta)?;
    write_arrays(&mut writer, &model)?;
    let hashes = if chunk_frames == 0 {
        hash_bases(&model, job)?
    } else {
        let residual = Residual { model: &model, chunk_frames, bound: options.residual };
        residual.write(&mut StoredOrder::new(source, &job.arrangement)?, &mut writer, dest, job)?
    };
    let description = Description {
        version: VERSION,
        header: StackHeader { meta: Metadata::default(), ..header },
        chunk_frames,
        total_squares: model.total_squares,
        converged,
    };
    let description = serde_json::to_vec(&description).expect("a header and finite numbers are JSON");
    writer.add_table(DESCRIPTION, &description)?;
    writer.add_table(ENVELOPE_TABLE, &envelope.to_bytes())?;
    writer.add_table(HASHES_TABLE, hashes.spread(&job.arrangement).as_bytes())?;
    writer.finish()?;
    seal::append_seal(dest)
}

/// Finds the components in passes over the source.
fn find(options: &PcaOptions, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<Pca> {
    let header = source.header().clone();
    let settings = Options {
        memory_bytes: job.limits.memory_bytes,
        missing: if options.residual == ErrorBound::Unbounded { Missing::Refused } else { Missing::AsMean },
        ..Options::default()
    };
    macro_rules! typed {
        ($($variant:ident)*) => {
            match header.format.pixel() {
                $(PixelType::$variant => {
                    let samples: Samples<_> = |frame| match frame {
                        FrameBuf::$variant(samples) => Some(samples.as_slice()),
                        _ => None,
                    };
                    let missing = settings.missing;
                    let mut rows = FrameRows { source, progress: job.progress, samples, missing, pass: 0 };
                    analyse(&mut rows, options.wanted, &settings)
                })*
            }
        };
    }
    let found = typed!(U8 U16 I16 I32 F32 F64);
    found.map_err(|failure| match failure {
        Failure::Source(error) => error,
        Failure::Analysis(stack_transform::Error::NotFinite { index, value }) => Error::unsupported(
            FAMILY,
            format!(
                "frame {} has {value} in it, which has no distance from a mean",
                index / header.shape.samples()
            ),
            "use residual=lossless, which keeps such samples, or another method",
        ),
        Failure::Analysis(stack_transform::Error::Memory { entries, bytes }) => Error::Limit {
            path: dest.to_path_buf(),
            quantity: "the memory to find components in bytes",
            asked: entries as u128 * bytes as u128,
            limit: job.limits.memory_bytes.into(),
            remedy: "ask for fewer components, or raise the limit".into(),
        },
        Failure::Analysis(error) => Error::unsupported(
            FAMILY,
            error.to_string(),
            "use another method, for example hdf5:bitshuffle,zstd",
        ),
    })
}

/// The numbers as they are stored: of equal frames one row of scores.
fn narrow(found: Pca, header: &StackHeader, arrangement: &Arrangement) -> Result<Components> {
    let wide = number_type(header.format.pixel()) == PixelType::F64;
    let total_squares = found.total_squares();
    let numbers = |numbers: Vec<f64>| {
        if wide {
            return Ok(FrameBuf::F64(numbers));
        }
        let narrow: Vec<f32> = numbers.into_iter().map(|number| number as f32).collect();
        if narrow.iter().all(|number| number.is_finite()) {
            return Ok(FrameBuf::F32(narrow));
        }
        Err(Error::unsupported(
            FAMILY,
            "scores are beyond the range of 32-bit floats",
            "use residual=lossless, which keeps such samples, or another method",
        ))
    };
    let scores =
        arrangement.firsts().iter().flat_map(|&first| found.scores_of(first as usize)).copied().collect();
    let singular_values = match numbers(found.singular_values)? {
        FrameBuf::F32(values) => values.into_iter().map(f64::from).collect(),
        FrameBuf::F64(values) => values,
        _ => Vec::new(),
    };
    Ok(Components {
        header: header.clone(),
        arrangement: arrangement.clone(),
        mean: numbers(found.mean)?,
        vectors: numbers(found.vectors)?,
        scores: numbers(scores)?,
        singular_values,
        total_squares,
    })
}

fn write_arrays(writer: &mut ArraysWriter, model: &Components) -> Result<()> {
    let header = &model.header;
    let frame = frame_dims(header);
    let count = model.count();
    let axes = if header.shape.channels() > 1 { "row, column, channel" } else { "row, column" };
    let component_axes = format!("component, {axes}");
    let rounding = if header.format.pixel().is_float() {
        "frame n = mean + sum over j of scores[n, j] * components[j], in 64 bits and this order"
    } else {
        "frame n = mean + sum over j of scores[n, j] * components[j], in 64 bits and this order, \
         rounded half to even and cut to the range of samples"
    };
    let meaning = "mean of each sample over all frames";
    writer.write_array(
        MEAN,
        &frame,
        &model.mean,
        &[("axes", axes), ("meaning", meaning), ("formula", rounding)],
    )?;
    let meaning = "principal components: orthonormal patterns of distance from the mean, the one of most variance first; \
                   the entry of largest magnitude is positive";
    let dims = [&[count], &frame[..]].concat();
    writer.write_array(
        COMPONENTS,
        &dims,
        &model.vectors,
        &[("axes", &component_axes), ("meaning", meaning)],
    )?;
    let meaning = "singular values of the stack less its mean; their squares divided by (frames - 1) are the variances \
                   along the components";
    let values = match model.mean.pixel() {
        PixelType::F64 => FrameBuf::F64(model.singular_values.clone()),
        _ => FrameBuf::F32(model.singular_values.iter().map(|value| *value as f32).collect()),
    };
    writer.write_array(SINGULAR_VALUES, &[count], &values, &[("axes", "component"), ("meaning", meaning)])?;
    let meaning = "how much each frame has of each component";
    let attributes = [("axes", "frame, component"), ("meaning", meaning)];
    writer.write_array(SCORES, &[model.arrangement.stored(), count], &model.scores, &attributes)?;
    writer.write_index(SCORES, &model.arrangement)
}

/// The hashes of frames of which nothing but the base is kept.
fn hash_bases(model: &Components, job: &Job<'_>) -> Result<FrameHashes> {
    let header = &model.header;
    let stored = model.arrangement.stored();
    job.progress.phase("hashing", stored as u64);
    let mut hashes = FrameHashes::with_capacity(stored);
    let (mut sums, mut frame) = (Vec::new(), FrameBuf::for_header(header));
    for place in 0..stored {
        job.progress.check()?;
        model.base(place, &mut sums, &mut frame);
        hashes.push(&frame);
        job.progress.advance(1, header.frame_bytes() as u64);
    }
    Ok(hashes)
}

/// What the components leave over, and how exactly it is kept.
struct Residual<'a> {
    model: &'a Components,
    chunk_frames: usize,
    bound: ErrorBound,
}

impl Residual<'_> {
    /// Writes all chunks; gives the hashes of the frames that will be decoded.
    fn write(
        &self,
        source: &mut dyn FrameSource,
        writer: &mut ArraysWriter,
        dest: &Path,
        job: &Job<'_>,
    ) -> Result<FrameHashes> {
        let header = &self.model.header;
        // Frames, bases, codes as wide, and what comes back.
        let chunk_bytes = 4 * self.chunk_frames as u128 * header.frame_bytes() as u128;
        Limits::check(
            dest,
            "the memory for a chunk of frames in bytes",
            chunk_bytes,
            job.limits.memory_bytes,
        )?;
        let at_once = u128::from(job.limits.memory_bytes / 2) / chunk_bytes;
        let at_once = usize::try_from(at_once).unwrap_or(usize::MAX).clamp(1, rayon::current_num_threads());
        let stored = self.model.arrangement.stored();
        let mut hashes = FrameHashes::with_capacity(stored);
        job.progress.phase("encoding", stored as u64);
        let chunks: Vec<usize> = (0..stored.div_ceil(self.chunk_frames)).collect();
        for numbers in chunks.chunks(at_once) {
            let mut originals = Vec::new();
            for &number in numbers {
                let mut frames = Vec::new();
                for place in chunk_range(number, self.chunk_frames, self.model) {
                    job.progress.check()?;
                    let mut frame = FrameBuf::for_header(header);
                    source.read_frame(place, &mut frame)?;
                    frames.push(frame);
                }
                originals.push((number, frames));
            }
            let coded: Vec<_> =
                originals.into_par_iter().map(|(number, frames)| self.code(number, frames)).collect();
            for chunk in coded {
                let (record, decoded) = chunk?;
                decoded.iter().for_each(|frame| hashes.push(frame));
                writer.push_record(&record)?;
                job.progress.advance(decoded.len() as u64, (decoded.len() * header.frame_bytes()) as u64);
            }
        }
        let meaning = "what the formula of /mean leaves over of the frames, in chunks coded by stackpress; their ends are in \
                       /stackpress/residual_ends";
        writer.write_records(RESIDUAL, RESIDUAL_ENDS, &[("meaning", meaning)])?;
        Ok(hashes)
    }

    /// The record of a chunk, and the frames that come of it.
    fn code(&self, number: usize, frames: Vec<FrameBuf>) -> Result<(Vec<u8>, Vec<FrameBuf>)> {
        let header = &self.model.header;
        let refused = |error: stack_codec::Error| {
            Error::unsupported(
                FAMILY,
                error.to_string(),
                "use another method, for example hdf5:bitshuffle,zstd",
            )
        };
        let mut base = self.model.chunk(chunk_range(number, self.chunk_frames, self.model));
        let record = remainder::encode(header.shape, &frames, &base, self.bound).map_err(refused)?;
        if self.bound == ErrorBound::Lossless {
            return Ok((record, frames));
        }
        remainder::decode(&record, header.shape, &mut base).map_err(refused)?;
        Ok((record, base))
    }
}
