//! Samples a second of the predictors that learn, are fitted or search, on one core.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use stack_predict::{Blocks, Earlier, Nlms, RunningMean, Shape, blend, least_squares, motion};

fn learning(criterion: &mut Criterion) {
    let shape = Shape::new(256, 256).expect("a frame");
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state >> 60
    };
    let mut frame = || -> Vec<u16> {
        (0..shape.len() as u64).map(|n| (n / 256 * 9 + n % 256 * 7 + 12 * noise()) as u16).collect()
    };
    let (previous, now) = (frame(), frame());
    let (earlier, mut codes, mut back) = (Earlier::One(&previous), vec![0; shape.len()], now.clone());
    let mut group = criterion.benchmark_group("u16");
    group.throughput(Throughput::Elements(shape.len() as u64)).sample_size(10);

    let mut mean = RunningMean::new(shape);
    mean.push(&previous).expect("the shape");
    group.bench_function("running-mean/encode", |bencher| {
        bencher.iter(|| mean.encode(black_box(&now), &mut codes));
    });
    group.bench_function("nlms/encode", |bencher| {
        bencher.iter(|| Nlms::new().encode(shape, black_box(&now), earlier, &mut codes));
    });
    group.bench_function("nlms/decode", |bencher| {
        bencher.iter(|| Nlms::new().decode(shape, black_box(&codes), earlier, &mut back));
    });
    group.bench_function("blend/encode", |bencher| {
        bencher.iter(|| blend::encode(shape, black_box(&now), earlier, &mut codes));
    });
    group.bench_function("blend/decode", |bencher| {
        bencher.iter(|| blend::decode(shape, black_box(&codes), earlier, &mut back));
    });
    let blocks = Blocks::new(shape, 64).expect("blocks");
    let weights = least_squares::fit(blocks, &now, earlier).expect("the shape");
    group.bench_function("least-squares/fit", |bencher| {
        bencher.iter(|| least_squares::fit(blocks, black_box(&now), earlier));
    });
    group.bench_function("least-squares/encode", |bencher| {
        bencher.iter(|| least_squares::encode(blocks, &weights, black_box(&now), earlier, &mut codes));
    });
    group.bench_function("least-squares/decode", |bencher| {
        bencher.iter(|| least_squares::decode(blocks, &weights, black_box(&codes), earlier, &mut back));
    });
    let blocks = Blocks::new(shape, 16).expect("blocks");
    group.bench_function("motion/search within 4", |bencher| {
        bencher.iter(|| motion::search(blocks, black_box(&now), &previous, 4));
    });
    group.finish();
}

criterion_group!(benches, learning);
criterion_main!(benches);
