//! Speed of the transforms.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use stack_transform::dct8::Coder;
use stack_transform::downsample::{Reduction, reduce};
use stack_transform::resample::{Filter, resize};
use stack_transform::tables::LUMINANCE;
use stack_transform::{ColourMatrix, Kernel, Size, ycocg};

fn kernels(criterion: &mut Criterion) {
    let size = Size::square(8).expect("eight is not zero");
    let block: Vec<f64> = (0..64).map(|i| f64::from(i * i % 251)).collect();
    let mut group = criterion.benchmark_group("kernel 8x8");
    group.throughput(Throughput::Elements(64));
    for (name, kernel) in [("dct2", Kernel::dct2(size)), ("walsh-hadamard", Kernel::walsh_hadamard(size))] {
        let kernel = kernel.expect("eight is a power of two");
        group.bench_function(name, |bencher| bencher.iter(|| kernel.forward(black_box(&block))));
    }
    group.finish();
}

/// A plane with structure and noise.
fn plane(size: Size) -> Vec<u8> {
    let width = size.width();
    (0..size.area()).map(|i| ((i % width) / 5 + (i / width) / 3 + (i * i / 7) % 23) as u8).collect()
}

fn coder(criterion: &mut Criterion) {
    let size = Size::square(1024).expect("1024 is not zero");
    let samples = plane(size);
    let coder = Coder::new(&LUMINANCE);
    let mut indices = vec![0; Coder::indices(size).expect("the plane is small")];
    coder.forward_plane(&samples, size, 128.0, &mut indices).expect("the sizes agree");
    let mut decoded = vec![0_u8; size.area()];
    let mut group = criterion.benchmark_group("dct 8x8 and quantisation");
    group.throughput(Throughput::Elements(size.area() as u64));
    let mut target = indices.clone();
    group.bench_function("forward", |bencher| {
        bencher.iter(|| coder.forward_plane(black_box(&samples), size, 128.0, &mut target));
    });
    group.bench_function("inverse", |bencher| {
        bencher.iter(|| coder.inverse_plane(black_box(&indices), size, 128.0, &mut decoded));
    });
    group.finish();
}

fn colour(criterion: &mut Criterion) {
    let size = Size::square(512).expect("512 is not zero");
    let rgb: Vec<u8> = plane(size).into_iter().flat_map(|level| [level, level / 2, 255 - level]).collect();
    let mut planes = [vec![0; size.area()], vec![0; size.area()], vec![0; size.area()]];
    let mut merged = vec![0; rgb.len()];
    let wide: Vec<[i32; 3]> = rgb.as_chunks::<3>().0.iter().map(|pixel| pixel.map(i32::from)).collect();
    let mut lifted = wide.clone();
    let mut group = criterion.benchmark_group("colour");
    group.throughput(Throughput::Elements(size.area() as u64));
    group.bench_function("rgb to ycbcr", |bencher| {
        bencher.iter(|| {
            let [y, cb, cr] = &mut planes;
            ColourMatrix::Bt601.split(black_box(&rgb), [y, cb, cr])
        });
    });
    group.bench_function("ycbcr to rgb", |bencher| {
        bencher.iter(|| ColourMatrix::Bt601.merge(planes.each_ref().map(Vec::as_slice), &mut merged));
    });
    group.bench_function("rgb to ycocg", |bencher| {
        bencher.iter(|| {
            for (target, pixel) in lifted.iter_mut().zip(black_box(&wide)) {
                *target = ycocg::forward(*pixel);
            }
        });
    });
    group.finish();
}

fn sizes(criterion: &mut Criterion) {
    let (large, small) = (Size::square(512).expect("not zero"), Size::square(64).expect("not zero"));
    let samples = plane(large);
    let mut group = criterion.benchmark_group("512x512 to 64x64");
    group.throughput(Throughput::Elements(large.area() as u64));
    group.bench_function("lanczos", |bencher| {
        bencher.iter(|| resize(black_box(&samples), large, small, Filter::Lanczos));
    });
    for method in [Reduction::Mean, Reduction::Median] {
        group.bench_function(format!("{method:?}").to_lowercase(), |bencher| {
            bencher.iter(|| reduce(black_box(&samples), large, 8, method));
        });
    }
    group.finish();
}

criterion_group!(benches, kernels, coder, colour, sizes);
criterion_main!(benches);
