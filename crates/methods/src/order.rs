//! The option that every method has: in which order the frames are stored.
//!
//! ```text
//! "video:x264-lossless,order=nearest"  =  "video:x264-lossless" with the frames in the order of their neighbours
//! ```

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use stack_core::{Error, ErrorBound, FrameSource, Limits, Result, StackHeader};

use crate::{Job, Method, MethodSpec, StackReader};

/// Name of the option.
pub(crate) const OPTION: &str = "order";

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

/// `method` with its frames in this order.
///
/// # Errors
/// [`Error::Parameter`] for a method that has the option `order` already.
pub fn ordered(method: Box<dyn Method>, order: Order) -> Result<Box<dyn Method>> {
    match (method.order(), order) {
        (_, Order::None) => Ok(method),
        (Order::None, order) => Ok(Box::new(Ordered { method, order })),
        _ => Err(Error::parameter(
            format!("order {order}"),
            format!("the method {} has an order already", method.spec()),
            "name the order once",
        )),
    }
}

/// A method with its frames in another order than the stack's.
pub(crate) struct Ordered {
    pub(crate) method: Box<dyn Method>,
    pub(crate) order: Order,
}

impl Method for Ordered {
    fn spec(&self) -> MethodSpec {
        let order = self.order.to_string();
        self.method.spec().with_option(OPTION, Some(&order)).expect("the method has no option of that name")
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
