//! A wrong secret is called one, whichever client and signature: the emulator echoes what it signed.

use imagesearch_core::{
    Credentials, Error, Image, client::SignatureMethod, errors::ErrorCode, exchange::RawResponse,
    requests::RawRequest,
};
use imagesearch_emulator::Emulator;
use imagesearch_tests::{
    pictures,
    wire::{runtime, settings},
};

const WRONG: &str = "not-the-secret";

#[test]
fn a_wrong_secret_is_called_one() {
    let emulator = Emulator::builder().start().unwrap();
    let runtime = runtime();
    for signature in [SignatureMethod::Acs3HmacSha256, SignatureMethod::HmacSha1] {
        let credentials = Credentials::access_key(Emulator::ACCESS_KEY_ID, WRONG);
        let blocking: imagesearch_blocking::Client = settings(emulator.url())
            .with_signature(signature)
            .with_credentials(credentials.clone())
            .build()
            .unwrap();
        let asynchronous: imagesearch_async::Client = settings(emulator.url())
            .with_signature(signature)
            .with_credentials(credentials)
            .build()
            .unwrap();
        let search = || {
            let picture = Image::from(pictures::png(300, 300));
            RawRequest::new("SearchImageByPic").parameter("PicContent", picture)
        };
        for call in [RawRequest::new("Detail"), search()] {
            let results: [Result<RawResponse, Error>; 2] = [
                blocking.instance("demo").raw(call.clone()).send(),
                runtime.block_on(asynchronous.instance("demo").raw(call).send()),
            ];
            for result in results {
                let error = result.unwrap_err();
                let text = error.to_string();
                assert_eq!(error.code(), Some(&ErrorCode::SignatureDoesNotMatch), "{text}");
                assert!(text.contains("access key secret is wrong"), "{text}");
                assert!(error.request_id().is_some(), "{text}");
                assert!(!format!("{text} {error:?}").contains(WRONG), "{text}");
            }
        }
    }
}
