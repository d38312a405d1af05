//! In which order the frames of a stack are stored, and which of them are stored once for several.
//!
//! ```text
//! frame of the stack   0  1  2  3  4
//! samples              a  b  a  c  b          frames 0 and 2 are equal, and so are 1 and 4
//! place                0  2  0  1  2          place(n): where frame n is found
//! stored               a  c  b                first(p): the first frame of the stack that is found at place p
//! ```
//!
//! Similar frames that lie side by side are predicted better; equal ones need to be stored but once. Whoever reads the
//! stack sees neither: frame `n` is read from place `place(n)`.

use crate::{Error, FrameBuf, FrameSource, Result, StackHeader, check_frame_index};

/// For every frame of a stack, the place where its samples are stored.
///
/// Every place has at least one frame, so there are never more places than frames. Places are counted in 32 bits.
///
/// ```
/// use stack_core::Arrangement;
/// let arrangement = Arrangement::new(vec![0, 2, 0, 1, 2])?;
/// assert_eq!((arrangement.frames(), arrangement.stored()), (5, 3));
/// assert_eq!(arrangement.place(4), 2);
/// assert_eq!(arrangement.firsts(), [0, 3, 1]);
/// assert!(Arrangement::new(vec![0, 2]).is_err(), "nothing is at place 1");
/// # Ok::<(), stack_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    places: Vec<u32>,
    firsts: Vec<u32>,
}

impl Arrangement {
    /// Every frame at its own place, in order.
    ///
    /// # Errors
    /// [`Error::Parameter`] for more frames than 32 bits count.
    pub fn identity(frames: usize) -> Result<Self> {
        let count = u32::try_from(frames).map_err(|_| too_many(frames))?;
        let places: Vec<u32> = (0..count).collect();
        Ok(Self { firsts: places.clone(), places })
    }

    /// The arrangement that has frame `n` at `places[n]`.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names a place with no frame, or a frame whose place is past the last one: there are
    /// as many places as the largest one says, and never more than frames.
    pub fn new(places: Vec<u32>) -> Result<Self> {
        let frames = places.len();
        if u32::try_from(frames).is_err() {
            return Err(too_many(frames));
        }
        if let Some((frame, place)) = places.iter().enumerate().find(|&(_, &place)| place as usize >= frames)
        {
            return Err(refused(format!("frame {frame} is at place {place}, and there are {frames} frames")));
        }
        const NONE: u32 = u32::MAX;
        let stored = places.iter().max().map_or(0, |&largest| largest as usize + 1);
        let mut firsts = vec![NONE; stored];
        let mut repeated = None;
        for (frame, &place) in (0_u32..).zip(&places) {
            match &mut firsts[place as usize] {
                first if *first == NONE => *first = frame,
                _ => repeated = repeated.or(Some((frame, place))),
            }
        }
        if let Some(place) = firsts.iter().position(|&first| first == NONE) {
            let twice = repeated.map_or_else(String::new, |(frame, place)| {
                format!(", and place {place} has frame {frame} beside another one")
            });
            return Err(refused(format!("no frame is at place {place}{twice}")));
        }
        Ok(Self { places, firsts })
    }

    /// The arrangement that stores each frame once, in this order: `order[p]` is the frame at place `p`.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names a frame that is missing, repeated, or past the last one.
    pub fn from_order(order: &[u32]) -> Result<Self> {
        let inverse = Self::new(order.to_vec())?;
        if inverse.stored() != order.len() {
            let missing = inverse.stored();
            return Err(refused(format!("frame {missing} is not in the order, and another one is twice")));
        }
        Ok(Self { places: inverse.firsts, firsts: inverse.places })
    }

    /// Number of frames of the stack.
    pub fn frames(&self) -> usize {
        self.places.len()
    }

    /// Number of frames that are stored.
    pub fn stored(&self) -> usize {
        self.firsts.len()
    }

    /// Where frame `frame` is stored.
    ///
    /// # Panics
    /// If there is no such frame.
    pub fn place(&self, frame: usize) -> usize {
        self.places[frame] as usize
    }

    /// The place of every frame.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// For every place, the first frame of the stack that is found there.
    pub fn firsts(&self) -> &[u32] {
        &self.firsts
    }

    /// Whether every frame is at its own place, so that nothing needs to be stored of the arrangement.
    pub fn is_identity(&self) -> bool {
        self.stored() == self.frames() && self.is_ascending()
    }

    /// Whether the stored frames are in the order of the stack, so that a source is read without going back.
    pub fn is_ascending(&self) -> bool {
        self.firsts.is_sorted()
    }

    /// Items of the stored frames, once for every frame of the stack: `items[place(n)]` for every `n`.
    ///
    /// # Panics
    /// If there are fewer items than places.
    pub fn spread<'a, T>(&'a self, items: &'a [T]) -> impl Iterator<Item = &'a T> {
        self.places.iter().map(|&place| &items[place as usize])
    }
}

fn refused(problem: String) -> Error {
    Error::parameter("the order of the frames", problem, "every place needs a frame, and every frame a place")
}

fn too_many(frames: usize) -> Error {
    Error::parameter(
        "the order of the frames",
        format!("{frames} frames are more than 32 bits count"),
        "store the stack in parts",
    )
}

/// The frames of a source as they are stored: in the order of an [`Arrangement`], each distinct one once.
///
/// Its header has the number of stored frames and no metadata: names belong to the frames of the stack.
pub struct StoredOrder<'a> {
    source: &'a mut dyn FrameSource,
    arrangement: &'a Arrangement,
    header: StackHeader,
}

impl<'a> StoredOrder<'a> {
    /// The frames of `source`, arranged.
    ///
    /// # Errors
    /// [`Error::Parameter`] if the arrangement is for another number of frames.
    pub fn new(source: &'a mut dyn FrameSource, arrangement: &'a Arrangement) -> Result<Self> {
        let whole = source.header();
        if arrangement.frames() != whole.frames {
            return Err(refused(format!(
                "it is for {} frames, and the stack has {}",
                arrangement.frames(),
                whole.frames
            )));
        }
        let header = StackHeader::new(arrangement.stored(), whole.shape, whole.format)?;
        Ok(Self { source, arrangement, header })
    }
}

impl FrameSource for StoredOrder<'_> {
    fn header(&self) -> &StackHeader {
        &self.header
    }

    fn read_frame(&mut self, index: usize, into: &mut FrameBuf) -> Result<()> {
        check_frame_index(&self.header, index)?;
        self.source.read_frame(self.arrangement.firsts()[index] as usize, into)
    }

    fn seeks(&self) -> bool {
        self.source.seeks()
    }

    fn disk_bytes(&self) -> Option<u64> {
        self.source.disk_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FrameShape, PixelType, SampleFormat, StackInMemory};

    #[test]
    fn what_is_wrong_with_an_order_is_named() {
        let problem = |places: Vec<u32>| Arrangement::new(places).unwrap_err().to_string();
        assert!(problem(vec![0, 2, 2]).contains("no frame is at place 1"));
        assert!(problem(vec![0, 2, 2]).contains("place 2 has frame 2 beside another one"));
        assert!(problem(vec![0, 3, 1]).contains("frame 1 is at place 3, and there are 3 frames"));
        assert!(problem(vec![u32::MAX]).contains("frame 0 is at place 4294967295"));
        let problem = |order: &[u32]| Arrangement::from_order(order).unwrap_err().to_string();
        assert!(problem(&[0, 0, 1]).contains("frame 2 is not in the order"));
        assert!(problem(&[0, 2, 2]).contains("place 1"));
    }

    #[test]
    fn an_order_and_its_places_are_inverse() {
        let arrangement = Arrangement::from_order(&[3, 1, 0, 2]).unwrap();
        assert_eq!(arrangement.places(), [2, 1, 3, 0]);
        assert_eq!(arrangement, Arrangement::new(vec![2, 1, 3, 0]).unwrap());
        assert!(!arrangement.is_identity() && !arrangement.is_ascending());
        assert!(Arrangement::identity(4).unwrap().is_identity());
        let twins = Arrangement::new(vec![0, 0, 1]).unwrap();
        assert!(twins.is_ascending() && !twins.is_identity());
        assert_eq!(twins.spread(&['x', 'y']).collect::<String>(), "xxy");
    }

    #[test]
    fn a_source_is_read_in_stored_order() {
        let format = SampleFormat::full(PixelType::U8);
        let header = StackHeader::new(3, FrameShape::gray(1, 1).unwrap(), format).unwrap();
        let frames = [5, 6, 5].map(|sample| FrameBuf::U8(vec![sample])).to_vec();
        let mut stack = StackInMemory::new(header, frames).unwrap();
        let arrangement = Arrangement::new(vec![1, 0, 1]).unwrap();
        let mut stored = StoredOrder::new(&mut stack, &arrangement).unwrap();
        let mut frame = FrameBuf::U8(Vec::new());
        assert_eq!(stored.header().frames, 2);
        stored.read_frame(0, &mut frame).unwrap();
        assert_eq!(frame, FrameBuf::U8(vec![6]));
        stored.read_frame(1, &mut frame).unwrap();
        assert_eq!(frame, FrameBuf::U8(vec![5]));
        assert!(stored.read_frame(2, &mut frame).is_err());
        assert!(StoredOrder::new(&mut stack, &Arrangement::identity(2).unwrap()).is_err());
    }
}
