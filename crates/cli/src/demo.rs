mod alterations;
mod operations;
mod photos;
mod report;
mod searches;
mod tasks;
mod v2018;
mod v2019;

use std::time::Instant;

use imagesearch_blocking::Instance;
use imagesearch_core::{
    ClientBuilder, Credentials, Error, client::FromConfig, requests::AddImageRequest,
};
use imagesearch_emulator::{Auth, Emulator, InstanceSettings};

use self::{
    alterations::Copy,
    photos::{PHOTOS, Photo},
    report::Report,
};
use crate::{
    arguments::{ApiVersion, DemoArguments},
    exit::Failure,
};

/// The instance that the demo uses.
const INSTANCE: &str = "demo";

/// Runs the demo and checks its results.
pub(crate) fn run(arguments: &DemoArguments) -> Result<(), Failure> {
    let begun = Instant::now();
    let emulator = Emulator::builder()
        .instance(InstanceSettings::new(INSTANCE).multimodal(true))
        .account(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET)
        .auth(Auth::Strict)
        .start()
        .map_err(Failure::call)?;
    let shop = client::<imagesearch_blocking::Client>(&emulator)?.instance(INSTANCE);
    let async_shop = client::<imagesearch_async::Client>(&emulator)?.instance(INSTANCE);
    for (number, photo) in (1..).zip(PHOTOS) {
        match arguments.api_version {
            ApiVersion::V2018 => v2018::add(&shop, number, photo)?,
            ApiVersion::V2019 => v2019::add(&shop, number, photo)?,
            ApiVersion::V2020 => add(&shop, number, photo)?,
        }
    }
    let copies = alterations::of_all(PHOTOS)?;
    let (searches, operations) = match arguments.api_version {
        ApiVersion::V2018 => {
            let searches = searches::run(&copies, |copy| v2018::search(&async_shop, copy))?;
            (searches, v2018::operations(&shop)?)
        }
        ApiVersion::V2019 => {
            let searches = searches::run(&copies, |copy| v2019::search(&async_shop, copy))?;
            (searches, v2019::operations(&shop)?)
        }
        ApiVersion::V2020 => {
            let searches = searches::run(&copies, |copy| searches::by_pic(&async_shop, copy))?;
            let mut operations = operations::run(&shop, &copies)?;
            operations.extend(tasks::run(&emulator, &shop)?);
            (searches, operations)
        }
    };
    let report = Report {
        api_version: arguments.api_version,
        photos: PHOTOS.len(),
        searches,
        operations,
        seconds: begun.elapsed().as_secs_f64(),
    };
    emulator.shutdown();
    report.print(arguments.json)?;
    if report.passed() { Ok(()) } else { Err(Failure::verdict("not everything went as expected")) }
}

fn add(shop: &Instance, number: i32, photo: &Photo) -> Result<(), Failure> {
    let request = AddImageRequest::new(photo.product_id(), photo.pic_name(), photo.jpeg)
        .int_attr(number)
        .str_attr(photo.kind)
        .custom_content(photo.author);
    shop.add_image(request).send()?;
    Ok(())
}

/// Creates a client of either kind that sends every request to the emulator.
fn client<C: FromConfig>(emulator: &Emulator) -> Result<C, Error> {
    ClientBuilder::<C>::default()
        .with_emulator(emulator.url())
        .with_credentials(Credentials::access_key(
            Emulator::ACCESS_KEY_ID,
            Emulator::ACCESS_KEY_SECRET,
        ))
        .build()
}

/// Finds a copy of a photo by the name of its alteration.
fn copy_of<'a>(copies: &'a [Copy], photo: &str, alteration: &str) -> Result<&'a Copy, Failure> {
    copies
        .iter()
        .find(|copy| copy.photo.name == photo && copy.alteration == alteration)
        .ok_or_else(|| Failure::call(format!("no {alteration} copy of {photo}")))
}
