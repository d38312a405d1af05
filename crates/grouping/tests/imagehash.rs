//! Hashes against the Python package `ImageHash`, bit by bit.

mod python;

use python::{Answer, ask};
use stack_core::{FrameBuf, FrameShape, PixelType, SampleFormat};
use stack_grouping::{GreyPicture, GreyScale, HashKind, ImageHash};

/// Says of each picture: rows, columns, channels, samples; then for each hash its name, its side and its digits.
const HASHES: &str = "
def say(picture, sides):
    a = np.asarray(picture)
    write(*a.shape[:2], a.shape[2] if a.ndim == 3 else 1, a.tobytes())
    kinds = dict(ahash=imagehash.average_hash, dhash=imagehash.dhash, dhash_vertical=imagehash.dhash_vertical,
                 phash=imagehash.phash, whash=imagehash.whash)
    lines = ''.join(f'{kind} {side} {hash(picture, side)}\\n' for side in sides for kind, hash in kinds.items()
                    if kind != 'whash' or side & side - 1 == 0)
    write(len(lines), lines.encode())
";

/// Pictures, hashes and bits that were compared, and bits that differed.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    pictures: usize,
    hashes: usize,
    bits: usize,
    differing: u32,
}

fn picture(answer: &mut Answer) -> GreyPicture {
    let (height, width, channels) = (answer.number(), answer.number(), answer.number());
    let samples = answer.bytes(height * width * channels).to_vec();
    let shape = FrameShape::new(height, width, channels).unwrap();
    GreyScale::new(SampleFormat::full(PixelType::U8), None).picture(&FrameBuf::U8(samples), shape)
}

fn compare(mut answer: Answer) -> Outcome {
    let mut outcome = Outcome::default();
    while !answer.is_at_end() {
        let picture = picture(&mut answer);
        outcome.pictures += 1;
        let length = answer.number();
        for line in String::from_utf8(answer.bytes(length).to_vec()).unwrap().lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let (kind, side): (HashKind, usize) = (words[0].parse().unwrap(), words[1].parse().unwrap());
            let (ours, theirs) = (kind.hash(&picture, side).unwrap(), words[2].parse::<ImageHash>().unwrap());
            assert_eq!(theirs.hex(), words[2]);
            let distance = ours.distance(&theirs).unwrap();
            if distance > 0 {
                println!("{} x {} {kind} {side}: {distance} bits", picture.height, picture.width);
            }
            outcome.hashes += 1;
            outcome.bits += side * side;
            outcome.differing += distance;
        }
    }
    outcome
}

#[test]
fn made_pictures_have_the_same_hashes() {
    let script = "
rng = np.random.default_rng(5)
sizes = [(64, 64), (3, 5), (1, 1), (1, 40), (33, 2), (100, 70), (70, 100), (31, 257), (201, 301)]
for height, width in sizes:
    y, x = np.mgrid[:height, :width]
    ramp = (y * 255 // max(height - 1, 1)).astype('u1')
    mirrored = (np.minimum(x, width - 1 - x) * 5 + np.minimum(y, height - 1 - y) * 3).astype('u1')
    noise = rng.integers(0, 256, (height, width), 'u1')
    bump = (255 * np.exp(-((x - width / 2) / (width / 5 + 1)) ** 2 - ((y - height / 2) / (height / 9 + 1)) ** 2)).astype('u1')
    lines = ((x // 3 + y // 2) % 2 * 255).astype('u1')
    for a in [ramp, ramp[::-1].copy(), mirrored, noise, bump, lines, np.full((height, width), 77, 'u1'), noise // 255]:
        say(Image.fromarray(a), [2, 3, 5, 7, 8, 11, 16])
    for a in [rng.integers(0, 256, (height, width, 3), 'u1'), np.stack([ramp, bump, mirrored], 2)]:
        say(Image.fromarray(a), [4, 8, 9])
say(Image.fromarray(rng.integers(0, 256, (90, 120), 'u1')), range(2, 65))
";
    let Some(answer) = ask(&format!("{HASHES}{script}"), &[]) else { return };
    let outcome = compare(answer);
    println!("{outcome:?}");
    assert_eq!((outcome.pictures, outcome.differing), (91, 0));
}

#[test]
fn fixtures_have_the_same_hashes() {
    let script = "
import glob
for name in sorted(glob.glob(sys.argv[1] + '/*.npz')):
    stack = np.load(name)['stack'].astype('f8')
    low, high = stack.min(), stack.max()
    for frame in stack[::8]:
        say(Image.fromarray((255 * (frame - low) / (high - low)).astype('u1')), [8, 16])
";
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let Some(answer) = ask(&format!("{HASHES}{script}"), &[folder]) else { return };
    let outcome = compare(answer);
    println!("{outcome:?}");
    assert_eq!((outcome.pictures, outcome.differing), (17, 0));
}

#[test]
fn pictures_of_a_folder_have_the_same_hashes() {
    let Some(folder) = std::env::var_os("STACKPRESS_PICTURES") else {
        println!(
            "skipped: no pictures (set STACKPRESS_PICTURES to a folder of PNG or JPEG files, or of npz stacks)"
        );
        return;
    };
    let script = "
import glob
for name in sorted(glob.glob(sys.argv[1] + '/**', recursive=True)):
    if name.endswith(('.png', '.jpg', '.jpeg')):
        try:
            picture = Image.open(name).convert('RGB')
        except OSError:
            continue
        say(picture, [8, 16, 32])
        say(picture.convert('L'), [8, 13])
    if name.endswith('.npz'):
        stack = np.load(name)['stack']
        if stack.dtype.kind == 'f':
            low, high = np.nanmin(stack), np.nanmax(stack)
            stack = np.nan_to_num(255 * (stack.astype('f8') - low) / (high - low))
        elif stack.dtype == 'u2':
            stack = stack // 257
        for frame in stack[::max(1, len(stack) // 500)].astype('u1'):
            say(Image.fromarray(frame), [8, 16])
";
    let Some(answer) = ask(&format!("{HASHES}{script}"), &[&folder.to_string_lossy()]) else { return };
    let outcome = compare(answer);
    println!("{outcome:?}");
    assert!(outcome.pictures > 0, "no picture in {}", folder.display());
    assert_eq!(outcome.differing, 0);
}
