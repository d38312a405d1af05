//! Speed of the transforms.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

criterion_group!(benches, kernels);
criterion_main!(benches);
