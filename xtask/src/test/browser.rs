//! The page of a report, looked at with a browser.

use super::Counts;
use super::steps::with_tools;
use crate::failure::{Failure, Result};
use crate::process::{cargo, run_reading};
use crate::report;
use crate::setup::{self, Environment};

pub(super) fn run(environment: &Environment, counts: &mut Counts) -> Result<()> {
    setup::browser()?;
    let page = report::page()?;
    let mut command = cargo(&["test", "--package", "stack-report", "--test", "browser", "--", "--ignored"]);
    command.env("STACKPRESS_BROWSER_PAGE", page);
    let before = counts.passed();
    run_reading(with_tools(command, environment), |line| counts.read_line(line))?;
    if counts.passed() == before {
        return Err(Failure::new("no test looked at the page", "check the output above"));
    }
    println!("screenshots are in target/screenshots");
    Ok(())
}
