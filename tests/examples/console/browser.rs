//! A headless Chromium, led over the WebDriver protocol: JSON over plain HTTP.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Outcome;

/// The driver that comes with a Chromium of the same version.
const DRIVER: &str = "chromedriver";

/// How the browser is started: alone, without a screen, and without calling anyone.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// How long a page may take to become as it is waited for, in milliseconds.
const PATIENCE: u64 = 20_000;

/// Waits until nothing moves.
const STILL: &str = "const done = arguments[0];
    Promise.allSettled(document.getAnimations().map((it) => it.finished)).then(() => done(true));";

/// The names that WebDriver gives to keys.
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const SPACE: &str = " ";
pub(crate) const ESCAPE: &str = "\u{e00c}";
pub(crate) const RIGHT: &str = "\u{e014}";
pub(crate) const DOWN: &str = "\u{e015}";
pub(crate) const HOME: &str = "\u{e011}";
pub(crate) const END: &str = "\u{e010}";

/// A browser with one page.
pub(crate) struct Browser {
    driver: Child,
    agent: ureq::Agent,
    /// Where commands of the session go.
    session: String,
    pictures: PathBuf,
    /// The profile, which goes with the browser.
    _profile: TempDir,
}

/// A browser, or why there is none.
pub(crate) enum Started {
    Running(Browser),
    Missing { reason: String },
}

impl Browser {
    /// Starts the driver, and with it the browser; pictures will be left in the folder.
    pub(crate) fn start(pictures: &Path) -> Outcome<Started> {
        let mut driver = match Command::new(DRIVER).arg("--port=0").stdout(Stdio::piped()).spawn() {
            Ok(driver) => driver,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let reason = format!("there is no {DRIVER}; install chromium-driver");
                return Ok(Started::Missing { reason });
            }
            Err(error) => return Err(format!("{DRIVER} cannot be started: {error}").into()),
        };
        let port = port(&mut driver)?;
        let config = ureq::Agent::config_builder()
            // A proxy of the environment is for other machines.
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false);
        let mut browser = Self {
            driver,
            agent: config.build().into(),
            session: format!("http://127.0.0.1:{port}/session"),
            pictures: pictures.to_owned(),
            _profile: tempfile::tempdir()?,
        };
        let profile = format!("--user-data-dir={}", browser._profile.path().display());
        let flags: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": PATIENCE },
        } } });
        let session = browser.send("", &wanted)?;
        let id = session["sessionId"].as_str().ok_or("the session has no id")?;
        browser.session = format!("{}/{id}", browser.session);
        fs::create_dir_all(pictures)?;
        Ok(Started::Running(browser))
    }

    /// Opens a page.
    pub(crate) fn go(&self, url: &str) -> Outcome<()> {
        // A fragment alone would not load the page again.
        self.send("/url", &json!({ "url": "about:blank" }))?;
        self.send("/url", &json!({ "url": url })).map(drop)
    }

    /// Loads the page again.
    pub(crate) fn reload(&self) -> Outcome<()> {
        self.send("/refresh", &json!({})).map(drop)
    }

    /// Returns what an expression of JavaScript is worth in the page.
    pub(crate) fn value(&self, expression: &str) -> Outcome<Value> {
        self.run(&format!("return ({expression});"))
    }

    /// Runs statements of JavaScript in the page and returns what they return.
    pub(crate) fn run(&self, script: &str) -> Outcome<Value> {
        self.send("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Waits until an expression is true in the page.
    pub(crate) fn until(&self, expression: &str) -> Outcome<()> {
        let script = format!(
            "const done = arguments[0];
             const look = () => (({expression}) ? done(true) : setTimeout(look, 30));
             look();"
        );
        let waited = self.send("/execute/async", &json!({ "script": script, "args": [] }));
        waited.map(drop).map_err(|error| {
            let shown = self.picture("failed").map_or(String::new(), |it| format!(", see {it}"));
            format!("it never was so that {expression} ({error}){shown}").into()
        })
    }

    /// Presses and releases a key.
    pub(crate) fn press(&self, key: &str) -> Outcome<()> {
        let strokes = ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }));
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.send("/actions", &json!({ "actions": [keyboard] })).map(drop)
    }

    /// Types a text where the focus is.
    pub(crate) fn write(&self, text: &str) -> Outcome<()> {
        text.chars().try_for_each(|key| self.press(&key.to_string()))
    }

    /// Puts a file into a field for files.
    pub(crate) fn choose(&self, field: &str, file: &Path) -> Outcome<()> {
        let found = self.send("/element", &json!({ "using": "css selector", "value": field }))?;
        let ids = found.as_object().and_then(|it| it.values().next());
        let id = ids.and_then(Value::as_str).ok_or("the field has no id")?;
        self.send(&format!("/element/{id}/value"), &json!({ "text": file })).map(drop)
    }

    /// Sets how large the window is, in pixels of CSS.
    pub(crate) fn resize(&self, width: u32, height: u32) -> Outcome<()> {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.command("Emulation.setDeviceMetricsOverride", &metrics).map(drop)
    }

    /// Sets what the person likes, such as `prefers-color-scheme`.
    pub(crate) fn prefer(&self, feature: &str, value: &str) -> Outcome<()> {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.command("Emulation.setEmulatedMedia", &features).map(drop)
    }

    /// Leaves a picture of what the window shows, and returns its path.
    pub(crate) fn picture(&self, name: &str) -> Outcome<String> {
        // A colour that is on its way to another one is none of the two.
        self.send("/execute/async", &json!({ "script": STILL, "args": [] }))?;
        let shown = self.command("Page.captureScreenshot", &json!({ "format": "png" }))?;
        let png = BASE64_STANDARD.decode(shown["data"].as_str().unwrap_or_default())?;
        let path = self.pictures.join(format!("{name}.png"));
        fs::write(&path, png)?;
        Ok(path.display().to_string())
    }

    /// Takes what the browser had to complain of since the last time: of scripts, of requests that
    /// failed, of what the page's policy forbids.
    pub(crate) fn complaints(&self) -> Outcome<Vec<String>> {
        let said = self.send("/se/log", &json!({ "type": "browser" }))?;
        let said = said.as_array().map_or(&[][..], Vec::as_slice);
        Ok(said.iter().map(|it| it["message"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Sends a command of the DevTools protocol.
    fn command(&self, name: &str, parameters: &Value) -> Outcome<Value> {
        self.send("/goog/cdp/execute", &json!({ "cmd": name, "params": parameters }))
    }

    fn send(&self, path: &str, body: &Value) -> Outcome<Value> {
        let request = self.agent.post(format!("{}{path}", self.session));
        let request = request.content_type("application/json");
        let answer = request
            .send(body.to_string())?
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_string()?;
        let answer: Value = serde_json::from_str(&answer)?;
        let value = &answer["value"];
        match value["error"].as_str() {
            Some(error) => {
                let message = value["message"].as_str().unwrap_or_default();
                Err(format!("{error}: {}", message.lines().next().unwrap_or_default()).into())
            }
            None => Ok(value.clone()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the browser with the session; what fails here has ended already.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Reads the port from what the driver prints; the rest of its words is of no use.
fn port(driver: &mut Child) -> Outcome<u16> {
    let output = driver.stdout.take().ok_or("the driver has no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some((_, port)) = line.rsplit_once("successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
    }
    Err(format!("{DRIVER} ended before it had a port").into())
}
