//! One run of all cases: an emulator of its own, a driver, and a line for each case.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use imagesearch_emulator::similarity::{Picture, synthetic};
use imagesearch_emulator::{Auth, Emulator, Hop, InstanceSettings};
use serde_json::{Value, json};

use crate::case::Cases;
use crate::coverage::Coverage;
use crate::environment::Program;
use crate::exceptions::Exceptions;
use crate::sdk::{Sdk, Variant};
use crate::{Folders, Outcome};

/// The account with a security token.
const TEMPORARY: (&str, &str, &str) = ("STS.temporary", "temporary-secret", "temporary-token");

/// How many requests an emulator remembers.
const MOST_REQUESTS: usize = 1_000;

/// Runs the driver of an SDK in one way and judges what it tells.
pub(crate) fn run(
    sdk: Sdk,
    variant: Variant,
    program: &Program,
    cases: &Cases,
    exceptions: &Exceptions,
    folders: &Folders,
    coverage: &mut Coverage,
) -> Outcome<()> {
    let emulator = start(folders)?;
    let file = folders.scratch.join(format!("run-{}.json", sdk.name()));
    fs::write(
        &file,
        serde_json::to_vec_pretty(&instructions(&emulator, variant, cases, folders))?,
    )?;
    let mut command = Command::new(&program.path);
    command.args(&program.arguments).arg(&file).stdout(Stdio::piped());
    let mut driver = at_home(&mut command, program).spawn()?;
    let lines = BufReader::new(driver.stdout.take().ok_or("no stdout")?).lines();
    let mut expected = cases.cases.iter();
    for line in lines {
        let line = line?;
        let told: Value =
            serde_json::from_str(&line).map_err(|error| format!("{error} in {line}"))?;
        if let Some(known) = told.get("known") {
            coverage.learn(known)?;
            continue;
        }
        let case = expected.next().ok_or("the driver ran more cases than there are")?;
        if told["case"] != *case.name {
            return Err(format!("the driver ran {}, not `{}`", told["case"], case.name).into());
        }
        let mistake = coverage
            .wrong_way(case, &told)
            .or_else(|| case.mistake(&told, exceptions.code(sdk, case)));
        let verdict = match (&mistake, told["not_run"] == true) {
            (Some(_), _) => "FAILED",
            (None, true) => "lacks",
            (None, false) => "ok",
        };
        println!("{verdict:6} {:6} {:26} {}", sdk.name(), variant.name(), case.name);
        coverage.note(case, &told, mistake.map(|it| format!("{} {it}", variant.name())));
    }
    let status = driver.wait()?;
    if !status.success() || expected.next().is_some() {
        return Err(format!("the {} driver ended early: {status}", sdk.name()).into());
    }
    let requests = emulator.requests();
    if requests.len() >= MOST_REQUESTS {
        return Err("there were more requests than the emulator remembers".into());
    }
    for request in requests.iter().filter(|it| it.hop == Hop::Api && it.code.is_none()) {
        coverage.note_sent(request);
    }
    emulator.shutdown();
    Ok(())
}

/// Gives a program its own environment, and keeps that of the caller from it.
///
/// A proxy is for other machines, and credentials of the environment are none of our business.
pub(crate) fn at_home<'a>(command: &'a mut Command, program: &Program) -> &'a mut Command {
    for (name, _) in std::env::vars() {
        let upper = name.to_ascii_uppercase();
        if upper.ends_with("_PROXY") || upper.starts_with("ALIBABA_CLOUD_") {
            command.env_remove(name);
        }
    }
    command.envs(program.environment.iter().map(|(name, value)| (name, value)))
}

/// Starts an emulator with strict authentication, and makes the pictures of the cases.
pub(crate) fn start(folders: &Folders) -> Outcome<Emulator> {
    let pictures = folders.scratch.join("pictures");
    fs::create_dir_all(&pictures)?;
    fs::write(pictures.join("1.png"), png(&synthetic::picture(1))?)?;
    fs::write(pictures.join("2.png"), png(&synthetic::picture(2))?)?;
    fs::write(pictures.join("3.jpg"), jpeg(&synthetic::picture(3))?)?;
    fs::write(pictures.join("framed.png"), png(&framed(&synthetic::picture(2))?)?)?;
    fs::write(pictures.join("text.txt"), "no picture ".repeat(100))?;
    let autumn = folders.scratch.join("bucket/autumn");
    fs::create_dir_all(&autumn)?;
    fs::copy(pictures.join("1.png"), autumn.join("1.png"))?;
    fs::write(autumn.join("increment.meta"), format!("{}\n", increment()))?;
    let (id, secret, token) = TEMPORARY;
    let emulator = Emulator::builder()
        .auth(Auth::Strict)
        .ca_dir(folders.scratch.join("ca"))
        .instance(InstanceSettings::new("demo").multimodal(true))
        .instance(InstanceSettings::new("plain"))
        .bucket("shop", folders.scratch.join("bucket"))
        .account(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET)
        .sts_account(id, secret, token)
        .start()?;
    Ok(emulator)
}

/// Returns the line of the batch task: a picture with every attribute.
fn increment() -> Value {
    json!({
        "OperationType": "ADD", "ProductId": "coat", "PicName": "1.png", "CategoryId": 0,
        "CustomContent": "warm winter 大衣",
        "IntAttr": 7, "IntAttr2": 2, "IntAttr3": 3, "IntAttr4": 4,
        "StrAttr": "one", "StrAttr2": "two", "StrAttr3": "three", "StrAttr4": "wool",
    })
}

/// Writes what a driver has to know.
fn instructions(emulator: &Emulator, variant: Variant, cases: &Cases, folders: &Folders) -> Value {
    let (id, secret) = (Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    let (temporary, hidden, token) = TEMPORARY;
    json!({
        "endpoint": emulator.local_addr().to_string(),
        "protocol": variant.protocol,
        "signature": variant.signature,
        "asynchronous": variant.asynchronous,
        "ca_file": emulator.ca_file(),
        "pictures": folders.scratch.join("pictures"),
        "keys": {
            "ordinary": { "id": id, "secret": secret },
            "temporary": { "id": temporary, "secret": hidden, "token": token },
            "wrong": { "id": id, "secret": "not the secret" },
            "unknown": { "id": "nobody", "secret": secret },
            "other_token": { "id": temporary, "secret": hidden, "token": "another token" },
            "no_token": { "id": temporary, "secret": hidden },
        },
        "cases": cases.cases,
    })
}

fn png(picture: &Picture) -> Outcome<Vec<u8>> {
    let mut file = Vec::new();
    let (width, height) = size(picture)?;
    let pixels = picture.pixels();
    PngEncoder::new(&mut file).write_image(pixels, width, height, ExtendedColorType::Rgb8)?;
    Ok(file)
}

fn jpeg(picture: &Picture) -> Outcome<Vec<u8>> {
    let mut file = Vec::new();
    let (width, height) = size(picture)?;
    let pixels = picture.pixels();
    JpegEncoder::new_with_quality(&mut file, 92).encode(
        pixels,
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(file)
}

fn size(picture: &Picture) -> Outcome<(u32, u32)> {
    Ok((picture.width().try_into()?, picture.height().try_into()?))
}

/// Puts a picture on a white page, so that its subject is less than the whole.
fn framed(inside: &Picture) -> Outcome<Picture> {
    const BORDER: usize = 40;
    let (width, height) = (inside.width() + 2 * BORDER, inside.height() + 2 * BORDER);
    let mut pixels = vec![255; width * height * 3];
    for (y, row) in inside.pixels().chunks_exact(inside.width() * 3).enumerate() {
        let start = ((y + BORDER) * width + BORDER) * 3;
        pixels[start..start + row.len()].copy_from_slice(row);
    }
    Picture::from_rgb(width, height, pixels).ok_or_else(|| "no picture".into())
}
