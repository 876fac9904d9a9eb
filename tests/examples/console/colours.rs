//! Whether what is written can be read.

use serde_json::Value;

use crate::browser::{Browser, ESCAPE};
use crate::{Outcome, check, none};

/// Lists every text that is shown with its contrast, as WCAG 2 defines it, and every edge of a control.
const CONTRASTS: &str = include_str!("contrasts.js");

/// Measures both themes, with an answer, with a picture and with an empty instance.
pub(crate) fn contrast(browser: &Browser) -> Outcome<()> {
    for scheme in ["light", "dark"] {
        browser.prefer("prefers-color-scheme", scheme)?;
        measure(browser, scheme, "the page")?;
        browser.picture(&format!("desk-{scheme}-search"))?;
        browser.run("document.querySelector('#gallery button').click()")?;
        browser.until("document.querySelector('#picture .thumbnail').dataset.state === 'shown'")?;
        measure(browser, scheme, "a picture")?;
        browser.picture(&format!("desk-{scheme}-picture"))?;
        browser.press(ESCAPE)?;
        browser.run("document.querySelector('[value=\"empty\"]').click()")?;
        browser.until("document.querySelector('#gallery-notice .snippet') !== null")?;
        measure(browser, scheme, "an empty instance")?;
        browser.picture(&format!("desk-{scheme}-empty"))?;
        browser.run("document.querySelector('[value=\"demo\"]').click()")?;
        browser.until("document.querySelectorAll('#gallery button').length > 12")?;
    }
    Ok(())
}

fn measure(browser: &Browser, scheme: &str, what: &str) -> Outcome<()> {
    // A colour that is on its way to another one is none of the two.
    browser.until("document.getAnimations().every((it) => it.playState !== 'running')")?;
    let measured = browser.run(CONTRASTS)?;
    let measured = measured.as_array().ok_or("nothing was measured")?;
    let weak = |it: &&Value| it["contrast"].as_f64() < it["wanted"].as_f64();
    let weak: Vec<_> = measured.iter().filter(weak).collect();
    let count = measured.len();
    check(count >= 10, &format!("{what} has colours to measure in {scheme}, {count} of them"))?;
    none(&weak, &format!("{what} can be read in {scheme}"))
}
