//! How long an order of many frames takes, and how good it is: a film of a thing that moves about, with noise, shuffled.
//!
//! ```sh
//! cargo run --release -p stack-grouping --example order_speed -- 100000 16
//! ```

use std::time::Instant;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use stack_core::{FrameBuf, FrameShape, Silent};
use stack_grouping::nearest::chain_length;
use stack_grouping::{Side, Thumbnails, nearest_order};

fn main() -> stack_core::Result<()> {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<usize>().expect("a number"));
    let (frames, side) = (words.next().unwrap_or(20_000), words.next().unwrap_or(16));
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut uniform = move || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;

    // The thing's place, size and brightness walk at random; which frame is which is shuffled.
    let mut state = [0.5, 0.5, 0.2, 0.6];
    let mut film: Vec<(u64, [f64; 4])> = Vec::new();
    for _ in 0..frames {
        for value in &mut state {
            *value = (*value + 0.04 * (uniform() - 0.5)).clamp(0.1, 0.9);
        }
        film.push(((uniform() * 1e18) as u64, state));
    }
    let mut shuffled: Vec<usize> = (0..frames).collect();
    shuffled.sort_by_key(|&frame| film[frame].0);

    let start = Instant::now();
    let mut thumbnails = Thumbnails::new(FrameShape::gray(side, side)?, Side::new(side)?);
    for &frame in &shuffled {
        let [y, x, size, bright] = film[frame].1;
        let cell = |at: usize| (at as f64 + 0.5) / side as f64;
        let mut level = |at: usize| {
            let distance = (cell(at / side) - y).hypot(cell(at % side) - x) / size;
            255.0 * bright * (-distance * distance).exp() + 2.0 * uniform()
        };
        thumbnails.push(&FrameBuf::F32((0..side * side).map(|at| level(at) as f32).collect()))?;
    }
    println!("{frames} thumbnails of {side} x {side}: made in {:.1} s", start.elapsed().as_secs_f64());

    let start = Instant::now();
    let order = nearest_order(&thumbnails, &Silent)?;
    println!("ordered in {:.1} s", start.elapsed().as_secs_f64());

    let mut film_order = vec![0; frames];
    for (place, &frame) in (0..).zip(&shuffled) {
        film_order[frame] = place;
    }
    let mean = |order: &[u32]| chain_length(&thumbnails, order) / (frames - 1) as f64;
    let as_shuffled: Vec<u32> = (0..frames as u32).collect();
    println!(
        "mean distance of neighbours: {:.1} shuffled, {:.1} in the film, {:.1} ordered",
        mean(&as_shuffled),
        mean(&film_order),
        mean(&order)
    );
    Ok(())
}
