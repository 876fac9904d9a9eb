//! What the page shows, and under which circumstances.

use std::fs;

use imagesearch_core::{Image, requests::AddImageRequest};
use imagesearch_emulator::Emulator;
use serde_json::json;

use crate::browser::{Browser, ENTER, ESCAPE};
use crate::shop::{self, HOSTILE, Shop};
use crate::{Outcome, check};

/// The screen of a desk, tall enough for every picture to come into view, and that of a telephone.
const DESK: (u32, u32) = (1360, 1250);
const TELEPHONE: (u32, u32) = (390, 844);

const NO_INSTANCE: &str =
    "document.querySelector('#gallery-notice h3')?.textContent === 'There is no instance'";

/// Opens the page on a desk.
pub(crate) fn shows_what_is_stored(browser: &Browser, shop: &Shop) -> Outcome<()> {
    browser.resize(DESK.0, DESK.1)?;
    browser.prefer("prefers-color-scheme", "light")?;
    browser.go(&shop::console(&shop.emulator))?;
    let count = shop.count;
    browser.until("document.querySelector('#health').textContent === 'ready'")?;
    let cards = browser.value(
        "[...document.querySelectorAll('.instance')].map((it) => it.innerText.split('\\n')[0] + ' ' \
         + it.querySelector('.much b').textContent)",
    )?;
    check(
        cards == json!([format!("demo {count}"), "empty 0"]),
        "the instances are shown with their counts",
    )?;
    let shown = "document.querySelectorAll('#gallery .thumbnail[data-state=\"shown\"] img').length";
    browser.until(&format!("{shown} === {count}"))?;
    check(true, "every picture of the gallery has its thumbnail")?;
    browser.picture("desk-light")?;
    browser.run("document.querySelector('[value=\"empty\"]').click()")?;
    browser.until("document.querySelector('#gallery-notice .snippet') !== null")?;
    let snippet = browser.value("document.querySelector('#gallery-notice code').textContent")?;
    let snippet = snippet.as_str().unwrap_or_default();
    check(
        snippet.contains(shop.emulator.url()) && snippet.contains("--instance empty"),
        "an empty instance says how to add a picture",
    )?;
    browser.picture("desk-empty")?;
    browser.run("document.querySelector('[value=\"demo\"]').click()")?;
    browser.until(&format!("{shown} === {count}"))
}

/// Looks at the picture whose names are markup.
pub(crate) fn escapes_what_is_stored(browser: &Browser) -> Outcome<()> {
    browser.run("document.querySelector('#gallery li:last-child button').click()")?;
    let text = |selector: &str| {
        browser.value(&format!("document.querySelector('{selector}').textContent"))
    };
    let places = [
        "#gallery li:last-child b",
        "#gallery li:last-child b + span",
        "#picture-title",
        "#picture-facts dd",
    ];
    for place in places {
        check(text(place)? == HOSTILE, &format!("{place} shows a hostile name as text"))?;
    }
    let facts = text("#picture-facts")?;
    let times = facts.as_str().unwrap_or_default().matches(HOSTILE).count();
    check(times == 3, "the custom content is shown as text as well")?;
    browser.picture("desk-hostile")?;
    browser.press(ESCAPE)?;
    is_harmless(browser)
}

/// Tells that no text became an element or a script.
pub(crate) fn is_harmless(browser: &Browser) -> Outcome<()> {
    let foreign = "document.querySelectorAll('[onerror], img[src=\"x\"], body script').length";
    let harmless = browser.value(&format!("window.owned === undefined && {foreign} === 0"))?;
    check(harmless == true, "no stored text has become markup")
}

/// Reads the journal after a search.
pub(crate) fn shows_the_journal(browser: &Browser) -> Outcome<()> {
    let newest = "document.querySelector('#journal .what').textContent";
    browser.until(&format!("{newest} === 'SearchImageByPic'"))?;
    check(true, "the journal shows the search first")?;
    let stored = "[...document.querySelectorAll('#journal .what')].map((it) => it.textContent)";
    let kinds = browser.value(&format!("[...new Set({stored})].sort().join(' ')"))?;
    let kinds = kinds.as_str().unwrap_or_default();
    check(
        ["AddImage", "AuthorizeFileUpload", "PostObject"].iter().all(|it| kinds.contains(it)),
        "the journal shows the calls and uploads of the client",
    )?;
    browser.run("document.querySelector('#journal-failed').click()")?;
    let failed =
        "[...document.querySelectorAll('#journal li')].filter((it) => it.checkVisibility())";
    browser.until(&format!(
        "{failed}.map((it) => it.querySelector('.why b').textContent).join(' ') \
         === 'UnsupportedPicFormat SignatureDoesNotMatch'"
    ))?;
    check(true, "the journal shows what failed, and only that when it is asked to")?;
    browser.run(&format!("{failed}.at(-1).querySelector('details').open = true"))?;
    let facts = browser.value(&format!("{failed}.at(-1).querySelector('dl').textContent"))?;
    let facts = facts.as_str().unwrap_or_default();
    check(
        facts.contains("Signed here") && facts.contains("x-acs-action:Detail"),
        "the journal shows what a wrong signature should have signed",
    )?;
    browser.picture("desk-light-journal")?;
    browser.run("document.querySelector('#journal-failed').click()").map(drop)
}

/// Stores another photo under the names of the first, and then removes the instances.
pub(crate) fn follows_changes(browser: &Browser, shop: &Shop) -> Outcome<()> {
    let first = "document.querySelector('#gallery .thumbnail img')";
    let square = format!("{first}.naturalWidth === {first}.naturalHeight");
    browser.until(&format!("{first} !== null && {square}"))?;
    let other = Image::from(fs::read(shop.photo.with_file_name("cat.jpg"))?);
    let request = AddImageRequest::new("photo-astronaut", "astronaut.jpg", other);
    shop.demo.add_image(request.int_attr(1).str_attr("photo")).send()?;
    browser.until(&format!("{first} !== null && !({square})"))?;
    check(true, "a picture that is replaced is shown anew")?;
    for name in ["demo", "empty"] {
        shop.emulator.remove_instance(name)?;
    }
    browser.until(NO_INSTANCE)?;
    browser.picture("desk-none")?;
    check(true, "the page says so when there is no instance")?;
    let idle = browser.value("document.querySelector('#drop').disabled")?;
    check(idle == true, "nothing can be searched when there is no instance")
}

/// Looks at the page on a telephone.
pub(crate) fn fits_a_telephone(browser: &Browser) -> Outcome<()> {
    browser.resize(TELEPHONE.0, TELEPHONE.1)?;
    for scheme in ["light", "dark"] {
        browser.prefer("prefers-color-scheme", scheme)?;
        browser.run("scrollTo(0, 0)")?;
        browser.picture(&format!("telephone-{scheme}"))?;
        browser.run("document.querySelector('#gallery').scrollIntoView()")?;
        browser.until("document.querySelector('#gallery .thumbnail').dataset.state === 'shown'")?;
        browser.picture(&format!("telephone-{scheme}-gallery"))?;
    }
    let over = browser
        .value("document.documentElement.scrollWidth - document.documentElement.clientWidth")?;
    check(over == 0, "nothing reaches out of the screen of a telephone")?;
    browser.resize(DESK.0, DESK.1)
}

/// Chooses themes with the button.
pub(crate) fn remembers_its_theme(browser: &Browser) -> Outcome<()> {
    browser.prefer("prefers-color-scheme", "light")?;
    let brightness =
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]";
    let press = "document.querySelector('#theme').click()";
    for (theme, dark) in [("light", false), ("dark", true)] {
        browser.run(press)?;
        browser.reload()?;
        browser.until("document.querySelector('#health').textContent === 'ready'")?;
        let shown = browser.value("document.documentElement.dataset.theme")?;
        let is_dark = browser.value(&format!("{brightness} < 100"))?;
        check(shown == theme && is_dark == dark, &format!("{theme} lasts when it was chosen"))?;
    }
    browser.run(press).map(drop)
}

/// Asks for less motion.
pub(crate) fn moves_only_where_that_is_liked(browser: &Browser) -> Outcome<()> {
    let moving = "getComputedStyle(document.querySelector('#drop')).transitionDuration !== '0s'";
    for (liked, expected) in [("no-preference", true), ("reduce", false)] {
        browser.prefer("prefers-reduced-motion", liked)?;
        let moves = browser.value(moving)?;
        check(moves == expected, &format!("things move: {expected}, with motion: {liked}"))?;
    }
    Ok(())
}

/// Opens the page of an emulator that has a token.
pub(crate) fn asks_for_the_token(browser: &Browser) -> Outcome<()> {
    let emulator = Emulator::builder().admin_token("open-sesame").start()?;
    browser.go(&shop::console(&emulator))?;
    browser.until("document.querySelector('#token').open")?;
    browser.picture("desk-token")?;
    browser.write("not it")?;
    browser.press(ENTER)?;
    browser.until(
        "document.querySelector('#token').open && !document.querySelector('#token-wrong').hidden",
    )?;
    browser.write("open-sesame")?;
    browser.press(ENTER)?;
    browser.until("document.querySelector('#health').textContent === 'ready'")?;
    browser.until("document.querySelector('#gallery-notice .snippet') !== null")?;
    check(
        true,
        "the page asks for the token, says when it is wrong, and opens with the right one",
    )?;
    emulator.remove_instance(Emulator::INSTANCE)?;
    browser.until(NO_INSTANCE)?;
    let snippet = browser.value("document.querySelector('#gallery-notice code').textContent")?;
    let snippet = snippet.as_str().unwrap_or_default();
    check(
        snippet.contains("Bearer TOKEN") && !snippet.contains("open-sesame"),
        "what is suggested names the token and does not show it",
    )
}

/// Ends the emulator under the page.
pub(crate) fn tells_that_the_emulator_is_gone(browser: &Browser, shop: Shop) -> Outcome<()> {
    shop.emulator.shutdown();
    browser.until("!document.querySelector('#trouble').hidden")?;
    browser.picture("desk-gone")?;
    let words = browser.value("document.querySelector('#trouble').textContent")?;
    let words = words.as_str().unwrap_or_default();
    check(words.contains("does not answer"), "the page says when the emulator does not answer")
}
