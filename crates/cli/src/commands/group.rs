//! `stackpress group`: equal pictures and near duplicates in folders, files and stacks.
//!
//! | module | subject |
//! |---|---|
//! | [`looking`] | every picture once: its hash and its look |
//! | [`table`] | the groups for people |
//! | [`sheet`] | the groups as pictures |

mod looking;
mod sheet;
mod table;

use std::collections::HashMap;
use std::process::ExitCode;

use serde::Serialize;
use stack_core::{Error, Result};
use stack_grouping::near_duplicates::near_duplicates;

use crate::arguments::{Global, GroupWords};
use crate::progress::{Bar, or_cancelled};
use crate::{exit, input, screen};
use looking::{Description, Pictures};

/// Everything that was found.
#[derive(Serialize)]
struct Found {
    pictures: usize,
    distinct: usize,
    /// Files that could not be read, and why.
    skipped: Vec<String>,
    equal: Vec<Vec<Description>>,
    distance: f32,
    near: Vec<Vec<Member>>,
    /// Pairs of near duplicates, of each picture the nearest.
    pairs: Vec<NearPair>,
    sheets: Vec<String>,
}

/// One picture of a group of near duplicates.
#[derive(Serialize)]
struct Member {
    #[serde(flatten)]
    picture: Description,
    /// Of this picture and the first one of the group.
    distance: f32,
    /// What is to be done with the first one to look like this.
    relation: String,
    #[serde(skip)]
    number: u32,
}

#[derive(Serialize)]
struct NearPair {
    first: String,
    second: String,
    distance: f32,
    relation: String,
}

pub(crate) fn run(words: &GroupWords, global: &Global) -> ExitCode {
    exit::for_each([words], |words| {
        let bar = Bar::new("pictures", global);
        let found = group(words, global, &bar);
        bar.clear();
        let found = or_cancelled(found)?;
        if global.json {
            screen::print_json(&found);
        } else {
            table::print(&found);
        }
        Ok(0)
    })
}

fn group(words: &GroupWords, global: &Global, bar: &Bar) -> Result<Found> {
    if let Some(sheet) = &words.sheet
        && words.inputs.iter().any(|input| input::is_same_file(input, sheet))
    {
        return Err(Error::parameter(
            "--sheet",
            "the sheets would lie among the pictures",
            "name another folder or file",
        ));
    }
    let pictures = Pictures::looked_at(words, &global.limits(), bar)?;
    let equal = equal_pictures(&pictures);
    let firsts: Vec<u32> = distinct_pictures(pictures.len(), &equal);
    let near = near_duplicates(&pictures.looks_of(&firsts), words.distance.get(), bar)?;

    let groups: Vec<Vec<u32>> =
        near.groups.iter().map(|group| group.iter().map(|&place| firsts[place as usize]).collect()).collect();
    let member = |first: u32, number: u32| {
        let pair = pictures.looks.compared(first, number);
        Member {
            picture: pictures.describe(number),
            distance: pair.distance,
            relation: pair.relation.to_string(),
            number,
        }
    };
    let near_pairs = near.pairs.iter().map(|pair| NearPair {
        first: pictures.name(firsts[pair.first as usize]),
        second: pictures.name(firsts[pair.second as usize]),
        distance: pair.distance,
        relation: pair.relation.to_string(),
    });
    let mut found = Found {
        pictures: pictures.len(),
        distinct: firsts.len(),
        skipped: pictures.skipped.clone(),
        equal: equal
            .iter()
            .map(|group| group.iter().map(|&number| pictures.describe(number)).collect())
            .collect(),
        distance: words.distance.get(),
        near: groups
            .iter()
            .map(|group| group.iter().map(|&number| member(group[0], number)).collect())
            .collect(),
        pairs: near_pairs.collect(),
        sheets: Vec::new(),
    };
    if let Some(target) = &words.sheet {
        found.sheets = sheet::write(target, &pictures, &equal, &found.near, words, global, bar)?;
    }
    Ok(found)
}

/// Pictures with the same shape, type and samples: groups of at least two.
fn equal_pictures(pictures: &Pictures) -> Vec<Vec<u32>> {
    let mut place_of = HashMap::new();
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for number in 0..pictures.len() as u32 {
        let place = *place_of.entry(pictures.content(number)).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(number);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// All pictures, of equal ones the first.
fn distinct_pictures(pictures: usize, equal: &[Vec<u32>]) -> Vec<u32> {
    let mut is_repeated = vec![false; pictures];
    for group in equal {
        group[1..].iter().for_each(|&number| is_repeated[number as usize] = true);
    }
    (0..pictures as u32).filter(|&number| !is_repeated[number as usize]).collect()
}
