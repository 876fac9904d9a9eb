use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use tokio::sync::watch;

use crate::emulator::Emulator;
use crate::http::admin::access::Access;
use crate::http::admin::settings::AdminSettings;
use crate::http::context::{self, Context};
use crate::http::fetcher::Fetcher;
use crate::http::gateway::auth::Authenticator;
use crate::http::gateway::auth::account::{Account, Auth};
use crate::http::gateway::faults::rule::{FaultError, FaultRule};
use crate::http::router::router;
use crate::http::transport::limits::Limits;
use crate::http::transport::server;
use crate::http::transport::shutdown::ShutdownHandle;
use crate::http::transport::tls::Tls;
use crate::service::buckets::Buckets;
use crate::service::clock::Clock;
use crate::service::log::Log;
use crate::service::public_host::{PublicHost, reachable};
use crate::service::seed::SeedError;
use crate::service::throttle::Throttle;
use crate::service::{self, Service};
use crate::store::instance_settings::{InstanceError, InstanceSettings};
use crate::store::{Store, StoreOptions};

/// Sets up an emulator.
///
/// ```
/// use imagesearch_emulator::{Auth, Emulator, InstanceSettings};
///
/// let emulator = Emulator::builder()
///     .instance(InstanceSettings::new("shop").capacity(10))
///     .account("my-id", "my-secret")
///     .auth(Auth::Strict)
///     .start()?;
/// # drop(emulator);
/// # Ok::<(), imagesearch_emulator::StartError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct EmulatorBuilder {
    listen: SocketAddr,
    public_host: Option<String>,
    ca_dir: Option<PathBuf>,
    allow_fetch: Vec<String>,
    buckets: Vec<(String, PathBuf)>,
    instances: Vec<InstanceSettings>,
    storage: StoreOptions,
    accounts: Vec<Account>,
    auth: Auth,
    clock: Clock,
    log: Log,
    faults: Vec<FaultRule>,
    limits: Limits,
    throttle: Throttle,
    access: Access,
    seeds: Vec<(String, PathBuf)>,
}

impl Default for EmulatorBuilder {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_host: None,
            ca_dir: None,
            allow_fetch: Vec::new(),
            buckets: Vec::new(),
            instances: Vec::new(),
            storage: StoreOptions::default(),
            accounts: Vec::new(),
            auth: Auth::default(),
            clock: Clock::default(),
            log: Log::default(),
            faults: Vec::new(),
            limits: Limits::default(),
            throttle: Throttle::default(),
            access: Access::default(),
            seeds: Vec::new(),
        }
    }
}

impl EmulatorBuilder {
    /// Sets the address to listen on; a free port of 127.0.0.1 unless set.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Sets the host, with its port if it has one, under which clients reach the emulator.
    ///
    /// Uploads go there. The official SDKs join bucket and endpoint with a dot, so the host is
    /// split at its first dot and must have one: `127.0.0.1:8080` or `oss.emulator:8080`, not
    /// `localhost:8080`. It is the bound address unless set; one of IPv6 has no dot, so it must be set then.
    pub fn public_host(mut self, host: impl Into<String>) -> Self {
        self.public_host = Some(host.into());
        self
    }

    /// Keeps the authority for HTTPS in a folder, so that clients trust the next start as well.
    ///
    /// The folder gets `ca.pem`, for clients, and `ca-key.pem`, which only its owner may read: whoever
    /// has the key can pass for any host before those who trust the certificate. Both are made if
    /// they are not there. Unless set, the authority lives in memory for one start.
    pub fn ca_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.ca_dir = Some(folder.into());
        self
    }

    /// Lets `PicContent` name pictures on other hosts, which the emulator then fetches, and the
    /// `CallbackAddress` of batch tasks be called there.
    ///
    /// A pattern is a name or an address, with `*` for any characters: `*.example.com`. Unless one is
    /// added, nothing is fetched. An address that is not public is reached only if a pattern is that
    /// very address, or `localhost`, and the URL names it so. At most 4 MiB are read within 5 seconds;
    /// redirects are not followed, and no proxy is used.
    pub fn allow_fetch(mut self, hosts: impl Into<String>) -> Self {
        self.allow_fetch.push(hosts.into());
        self
    }

    /// Makes the files of a folder the objects of an OSS bucket, which `IncreaseInstance` can read.
    ///
    /// A key is the path of a file below the folder; none leads out of it, not even by a link. Objects
    /// can be read and stored at `/_emulator/buckets/<bucket>/<key>`, and listed at the bucket. A
    /// bucket without a folder is in memory, 256 MiB for all of them, and begins with its first object.
    pub fn bucket(mut self, name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.buckets.push((name.into(), folder.into()));
        self
    }

    /// Adds an instance; without any, there is one named [`Emulator::INSTANCE`].
    ///
    /// Of two with one name, the later one stays.
    pub fn instance(mut self, instance: InstanceSettings) -> Self {
        self.instances.push(instance);
        self
    }

    /// Stores everything in a folder, so that the next start with it goes on where this one ends.
    ///
    /// A write is answered when it is on the disk: what was answered survives an end of any kind, and
    /// nothing is ever half there. The folder is made if it is not there; one with other files is
    /// refused, and so is one that another emulator uses. An instance that is in the folder keeps its
    /// settings, whatever [`instance`](Self::instance) says. Accounts, uploads that wait to be used and
    /// faults are not stored.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.storage.data = Some(folder.into());
        self
    }

    /// Keeps pictures as they were sent, besides what is compared of them; they are not kept unless set.
    ///
    /// It takes as much memory as the pictures have bytes, or room on the disk if there is a
    /// [`data`](Self::data) folder.
    pub fn keep_images(mut self, keep: bool) -> Self {
        self.storage.keep_images = keep;
        self
    }

    /// Sets how many bytes of memory pictures and snapshots may take; 2 GiB unless set.
    ///
    /// A picture takes 2 to 3 KiB, and as many bytes as it has if pictures are kept. A snapshot counts
    /// as if it shared nothing. What would be too much is refused with `InstanceOverQuota` (assumed),
    /// and nothing of it is stored.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.storage.max_memory = bytes;
        self
    }

    /// Adds a permanent key; without any account, [`Emulator::ACCESS_KEY_ID`] is known.
    pub fn account(
        mut self,
        access_key_id: impl Into<String>,
        access_key_secret: impl Into<String>,
    ) -> Self {
        self.accounts.push(Account {
            id: access_key_id.into(),
            secret: access_key_secret.into(),
            token: None,
        });
        self
    }

    /// Adds a temporary key, which is taken only together with its security token.
    pub fn sts_account(
        mut self,
        access_key_id: impl Into<String>,
        access_key_secret: impl Into<String>,
        security_token: impl Into<String>,
    ) -> Self {
        self.accounts.push(Account {
            id: access_key_id.into(),
            secret: access_key_secret.into(),
            token: Some(security_token.into()),
        });
        self
    }

    /// Sets whether signatures are checked; they are unless set.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Sets what takes lines for the person who runs the emulator; nothing unless set.
    ///
    /// Calls that are not authentic are told there, with what was signed here and, where one of the
    /// usual mistakes explains the signature, what the client signed. Secrets are never in it.
    ///
    /// The function must not wait: a call that is refused is answered when it has returned.
    ///
    /// ```
    /// use imagesearch_emulator::Emulator;
    ///
    /// let builder = Emulator::builder().log(|line| eprintln!("{line}"));
    /// # drop(builder);
    /// ```
    pub fn log(mut self, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Log::new(write);
        self
    }

    /// Sets the clock; the machine's unless set.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Adds rules that let requests fail on purpose; none unless set.
    pub fn faults(mut self, rules: impl IntoIterator<Item = FaultRule>) -> Self {
        self.faults.extend(rules);
        self
    }

    /// Sets what clients may take of the emulator: connections and time.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how many calls a second are carried out; all are unless set.
    pub fn throttle(mut self, throttle: Throttle) -> Self {
        self.throttle = throttle;
        self
    }

    /// Stores the pictures of a folder in an instance before calls are served, as
    /// [`Emulator::seed`] does. What is refused is told to [`log`](Self::log).
    ///
    /// An instance that was in the [`data`](Self::data) folder before stays as it is.
    pub fn seed(mut self, instance: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.seeds.push((instance.into(), folder.into()));
        self
    }

    /// Switches the admin API off, all but its `health` and `ca.pem`.
    pub fn no_admin(mut self) -> Self {
        self.access = Access::Off;
        self
    }

    /// Lets only those use the admin API who send this token, as `authorization: Bearer TOKEN`.
    ///
    /// Unless set, every program on this machine may; if the emulator listens on an address that
    /// others reach, a token is drawn, which [`Emulator::admin_token`] returns.
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.access = Access::Token(token.into());
        self
    }

    /// Starts listening and returns once connections are accepted.
    ///
    /// # Errors
    ///
    /// The address cannot be bound, the public host has no dot, a pattern of hosts to fetch from is
    /// malformed, an instance or a fault rule is out of range, the admin token cannot travel in a
    /// header, the folder of a bucket or of the certificate authority cannot be used, a folder of
    /// pictures cannot be read, or the system gives no thread.
    pub fn start(mut self) -> Result<Emulator, StartError> {
        if self.listen.is_ipv6() && self.public_host.is_none() {
            return Err(StartError::NoPublicHost { address: self.listen });
        }
        let bind = |source| StartError::Bind { address: self.listen, source };
        let listener = TcpListener::bind(self.listen).map_err(bind)?;
        listener.set_nonblocking(true).map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let host = match self.public_host.take() {
            Some(host) => host,
            None => reachable(address).to_string(),
        };
        let host = PublicHost::parse(&host).ok_or(StartError::PublicHost { host })?;
        if self.accounts.is_empty() {
            self = self.account(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
        }
        self.instances.iter().try_for_each(InstanceSettings::check)?;
        let access = self.access.clone().ready(address.ip()).map_err(StartError::System)?;
        let access = access.ok_or(StartError::AdminToken)?;
        let store =
            Store::open(&self.storage).map_err(|error| StartError::Data(Box::new(error)))?;
        let stored = store.instances();
        let stored: BTreeSet<_> = stored.iter().map(|it| it.settings.name.clone()).collect();
        self.add_instances(&store)?;
        let authority = reachable(address).to_string();
        let url = format!("http://{authority}");
        let tls = Tls::new(self.ca_dir.as_deref(), &[&authority, &host.authority()])
            .map_err(|error| StartError::Certificates(Box::new(error)))?;
        let (stop, stopped) = watch::channel(false);
        let stop = ShutdownHandle::new(stop);
        let (ca_pem, ca_file, ca_der) = (tls.ca_pem, tls.ca_file, tls.ca_der);
        let admin =
            AdminSettings { access, ca_pem, ca_file, storage: self.storage, stop: stop.clone() };
        let fetcher = Fetcher::new(&self.allow_fetch, self.limits.fetch_time)
            .map_err(|error| StartError::AllowFetch { reason: error.to_string() })?;
        let buckets = Buckets::new(self.buckets)
            .map_err(|error| StartError::Bucket { reason: error.to_string() })?;
        let log = self.log.clone();
        let service = Service::new(service::Parts {
            store,
            buckets,
            fetch: Arc::new(fetcher),
            clock: self.clock,
            log: self.log.clone(),
            throttle: self.throttle,
            host: &host,
            address,
        });
        let auth = Authenticator::new(self.accounts, self.auth, self.log);
        let parts = context::Parts { service, host, address, auth, limits: self.limits, admin };
        let context = Arc::new(Context::new(parts).map_err(StartError::System)?);
        context.faults.set(self.faults)?;
        let runtime = server::runtime().map_err(StartError::System)?;
        let handle = runtime.handle().clone();
        let (routes, limits) = (router(Arc::clone(&context)), self.limits);
        let connections = Arc::clone(&context.connections);
        let thread = thread::Builder::new()
            .name("imagesearch-emulator".to_owned())
            .spawn(move || {
                let serve =
                    server::serve(listener, routes, connections, tls.acceptor, limits, stopped);
                if let Err(error) = runtime.block_on(serve) {
                    eprintln!("the emulator cannot serve: {error}");
                }
                // A decoder that is still busy must not hold up the caller.
                runtime.shutdown_background();
            })
            .map_err(StartError::System)?;
        let emulator = Emulator { url, ca_der, stop, handle, thread: Some(thread), context };
        for (instance, folder) in &self.seeds {
            if stored.contains(instance) {
                let folder = folder.display();
                log.write(&format!("`{instance}` was there before; {folder} is not added again"));
                continue;
            }
            let report = emulator.seed(instance, folder)?;
            for refused in &report.refused {
                log.write(&format!("{}: {refused}", folder.display()));
            }
        }
        emulator.context.set_ready();
        Ok(emulator)
    }

    /// Makes the instances that are wanted; those that are there already stay as they are.
    fn add_instances(&self, store: &Store) -> Result<(), StartError> {
        let stored = store.instances();
        let mut instances = self.instances.clone();
        if instances.is_empty() && stored.is_empty() {
            instances.push(InstanceSettings::default());
        }
        for settings in instances {
            match stored.iter().find(|instance| instance.settings.name == settings.name) {
                None => {
                    let put = store.put_instance(settings, self.clock.now());
                    put.map_err(|error| StartError::Data(Box::new(error)))?;
                }
                Some(instance) if instance.settings == settings => {}
                Some(_) => self.log.write(&format!(
                    "the instance `{}` keeps the settings that it has in the data folder",
                    settings.name
                )),
            }
        }
        Ok(())
    }
}

/// Tells why the emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another port, or 0 for a free one")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The public host cannot be split into a bucket and an endpoint.
    #[error(
        "public host must have a dot and no scheme or path, not `{host}`; \
         write 127.0.0.1 for localhost"
    )]
    PublicHost {
        /// The host that was given.
        host: String,
    },
    /// The address has no dot, and no public host is given.
    #[error(
        "{address} has no dot, so SDKs cannot upload there; name the public host, such as a name of this \
         machine that has one, with the port"
    )]
    NoPublicHost {
        /// The address that is listened on.
        address: SocketAddr,
    },
    /// A pattern of hosts to fetch from is malformed.
    #[error("allowed hosts: {reason}")]
    AllowFetch {
        /// Which one, and how they look.
        reason: String,
    },
    /// The folder of a bucket cannot be read.
    #[error("{reason}")]
    Bucket {
        /// Which one, and why.
        reason: String,
    },
    /// An instance is out of range.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// The admin token cannot travel in a header.
    #[error("the admin token must be of visible ASCII characters without blanks, at least one")]
    AdminToken,
    /// A folder of pictures cannot be stored.
    #[error("seed: {0}")]
    Seed(#[from] SeedError),
    /// A fault rule cannot be followed.
    #[error(transparent)]
    Faults(#[from] FaultError),
    /// The certificates for HTTPS cannot be made, or the folder for them cannot be used.
    #[error("cannot offer HTTPS: {0}")]
    Certificates(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The data folder cannot be used.
    #[error("cannot use the data folder: {0}")]
    Data(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The system gives no thread or no random numbers.
    #[error("cannot start: {0}")]
    System(#[source] io::Error),
}
