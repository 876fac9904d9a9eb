//! No redirect is followed, so that no signature, token or picture goes where an answer points.

use imagesearch_core::{Error, ErrorKind, Image, requests::RawRequest};
use imagesearch_tests::{
    pictures::png,
    scenario::authorization,
    scripted_server::{Act, ScriptedServer, http_answer},
    wire::{Async, Blocking, Caller, Wire, runtime, settings},
};

#[test]
fn neither_client_follows_one_whatever_its_status() {
    let elsewhere = ScriptedServer::start(Act::AnswerAll(http_answer("200 OK", "{}")));
    let runtime = runtime();
    for status in [300, 301, 302, 303, 307, 308] {
        let head = format!(
            "HTTP/1.1 {status} Elsewhere\r\nLocation: {}/\r\nContent-Length: 0\r\n\r\n",
            elsewhere.uri()
        );
        let server = ScriptedServer::start(Act::AnswerAll(head.into_bytes()));
        let clients: [Box<dyn Caller>; 2] = [
            Box::new(Blocking(settings(&server.uri()).build().unwrap())),
            Box::new(Async(settings(&server.uri()).build().unwrap(), &runtime)),
        ];
        for client in clients {
            let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
            check(&error, status, client.name());
        }
        assert_eq!(server.requests(), 2, "a redirect is not asked for again");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_picture_does_not_follow_one_either() {
    let elsewhere = ScriptedServer::start(Act::AnswerAll(http_answer("201 Created", "")));
    let wire = Wire::start();
    let authority = wire.uri().strip_prefix("http://").unwrap().to_owned();
    let location = elsewhere.uri();
    wire.answer_with(move |request| {
        if request.headers().contains_key("x-acs-action") {
            return imagesearch_tests::fake::answer(200, &authorization(&authority));
        }
        let mut redirect = imagesearch_tests::fake::answer(307, "");
        redirect.headers_mut().insert("location", location.parse().unwrap());
        redirect
    });
    let clients: [Box<dyn Caller>; 2] = [Box::new(wire.blocking()), Box::new(wire.asynchronous())];
    for client in clients {
        let picture = Image::from(png(100, 100));
        let call = RawRequest::new("SearchImageByPic").parameter("PicContent", picture);
        check(&client.call("shop", call).unwrap_err(), 307, client.name());
    }
    assert_eq!(elsewhere.connections(), 0);
}

fn check(error: &Error, status: u16, who: &str) {
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{who}: {error}");
    assert_eq!(error.http_status(), Some(status), "{who}: {error}");
    assert!(!error.is_retryable() && !error.may_have_been_applied(), "{who}: {error}");
}
