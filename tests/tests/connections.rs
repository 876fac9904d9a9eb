//! How many connections stay open when the requests that they were opened for are over.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use imagesearch_core::{
    ClientBuilder,
    client::{Endpoint, FromConfig},
    requests::RawRequest,
};
use imagesearch_tests::{
    pictures::png,
    scenario::authorization,
    scripted_server::{Act, Answering, ScriptedServer, http_answer},
    wire::{runtime, settings},
};

/// The service's three hosts, each of which answers only when this many requests are there.
struct Hosts {
    open_platform: ScriptedServer,
    storage: ScriptedServer,
    api: ScriptedServer,
}

impl Hosts {
    fn start(together: usize) -> Self {
        let server = |body: &str| {
            let (all, answer) = (Barrier::new(together), http_answer("200 OK", body));
            ScriptedServer::start(Act::AnswerEach(Answering::new(move |_| {
                all.wait();
                answer.clone()
            })))
        };
        let storage = server("");
        let authority = storage.uri().replace("http://", "");
        let open_platform = server(&authorization(&authority));
        Self { open_platform, storage, api: server(r#"{"Success":true}"#) }
    }

    fn client<C: FromConfig>(&self) -> ClientBuilder<C> {
        let endpoint = |server: &ScriptedServer| server.uri().parse::<Endpoint>().unwrap();
        settings(&self.api.uri())
            .with_open_platform_endpoint(endpoint(&self.open_platform))
            .with_trusted_upload_host(endpoint(&self.storage))
    }

    fn all(&self) -> [&ScriptedServer; 3] {
        [&self.open_platform, &self.storage, &self.api]
    }
}

fn search() -> RawRequest {
    RawRequest::new("SearchImageByPic")
        .parameter("PicContent", imagesearch_core::Image::from(png(100, 100)))
}

#[test]
fn the_async_client_keeps_a_quarter_of_its_connections_for_each_host() {
    const TOGETHER: usize = 8;
    let (hosts, runtime) = (Hosts::start(TOGETHER), runtime());
    let builder: ClientBuilder<imagesearch_async::Client> = hosts.client();
    let client = builder.with_max_connections(TOGETHER).build().unwrap();
    let shop = client.instance("shop");
    let calls: Vec<_> = (0..TOGETHER).map(|_| runtime.spawn(shop.raw(search()).send())).collect();
    for call in calls {
        runtime.block_on(call).unwrap().unwrap();
    }
    for server in hosts.all() {
        assert_eq!(server.requests(), TOGETHER);
        assert!(server.connections() >= TOGETHER, "they were not there together");
        let late = Instant::now() + Duration::from_secs(20);
        while server.open_connections() > TOGETHER / 4 {
            assert!(Instant::now() < late, "{} stay open", server.open_connections());
            thread::yield_now();
        }
    }
}

#[test]
fn the_blocking_client_keeps_a_connection_for_each_of_many_threads() {
    const THREADS: usize = 16;
    let hosts = Hosts::start(THREADS);
    let client: imagesearch_blocking::Client = hosts.client().build().unwrap();
    let shop = client.instance("shop");
    for _ in 0..2 {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| shop.raw(search()).send().unwrap());
            }
        });
    }
    for server in hosts.all() {
        assert_eq!(server.requests(), 2 * THREADS);
        assert_eq!(server.connections(), THREADS, "connections were closed and opened again");
    }
}
