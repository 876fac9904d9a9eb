//! Looks at the emulator's console page in a headless Chromium: `cargo xtask console`.
//!
//! An emulator in this process is filled with the photos of the demo, and a browser is led through the
//! page by keyboard and by script. One line is printed for each thing that is so; the first that is
//! not ends the run. Pictures of the page are left in `target/console`, for people to look at.

mod browser;
mod colours;
mod keyboard;
mod page;
mod pictures;
mod shop;

use std::error::Error;
use std::fmt::Debug;
use std::path::Path;
use std::process::ExitCode;

use browser::{Browser, Started};

/// What a step may fail with.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no workspace")?;
    let browser = match Browser::start(&root.join("target/console"))? {
        Started::Running(browser) => browser,
        Started::Missing { reason } => {
            println!("SKIPPED: the console is not looked at, {reason}");
            return Ok(());
        }
    };
    let shop = shop::open(&root.join("crates/similarity/photos"))?;
    page::shows_what_is_stored(&browser, &shop)?;
    page::escapes_what_is_stored(&browser)?;
    keyboard::reaches_everything(&browser)?;
    pictures::are_found(&browser, &shop)?;
    page::shows_the_journal(&browser)?;
    colours::contrast(&browser)?;
    page::fits_a_telephone(&browser)?;
    page::remembers_its_theme(&browser)?;
    page::moves_only_where_that_is_liked(&browser)?;
    none(&browser.complaints()?, "the browser has nothing to complain of")?;
    page::asks_for_the_token(&browser)?;
    browser.go(&shop::console(&shop.emulator))?;
    page::follows_changes(&browser, &shop)?;
    page::tells_that_the_emulator_is_gone(&browser, shop)?;
    println!("console: all is as it should be; see target/console/*.png");
    Ok(())
}

/// Says that something is so, or fails with it.
fn check(holds: bool, what: &str) -> Outcome<()> {
    if !holds {
        return Err(format!("it is not so that {what}").into());
    }
    println!("ok: {what}");
    Ok(())
}

/// Says that something is so if nothing was found that speaks against it.
fn none<T: Debug>(found: &[T], what: &str) -> Outcome<()> {
    if !found.is_empty() {
        eprintln!("found: {found:#?}");
    }
    check(found.is_empty(), what)
}
