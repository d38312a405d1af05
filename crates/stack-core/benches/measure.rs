//! Speed of the error measures: equal frames, as in every verification of a lossless method, and frames that differ.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use stack_core::measure::FrameErrors;
use stack_core::{FrameBuf, FrameSource, PixelType, Result, Synthetic};

/// A frame of noise of one type, and a copy in which all samples, or none, are of another seed.
fn frames(pixel: PixelType, differing: bool) -> Result<(FrameBuf, FrameBuf)> {
    let read = |seed: u8| -> Result<FrameBuf> {
        let spec = format!("noise-uniform:frames=1,size=1024x1024,type={pixel},seed={seed}");
        let mut source = spec.parse::<Synthetic>()?.source()?;
        let mut frame = FrameBuf::for_header(source.header());
        source.read_frame(0, &mut frame)?;
        Ok(frame)
    };
    Ok((read(1)?, read(if differing { 2 } else { 1 })?))
}

fn compare(criterion: &mut Criterion) {
    for (name, differing) in [("equal", false), ("differing", true)] {
        let mut group = criterion.benchmark_group(format!("measure {name}"));
        for pixel in PixelType::ALL {
            let (original, decoded) = frames(pixel, differing).expect("the specification is valid");
            group.throughput(Throughput::Bytes(original.le_bytes().len() as u64));
            group.bench_function(pixel.name(), |bencher| {
                bencher.iter(|| FrameErrors::between(black_box(&original), black_box(&decoded)));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, compare);
criterion_main!(benches);
