//! The groups for people.

use super::looking::Description;
use super::{Found, Member};
use crate::shown::escaped;
use crate::{numbers, screen};

/// Names longer than this are not made longer, so that the columns behind them stay on the screen.
const WIDEST_NAME: usize = 60;
/// Pictures of a group that are listed.
const SHOWN: usize = 20;

pub(super) fn print(found: &Found) {
    let count = |number: usize| numbers::count(number as u64);
    let of_equal: Vec<&Description> = found.equal.iter().flatten().collect();
    let of_near: Vec<&Description> = found.near.iter().flatten().map(|member| &member.picture).collect();
    let width = of_equal
        .iter()
        .chain(&of_near)
        .map(|picture| escaped(&picture.name).chars().count())
        .max()
        .unwrap_or(0)
        .min(WIDEST_NAME);

    screen::print(format!("{} pictures, {} distinct", count(found.pictures), count(found.distinct)));
    screen::print(format!("equal: {}", groups(found.equal.len(), of_equal.len())));
    for (number, group) in (1..).zip(&found.equal) {
        for (place, picture) in group.iter().take(SHOWN).enumerate() {
            let line = format!("{}{}", label(number, place), described(picture, width));
            screen::print(line.trim_end());
        }
        rest(group.len());
    }
    screen::print(format!(
        "near duplicates: {}, linked by distances up to {}",
        groups(found.near.len(), of_near.len()),
        found.distance
    ));
    for (number, group) in (1..).zip(&found.near) {
        for (place, member) in group.iter().take(SHOWN).enumerate() {
            let relation = if place == 0 { String::new() } else { related(member) };
            let line = format!("{}{}{relation}", label(number, place), described(&member.picture, width));
            screen::print(line.trim_end());
        }
        rest(group.len());
    }
    if !found.near.is_empty() {
        screen::print("       (distances are those from the first of each group)");
    }
    for line in &found.skipped {
        screen::print(format!("skipped: {}", escaped(line)));
    }
    for sheet in &found.sheets {
        screen::print(format!("drawn: {}", escaped(sheet)));
    }
}

fn groups(groups: usize, pictures: usize) -> String {
    let one_or_more = if groups == 1 { "group" } else { "groups" };
    match groups {
        0 => "none".into(),
        _ => {
            format!(
                "{} {one_or_more} of {} pictures",
                numbers::count(groups as u64),
                numbers::count(pictures as u64)
            )
        }
    }
}

/// Says how many pictures of a group are not listed.
fn rest(pictures: usize) {
    if pictures > SHOWN {
        let more = numbers::count((pictures - SHOWN) as u64);
        screen::print(format!("       and {more} more, which --json lists"));
    }
}

/// The number of a group stands before its first picture.
fn label(number: usize, place: usize) -> String {
    if place == 0 { format!("{number:>5}  ") } else { " ".repeat(7) }
}

fn described(picture: &Description, width: usize) -> String {
    let channels = if picture.channels > 1 { format!(" x {}", picture.channels) } else { String::new() };
    let size = format!("{} x {}{channels} {}", picture.height, picture.width, picture.sample_type);
    format!("{:width$}  {size:20}", escaped(&picture.name))
}

/// How a picture is related to the first one of its group.
fn related(member: &Member) -> String {
    format!("  {:.4}  {}", member.distance, member.relation)
}
