//! Parts of a dataset, as NumPy's basic slicing names them: `[:, 0]`, `[10:20, ..., ::2]`.
//!
//! ```text
//! index = "[", item, { ",", item }, "]" ;
//! item  = integer | [ integer ], ":", [ integer ], [ ":", [ integer ] ] | "..." ;
//! ```
//!
//! An integer takes one element and drops the axis; `a:b:step` keeps every `step`-th element from `a` to before `b`;
//! `...` stands for as many `:` as there are axes left, and is understood at the end. Negative integers count from
//! the end. Steps are positive. As in NumPy, slices that reach over the end are cut there, and an integer there is an
//! error.

use std::str::FromStr;

use stack_core::{Error, Result};

use crate::library::Steps;

/// A part of a dataset, not yet held against its axes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    items: Vec<Item>,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    At(i64),
    Slice { from: Option<i64>, to: Option<i64>, step: usize },
    Rest,
}

/// What of one axis is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AxisPart {
    pub(crate) steps: Steps,
    /// Whether the axis is an axis of the result; one that was given an integer is not.
    pub(crate) kept: bool,
}

impl Index {
    /// The words `name[index]` apart; `None` where there is no bracket at the end.
    pub fn split(word: &str) -> Option<(&str, &str)> {
        let open = word.strip_suffix(']')?.rfind('[')?;
        Some((&word[..open], &word[open..]))
    }

    /// The parts of the axes `dims`.
    pub(crate) fn of_axes(&self, dims: &[usize]) -> Result<Vec<AxisPart>> {
        let shape = dims.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
        let given = self.items.iter().filter(|item| **item != Item::Rest).count();
        let Some(left) = dims.len().checked_sub(given) else {
            return Err(Error::parameter(
                &self.text,
                format!("it is for {given} axes, the dataset has {} ({shape})", dims.len()),
                format!("write at most {}, as in [{}]", dims.len(), vec![":"; dims.len()].join(",")),
            ));
        };
        let all = |length| AxisPart { steps: Steps::all(length), kept: true };
        let mut axes = Vec::with_capacity(dims.len());
        for item in &self.items {
            let axis = axes.len();
            match *item {
                Item::Rest => axes.extend(dims[axis..axis + left].iter().map(|&length| all(length))),
                Item::At(at) => {
                    let steps = Steps::one(self.element(at, axis, dims[axis])?);
                    axes.push(AxisPart { steps, kept: false });
                }
                Item::Slice { from, to, step } => {
                    let steps = self.slice((from, to, step), axis, dims[axis])?;
                    axes.push(AxisPart { steps, kept: true });
                }
            }
        }
        axes.extend(dims[axes.len()..].iter().map(|&length| all(length)));
        Ok(axes)
    }

    fn element(&self, at: i64, axis: usize, length: usize) -> Result<usize> {
        let length_i = i64::try_from(length).unwrap_or(i64::MAX);
        let element = if at < 0 { at.checked_add(length_i) } else { Some(at) };
        match element.and_then(|element| usize::try_from(element).ok()).filter(|&element| element < length) {
            Some(element) => Ok(element),
            None => Err(Error::parameter(
                &self.text,
                format!("axis {axis} has length {length}, so it has no element {at}"),
                match length {
                    0 => "use another dataset".to_owned(),
                    _ => format!("write 0 to {}, or -1 to -{length} from the end", length - 1),
                },
            )),
        }
    }

    fn slice(
        &self,
        (from, to, step): (Option<i64>, Option<i64>, usize),
        axis: usize,
        length: usize,
    ) -> Result<Steps> {
        let length_i = i64::try_from(length).unwrap_or(i64::MAX);
        let place = |at: i64| {
            let at = if at < 0 { at.saturating_add(length_i) } else { at };
            at.clamp(0, length_i) as usize
        };
        let (start, end) = (from.map_or(0, place), to.map_or(length, place));
        if start >= end {
            return Err(Error::parameter(
                &self.text,
                format!("nothing of axis {axis}, which has length {length}, is in {start}:{end}"),
                format!("write a:b with 0 <= a < b <= {length}, or : for all of it"),
            ));
        }
        Ok(Steps { start, step, count: (end - start).div_ceil(step) })
    }
}

impl FromStr for Index {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |problem: String| {
            Error::parameter(
                text,
                problem,
                "write [ITEM,ITEM,...] with an item for each axis: 3, -1, :, 10:20, ::2 or ...",
            )
        };
        let inner = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or_else(|| refuse("this is no index in brackets".into()))?;
        let number = |word: &str| {
            let word = word.trim();
            (!word.is_empty())
                .then(|| word.parse::<i64>().map_err(|_| refuse(format!("{word:?} is no whole number"))))
                .transpose()
        };
        let items = inner
            .split(',')
            .map(|word| match word.split(':').collect::<Vec<_>>()[..] {
                [at] if at.trim() == "..." => Ok(Item::Rest),
                [at] => match number(at)? {
                    Some(at) => Ok(Item::At(at)),
                    None => Err(refuse("an item is empty".into())),
                },
                [from, to] => Ok(Item::Slice { from: number(from)?, to: number(to)?, step: 1 }),
                [from, to, step] => {
                    let step = number(step)?.unwrap_or(1);
                    let positive = usize::try_from(step).ok().filter(|&step| step > 0);
                    let step = positive.ok_or_else(|| refuse(format!("the step {step} is not positive")))?;
                    Ok(Item::Slice { from: number(from)?, to: number(to)?, step })
                }
                _ => Err(refuse(format!("{word:?} has too many colons"))),
            })
            .collect::<Result<Vec<_>>>()?;
        if items.iter().filter(|item| **item == Item::Rest).count() > 1 {
            return Err(refuse("there is more than one ...".into()));
        }
        Ok(Self { items, text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(index: &str, dims: &[usize]) -> Vec<(usize, usize, usize, bool)> {
        let index: Index = index.parse().unwrap();
        let parts = index.of_axes(dims).unwrap();
        parts.iter().map(|part| (part.steps.start, part.steps.step, part.steps.count, part.kept)).collect()
    }

    fn refusal(index: &str, dims: &[usize]) -> String {
        match index.parse::<Index>() {
            Ok(index) => index.of_axes(dims).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn items_are_those_of_numpy() {
        assert_eq!(parts("[:,0]", &[5, 3, 4]), [(0, 1, 5, true), (0, 1, 1, false), (0, 1, 4, true)]);
        assert_eq!(parts("[ -1 ]", &[5, 3]), [(4, 1, 1, false), (0, 1, 3, true)]);
        assert_eq!(parts("[...,-2:]", &[5, 3, 4])[2], (2, 1, 2, true));
        assert_eq!(parts("[1:-1:2]", &[6])[0], (1, 2, 2, true));
        assert_eq!(parts("[0:99]", &[6])[0], (0, 1, 6, true));
        assert_eq!(parts("[-99::4]", &[6])[0], (0, 4, 2, true));
        assert_eq!(parts("[0,...,1]", &[2, 3])[..], [(0, 1, 1, false), (1, 1, 1, false)]);
    }

    #[test]
    fn errors_name_the_axis_and_what_to_write() {
        assert!(
            refusal("[:,3]", &[5, 3])
                .contains("axis 1 has length 3, so it has no element 3; write 0 to 2, or -1 to -3")
        );
        assert!(refusal("[-9223372036854775808]", &[5]).contains("no element"));
        assert!(refusal("[4:4]", &[5]).contains("nothing of axis 0, which has length 5"));
        assert!(refusal("[0,0,0]", &[5, 3]).contains("for 3 axes, the dataset has 2 (5 x 3)"));
        assert!(refusal("[::0]", &[5]).contains("step 0 is not positive"));
        assert!(refusal("[::-1]", &[5]).contains("not positive"));
        assert!(refusal("[a]", &[5]).contains("\"a\" is no whole number"));
        assert!(refusal("[]", &[5]).contains("empty"));
        assert!(refusal("[1:2:3:4]", &[5]).contains("too many colons"));
        assert!(refusal("[...,...]", &[5]).contains("more than one"));
        assert!(refusal("[99999999999999999999]", &[5]).contains("no whole number"));
    }

    #[test]
    fn words_are_split_at_the_last_bracket() {
        assert_eq!(Index::split("/a[1]/x[:,0]"), Some(("/a[1]/x", "[:,0]")));
        assert_eq!(Index::split("/x"), None);
        assert_eq!(Index::split("x]"), None);
    }
}
