//! What is wrong with a request or with coded bytes, and where.

/// Why a coder refuses: what is wrong, and at which bit, byte or symbol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bits end before the value that is being read.
    #[error("bit {bit}: {needed} bits are needed and {left} are left; the data are cut short")]
    TruncatedBits {
        /// Where reading began.
        bit: u64,
        /// Bits that the next value needs.
        needed: u64,
        /// Bits that are there.
        left: u64,
    },
    /// The bytes end before the value that is being read.
    #[error("byte {byte}: {needed} bytes are needed and {left} are left; the data are cut short")]
    TruncatedBytes {
        /// Where reading began.
        byte: usize,
        /// Bytes that the next value needs.
        needed: usize,
        /// Bytes that are there.
        left: usize,
    },
    /// Bytes are left when all symbols are decoded.
    #[error("byte {byte}: {left} bytes are left after the last symbol")]
    Trailing {
        /// The first byte too many.
        byte: usize,
        /// How many.
        left: usize,
    },
    /// No code word begins with the bits that come next.
    #[error("bit {bit}: no code word begins with these bits")]
    NoSuchCode {
        /// Where the code word would begin.
        bit: u64,
    },
    /// Code lengths ask for more code words than there are.
    #[error("code lengths are over-subscribed: Kraft sum {kraft}/2^{longest} is above 1")]
    OverSubscribed {
        /// Kraft sum in units of `2^-longest`.
        kraft: u64,
        /// The longest code length.
        longest: u32,
    },
    /// Code lengths leave bit patterns without a symbol.
    #[error("code lengths are incomplete: Kraft sum {kraft}/2^{longest} is below 1")]
    Incomplete {
        /// Kraft sum in units of `2^-longest`.
        kraft: u64,
        /// The longest code length.
        longest: u32,
    },
    /// A number is outside the range it must lie in.
    #[error("{what} is {value}; it must be {least} to {most}")]
    OutOfRange {
        /// The name of the number.
        what: &'static str,
        /// What it is.
        value: u64,
        /// The least that is allowed.
        least: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// A probability is not a number from 0 to 1, or probabilities do not sum to 1.
    #[error("{what} is {value}; {wanted}")]
    Probability {
        /// The name of the number.
        what: &'static str,
        /// What it is, as printed.
        value: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// Two slices that belong together differ in length.
    #[error("{what} differ in length: {first} and {second}")]
    Lengths {
        /// The name of the two.
        what: &'static str,
        /// Elements of the first.
        first: usize,
        /// Elements of the second.
        second: usize,
    },
    /// A symbol that the code gives no code word or no probability.
    #[error("symbol {symbol} at position {position} is not in the code")]
    UnknownSymbol {
        /// The symbol.
        symbol: u32,
        /// Its place among the symbols to encode.
        position: usize,
    },
    /// A run goes on after the place where the data end.
    #[error("{unit} {at}: a run of {run} does not fit into the {room} places left")]
    RunPastEnd {
        /// What `at` counts: byte, bit or symbol.
        unit: &'static str,
        /// Where the run is stored.
        at: u64,
        /// Its length.
        run: u64,
        /// Places left.
        room: u64,
    },
    /// The coder did not come to rest in the state it must end in: the data were changed.
    #[error("byte {byte}: the coder ends in a wrong state; the data were changed")]
    WrongEnd {
        /// Bytes read until then.
        byte: usize,
    },
}

/// Checks that a number lies in a range.
pub(crate) fn in_range(what: &'static str, value: u64, least: u64, most: u64) -> Result<u64, Error> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(Error::OutOfRange { what, value, least, most })
    }
}
