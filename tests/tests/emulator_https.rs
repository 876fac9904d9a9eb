//! Both clients over HTTPS, with the emulator's authority as the one root that they trust.

use bytes::Bytes;
use imagesearch_core::{
    Credentials, Error, ErrorKind, Image,
    client::SignatureMethod,
    requests::{AddImageRequest, SearchImageByPicRequest},
};
use imagesearch_emulator::Emulator;
use imagesearch_emulator::similarity::synthetic;

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

fn picture() -> Image {
    let picture = synthetic::picture(1);
    let size = |side: usize| u32::try_from(side).unwrap();
    let (width, height) = (size(picture.width()), size(picture.height()));
    let mut file = Vec::new();
    PngEncoder::new(&mut file)
        .write_image(picture.pixels(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    Image::from(file)
}

fn credentials() -> Credentials {
    Credentials::access_key(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET)
}

/// Uploads a picture and finds it again; returns its score.
async fn with_the_async_client(
    emulator: &Emulator,
    root: Vec<u8>,
    signature: SignatureMethod,
) -> Result<Option<f64>, Error> {
    let demo = imagesearch_async::Client::builder()
        .with_emulator(&emulator.https_url())
        .with_credentials(credentials())
        .with_signature(signature)
        .with_tls_roots([Bytes::from(root)])
        .build()?
        .instance("demo");
    demo.add_image(AddImageRequest::new("1", "1", picture())).await?;
    let found = demo.search_image_by_pic(SearchImageByPicRequest::new(picture())).await?;
    Ok(found.auctions.first().and_then(|auction| auction.score))
}

fn with_the_blocking_client(
    emulator: &Emulator,
    root: Vec<u8>,
    signature: SignatureMethod,
) -> Result<Option<f64>, Error> {
    let demo = imagesearch_blocking::Client::builder()
        .with_emulator(&emulator.https_url())
        .with_credentials(credentials())
        .with_signature(signature)
        .with_tls_roots([Bytes::from(root)])
        .build()?
        .instance("demo");
    demo.add_image(AddImageRequest::new("1", "1", picture())).send()?;
    let found = demo.search_image_by_pic(SearchImageByPicRequest::new(picture())).send()?;
    Ok(found.auctions.first().and_then(|auction| auction.score))
}

#[tokio::test]
async fn all_hops_of_both_clients_work_over_https() {
    let emulator = Emulator::builder().start().unwrap();
    for signature in [SignatureMethod::Acs3HmacSha256, SignatureMethod::HmacSha1] {
        let root = emulator.ca_der();
        let score = with_the_async_client(&emulator, root.clone(), signature).await;
        assert_eq!(score.unwrap(), Some(1.0), "{signature:?}");
        // The server has threads of its own, so that this one may block.
        let score = with_the_blocking_client(&emulator, root, signature);
        assert_eq!(score.unwrap(), Some(1.0), "{signature:?}");
    }
}

#[tokio::test]
async fn neither_client_trusts_another_authority() {
    let (emulator, other) =
        (Emulator::builder().start().unwrap(), Emulator::builder().start().unwrap());
    let signature = SignatureMethod::default();
    let refused = with_the_async_client(&emulator, other.ca_der(), signature).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Connect);
    let refused = with_the_blocking_client(&emulator, other.ca_der(), signature);
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Connect);
}
