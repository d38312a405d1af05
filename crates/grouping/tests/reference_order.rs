//! The reference stack in the order of its hashes, against a script that hashes the same doubles with `ImageHash`.

mod python;

use python::ask;
use stack_core::synthetic::Synthetic;
use stack_core::{FrameSource, Silent};
use stack_grouping::{GreyScale, HashKeys};

/// Frames by the three hashes as text: keys sorted, frames of one key as they come. Says the frames, the number of keys,
/// and the pile of each frame.
const SCRIPT: &str = "
n = int(sys.argv[1])
x, y = np.linspace(-100, 100, 301), np.linspace(-100, 100, 201)
keys, piles, pile_of = {}, {}, []
for t in range(n ** 3):
    i, j, k = t // (n * n), t // n % n, t % n
    across = ((x / 30) ** 2) ** ((0.2 + j * 3.0 / n) / 2)
    down = ((y / (10 + i * 30.0 / n)) ** 2) ** ((0.2 + k * 3.0 / n) / 2)
    picture = Image.fromarray((np.exp(-(across[None, :] + down[:, None])) * 255).astype('u1'))
    average = str(imagehash.average_hash(picture))
    key = str(imagehash.phash(picture)) + average + str(imagehash.dhash(picture))
    keys.setdefault(key, []).append(t)
    pile_of.append(piles.setdefault(average, len(piles)))
order = [t for key in sorted(keys) for t in keys[key]]
write(len(order), *order, len(keys), len(piles), *pile_of)
";

fn compare(steps: usize) -> Option<(usize, usize)> {
    let mut answer = ask(SCRIPT, &[&steps.to_string()])?;
    let spec: Synthetic = format!("reference:type=u16,steps={steps}").parse().unwrap();
    let mut source = spec.source().unwrap();
    let header = source.header().clone();
    let scale = GreyScale::new(header.format, None);
    let keys = HashKeys::of(&mut source, &scale, &Silent).unwrap();
    let frames = answer.number();
    assert_eq!((keys.frames(), header.frames), (frames, frames));
    let order: Vec<u32> = (0..frames).map(|_| answer.number() as u32).collect();
    assert_eq!(keys.order(), order);
    let (distinct, count) = (answer.number(), answer.number());
    assert_eq!(keys.distinct(), distinct);
    let piles = keys.piles();
    assert_eq!(piles.len(), count);
    for frame in 0..frames as u32 {
        assert!(piles[answer.number()].contains(&frame));
    }
    assert!(answer.is_at_end());
    Some((distinct, count))
}

#[test]
fn a_small_reference_stack_is_ordered_as_the_script_does() {
    compare(4);
}

#[test]
#[ignore = "hashes 1,728 pictures in Python"]
fn the_whole_reference_stack_is_ordered_as_the_script_does() {
    let Some((distinct, piles)) = compare(12) else { return };
    println!("{distinct} keys, {piles} piles");
    assert_eq!(distinct, 247);
}
