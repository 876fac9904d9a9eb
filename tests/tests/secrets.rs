//! No secret is printed: not by errors, not by `Debug`, not in logs, however a server echoes it.

use std::sync::{Arc, Mutex};

use imagesearch_core::{
    ClientBuilder, Credentials, Error, Image,
    client::{CallOptions, FromConfig, SignatureMethod},
    credentials::{
        CredentialsChain, CredentialsProvider, CredentialsUriProvider, EnvironmentProvider,
        ProcessProvider, RamRoleArnProvider,
    },
    errors::Hop,
    exchange::{Effect, Exchange, Now, PreparedCall, Shared},
    image::ImageLimits,
    operation::Operation,
    parameters::Parameters,
    requests::RawRequest,
    sign::{SigningContext, sign},
    validate::validate,
};
use imagesearch_emulator::Emulator;
use imagesearch_tests::{
    arrived::encoded,
    fake::{CountingEntropy, FakeClient, VirtualClock, answer, hop_of},
    leaks::{Printed, canary},
    log_lines::LogLines,
    pictures::png,
    scripted_server::{Act, ScriptedServer, closed_port, http_answer},
    wire::{Async, Blocking, Caller, Wire, runtime, settings, swift_retry},
};
use tokio::runtime::Runtime;

/// Every kind of credentials with a secret in it.
fn credentials() -> [Credentials; 3] {
    [
        Credentials::access_key("id", canary("access key secret")),
        Credentials::sts("id", canary("access key secret"), canary("security token")),
        Credentials::bearer(canary("bearer token")),
    ]
}

fn builder<C: FromConfig>(url: &str, credentials: Credentials) -> ClientBuilder<C> {
    settings(url)
        .with_credentials(credentials)
        .with_retry(swift_retry().with_max_attempts(2))
        .with_default_header("x-default", canary("value of a header"))
}

/// A picture with something to recognise in its content.
fn picture() -> Image {
    let mut file = png(100, 100);
    file.extend_from_slice(canary("content of a picture").as_bytes());
    Image::from(file)
}

fn calls() -> [RawRequest; 3] {
    [
        RawRequest::new("Detail"),
        RawRequest::new("SearchImageByPic").parameter("PicContent", picture()),
        RawRequest::new("DumpMeta").form("Extra", "value"),
    ]
}

fn authorization(authority: &str) -> String {
    let (bucket, endpoint) = authority.split_once('.').unwrap();
    serde_json::json!({
        "AccessKeyId": "k", "Bucket": bucket, "Endpoint": endpoint, "ObjectKey": "o",
        "EncodedPolicy": canary("upload policy"), "Signature": canary("upload signature"),
    })
    .to_string()
}

/// Makes every call with every kind of credentials.
fn provoke_all(printed: &mut Printed, who: &str, url: &str, runtime: &Runtime) {
    for credentials in credentials() {
        provoke(printed, who, url, &credentials, runtime);
    }
}

/// Makes every call with both clients, keeps what they print, and counts errors.
fn provoke(
    printed: &mut Printed,
    who: &str,
    url: &str,
    credentials: &Credentials,
    runtime: &Runtime,
) -> usize {
    let mut errors = 0;
    for call in calls() {
        let blocking = builder(url, credentials.clone()).build().unwrap();
        let asynchronous = builder(url, credentials.clone()).build().unwrap();
        let clients: [Box<dyn Caller>; 2] =
            [Box::new(Blocking(blocking)), Box::new(Async(asynchronous, runtime))];
        for client in clients {
            let who = format!("{who} ({})", client.name());
            let headers = [("x-own".to_owned(), canary("value of a header").to_owned())];
            match client.call_with("shop", call.clone(), &headers.into()) {
                Ok(reply) => printed.debug(&who, &reply),
                Err(error) => {
                    errors += 1;
                    printed.error(&who, &error);
                }
            }
        }
    }
    errors
}

/// Answers that repeat secrets in every place where an answer has text.
fn echoes(secrets: &[&str]) -> Vec<(u16, String)> {
    let all = secrets.join(" ");
    let percent = percent_encoding::utf8_percent_encode(&all, percent_encoding::NON_ALPHANUMERIC);
    let percent = percent.to_string().replace("%2D", "-");
    let texts = [all.clone(), percent.clone(), percent.replace('%', "%25")];
    let mut echoes = Vec::new();
    for text in texts {
        let error = serde_json::json!({
            "Code": "SignatureDoesNotMatch", "Message": format!("string to sign is: {text}"),
            "RequestId": text, "Recommend": text, "HostId": text,
            "AccessDeniedDetail": { "PolicyType": text, "AuthAction": text },
        });
        let coded = serde_json::json!({ "Code": text, "Message": text });
        for body in [&error, &coded] {
            echoes.push((400, body.to_string()));
            echoes.push((400, body.to_string().replace('/', "\\/")));
            // Cut off, so that nobody can read it as JSON.
            let text = body.to_string();
            echoes.push((500, text[..text.len() - 1].to_owned()));
        }
        echoes.push((200, serde_json::json!({ "Success": false, "Msg": text }).to_string()));
        echoes.push((403, format!("<Error><Code>{text}</Code><Message>{text}</Message></Error>")));
        echoes.push((502, format!("<html>{text}</html>")));
        echoes.push((302, text.clone()));
        echoes.push((200, format!("[\"{text}\"]")));
    }
    echoes
}

#[test]
fn nothing_that_is_printed_has_a_secret_in_it() {
    let log = LogLines::start();
    #[cfg(feature = "tracing")]
    let trace = imagesearch_tests::trace_log::TraceLog::start();
    let (mut printed, runtime) = (Printed::default(), runtime());

    what_is_set_up(&mut printed);
    what_is_given(&mut printed);
    what_is_signed(&mut printed);
    what_is_sent(&mut printed);

    // A server that echoes what it has been sent: first where it is asked, then where a picture is
    // uploaded to.
    let wire = Wire::start();
    let authority = wire.uri().strip_prefix("http://").unwrap().to_owned();
    let [key, temporary, bearer] = credentials();
    let (secret, token) = (canary("access key secret"), canary("security token"));
    let uploaded = [canary("upload policy"), canary("upload signature")];
    for (credentials, secrets, uploads) in [
        (&key, &[secret][..], false),
        (&temporary, &[secret, token], false),
        (&bearer, &[canary("bearer token")], false),
        (&temporary, &[secret, token, uploaded[0], uploaded[1]], true),
    ] {
        for (status, body) in echoes(secrets) {
            let authority = authority.clone();
            wire.answer_with(move |request| match hop_of(request) {
                Hop::Authorize if uploads => answer(200, &authorization(&authority)),
                Hop::Upload => answer(status.max(300), &body),
                _ if uploads => answer(400, r#"{"Code":"BadRequest"}"#),
                _ => answer(status, &body),
            });
            let who = format!("an echo with status {status}, uploads {uploads}");
            let errors = provoke(&mut printed, &who, &wire.uri(), credentials, &runtime);
            assert_eq!(errors, 6, "{who}");
        }
    }

    // Servers that break off while URLs and headers are at hand, and nobody at all.
    let early = http_answer("413 Payload Too Large", "{}");
    for act in [
        Act::HangUp,
        Act::ReadAndClose,
        Act::AnswerAndClose(b"HTTP/1.1 200 OK\r\n".to_vec()),
        Act::AnswerAndClose(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()),
        Act::AnswerEarly(early),
    ] {
        let server = ScriptedServer::start(act.clone());
        provoke_all(&mut printed, &format!("{act:?}"), &server.uri(), &runtime);
    }
    let server = ScriptedServer::start(Act::HangUp);
    let https = server.uri().replace("http://", "https://");
    provoke_all(&mut printed, "no handshake", &https, &runtime);
    provoke_all(&mut printed, "a closed port", &closed_port(), &runtime);

    the_emulator(&mut printed, &runtime);

    let lines = log.take();
    assert!(!lines.is_empty(), "the libraries log nothing, so nothing is checked");
    for line in lines {
        printed.text("log", line);
    }
    #[cfg(feature = "tracing")]
    {
        let events = trace.take();
        assert!(events.len() > 100, "only {} events", events.len());
        for event in events {
            printed.text("tracing", event);
        }
    }
    assert!(printed.len() > 1_000, "only {} texts", printed.len());
    printed.check();
}

/// Keeps what clients and calls print before anything is sent.
fn what_is_set_up(printed: &mut Printed) {
    fn clients<C: FromConfig + std::fmt::Debug>(
        printed: &mut Printed,
        credentials: &Credentials,
    ) -> C {
        let proxy = format!("http://user:{}@127.0.0.1:1", canary("proxy password"));
        let url = "http://127.0.0.1:1";
        let builder: ClientBuilder<C> = builder(url, credentials.clone()).with_proxy(proxy);
        printed.debug("builder", &builder);
        for proxy in [
            "ftp://user:SECRET@host",
            "http://user:SECRET@:x:y/ z",
            "http://user:SECRET@host:port",
            "http://user:SECRET@host:99999",
            "http://user:a#SECRET@host:8080",
            "http://user:a/SECRET@host:8080",
            "http://user:a?SECRET@host:8080",
            "user:SECRET@host:8080",
            "user:SECRET@host:port",
            "user:a#SECRET@host:8080",
            "user:a/SECRET@host:8080",
            "user:a?SECRET@host:8080",
            "user:a SECRET@host:8080",
        ] {
            let proxy = proxy.replace("SECRET", canary("proxy password"));
            let broken: ClientBuilder<C> = settings(url).with_proxy(proxy);
            match broken.build() {
                Ok(client) => printed.debug("a proxy that may be used", &client),
                Err(error) => printed.error("a proxy that cannot be used", &error),
            }
        }
        let bad_header: ClientBuilder<C> = settings(url)
            .with_default_header("x-bad", format!("{}\n", canary("value of a header")));
        printed.error("a header that no request takes", &bad_header.build().err().unwrap());
        builder.build().unwrap()
    }
    let runtime = runtime();
    for credentials in credentials() {
        printed.debug("credentials", &credentials);
        let mut options = CallOptions::default().with_header("x-own", canary("value of a header"));
        options.credentials = Some(Arc::new(credentials.clone()));
        printed.debug("options", &options);

        let client: imagesearch_blocking::Client = clients(printed, &credentials);
        let shop = client.instance("shop");
        printed.debug("blocking client", &(&client, &shop));
        let call = shop.raw(calls()[1].clone()).with_credentials(credentials.clone());
        printed.debug("blocking call", &call);
        printed.error("a proxy that is not there", &call.send().unwrap_err());

        let client: imagesearch_async::Client = clients(printed, &credentials);
        let shop = client.instance("shop");
        printed.debug("async client", &(&client, &shop));
        let call = shop.raw(calls()[1].clone()).with_credentials(credentials);
        printed.debug("async call", &call);
        let call = call.send();
        printed.debug("future", &call);
        printed.error("a proxy that is not there", &runtime.block_on(call).unwrap_err());
    }
    what_provides_credentials(printed);
    let token = percent_encoding::percent_encode(
        canary("security token").as_bytes(),
        percent_encoding::NON_ALPHANUMERIC,
    );
    let url = format!("https://user:{token}@host/p?token={token}");
    printed.debug("a picture's URL", &Image::from_url(&url));
    printed.debug("a picture", &picture());
    for token in [canary("bearer token"), canary("security token")] {
        let broken = Credentials::bearer(format!("{token}\n"));
        let error = exchange(broken, SignatureMethod::default(), &calls()[0]).err();
        printed.debug("a token that no header takes", &error);
    }
}

/// Keeps what the providers print that are given a secret; their fetches are in `credentials_chain`.
fn what_provides_credentials(printed: &mut Printed) {
    let (secret, token) = (canary("access key secret"), canary("security token"));
    let key = Credentials::access_key("id", secret);
    let uri = format!("http://127.0.0.1:1/key?token={token}");
    let command = format!("vault-key --token '{token}'");
    let providers: [Arc<dyn CredentialsProvider>; 3] = [
        Arc::new(RamRoleArnProvider::new(key, "acs:ram::1:role/searcher")),
        Arc::new(CredentialsUriProvider::new(uri)),
        Arc::new(ProcessProvider::new(command)),
    ];
    printed.debug("providers", &providers);
    let chain = providers
        .into_iter()
        .fold(CredentialsChain::new(), |chain, provider| chain.with_source("source", provider));
    printed.debug("a chain", &chain.with_source("environment", EnvironmentProvider));
}

/// Parameters that the specification keeps out of logs, or that may have a secret in a URL.
fn given() -> Vec<(&'static Operation, Parameters)> {
    let callback = canary("callback token");
    let url = format!("https://user:{callback}@host/p?token={callback}");
    let slash = format!("https://user:a/{callback}@host/p");
    let of = |version, name| Operation::find(version, name).unwrap();
    vec![
        (of("2020-12-14", "IncreaseInstance"), Parameters::new().with("CallbackAddress", callback)),
        (of("2020-12-14", "IncreaseInstance"), Parameters::new().with("CallbackAddress", &*url)),
        (of("2020-12-14", "AddImage"), Parameters::new().with("PicContent", &*url)),
        (of("2020-12-14", "AddImage"), Parameters::new().with("PicContent", &*slash)),
        (of("2020-12-14", "AddImage"), Parameters::new().with("CustomContent", &*url)),
        (of("2019-03-25", "AddImage"), Parameters::new().with("PicContent", picture())),
        (of("2019-03-25", "AddImage"), Parameters::new().with("PicContent", callback)),
        (of("2018-01-20", "SearchItem"), Parameters::new().with("searchPic", callback)),
    ]
}

/// Keeps what parameters print, and what is said of those that cannot be sent.
fn what_is_given(printed: &mut Printed) {
    for (operation, parameters) in given() {
        printed.debug("parameters", &parameters);
        printed.debug("violations", &validate(operation, &parameters, &ImageLimits::DEFAULT, &[]));
        let call = RawRequest::new(operation.name).version(operation.version);
        let call = parameters.iter().fold(call, |call, (name, value)| {
            call.parameter(name.to_owned(), value.clone()).form(name.to_owned(), value.clone())
        });
        printed.debug("a raw call", &call.query("Newer", canary("callback token")));
    }
}

/// Keeps what requests print on their way to a signature, and what a signature prints.
fn what_is_signed(printed: &mut Printed) {
    for (credentials, (operation, parameters)) in
        credentials().into_iter().flat_map(|it| given().into_iter().map(move |of| (it.clone(), of)))
    {
        for signature in [SignatureMethod::Acs3HmacSha256, SignatureMethod::HmacSha1] {
            let mut request = encoded(operation, &parameters).unwrap();
            request.add_header("x-own", canary("value of a header"));
            printed.debug("a request", &request);
            let timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
            let context = SigningContext::new(&credentials, timestamp).with_nonce("nonce");
            printed.debug("what a request is signed with", &context);
            let signed = sign(signature, &request, &context);
            printed.debug("a signature", &signed);
            // What signs nothing has no signature.
            let stages = &signed.stages;
            let leaks =
                !stages.signature.is_empty() && format!("{signed:?}").contains(&stages.signature);
            assert!(!leaks, "{signature:?} prints its signature");
            signed.apply(&request).unwrap();
        }
    }
}

/// Keeps what an exchange prints of itself and of each request.
fn what_is_sent(printed: &mut Printed) {
    for credentials in credentials() {
        for signature in [SignatureMethod::Acs3HmacSha256, SignatureMethod::HmacSha1] {
            for call in calls() {
                match exchange(credentials.clone(), signature, &call) {
                    Ok(steps) => steps.iter().for_each(|it| printed.text("a step", it)),
                    Err(error) => printed.error("an exchange", &error),
                }
            }
        }
    }
}

/// Runs a call up to its upload, and tells how everything on the way prints.
fn exchange(
    credentials: Credentials,
    signature: SignatureMethod,
    call: &RawRequest,
) -> Result<Vec<String>, Error> {
    let client: FakeClient =
        builder("http://127.0.0.1:1", credentials).with_signature(signature).build()?;
    let shared: Arc<Shared> = client.shared();
    let mut prints = vec![format!("{shared:#?} {:#?}", shared.config())];
    let call =
        PreparedCall::raw(call.clone(), "shop", ImageLimits::DEFAULT, CallOptions::default());
    prints.push(format!("{call:#?}"));
    let now: Now = VirtualClock::default().now();
    let mut exchange = Exchange::new(shared, call, now)?;
    let mut entropy = CountingEntropy::default();
    for _ in 0..3 {
        let step = exchange.poll(now, &mut entropy, std::task::Waker::noop());
        prints.push(format!("{step:#?} {exchange:#?}"));
        match step {
            Effect::Transmit(send) => {
                let answer = answer(200, &authorization("127.0.0.1:1"));
                exchange.handle_response(send.id, now, answer);
            }
            Effect::Done(result) => return result.map(|_| prints),
            _ => {}
        }
    }
    Ok(prints)
}

/// Keeps what an emulator logs and remembers of requests, right and wrong.
fn the_emulator(printed: &mut Printed, runtime: &Runtime) {
    let lines = Arc::new(Mutex::new(Vec::<String>::new()));
    let log = Arc::clone(&lines);
    let emulator = Emulator::builder()
        .account("id", canary("access key secret"))
        .account("known", "another secret")
        .log(move |line| log.lock().unwrap().push(line.to_owned()))
        .start()
        .unwrap();
    printed.debug("emulator", &emulator);
    provoke_all(printed, "an emulator", emulator.url(), runtime);
    let wrong = Credentials::access_key("known", canary("access key secret"));
    for client in [
        builder::<imagesearch_blocking::Client>(emulator.url(), wrong.clone()),
        builder(emulator.url(), wrong).with_signature(SignatureMethod::HmacSha1),
    ] {
        let client = client.build().unwrap();
        let error = client.instance(Emulator::INSTANCE).raw(calls()[0].clone()).send().unwrap_err();
        printed.error("a wrong secret", &error);
    }
    let lines = std::mem::take(&mut *lines.lock().unwrap());
    assert!(!lines.is_empty(), "the emulator has nothing to say about a wrong secret");
    lines.into_iter().for_each(|line| printed.text("the emulator's log", line));
    let journal = emulator.requests();
    assert!(journal.len() > 10);
    printed.debug("the emulator's journal", &journal);
    printed.text("the emulator's journal", serde_json::to_string(&journal).unwrap());
}
