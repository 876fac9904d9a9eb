//! How much memory a 3 MiB picture inside a request needs beyond the picture itself.
//!
//! `cargo run -p imagesearch-tests --release --example legacy_body_memory`, on Linux. Each case runs
//! in a process of its own, which reads the peak of its resident memory before and after.

use std::{env, error::Error, fs, hint::black_box, process::Command};

use imagesearch_core::{
    Credentials, Image,
    body::{Body, Segment},
    client::SignatureMethod,
    operation::Operation,
    parameters::Parameters,
    sign::{SigningContext, sign},
    values::Timestamp,
};
use imagesearch_tests::{arrived::encoded, pictures::noise};
use sha2::{Digest, Sha256};

const PICTURE: usize = 3 * 1024 * 1024;

const CASES: [&str; 5] =
    ["nothing", "2019 form, streamed", "2019 form, one buffer", "2018 body, streamed", "one copy"];

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(case) = env::args().nth(1) {
        return measure(&case);
    }
    for case in CASES {
        let output = Command::new(env::current_exe()?).arg(case).output()?;
        print!("{}", String::from_utf8_lossy(&output.stdout));
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
    }
    Ok(())
}

fn measure(case: &str) -> Result<(), Box<dyn Error>> {
    let picture = noise(PICTURE);
    let image = Image::from_bytes(picture.clone());
    // The first request brings code and tables in; only what the second adds is its own.
    let small = Image::from_bytes(noise(64 * 1024));
    send("2019-03-25", "SearchImage", "PicContent", small.clone())?;
    send("2018-01-20", "SearchItem", "searchPic", small)?;
    let before = peak()?;
    let sent = match case {
        "2019 form, streamed" => send("2019-03-25", "SearchImage", "PicContent", image)?,
        "2018 body, streamed" => send("2018-01-20", "SearchItem", "searchPic", image)?,
        "2019 form, one buffer" => {
            let body = Body::new([Segment::form_base64(picture)]).to_bytes();
            black_box(Sha256::digest(&body));
            black_box(body).len()
        }
        "one copy" => black_box(picture.to_vec()).len(),
        _ => 0,
    };
    println!("{case:24} {:6} KiB more at the peak, {sent:8} bytes sent", peak()? - before);
    Ok(())
}

/// Builds, signs and reads a request, and returns how long its body is.
fn send(
    version: &str,
    operation: &str,
    name: &'static str,
    image: Image,
) -> Result<usize, Box<dyn Error>> {
    let operation = Operation::find(version, operation).ok_or("is in the table")?;
    let request = encoded(operation, &Parameters::new().with(name, image))?;
    let credentials = Credentials::access_key("testid", "testsecret");
    let timestamp = Timestamp::from_millisecond(1_767_323_045_000);
    let context = SigningContext::new(&credentials, timestamp).with_nonce("nonce");
    let signed = sign(SignatureMethod::Acs3HmacSha256, &request, &context);
    let request = signed.apply(&request)?;
    Ok(request.body().chunks().map(|chunk| black_box(chunk).len()).sum())
}

/// Reads the peak of the resident memory in KiB.
fn peak() -> Result<i64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
