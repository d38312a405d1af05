//! The options that every method has: in which order the frames are stored, and whether equal ones are each stored.
//!
//! ```text
//! "video:x264-lossless,order=nearest"    "video:x264-lossless" with the frames in the order of their neighbours
//! "video:ffv1,duplicates=keep"           "video:ffv1" with every frame, so that players show them all
//! ```

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use stack_core::{Error, ErrorBound, FrameSource, Limits, Result, StackHeader};

use crate::{Job, Method, MethodSpec, StackReader};

/// Name of the option for the order.
pub(crate) const OPTION: &str = "order";
/// Name and only value of the option for equal frames.
pub(crate) const DUPLICATES: (&str, &str) = ("duplicates", "keep");

/// In which order the frames of a stack are stored. They come back in their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As they come.
    #[default]
    None,
    /// Sorted by perceptual, average and difference hash, as text.
    Hash,
    /// A chain in which neighbours are alike.
    Nearest,
    /// Whichever of these is smallest on a sample of the stack.
    Auto,
}

impl Order {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Hash, Self::Nearest, Self::Auto];
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Hash => "hash",
            Self::Nearest => "nearest",
            Self::Auto => "auto",
        })
    }
}

impl FromStr for Order {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|order| order.to_string() == text).ok_or(())
    }
}

impl MethodSpec {
    /// The same with these options in place of those that it has, behind all others.
    pub(crate) fn arranged(&self, order: Order, keeps_duplicates: bool) -> Result<Self> {
        let mut spec = self.without_option(OPTION).0.without_option(DUPLICATES.0).0;
        if order != Order::None {
            spec = spec.with_option(OPTION, Some(&order.to_string()))?;
        }
        if keeps_duplicates { spec.with_option(DUPLICATES.0, Some(DUPLICATES.1)) } else { Ok(spec) }
    }
}

/// `method` with its frames in this order.
///
/// # Errors
/// [`Error::Parameter`] for a method that has the option `order` already.
pub fn ordered(method: Box<dyn Method>, order: Order) -> Result<Box<dyn Method>> {
    match (method.order(), order) {
        (Order::None, Order::None) => Ok(method),
        (Order::None, order) => {
            let keeps_duplicates = method.keeps_duplicates();
            Ok(Box::new(Arranging { method, order, keeps_duplicates }))
        }
        _ => Err(Error::parameter(
            format!("order {order}"),
            format!("the method {} has an order already", method.spec()),
            "name the order once",
        )),
    }
}

/// A method with its frames in another order than the stack's, or with all of its equal frames.
pub(crate) struct Arranging {
    pub(crate) method: Box<dyn Method>,
    pub(crate) order: Order,
    pub(crate) keeps_duplicates: bool,
}

impl Method for Arranging {
    fn spec(&self) -> MethodSpec {
        let spec = self.method.spec().arranged(self.order, self.keeps_duplicates);
        spec.expect("both options follow the grammar")
    }

    fn keeps_duplicates(&self) -> bool {
        self.keeps_duplicates
    }

    fn order(&self) -> Order {
        self.order
    }

    fn extension(&self) -> &'static str {
        self.method.extension()
    }

    fn promise(&self, header: &StackHeader) -> Result<ErrorBound> {
        self.method.promise(header)
    }

    fn available(&self) -> Result<()> {
        self.method.available()
    }

    fn encode(&self, source: &mut dyn FrameSource, dest: &Path, job: &Job<'_>) -> Result<()> {
        self.method.encode(source, dest, job)
    }

    fn open(&self, file: &Path, limits: &Limits) -> Result<StackReader> {
        self.method.open(file, limits)
    }
}
