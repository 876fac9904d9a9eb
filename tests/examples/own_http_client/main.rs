//! Calls an emulator, or the service, with an HTTP library that is neither ureq nor reqwest.
//!
//! ```text
//! imagesearch emulator &
//! cargo run -p imagesearch-tests --example own_http_client -- http://127.0.0.1:8787 demo
//! ```

mod client;

use std::{env, error::Error};

use imagesearch_core::{
    ClientBuilder, answers::DetailResponse, client::CallOptions, exchange::PreparedCall,
    image::ImageLimits, requests::DetailRequest,
};

use crate::client::Client;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(url), Some(instance)) = (arguments.next(), arguments.next()) else {
        return Err("usage: own_http_client URL INSTANCE".into());
    };
    let client: Client = ClientBuilder::default().with_emulator(&url).build()?;
    let call = PreparedCall::request(
        DetailRequest::new(),
        &instance,
        ImageLimits::DEFAULT,
        CallOptions::default(),
    );
    let detail = client.drive(call)?.decode::<DetailResponse>()?;
    println!("{:?}", detail.instance);
    Ok(())
}
