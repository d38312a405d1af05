//! The decoders of entropy coders.

use stack_entropy::bits::BitReader;
use stack_entropy::huffman::{Code, Decoder};
use stack_entropy::run_length::zero_runs::{Expander, ZeroRun};
use stack_entropy::run_length::{bit_runs, packbits, pairs, run_size_sign};
use stack_entropy::{Error, binary, golomb, huffman, mixing, range, rans};

/// Most symbols that a body decodes.
const MOST: usize = 1 << 12;

/// Messages: none, one byte, a text, a row of equal bytes, and bytes of all values.
fn messages() -> Vec<Vec<u8>> {
    let text = b"she sells sea shells by the sea shore".to_vec();
    let all = (0..=255_u8).map(|byte| byte.wrapping_mul(byte)).chain(0..=255).collect();
    vec![vec![], vec![7], text, vec![9; 300], all]
}

fn blocks(compress: fn(&[u8]) -> Vec<u8>) -> Vec<Vec<u8>> {
    messages().iter().map(|message| compress(message)).collect()
}

/// Bytes that a block decodes to survive another round.
fn round_trip(
    block: &[u8],
    compress: fn(&[u8]) -> Vec<u8>,
    decompress: fn(&[u8], usize) -> Result<Vec<u8>, Error>,
) -> bool {
    let Ok(bytes) = decompress(block, MOST) else { return false };
    assert!(bytes.len() <= MOST);
    assert_eq!(decompress(&compress(&bytes), MOST).expect("our own block"), bytes);
    true
}

/// Blocks of the Huffman coder.
pub fn huffman_seeds() -> Vec<Vec<u8>> {
    blocks(huffman::compress)
}

/// A Huffman block; and a table alone, whose code decodes what follows alike in both ways.
pub fn huffman(bytes: &[u8]) -> bool {
    let mut reader = BitReader::new(bytes);
    if let Ok(code) = Code::read(&mut reader, 1 << 16) {
        let decoder = Decoder::new(&code);
        let mut slow = reader.clone();
        for _ in 0..MOST {
            let symbol = decoder.decode(&mut reader);
            assert_eq!(symbol, decoder.decode_by_definition(&mut slow));
            if symbol.is_err() {
                break;
            }
        }
    }
    round_trip(bytes, huffman::compress, huffman::decompress)
}

/// Blocks of the rANS coder.
pub fn rans_seeds() -> Vec<Vec<u8>> {
    blocks(rans::compress)
}

/// A rANS block.
pub fn rans(bytes: &[u8]) -> bool {
    round_trip(bytes, rans::compress, rans::decompress)
}

/// Blocks of the range coder.
pub fn range_coder_seeds() -> Vec<Vec<u8>> {
    blocks(range::compress)
}

/// A block of the range coder.
pub fn range_coder(bytes: &[u8]) -> bool {
    round_trip(bytes, range::compress, range::decompress)
}

/// Blocks of the binary coder.
pub fn binary_coder_seeds() -> Vec<Vec<u8>> {
    blocks(binary::compress)
}

/// A block of the binary coder.
pub fn binary_coder(bytes: &[u8]) -> bool {
    round_trip(bytes, binary::compress, binary::decompress)
}

/// Blocks of mixed models.
pub fn mixing_seeds() -> Vec<Vec<u8>> {
    blocks(mixing::compress)
}

/// A block of mixed models.
pub fn mixing(bytes: &[u8]) -> bool {
    round_trip(bytes, mixing::compress, mixing::decompress)
}

/// Blocks of Rice codes.
pub fn golomb_seeds() -> Vec<Vec<u8>> {
    let numbers = |message: Vec<u8>| -> Vec<u32> { message.into_iter().map(u32::from).collect() };
    let large = golomb::compress(&[0, u32::MAX, 1 << 20, 3]);
    messages().into_iter().map(|message| golomb::compress(&numbers(message))).chain([large]).collect()
}

/// A block of Rice codes.
pub fn golomb(bytes: &[u8]) -> bool {
    let Ok(numbers) = golomb::decompress(bytes, MOST) else { return false };
    assert!(numbers.len() <= MOST);
    assert_eq!(golomb::decompress(&golomb::compress(&numbers), MOST).expect("our own block"), numbers);
    true
}

/// Run lengths of each kind, after a byte that says which.
pub fn run_length_seeds() -> Vec<Vec<u8>> {
    let tagged = |kind: u8, code: Vec<u8>| [vec![kind], code].concat();
    let bits = [0b0000_1110_u8, 0, 0xff, 0x55];
    let mut seeds = vec![
        tagged(2, bit_runs::encode(&bits, 32).expect("32 bits")),
        tagged(3, vec![0x03, 0x12, 0xf0, 0x11, 0x00]),
        tagged(4, vec![0b0010_0011, 0b1101_0000, 0b0001_0100, 0]),
    ];
    for message in messages() {
        seeds.push(tagged(0, pairs::encode(&message)));
        seeds.push(tagged(1, packbits::encode(&message)));
    }
    seeds
}

/// Run lengths of the kind that the first byte says.
pub fn run_length(bytes: &[u8]) -> bool {
    let Some((kind, code)) = bytes.split_first() else { return false };
    match kind % 5 {
        0 => round_trip(code, pairs::encode, pairs::decode),
        1 => round_trip(code, packbits::encode, packbits::decode),
        2 => {
            let Ok(bits) = bit_runs::decode(code, 32) else { return false };
            let again = bit_runs::encode(&bits, 32).expect("32 bits");
            assert_eq!(bit_runs::decode(&again, 32).expect("our own runs"), bits);
            true
        }
        3 => {
            let mut block = [0; 63];
            let mut expander = Expander::new(&mut block);
            let runs = code.iter().map(|&symbol| ZeroRun::new(symbol, u16::from(symbol) * 257));
            runs.map(|run| expander.push(run)).all(|pushed| pushed.is_ok()) && expander.finish().is_ok()
        }
        _ => run_size_sign::get(&mut BitReader::new(code), &mut [0; 6]).is_ok(),
    }
}
