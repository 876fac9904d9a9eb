//! The page without a mouse.

use serde_json::Value;

use crate::browser::{Browser, DOWN, END, ENTER, ESCAPE, HOME, RIGHT, SPACE, TAB};
use crate::{Outcome, check, none};

/// What Tab reaches, in this order; how a place is called is said in `PLACE`.
const STOPS: [&str; 16] = [
    "skip",
    "copy",
    "theme",
    "instance",
    "drop",
    "num",
    "category_id",
    "filter",
    "crop",
    "gallery-filter",
    "gallery-button",
    "picture",
    "journal-failed",
    "journal-pause",
    "journal",
    "request",
];

/// Names the place that has the focus, and returns whether that can be seen.
const PLACE: &str = "
    const at = document.activeElement;
    const within = (selector) => at.closest(selector) !== null;
    const name = at.classList.contains('skip') ? 'skip'
        : 'copy' in at.dataset ? 'copy'
        : at.name === 'instance' ? 'instance'
        : within('#gallery-filter') ? (at.name ? 'gallery-filter' : 'gallery-button')
        : within('#gallery') ? 'picture'
        : at.localName === 'summary' && within('#journal') ? 'request'
        : at.id || at.name || at.localName;
    const ring = (it) => getComputedStyle(it).outlineStyle !== 'none'
        && parseFloat(getComputedStyle(it).outlineWidth) >= 2;
    return { name, ring: ring(at) || ring(at.parentElement) };";

/// Goes through the page with Tab, and through its parts with the keys that belong there.
pub(crate) fn reaches_everything(browser: &Browser) -> Outcome<()> {
    browser.run(
        "document.activeElement.blur(); document.getSelection().removeAllRanges(); scrollTo(0, 0)",
    )?;
    let mut reached: Vec<String> = Vec::new();
    let mut unseen = Vec::new();
    while reached.last().is_none_or(|it| it != "request") && reached.len() < 40 {
        browser.press(TAB)?;
        let place = browser.run(PLACE)?;
        let name = place["name"].as_str().unwrap_or_default().to_owned();
        if place["ring"] != Value::Bool(true) {
            unseen.push(name.clone());
        }
        reached.push(name);
    }
    // A list that scrolls is a stop of its own in some versions of the browser and not in others.
    let wanted: Vec<_> = STOPS.into_iter().filter(|it| *it != "journal").collect();
    reached.retain(|it| it != "journal");
    if reached != wanted {
        return Err(format!("Tab reaches {reached:?}, not {wanted:?}").into());
    }
    check(true, &format!("Tab reaches {}", wanted.join(", ")))?;
    none(&unseen, "the focus can be seen at each of them")?;
    instances(browser)?;
    gallery(browser)?;
    drop_zone(browser)?;
    browser.run("document.querySelector('#journal summary').focus()")?;
    browser.press(ENTER)?;
    let opened = browser.value("document.querySelector('#journal details').open")?;
    check(opened == true, "Enter opens a request of the journal")
}

fn instances(browser: &Browser) -> Outcome<()> {
    browser.run("document.querySelector('[value=\"demo\"]').focus()")?;
    for name in ["empty", "demo"] {
        browser.press(RIGHT)?;
        browser.until(&format!(
            "document.querySelector('[name=instance]:checked').value === '{name}'"
        ))?;
    }
    check(true, "the arrow keys choose another instance")
}

fn gallery(browser: &Browser) -> Outcome<()> {
    browser.until("document.querySelectorAll('#gallery button').length > 12")?;
    let at = "[...document.querySelectorAll('#gallery button')].indexOf(document.activeElement)";
    let last = browser.value("document.querySelectorAll('#gallery button').length - 1")?;
    browser.run("document.querySelector('#gallery button').focus()")?;
    let columns = browser.value(
        "[...document.querySelectorAll('#gallery button')].filter((it, at, all) => \
         it.offsetTop === all[0].offsetTop).length",
    )?;
    for (key, name, expected) in [
        (RIGHT, "the right arrow", Value::from(1)),
        (HOME, "Home", Value::from(0)),
        (DOWN, "the down arrow", columns),
        (END, "End", last),
    ] {
        browser.press(key)?;
        let moved = browser.value(at)?;
        check(moved == expected, &format!("{name} goes to picture {expected} of the gallery"))?;
    }
    for (key, name) in [(ENTER, "Enter"), (SPACE, "Space")] {
        let before = browser.value(at)?;
        browser.press(key)?;
        browser.until("document.querySelector('#picture').open")?;
        browser.press(ESCAPE)?;
        browser.until("!document.querySelector('#picture').open")?;
        let after = browser.value(at)?;
        check(before == after, &format!("{name} opens a picture, and Escape goes back to it"))?;
    }
    Ok(())
}

/// A browser without a screen has no window to choose files in, so the page is kept from opening it.
fn drop_zone(browser: &Browser) -> Outcome<()> {
    browser.run(
        "window.choosing = 0;
         document.querySelector('#file').addEventListener('click', (event) => {
             event.preventDefault();
             window.choosing += 1;
         });
         document.querySelector('#drop').focus();",
    )?;
    browser.press(ENTER)?;
    browser.press(SPACE)?;
    let chosen = browser.value("window.choosing")?;
    check(chosen == 2, "Enter and Space let a file be chosen")
}
