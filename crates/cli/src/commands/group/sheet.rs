//! The groups as pictures: one row a group, in one file or a file each.

use std::path::Path;

use stack_core::{Error, FrameBuf, PixelType, Progress, Result};
use stack_report::plot::drawing::{Anchor, TextStyle};
use stack_report::plot::font::Weight;
use stack_report::plot::{Drawing, Picture, Range, Theme};

use super::Member;
use super::looking::Pictures;
use crate::arguments::{Global, GroupWords};
use crate::pictures::{means_of_squares, picture, reduced, save};
use crate::progress::Bar;
use crate::shown::escaped;

/// Longest side of a picture in the sheet, in pixels.
const LONGEST: usize = 160;
/// Pictures in a row, and rows of groups in one file; what is more is counted.
const COLUMNS: usize = 8;
const ROWS: usize = 40;
const GAP: f64 = 12.0;
const LINE: f64 = 16.0;
/// Letters of a name that fit below a picture.
const LETTERS: usize = 24;
/// Pixels of the file for each pixel of the drawing.
const FINENESS: f64 = 1.5;

/// A row of a sheet.
struct Row {
    title: String,
    cells: Vec<Cell>,
    more: usize,
}

struct Cell {
    picture: Picture,
    /// Width and height as drawn.
    size: (f64, f64),
    lines: [String; 2],
}

/// Draws all groups, and tells the names of the files.
pub(super) fn write(
    target: &Path,
    pictures: &Pictures,
    equal: &[Vec<u32>],
    near: &[Vec<Member>],
    words: &GroupWords,
    global: &Global,
    bar: &Bar,
) -> Result<Vec<String>> {
    let groups = groups(equal, near);
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    bar.phase("drawing", groups.len() as u64);
    let mut written = Vec::new();
    if target.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
        let mut rows = Vec::new();
        for group in groups.iter().take(ROWS) {
            rows.push(row(group, pictures, words, global, bar)?);
        }
        let more = groups.len() - rows.len();
        save(target, &draw(&rows, more).to_png(Theme::Light, FINENESS), "--sheet", global.force)?;
        written.push(target.display().to_string());
    } else {
        std::fs::create_dir_all(target).map_err(Error::io("create", target))?;
        for group in &groups {
            let row = row(group, pictures, words, global, bar)?;
            let file = target.join(&group.file);
            save(&file, &draw(&[row], 0).to_png(Theme::Light, FINENESS), "--sheet", global.force)?;
            written.push(file.display().to_string());
        }
    }
    Ok(written)
}

/// A group that is to be drawn.
struct Group {
    title: String,
    /// Name of a file of its own.
    file: String,
    /// Numbers of the pictures, and what is said of each.
    members: Vec<(u32, String)>,
}

fn groups(equal: &[Vec<u32>], near: &[Vec<Member>]) -> Vec<Group> {
    let equal = (1..).zip(equal).map(|(number, group)| Group {
        title: format!("Equal pictures {number}"),
        file: format!("equal-{number:03}.png"),
        members: group.iter().map(|&picture| (picture, String::new())).collect(),
    });
    let related = |(place, member): (usize, &Member)| match place {
        0 => (member.number, String::new()),
        _ => (member.number, format!("{:.4} {}", member.distance, member.relation)),
    };
    let near = (1..).zip(near).map(|(number, group)| Group {
        title: format!("Near duplicates {number}"),
        file: format!("near-{number:03}.png"),
        members: group.iter().enumerate().map(related).collect(),
    });
    equal.chain(near).collect()
}

fn row(group: &Group, pictures: &Pictures, words: &GroupWords, global: &Global, bar: &Bar) -> Result<Row> {
    let mut cells = Vec::new();
    for (number, relation) in group.members.iter().take(COLUMNS) {
        bar.check()?;
        let (mut source, index) = pictures.open(*number, &words.input, &global.limits())?;
        let header = source.header().clone();
        let mut frame = FrameBuf::for_header(&header);
        source.read_frame(index, &mut frame)?;
        let longest = header.shape.height().max(header.shape.width());
        let step = longest.div_ceil(LONGEST);
        let values = means_of_squares(&frame, header.shape, step);
        let range = match header.format.pixel() {
            PixelType::U8 => Range { low: 0.0, high: 255.0 },
            _ => Range::of(&values),
        };
        let small = reduced(header.shape, step);
        let picture = picture(&values, small, range);
        // Tiny pictures are enlarged, so that there is something to see.
        let scale = LONGEST as f64 / small.height().max(small.width()) as f64;
        let size = (small.width() as f64 * scale, small.height() as f64 * scale);
        cells.push(Cell { picture, size, lines: [short(&pictures.name(*number)), relation.clone()] });
    }
    bar.advance(1, 0);
    Ok(Row { title: group.title.clone(), cells, more: group.members.len().saturating_sub(COLUMNS) })
}

/// The last part of a name, and of that the end, if it is long.
fn short(name: &str) -> String {
    let name = escaped(name.rsplit('/').next().unwrap_or(name));
    let letters: Vec<char> = name.chars().collect();
    match letters.len() {
        0..=LETTERS => name,
        length => letters[length - LETTERS + 1..].iter().fold("\u{2026}".to_owned(), |mut end, letter| {
            end.push(*letter);
            end
        }),
    }
}

fn draw(rows: &[Row], more: usize) -> Drawing {
    let cell = LONGEST as f64 + GAP;
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(1);
    let tall = |row: &Row| {
        let picture = row.cells.iter().map(|cell| cell.size.1).fold(0.0, f64::max);
        picture + 4.0 * LINE + GAP
    };
    let height = rows.iter().map(tall).sum::<f64>() + LINE + GAP;
    let mut drawing =
        Drawing::new(GAP + columns as f64 * cell, height, "Groups of pictures", "one row a group");
    let text = |anchor, weight| TextStyle { anchor, weight, size: 11.0, ..TextStyle::default() };
    let mut top = GAP;
    for row in rows {
        let more = if row.more > 0 { format!(" ({} more)", row.more) } else { String::new() };
        drawing.text((GAP, top + LINE), format!("{}{more}", row.title), text(Anchor::Start, Weight::Bold));
        let below = tall(row);
        for (cell_number, Cell { picture, size, lines }) in row.cells.iter().enumerate() {
            let middle = GAP + cell_number as f64 * cell + LONGEST as f64 / 2.0;
            let corner = (middle - size.0 / 2.0, top + LINE + GAP);
            drawing.picture(corner, *size, picture.clone());
            for (line, words) in (1..).zip(lines) {
                let place = (middle, corner.1 + size.1 + f64::from(line) * LINE);
                drawing.text(place, words.clone(), text(Anchor::Middle, Weight::Regular));
            }
        }
        top += below;
    }
    if more > 0 {
        drawing.text((GAP, top + LINE), format!("{more} more groups"), text(Anchor::Start, Weight::Bold));
    }
    drawing
}
