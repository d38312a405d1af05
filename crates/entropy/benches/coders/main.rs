//! Every coder on 10 MB of Laplacian bytes, beside `huffman-compress`.

mod cpu_time;

use std::hint::black_box;
use std::time::Duration;

use bit_vec::BitVec;
use cpu_time::CpuTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use huffman_compress::CodeBuilder;
use stack_entropy::bits::{BitReader, BitWriter};
use stack_entropy::frequencies::Frequencies;
use stack_entropy::histogram::byte_counts;
use stack_entropy::huffman::{BYTE_CODE_LENGTH, Code, Decoder};
use stack_entropy::information::entropy_of_counts;
use stack_entropy::universal::fold;
use stack_entropy::{binary, golomb, huffman, mixing, range, rans};

const BYTES: usize = 10_000_000;

/// Residuals around 128 whose two-sided geometric law halves every three steps.
fn laplacian() -> Vec<u8> {
    let mut state = 7_u64;
    let mut random = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (0..BYTES)
        .map(|_| {
            let mut size = 0_u8;
            // A success of probability 13/64, about 1 - 2^(-1/3).
            while random() % 64 >= 13 {
                size = size.saturating_add(1).min(127);
            }
            if random() % 2 == 0 { 128 + size } else { 127 - size }
        })
        .collect()
}

fn group<'a>(criterion: &'a mut Criterion<CpuTime>, name: &str) -> BenchmarkGroup<'a, CpuTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(cpu_time::bytes(BYTES));
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group
}

fn sizes(bytes: &[u8]) {
    let entropy = entropy_of_counts(byte_counts(bytes)) * BYTES as f64 / 8.0;
    println!("entropy: {entropy:.0} bytes of {BYTES}");
    for (name, size) in [
        ("huffman", huffman::compress(bytes).len()),
        ("rans", rans::compress(bytes).len()),
        ("range, adaptive", range::compress(bytes).len()),
        ("binary, adaptive", binary::compress(bytes).len()),
    ] {
        println!("{name}: {size} bytes, {:+.3} % over entropy", 100.0 * (size as f64 / entropy - 1.0));
    }
}

fn huffman_coders(criterion: &mut Criterion<CpuTime>, bytes: &[u8]) {
    let counts = byte_counts(bytes);
    let code = Code::from_counts(&counts, BYTE_CODE_LENGTH).unwrap();
    let encode = || {
        let mut writer = BitWriter::with_capacity(code.message_bits(&counts));
        code.encode_bytes(bytes, &mut writer).unwrap();
        writer.finish()
    };
    let packed = encode();
    let mut decoded = vec![0; BYTES];
    let mut canonical = group(criterion, "canonical Huffman");
    canonical.bench_function("encode", |bencher| bencher.iter(|| black_box(encode())));
    let decoder = Decoder::new(&code);
    canonical.bench_function("decode", |bencher| {
        bencher.iter(|| decoder.decode_bytes(&mut BitReader::new(black_box(&packed)), &mut decoded).unwrap());
    });
    assert_eq!(decoded, bytes);
    canonical.finish();

    // A tenth of the bytes: it is slow.
    let part = &bytes[..BYTES / 10];
    let present = (0..=255_u8).zip(counts).filter(|&(_, count)| count > 0);
    let (book, tree) = present.collect::<CodeBuilder<u8, u64>>().finish();
    let mut peer = group(criterion, "huffman-compress");
    peer.throughput(cpu_time::bytes(part.len()));
    let encode = || {
        let mut buffer = BitVec::new();
        part.iter().for_each(|byte| book.encode(&mut buffer, byte).unwrap());
        buffer
    };
    peer.bench_function("encode", |bencher| bencher.iter(|| black_box(encode())));
    let buffer = encode();
    peer.bench_function("decode", |bencher| {
        bencher.iter(|| black_box(tree.decoder(&buffer, part.len()).collect::<Vec<u8>>()));
    });
    peer.finish();
}

fn rans_coder(criterion: &mut Criterion<CpuTime>, bytes: &[u8]) {
    let frequencies = Frequencies::from_counts(&byte_counts(bytes), rans::FREQUENCY_BITS).unwrap();
    let packed = rans::encode(bytes, &frequencies).unwrap();
    let mut decoded = vec![0; BYTES];
    let mut timed = group(criterion, "rANS");
    timed.bench_function("encode", |bencher| bencher.iter(|| rans::encode(black_box(bytes), &frequencies)));
    timed.bench_function("decode", |bencher| {
        bencher.iter(|| rans::decode(black_box(&packed), &frequencies, &mut decoded).unwrap());
    });
    assert_eq!(decoded, bytes);
    timed.finish();
}

fn range_coders(criterion: &mut Criterion<CpuTime>, bytes: &[u8]) {
    let frequencies = Frequencies::from_counts(&byte_counts(bytes), 12).unwrap();
    let encode = || {
        let mut encoder = range::Encoder::new();
        bytes.iter().try_for_each(|&byte| encoder.encode(byte.into(), &frequencies)).unwrap();
        encoder.finish()
    };
    let packed = encode();
    let mut timed = group(criterion, "range coder");
    timed.bench_function("encode, static", |bencher| bencher.iter(|| black_box(encode())));
    timed.bench_function("decode, static", |bencher| {
        bencher.iter(|| {
            let mut decoder = range::Decoder::new(black_box(&packed)).unwrap();
            (0..BYTES).map(|_| decoder.decode(&frequencies).unwrap() as u8).collect::<Vec<u8>>()
        });
    });
    let packed = range::compress(bytes);
    timed.bench_function("encode, adaptive", |bencher| {
        bencher.iter(|| range::compress(black_box(bytes)));
    });
    timed.bench_function("decode, adaptive", |bencher| {
        bencher.iter(|| range::decompress(black_box(&packed), BYTES).unwrap());
    });
    timed.finish();
}

fn binary_coder(criterion: &mut Criterion<CpuTime>, bytes: &[u8]) {
    let bytes = &bytes[..BYTES / 10];
    let packed = binary::compress(bytes);
    let mut timed = group(criterion, "adaptive binary, decisions");
    timed.throughput(Throughput::Elements(8 * bytes.len() as u64));
    timed.bench_function("encode", |bencher| bencher.iter(|| binary::compress(black_box(bytes))));
    timed.bench_function("decode", |bencher| {
        bencher.iter(|| binary::decompress(black_box(&packed), BYTES).unwrap());
    });
    timed.finish();
}

fn rice_coder(criterion: &mut Criterion<CpuTime>, bytes: &[u8]) {
    let numbers: Vec<u32> = bytes.iter().map(|&byte| fold(i64::from(byte) - 128) as u32).collect();
    let packed = golomb::compress(&numbers);
    let code = golomb::Golomb::best_rice(&numbers);
    println!("Rice: {} bytes", packed.len());
    let mut timed = group(criterion, "Rice");
    timed.bench_function("encode", |bencher| {
        bencher.iter(|| {
            let mut writer = BitWriter::with_capacity(8 * packed.len() as u64);
            numbers.iter().for_each(|&n| code.put(&mut writer, n));
            writer.finish()
        });
    });
    timed.bench_function("decode", |bencher| {
        bencher.iter(|| golomb::decompress(black_box(&packed), BYTES).unwrap());
    });
    timed.finish();
}

fn mixed_models(criterion: &mut Criterion<CpuTime>, bytes: &[u8]) {
    let bytes = &bytes[..BYTES / 20];
    let packed = mixing::compress(bytes);
    let mut timed = group(criterion, "mixing, decisions");
    timed.throughput(Throughput::Elements(8 * bytes.len() as u64));
    timed.bench_function("encode", |bencher| bencher.iter(|| mixing::compress(black_box(bytes))));
    timed.bench_function("decode", |bencher| {
        bencher.iter(|| mixing::decompress(black_box(&packed), BYTES).unwrap());
    });
    timed.finish();
}

fn all(criterion: &mut Criterion<CpuTime>) {
    let bytes = laplacian();
    sizes(&bytes);
    huffman_coders(criterion, &bytes);
    rans_coder(criterion, &bytes);
    range_coders(criterion, &bytes);
    binary_coder(criterion, &bytes);
    rice_coder(criterion, &bytes);
    mixed_models(criterion, &bytes);
}

criterion_group! {
    name = coders;
    config = Criterion::default().with_measurement(CpuTime::new());
    targets = all
}
criterion_main!(coders);
