//! Every target on its seeds and on mutations of them. `STACKPRESS_MUTATIONS` sets how many (default: 1000 random
//! cases after the systematic ones).

use std::alloc::System;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;

use cap::Cap;
use stackpress_fuzz::mutation::{case, systematic_cases};
use stackpress_fuzz::{TARGETS, Target};

/// Counts what is allocated, and refuses what no machine should be asked for.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, 1 << 30);

/// Most bytes that one case may allocate, one after the other, inputs being small and limits low.
const MOST_ALLOCATED: usize = 64 << 20;

/// One target at a time, so that the allocations are its own.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn run(name: &str) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    let seeds = (target.seeds)();
    for (index, seed) in seeds.iter().enumerate() {
        assert!((target.body)(seed), "{name} refuses its own seed {index}");
    }
    let wanted =
        std::env::var("STACKPRESS_MUTATIONS").map_or(1000, |text| text.parse().expect("a whole number"));
    let cases = systematic_cases(&seeds) + wanted;
    let mut accepted = 0_u64;
    for number in 0..cases {
        accepted += u64::from(survives(target, &case(&seeds, number), number));
    }
    println!("{name}: {cases} cases, {accepted} accepted");
}

/// Runs one case; a panic or too much memory is reported with the file that repeats it.
fn survives(target: &Target, bytes: &[u8], number: u64) -> bool {
    let before = ALLOCATOR.total_allocated();
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.body)(bytes)));
    let allocated = ALLOCATOR.total_allocated() - before;
    match outcome {
        Ok(accepted) if allocated <= MOST_ALLOCATED => accepted,
        outcome => {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("artifacts").join(target.name);
            let file = folder.join(format!("case-{number}"));
            std::fs::create_dir_all(&folder)
                .and_then(|()| std::fs::write(&file, bytes))
                .expect("artifacts are kept");
            let what =
                if outcome.is_err() { "panics".to_owned() } else { format!("allocates {allocated} bytes") };
            panic!("{} {what} on case {number}, kept in {}", target.name, file.display());
        }
    }
}

macro_rules! targets {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*

        #[test]
        fn every_target_is_run() {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

targets!(
    method_spec,
    synthetic_spec,
    raw_format,
    npy_header,
    input_file,
    filter_chunk,
    filter_record,
    nearer_extreme,
    predictors,
    matroska,
    stack_header,
    envelope,
    places,
    report_json,
    huffman,
    rans,
    range_coder,
    binary_coder,
    mixing,
    golomb,
    run_length,
    remainder
);

#[test]
fn every_target_has_an_entry_point_for_a_fuzzer() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for target in TARGETS {
        let file =
            std::fs::read_to_string(folder.join("fuzz_targets").join(format!("{}.rs", target.name))).unwrap();
        assert!(file.contains(&format!("::{}(", target.name)), "{}", target.name);
        assert!(manifest.contains(&format!("name = \"{}\"", target.name)), "{}", target.name);
    }
}

#[test]
fn a_panic_and_a_large_allocation_are_found() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let seeds = || vec![vec![0]];
    let panics = Target { name: "self-test", seeds, body: |bytes| bytes[5] == 0 };
    assert!(catch_unwind(|| survives(&panics, b"short", 0)).is_err());
    let greedy = Target {
        name: "self-test",
        seeds,
        body: |_| !std::hint::black_box(vec![1_u8; 100 << 20]).is_empty(),
    };
    assert!(catch_unwind(|| survives(&greedy, b"", 0)).is_err());
    let harmless = Target { name: "self-test", seeds, body: |bytes| bytes.is_empty() };
    assert!(survives(&harmless, b"", 0) && !survives(&harmless, b"1", 0));
    std::fs::remove_dir_all(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("artifacts/self-test")).unwrap();
}
