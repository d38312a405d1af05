//! Speed of the transforms.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use stack_transform::dct8::Coder;
use stack_transform::downsample::{Reduction, reduce};
use stack_transform::information_bits::{BitPairs, Exponent};
use stack_transform::resample::{Filter, resize};
use stack_transform::tables::LUMINANCE;
use stack_transform::{ColourMatrix, Kernel, Lattice, LinearScale, Size, Specials, bit_round, ycocg};

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

/// A field of temperatures in kelvins, with noise in the last bits.
fn field() -> Vec<f32> {
    (0..1_u32 << 20)
        .map(|i| 270.0 + (i % 1024) as f32 / 50.0 + (i.wrapping_mul(2_654_435_761) >> 8) as f32 / 2e7)
        .collect()
}

fn numbers(criterion: &mut Criterion) {
    let samples = field();
    let scale = LinearScale::of_range(260.0, 300.0, 16).expect("the range is ascending");
    let mut codes = vec![0; samples.len()];
    let mut restored = samples.clone();
    let mut group = criterion.benchmark_group("floats");
    group.throughput(Throughput::Bytes(size_of_val(samples.as_slice()) as u64));
    group.bench_function("quantise f32", |bencher| {
        bencher.iter(|| scale.quantise(black_box(&samples), &mut codes));
    });
    group.bench_function("restore f32", |bencher| {
        bencher.iter(|| scale.restore(black_box(&codes), &mut restored));
    });
    group.bench_function("specials", |bencher| {
        bencher.iter(|| Specials::find(black_box(&samples), Some(1e20)));
    });
    let tenths: Vec<f32> = samples.iter().map(|x| (f64::from(*x) * 10.0).round() as f32 / 10.0).collect();
    group.bench_function("lattice of tenths", |bencher| bencher.iter(|| Lattice::find(black_box(&tenths))));
    group.bench_function("lattice of the type alone", |bencher| {
        bencher.iter(|| Lattice::find(black_box(&samples)));
    });
    let mixed: Vec<f32> = samples.iter().map(|x| x - 280.0).collect();
    group.bench_function("no lattice", |bencher| bencher.iter(|| Lattice::find(black_box(&mixed))));
    let lattice = Lattice::find(&tenths).expect("tenths are a lattice");
    group.bench_function("lattice codes", |bencher| bencher.iter(|| lattice.codes(black_box(&tenths))));
    group.bench_function("round to even", |bencher| {
        bencher.iter(|| bit_round::round(black_box(&mut restored), 9, bit_round::Ties::ToEven, None));
    });
    group.bench_function("groom", |bencher| {
        bencher.iter(|| bit_round::groom(black_box(&mut restored), 3, None));
    });
    group.bench_function("granular", |bencher| {
        bencher.iter(|| bit_round::granular(black_box(&mut restored), 3, None));
    });
    group.bench_function("information of bits", |bencher| {
        bencher.iter(|| {
            let mut pairs = BitPairs::new(Exponent::Signed);
            pairs.along_rows(black_box(&samples), 1024)?;
            pairs.significant(0.99)
        });
    });
    group.finish();
}

criterion_group!(benches, kernels, coder, colour, sizes, numbers);
criterion_main!(benches);
