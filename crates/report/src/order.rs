//! Which rows stand together, and in which order.

use stack_methods::Measurement;

/// The measurements of one stack.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// The words that name the stack.
    pub dataset: &'a str,
    /// The stack in words.
    pub stack: &'a str,
    /// The rows: smallest file first; those without figures last, as they came.
    pub rows: Vec<&'a Measurement>,
}

impl<'a> Group<'a> {
    /// The row that all figures of the stack itself are taken from; a group has at least one.
    pub fn first(&self) -> &'a Measurement {
        self.rows[0]
    }
}

/// Groups measurements by stack, stacks in the order in which they first appear, rows sorted by stored bytes.
///
/// Rows of equal size keep their order, so that the result depends on the measurements only.
pub fn groups(measurements: &[Measurement]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for row in measurements {
        match groups.iter_mut().find(|group| group.dataset == row.dataset && group.stack == row.stack) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { dataset: &row.dataset, stack: &row.stack, rows: vec![row] }),
        }
    }
    for group in &mut groups {
        group.rows.sort_by_key(|row| row.figures().map_or(u64::MAX, |figures| figures.stored_bytes));
    }
    groups
}
