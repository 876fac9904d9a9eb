//! Searches in the page.

use std::path::Path;

use serde_json::json;

use crate::browser::Browser;
use crate::page;
use crate::shop::Shop;
use crate::{Outcome, check, none};

/// Searches with a stored photo, with one on a page, and with what is no picture.
pub(crate) fn are_found(browser: &Browser, shop: &Shop) -> Outcome<()> {
    search(browser, &shop.photo, "astronaut.jpg")?;
    check(best(browser)? == json!(["photo-astronaut", "1.0000"]), "a photo finds itself with 1.0")?;
    let scores = browser
        .value("[...document.querySelectorAll('.score b')].map((it) => Number(it.textContent))")?;
    let scores: Vec<f64> = serde_json::from_value(scores)?;
    check(
        scores.len() == 10 && scores.is_sorted_by(|left, right| left >= right),
        "ten hits are listed, the best first",
    )?;
    let thumbnails = "document.querySelectorAll('.hit .thumbnail[data-state=\"shown\"]').length";
    browser.until(&format!("{thumbnails} === 10"))?;
    search(browser, &shop.framed, "coffee on a page.png")?;
    check(best(browser)? == json!(["photo-coffee", "1.0000"]), "a photo on a page finds itself")?;
    let drawn = browser.run(
        "const box = document.querySelector('.boxes .box').getBoundingClientRect();
         const picture = document.querySelector('#query img').getBoundingClientRect();
         const scale = picture.width / document.querySelector('#query img').naturalWidth;
         return [box.left - picture.left, picture.right - box.right,
             box.top - picture.top, picture.bottom - box.bottom].map((it) => it / scale);",
    )?;
    let margins: Vec<f64> = serde_json::from_value(drawn)?;
    check(
        margins.iter().all(|margin| (margin - 90.0).abs() < 6.0),
        &format!("its box is drawn 90 pixels inside the page, at {margins:.0?}"),
    )?;
    browser.picture("desk-light-search")?;
    browser.run("document.querySelector('.answer details').open = true;")?;
    page::is_harmless(browser)?;
    browser.run("document.querySelector('.answer details').open = false;")?;
    none(&browser.complaints()?, "the browser has nothing to complain of until here")?;
    let text = shop.photo.with_file_name("README.md");
    browser.choose("#file", &text)?;
    browser.until("document.querySelector('#answer .notice') !== null")?;
    let words = browser.value("document.querySelector('#answer .notice b').textContent")?;
    check(
        words == "UnsupportedPicFormat",
        "what is no picture is refused with the service's code",
    )?;
    browser.picture("desk-refused")?;
    check(browser.complaints()?.len() == 1, "the browser notes that refusal and nothing else")?;
    search(browser, &shop.framed, "coffee on a page.png")
}

fn search(browser: &Browser, file: &Path, name: &str) -> Outcome<()> {
    browser.choose("#file", file)?;
    browser.until(&format!(
        "document.querySelector('#query-caption').textContent === '{name}' \
         && document.querySelector('#search').dataset.state === 'found' \
         && document.querySelector('.boxes .box') !== null"
    ))
}

fn best(browser: &Browser) -> Outcome<serde_json::Value> {
    browser.value(
        "['.hit .name', '.hit .score b'].map((it) => document.querySelector(it).textContent)",
    )
}
