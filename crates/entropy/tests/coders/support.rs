//! Data to code, damage, and Python.

use std::path::PathBuf;
use std::process::Command;

use stack_entropy::Error;

/// The `SplitMix64` generator of Steele, Lea and Flood (2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A geometric number: failures before a success of probability `1 / 2^shift`.
    pub(crate) fn geometric(&mut self, shift: u32) -> u32 {
        let mut failures = 0;
        while self.next() >> (64 - shift) != 0 {
            failures += 1;
        }
        failures
    }
}

/// Bytes around 128 that fall off on both sides like residuals of a prediction.
pub(crate) fn laplacian(count: usize, seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    (0..count)
        .map(|_| {
            let size = random.geometric(2) as u8;
            if random.next() & 1 == 0 { 128_u8.wrapping_add(size) } else { 127_u8.wrapping_sub(size) }
        })
        .collect()
}

/// Cuts a block at every byte and flips every bit: a decoder must refuse each cut, and survive each flip.
pub(crate) fn damage(block: &[u8], decode: impl Fn(&[u8]) -> Result<Vec<u8>, Error>) {
    assert!(decode(block).is_ok(), "the block itself is sound");
    for cut in 0..block.len() {
        assert!(decode(&block[..cut]).is_err(), "cut to {cut} of {}", block.len());
    }
    for bit in 0..block.len() * 8 {
        let mut flipped = block.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // Whether it is noticed depends on the code; that it returns is what matters.
        drop(decode(&flipped));
    }
    let mut longer = block.to_vec();
    longer.extend([0, 0]);
    assert!(matches!(decode(&longer), Err(Error::Trailing { .. })), "bytes after the end");
}

/// Runs a Python script with bytes in a file as its argument; nothing where there is no Python with the packages.
pub(crate) fn python(script: &str, bytes: &[u8]) -> Option<String> {
    let in_workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/venv/bin/python");
    let python = std::env::var_os("STACKPRESS_PYTHON")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(in_workspace)).filter(|path| path.exists()));
    let Some(python) = python else {
        assert!(std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none(), "no Python: run cargo xtask setup");
        println!("skipped: no Python; set STACKPRESS_PYTHON or run cargo xtask setup");
        return None;
    };
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let output = Command::new(python).arg("-c").arg(script).arg(file.path()).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("ModuleNotFoundError") && std::env::var_os("STACKPRESS_REQUIRE_TOOLS").is_none() {
        println!("skipped: run cargo xtask setup, for {complaint}");
        return None;
    }
    assert!(output.status.success(), "{complaint}");
    Some(String::from_utf8(output.stdout).unwrap())
}
