use super::{Apm, Mixer, stretch};
use crate::Error;
use crate::binary::{AdaptiveBit, Decoder, Encoder, Probability, decisions, head, split};

/// Models that are mixed: no byte, one byte and two bytes of context.
const MODELS: usize = 3;

/// Bits of the table that contexts of two bytes share; each of them takes the place that a hash gives it.
const HASH_BITS: u32 = 16;

/// Predicts bytes, decision by decision, from none, one and two bytes before.
#[derive(Debug, Clone)]
pub struct ByteModel {
    estimates: [Vec<AdaptiveBit>; MODELS],
    places: [usize; MODELS],
    mixer: Mixer,
    apm: Apm,
    /// The decisions of this byte after a one: the node of the tree.
    node: usize,
    before: [u8; 2],
    predicted: Probability,
}

impl Default for ByteModel {
    fn default() -> Self {
        Self::new()
    }
}

impl ByteModel {
    /// A model that knows nothing yet.
    pub fn new() -> Self {
        let sizes = [256, 1 << 16, 1 << HASH_BITS];
        let mut model = Self {
            estimates: sizes.map(|size| vec![AdaptiveBit::new(255); size]),
            places: [0; MODELS],
            mixer: Mixer::new(MODELS, 256, 14).expect("a mixer of three"),
            apm: Apm::new(1 << 10, 6).expect("a map of few contexts"),
            node: 1,
            before: [0; 2],
            predicted: Probability::HALF,
        };
        model.predict_next();
        model
    }

    /// The probability that the next decision is a one.
    #[inline]
    pub fn probability(&self) -> Probability {
        self.predicted
    }

    /// Learns a decision; the whole byte after each eighth.
    #[inline]
    pub fn update(&mut self, bit: bool) -> Option<u8> {
        for (estimates, &place) in self.estimates.iter_mut().zip(&self.places) {
            estimates[place].update(bit);
        }
        self.mixer.update(bit);
        self.apm.update(bit);
        self.node = 2 * self.node + usize::from(bit);
        let whole = (self.node >= 256).then_some(self.node as u8);
        if let Some(byte) = whole {
            self.before = [byte, self.before[0]];
            self.node = 1;
        }
        self.predict_next();
        whole
    }

    fn predict_next(&mut self) {
        let [last, second] = self.before.map(usize::from);
        let pair = (second << 16 | last << 8 | self.node) as u32;
        // The upper bits of a product with the golden ratio depend on all bits of the context.
        let hash = pair.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS);
        self.places = [self.node, last << 8 | self.node, hash as usize];
        let estimate = |model: usize| stretch(self.estimates[model][self.places[model]].probability());
        let stretched: [i32; MODELS] = std::array::from_fn(estimate);
        let mixed = self.mixer.mix(&stretched, self.node);
        let context = (last << 8 | self.node) & 1023;
        let refined = self.apm.refine(mixed, context);
        self.predicted = Probability::clamped((i32::from(mixed.parts()) + i32::from(refined.parts())) / 2);
    }
}

/// Bytes as one block: their number plus one in gamma, zero bits to a whole byte, decisions coded with a [`ByteModel`].
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::after(head(bytes.len()));
    let mut model = ByteModel::new();
    for (_, bit) in bytes.iter().flat_map(|&byte| decisions(byte)) {
        encoder.encode(bit, model.probability());
        model.update(bit);
    }
    encoder.finish()
}

/// The bytes of a block that [`compress`] wrote, at most `most`.
///
/// # Errors
///
/// [`Error::OutOfRange`] for more bytes than `most`, and those of [`Decoder`].
pub fn decompress(block: &[u8], most: usize) -> Result<Vec<u8>, Error> {
    let (length, code) = split(block, most)?;
    let mut decoder = Decoder::new(code)?;
    let mut model = ByteModel::new();
    // Grows with what is decoded: predictable bytes are nearly free, so the code does not bound their number.
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let bit = decoder.decode(model.probability())?;
        bytes.extend(model.update(bit));
    }
    decoder.finish()?;
    Ok(bytes)
}
