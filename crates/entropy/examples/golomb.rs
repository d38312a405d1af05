//! Golomb's code and its neighbours on geometric sources: bits for each number on average.
//!
//! `cargo run --example golomb`

use stack_entropy::distributions::Geometric;
use stack_entropy::golomb::Golomb;
use stack_entropy::universal::gamma_bits;

fn main() -> Result<(), stack_entropy::Error> {
    for n in 0..8 {
        println!(
            "{n}: m = 3 {:8} m = 4 {}",
            Golomb::new(3)?.text_by_definition(n),
            Golomb::rice(2)?.text_by_definition(n)
        );
    }
    println!("\n   mean  entropy   best m    Golomb   best k      Rice     gamma");
    for mean in [0.2, 1.0, 3.0, 10.0, 50.0, 300.0] {
        let source = Geometric::with_mean(mean)?;
        let average = |bits: &dyn Fn(u32) -> u32| -> f64 {
            (0..10_000).map(|n| source.probability(n) * f64::from(bits(n))).sum()
        };
        let best = Golomb::for_geometric(&source);
        let rice = |k: u32| average(&|n| Golomb::rice(k).map_or(0, |code| code.bits(n)));
        let k = (0..16).min_by(|&a, &b| rice(a).total_cmp(&rice(b))).unwrap_or(0);
        println!(
            "{mean:7} {:8.4} {:8} {:9.4} {k:8} {:9.4} {:9.4}",
            source.entropy(),
            best.m(),
            average(&|n| best.bits(n)),
            rice(k),
            average(&|n| gamma_bits(u64::from(n) + 1)),
        );
    }
    Ok(())
}
