//! Speed of the transforms.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use stack_transform::dct8::Coder;
use stack_transform::tables::LUMINANCE;
use stack_transform::{Kernel, Size};

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

criterion_group!(benches, kernels, coder);
criterion_main!(benches);
