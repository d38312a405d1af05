//! What an order is worth: stacks as they are, shuffled, and shuffled with `order=`; sizes as Markdown.
//!
//! `cargo run --release -p stack-methods --example order_table -- IN...`

use std::path::Path;
use std::process::ExitCode;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use stack_core::{Arrangement, Limits, Result, Silent, StackHeader, StackInMemory, StoredOrder};
use stack_methods::{CompressOptions, Order, compress, method, ordered};

/// One row for each that can hold the stack.
const METHODS: &[&str] = &[
    "video:x264-lossless",
    "video:x264-lossless,planes=2",
    "video:ffv1",
    "hdf5:shuffle,zstd=9",
    "hdf5:shuffle,gzip=9",
    "piles:by=nearest",
    "pca:components=20,residual=lossless",
];

const SEED: u64 = 1;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    println!(
        "| stack | method | true order | shuffled | `order=hash` | `order=nearest` | nearest against true |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|");
    for word in &words {
        if let Err(error) = rows(word) {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn rows(word: &str) -> Result<()> {
    let limits = Limits::default();
    let mut source =
        stack_sources::open_input(word.as_ref(), &stack_sources::InputOptions::default(), &limits)?;
    let stack = StackInMemory::collect(&mut source)?;
    let header = StackHeader { meta: stack_core::Metadata::default(), ..stack_header(&stack) };
    let mut stack = StackInMemory::new(header.clone(), stack.frames().to_vec())?;
    let arrangement = Arrangement::from_order(&shuffled(header.frames))?;
    let mut shuffled = StackInMemory::collect(&mut StoredOrder::new(&mut stack, &arrangement)?)?;
    let name = Path::new(word).file_stem().unwrap_or_default().to_string_lossy();
    for spec in METHODS {
        let Ok(known) = method(spec) else { continue };
        if known.promise(&header).is_err() || known.available().is_err() {
            continue;
        }
        let truth = size(&mut stack, spec, Order::None)?;
        let plain = size(&mut shuffled, spec, Order::None)?;
        let hash = size(&mut shuffled, spec, Order::Hash)?;
        let nearest = size(&mut shuffled, spec, Order::Nearest)?;
        let percent = (nearest as f64 / truth as f64 - 1.0) * 100.0;
        println!("| {name} | `{spec}` | {truth} | {plain} | {hash} | {nearest} | {percent:+.1} % |");
    }
    Ok(())
}

fn stack_header(stack: &StackInMemory) -> StackHeader {
    stack_core::FrameSource::header(stack).clone()
}

/// Bytes of the verified file.
fn size(stack: &mut StackInMemory, spec: &str, order: Order) -> Result<u64> {
    let folder =
        tempfile::tempdir().map_err(stack_core::Error::io("create a folder in", std::env::temp_dir()))?;
    let method = ordered(method(spec)?, order)?;
    let options = CompressOptions { keep_larger: true, ..CompressOptions::default() };
    Ok(compress(stack, method.as_ref(), &folder.path().join("x"), &options, &Silent)?.stored_bytes)
}

/// The numbers from 0 in an order that the seed alone decides (Fisher and Yates).
fn shuffled(frames: usize) -> Vec<u32> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let mut order: Vec<u32> = (0..frames as u32).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, (random.next_u64() % (last as u64 + 1)) as usize);
    }
    order
}
