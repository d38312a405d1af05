//! Huffman codes.

use proptest::prelude::*;
use stack_entropy::Error;
use stack_entropy::bits::{BitReader, BitWriter};
use stack_entropy::histogram::byte_counts;
use stack_entropy::huffman::kraft::{check_complete, kraft_sum};
use stack_entropy::huffman::tree::Tree;
use stack_entropy::huffman::{Code, Decoder, code_lengths, code_lengths_by_definition, compress, decompress};
use stack_entropy::information::entropy_of_counts;

use super::support::{damage, laplacian, python};

/// The cost of a Huffman code by the definition: the sum of the weights of all nodes that merging the two lightest makes.
fn cost_by_definition(counts: &[u64]) -> u64 {
    let mut weights: Vec<u64> = counts.iter().copied().filter(|&count| count > 0).collect();
    let mut cost = 0;
    while weights.len() > 1 {
        weights.sort_unstable_by(|a, b| b.cmp(a));
        let merged = weights.pop().unwrap() + weights.pop().unwrap();
        weights.push(merged);
        cost += merged;
    }
    cost
}

proptest! {
    #[test]
    fn lengths_are_the_definition_and_cost_what_merging_costs(
        counts in prop::collection::vec(prop_oneof![Just(0), 0_u64..4, 0_u64..1000, 0..=1_u64 << 40], 0..30),
        limit in 5_u32..=32,
    ) {
        let lengths = code_lengths(&counts, limit).unwrap();
        prop_assert_eq!(&lengths, &code_lengths_by_definition(&counts, limit).unwrap());
        prop_assert!(lengths.iter().all(|&length| u32::from(length) <= limit));
        check_complete(&lengths).unwrap();
        let kinds = counts.iter().filter(|&&count| count > 0).count();
        if kinds > 1 && limit >= 30 {
            let code = Code::from_lengths(&lengths).unwrap();
            prop_assert_eq!(code.message_bits(&counts), cost_by_definition(&counts));
        }
    }

    #[test]
    fn bytes_come_back_and_cost_between_entropy_and_one_bit_more(
        bytes in prop::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 1..2000),
    ) {
        let counts = byte_counts(&bytes);
        let code = Code::from_counts(&counts, 32).unwrap();
        let entropy = entropy_of_counts(counts) * bytes.len() as f64;
        let bits = code.message_bits(&counts) as f64;
        prop_assert!(bits >= entropy - 1e-6 && bits <= entropy + bytes.len() as f64);
        let block = compress(&bytes);
        prop_assert_eq!(decompress(&block, bytes.len()).unwrap(), bytes);
    }

    #[test]
    fn decoding_fast_is_decoding_by_the_definition(
        lengths_from in prop::collection::vec(1_u64..1_000_000, 2..40),
        bits in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        // Squares and a high limit give long code words.
        let counts: Vec<u64> = lengths_from.iter().map(|&count| count * count * count / 1_000_000 + 1).collect();
        let code = Code::from_counts(&counts, 24).unwrap();
        let decoder = Decoder::new(&code);
        let (mut fast, mut slow) = (BitReader::new(&bits), BitReader::new(&bits));
        loop {
            let symbol = decoder.decode(&mut fast);
            prop_assert_eq!(&symbol, &decoder.decode_by_definition(&mut slow));
            prop_assert_eq!(fast.position(), slow.position());
            if symbol.is_err() {
                break;
            }
        }
        let mut reader = BitReader::new(&bits);
        let mut bytes = vec![0; bits.len()];
        let all = decoder.decode_bytes(&mut reader, &mut bytes);
        prop_assert!(matches!(all, Ok(()) | Err(Error::TruncatedBits { .. })), "{:?}", all);
    }

    #[test]
    fn the_three_agree_in_length(counts in prop::collection::vec(0_u64..300, 0..40)) {
        let tree = Tree::from_counts(&counts).unwrap();
        let canonical = Code::from_counts(&counts, 32).unwrap();
        // No tree of 40 symbols with such counts is deeper than 20.
        let limited = Code::from_counts(&counts, 20).unwrap();
        prop_assert_eq!(tree.message_bits(), canonical.message_bits(&counts));
        prop_assert_eq!(tree.message_bits(), limited.message_bits(&counts));
        let symbols: Vec<u16> = (0..counts.len() as u16).filter(|&symbol| counts[usize::from(symbol)] > 0).collect();
        let bits = tree.encode(&symbols).unwrap();
        prop_assert_eq!(tree.decode(&bits, symbols.len()).unwrap(), symbols.clone());
        prop_assert!(tree.decode(&bits, symbols.len() + 1).is_err());
        let nodes = tree.nodes();
        prop_assert_eq!(nodes.iter().filter(|node| node.symbol.is_some()).count(), symbols.len());
        for (place, node) in nodes.iter().enumerate() {
            let below: u64 = nodes.iter().filter(|below| below.parent.is_some_and(|above| above.0 == place)).map(|below| below.count).sum();
            prop_assert!(node.symbol.is_some() || below == node.count);
        }
        if let Ok(code) = Code::from_lengths(&tree.lengths().iter().map(|&length| length as u8).collect::<Vec<_>>()) {
            prop_assert_eq!(code.message_bits(&counts), tree.message_bits());
        }
    }

    #[test]
    fn any_bytes_are_refused_or_decoded(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(decoded) = decompress(&bytes, 1000) {
            prop_assert!(decoded.len() <= 1000);
        }
    }
}

#[test]
fn golden_bytes() {
    let block = compress(b"abracadabra");
    assert_eq!(block, GOLDEN);
    assert_eq!(decompress(&block, 11).unwrap(), b"abracadabra");
    assert_eq!(compress(b""), [0b1100_0000]);
    assert_eq!(decompress(&[0b1100_0000], 0).unwrap(), b"");
}

const GOLDEN: &[u8] = &[24, 7, 64, 24, 127, 255, 125, 65, 178, 117, 100, 224];

#[test]
fn damaged_blocks_are_refused_or_survived() {
    damage(&compress(&laplacian(200, 5)), |block| decompress(block, 10_000));
    damage(&compress(b"aaaaaaaaaaaaaaa"), |block| decompress(block, 10_000));
}

#[test]
fn truncation_at_every_bit_is_an_error_of_that_place() {
    let bytes = laplacian(100, 6);
    let code = Code::from_counts(&byte_counts(&bytes), 14).unwrap();
    let mut writer = BitWriter::new();
    code.encode_bytes(&bytes, &mut writer).unwrap();
    let (bits, block) = (writer.bit_len(), writer.finish());
    let decoder = Decoder::new(&code);
    for cut in 0..bits / 8 {
        let error = decoder.decode_bytes(&mut BitReader::new(&block[..cut as usize]), &mut [0; 100]);
        assert!(matches!(error, Err(Error::TruncatedBits { bit, .. }) if bit <= cut * 8), "{error:?}");
    }
}

#[test]
fn no_symbol_one_symbol_and_all_symbols() {
    let none = Code::from_counts(&[0; 256], 14).unwrap();
    assert_eq!((none.longest(), none.word(0)), (0, None));
    let decoder = Decoder::new(&none);
    assert_eq!(decoder.decode(&mut BitReader::new(&[0])), Err(Error::NoSuchCode { bit: 0 }));
    assert_eq!(
        decoder.decode(&mut BitReader::new(&[])),
        Err(Error::TruncatedBits { bit: 0, needed: 1, left: 0 })
    );

    let one = Code::from_counts(&[0, 0, 7], 14).unwrap();
    assert_eq!((one.word(2), one.word(0), one.word(9)), (Some((0, 1)), None, None));
    let mut reader = BitReader::new(&[0b0010_0000]);
    let decoder = Decoder::new(&one);
    let mut words = [9; 2];
    assert_eq!(decoder.decode_words(&mut reader, &mut words), Ok(()));
    assert_eq!(words, [2, 2]);
    assert_eq!(decoder.decode(&mut reader), Err(Error::NoSuchCode { bit: 2 }));
    assert_eq!(
        one.encode(&[2, 1], &mut BitWriter::new()),
        Err(Error::UnknownSymbol { symbol: 1, position: 1 })
    );
    let unknown = one.encode_bytes(&[2, 2, 2, 2, 2, 3], &mut BitWriter::new());
    assert_eq!(unknown, Err(Error::UnknownSymbol { symbol: 3, position: 5 }));
    let unknown = one.encode_bytes(&[2, 2, 2, 3, 2, 3], &mut BitWriter::new());
    assert_eq!(unknown, Err(Error::UnknownSymbol { symbol: 3, position: 3 }));

    let counts: Vec<u64> = (0..65_536).map(|symbol| 1 + symbol % 7 * (symbol % 1000)).collect();
    let code = Code::from_counts(&counts, 20).unwrap();
    let symbols: Vec<u16> = (0..=65_535).rev().collect();
    let mut writer = BitWriter::new();
    code.write(&mut writer);
    assert_eq!(writer.bit_len(), code.table_bits());
    code.encode(&symbols, &mut writer).unwrap();
    let block = writer.finish();
    let mut reader = BitReader::new(&block);
    let read = Code::read(&mut reader, 65_536).unwrap();
    assert_eq!(read, code);
    let mut decoded = vec![0; 65_536];
    Decoder::new(&read).decode_words(&mut reader, &mut decoded).unwrap();
    assert_eq!(decoded, symbols);
    let wide = Decoder::new(&code).decode_bytes(&mut BitReader::new(&[0x55; 99]), &mut [0; 20]);
    assert!(matches!(wide, Err(Error::OutOfRange { what: "a symbol", .. })));
}

#[test]
fn a_tree_of_all_symbols_and_a_deep_one_are_drawn() {
    let wide = Tree::from_counts(&vec![1; 65_536]).unwrap();
    assert_eq!(wide.drawing().lines().count(), 2 * 65_536 - 1);
    let mut counts = vec![1_u64, 1];
    while counts.len() < 80 {
        counts.push(counts[counts.len() - 1] + counts[counts.len() - 2]);
    }
    let deep = Tree::from_counts(&counts).unwrap();
    assert_eq!(deep.lengths().into_iter().max(), Some(79));
    // The limit binds here, and costs.
    let limited = Code::from_counts(&counts, 32).unwrap();
    assert!(limited.longest() == 32 && limited.message_bits(&counts) > deep.message_bits());
}

#[test]
fn trees_of_no_symbol_and_of_one() {
    let none = Tree::from_counts(&[0, 0]).unwrap();
    assert_eq!((none.nodes(), none.drawing()), (vec![], String::new()));
    assert_eq!(none.decode(&Default::default(), 0), Ok(vec![]));
    let one = Tree::from_counts(&[0, 4]).unwrap();
    assert_eq!((one.lengths(), one.message_bits()), (vec![0, 1], 4));
    assert_eq!(one.drawing(), "4\n└─0─ symbol 1 (4)\n");
    let bits = one.encode(&[1, 1]).unwrap();
    assert_eq!(one.decode(&bits, 2), Ok(vec![1, 1]));
    let wrong = [false, true].into_iter().collect();
    assert_eq!(one.decode(&wrong, 2), Err(Error::NoSuchCode { bit: 1 }));
    assert_eq!(one.encode(&[1, 0]), Err(Error::UnknownSymbol { symbol: 0, position: 1 }));
    assert!(Tree::from_counts(&[u64::MAX, 1]).is_err());
}

#[test]
fn lengths_that_make_no_code_are_refused() {
    assert_eq!(Code::from_lengths(&[1, 1, 1]), Err(Error::OverSubscribed { kraft: 3, longest: 1 }));
    assert_eq!(Code::from_lengths(&[1, 3]), Err(Error::Incomplete { kraft: 5, longest: 3 }));
    assert_eq!(Code::from_lengths(&[2]), Err(Error::Incomplete { kraft: 1, longest: 2 }));
    assert!(matches!(Code::from_lengths(&[33]), Err(Error::OutOfRange { value: 33, .. })));
    assert!(matches!(Code::from_lengths(&vec![16; 65_537]), Err(Error::OutOfRange { value: 65_537, .. })));
    assert_eq!(kraft_sum(&[32; 65_536]).unwrap(), (65_536, 32));
    assert!(matches!(code_lengths(&[1; 5], 2), Err(Error::OutOfRange { value: 5, most: 4, .. })));
    assert!(matches!(code_lengths(&[1], 33), Err(Error::OutOfRange { .. })));
    assert!(matches!(code_lengths(&[1], 0), Err(Error::OutOfRange { .. })));
    assert!(matches!(code_lengths(&[u64::MAX, 1], 9), Err(Error::OutOfRange { .. })));
}

#[test]
fn a_stored_table_of_257_symbols_or_of_bad_lengths_is_refused() {
    let lengths: Vec<u8> = [vec![8; 255], vec![9; 2]].concat();
    let code = Code::from_lengths(&lengths).unwrap();
    let mut writer = BitWriter::new();
    code.write(&mut writer);
    let table = writer.finish();
    assert_eq!(Code::read(&mut BitReader::new(&table), 65_536).unwrap(), code);
    let refused = Code::read(&mut BitReader::new(&table), 256).unwrap_err();
    assert_eq!(refused.to_string(), "the number of symbols in the stored table is 257; it must be 0 to 256");

    let stored = |lengths: &[i64]| {
        let mut writer = BitWriter::new();
        stack_entropy::universal::put_gamma(&mut writer, lengths.len() as u64 + 1);
        let mut before = 8;
        for &length in lengths {
            writer.put_bit(true);
            writer.put_run(true, stack_entropy::universal::fold(length - before));
            writer.put_bit(false);
            before = length;
        }
        Code::read(&mut BitReader::new(&writer.finish()), 256)
    };
    assert_eq!(stored(&[1, 2, 2]).unwrap().lengths(), [1, 2, 2]);
    assert!(matches!(stored(&[1, 1, 2]), Err(Error::OverSubscribed { .. })));
    assert!(matches!(stored(&[1, 2, 3]), Err(Error::Incomplete { .. })));
    assert!(matches!(stored(&[1, 0]), Err(Error::OutOfRange { what: "a stored code length", .. })));
    assert!(matches!(stored(&[33, 1]), Err(Error::OutOfRange { .. })));
    assert!(matches!(stored(&[90]), Err(Error::RunPastEnd { .. })));

    let mut writer = BitWriter::new();
    stack_entropy::universal::put_gamma(&mut writer, 11);
    writer.put_bit(false);
    stack_entropy::universal::put_gamma(&mut writer, 11);
    let refused = Code::read(&mut BitReader::new(&writer.finish()), 256);
    assert_eq!(refused, Err(Error::RunPastEnd { unit: "bit", at: 7, run: 11, room: 10 }));
}

#[test]
fn a_block_that_claims_more_than_it_may_or_can_hold_is_refused() {
    let block = compress(&[7; 100]);
    assert!(matches!(decompress(&block, 99), Err(Error::OutOfRange { value: 100, most: 99, .. })));
    let mut writer = BitWriter::new();
    stack_entropy::universal::put_gamma(&mut writer, 1 << 40);
    Code::from_lengths(&[1, 1]).unwrap().write(&mut writer);
    let refused = decompress(&writer.finish(), usize::MAX);
    assert!(matches!(refused, Err(Error::TruncatedBits { .. })), "{refused:?}");
}

#[test]
fn dahuffman_needs_as_many_bits() {
    let bytes = laplacian(5000, 9);
    let script = "import sys, collections, dahuffman\n\
                  data = open(sys.argv[1], 'rb').read()\n\
                  counts = collections.Counter(data)\n\
                  table = dahuffman.HuffmanCodec.from_frequencies(counts).get_code_table()\n\
                  print(sum(table[s][0] * n for s, n in counts.items()), max(v[0] for v in table.values()))\n\
                  print(table[dahuffman.huffmancodec._EOF][0], min(counts.values()))";
    let Some(printed) = python(script, &bytes) else { return };
    let numbers: Vec<u64> = printed.split_whitespace().map(|number| number.parse().unwrap()).collect();
    // dahuffman adds an end symbol that occurs once.
    let mut counts = byte_counts(&bytes).to_vec();
    let end = counts.iter().position(|&count| count == 0).unwrap();
    counts[end] = 1;
    let code = Code::from_counts(&counts, 32).unwrap();
    assert_eq!(code.message_bits(&counts), numbers[0] + numbers[2]);
}
