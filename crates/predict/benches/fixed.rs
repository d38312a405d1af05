//! Samples a second of the fixed predictors, forward and back, on one core.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use stack_predict::{Earlier, Key, Ordered, Predictor, Shape};

/// A smooth picture with noise in its lowest bits, so that no branch is always taken.
fn frame<S: Ordered>(shape: Shape, seed: u64, of: fn(u64) -> S) -> Vec<S> {
    let mut state = seed;
    let mut sample = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let (y, x) = ((n / shape.width()) as u64, (n % shape.width()) as u64);
        of(40 + y / 8 + x / 6 + (state >> 60))
    };
    (0..shape.len()).map(&mut sample).collect()
}

fn measure<S: Ordered>(criterion: &mut Criterion, name: &str, of: fn(u64) -> S) {
    let shape = Shape::new(512, 512).expect("a frame");
    let (now, previous, before) = (frame(shape, 3, of), frame(shape, 2, of), frame(shape, 1, of));
    let earlier = Earlier::Two(&previous, &before);
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(shape.len() as u64)).sample_size(20);
    for &predictor in Predictor::ALL {
        let mut codes = vec![S::Key::ZERO; shape.len()];
        group.bench_function(format!("{predictor}/encode"), |bencher| {
            bencher.iter(|| predictor.encode(shape, black_box(&now), earlier, &mut codes));
        });
        let mut back = now.clone();
        group.bench_function(format!("{predictor}/decode"), |bencher| {
            bencher.iter(|| predictor.decode(shape, black_box(&codes), earlier, &mut back));
        });
    }
    group.finish();
}

fn fixed(criterion: &mut Criterion) {
    measure(criterion, "u8", |value| value as u8);
    measure(criterion, "u16", |value| value as u16 * 100);
    measure(criterion, "f32", |value| value as f32 / 7.0);
}

criterion_group!(benches, fixed);
criterion_main!(benches);
