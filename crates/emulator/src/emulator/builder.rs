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

/// Builds an emulator.
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
    /// Sets the address to listen on. The default is a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Sets the host, with an optional port, that clients reach the emulator at.
    ///
    /// Uploads go there. The official SDKs join bucket and endpoint with a dot, so the host is
    /// split at its first dot and must have one: `127.0.0.1:8080` or `oss.emulator:8080`, not
    /// `localhost:8080`. The default is the bound address. An IPv6 address has no dot, so the host
    /// must be set then.
    pub fn public_host(mut self, host: impl Into<String>) -> Self {
        self.public_host = Some(host.into());
        self
    }

    /// Sets the folder of the CA for HTTPS, so that clients also trust later starts.
    ///
    /// The folder contains `ca.pem`, for clients, and `ca-key.pem`, which only its owner may read:
    /// with the key one can impersonate any host to clients that trust the certificate. Missing
    /// files are created. By default, the CA is in memory for one start.
    pub fn ca_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.ca_dir = Some(folder.into());
        self
    }

    /// Allows a host for pictures that `PicContent` names, which the emulator then fetches, and for
    /// the `CallbackAddress` of batch tasks.
    ///
    /// A pattern is a name or an address, with `*` for any characters: `*.example.com`. By default
    /// nothing is fetched. A non-public address is allowed only if a pattern is exactly that
    /// address, or `localhost`, and the URL uses the same. At most 4 MiB are read within 5 seconds;
    /// redirects are not followed, and no proxy is used.
    pub fn allow_fetch(mut self, hosts: impl Into<String>) -> Self {
        self.allow_fetch.push(hosts.into());
        self
    }

    /// Adds an OSS bucket whose objects are the files of a folder, for `IncreaseInstance`.
    ///
    /// A key is the path of a file below the folder; no key leads out of it, not even through a
    /// link. Objects can be read and stored at `/_emulator/buckets/<bucket>/<key>`, and listed at
    /// the bucket. A bucket without a folder is in memory, 256 MiB for all of them, and is created
    /// with its first object.
    pub fn bucket(mut self, name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.buckets.push((name.into(), folder.into()));
        self
    }

    /// Adds an instance. The default is one named [`Emulator::INSTANCE`].
    ///
    /// Of two with the same name, the later one counts.
    pub fn instance(mut self, instance: InstanceSettings) -> Self {
        self.instances.push(instance);
        self
    }

    /// Sets a folder to store all data in, so that it survives a restart.
    ///
    /// A write returns once it is on disk: acknowledged writes survive a crash, and no write is
    /// ever partial. A missing folder is created; one with other files is refused, and so is one
    /// that another emulator uses. An instance in the folder keeps its settings, regardless of
    /// [`instance`](Self::instance). Accounts, unused uploads and faults are not stored.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.storage.data = Some(folder.into());
        self
    }

    /// Sets whether to store the original pictures, not only their descriptors. The default is
    /// `false`.
    ///
    /// It takes as much memory as the pictures have bytes, or disk space if there is a
    /// [`data`](Self::data) folder.
    pub fn keep_images(mut self, keep: bool) -> Self {
        self.storage.keep_images = keep;
        self
    }

    /// Sets the memory limit of pictures and snapshots in bytes. The default is 2 GiB.
    ///
    /// A picture takes 2 to 3 KiB, plus its own size if pictures are kept. A snapshot counts as if
    /// it shared nothing. A call that would exceed the limit is refused with `InstanceOverQuota`
    /// (assumed) and stores nothing.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.storage.max_memory = bytes;
        self
    }

    /// Adds a permanent key. The default account is [`Emulator::ACCESS_KEY_ID`].
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

    /// Adds a temporary key, accepted only with its security token.
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

    /// Sets whether signatures are checked. The default is [`Auth::Strict`].
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Sets a function that receives log lines. There is none by default.
    ///
    /// It logs calls that fail authentication, with the text that the emulator signed and, if a
    /// common mistake explains the signature, the text that the client signed. Lines never contain
    /// secrets.
    ///
    /// The function must not block: a refused call is answered after it returns.
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

    /// Sets the clock. The default is the machine's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Adds rules that make requests fail on purpose.
    pub fn faults(mut self, rules: impl IntoIterator<Item = FaultRule>) -> Self {
        self.faults.extend(rules);
        self
    }

    /// Sets the limits of connections and times.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the rate limit of calls. The default is no limit.
    pub fn throttle(mut self, throttle: Throttle) -> Self {
        self.throttle = throttle;
        self
    }

    /// Stores the pictures of a folder in an instance before calls are served, like
    /// [`Emulator::seed`]. Refused pictures are reported to [`log`](Self::log).
    ///
    /// An instance that was in the [`data`](Self::data) folder before is not changed.
    pub fn seed(mut self, instance: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.seeds.push((instance.into(), folder.into()));
        self
    }

    /// Disables the admin API, except `health` and `ca.pem`.
    pub fn no_admin(mut self) -> Self {
        self.access = Access::Off;
        self
    }

    /// Sets a token that the admin API requires as `authorization: Bearer TOKEN`.
    ///
    /// By default every program on this machine may use it; if the emulator listens on an address
    /// that other machines can reach, a random token is generated, which [`Emulator::admin_token`]
    /// returns.
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.access = Access::Token(token.into());
        self
    }

    /// Starts listening and returns once connections are accepted.
    ///
    /// # Errors
    ///
    /// The address cannot be bound, the public host has no dot, a host pattern is malformed, an
    /// instance or a fault rule is invalid, the admin token is not allowed in a header, the folder
    /// of a bucket or of the CA is unusable, a folder of pictures cannot be read, or no thread can
    /// be started.
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
                // A busy decoder must not delay the caller.
                runtime.shutdown_background();
            })
            .map_err(StartError::System)?;
        let emulator = Emulator { url, ca_der, stop, handle, thread: Some(thread), context };
        for (instance, folder) in &self.seeds {
            if stored.contains(instance) {
                let folder = folder.display();
                log.write(&format!("`{instance}` already exists; {folder} is not added again"));
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

    /// Creates the configured instances; existing ones are not changed.
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

/// Why the emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Cannot listen on the address.
    #[error("cannot listen on {address}: {source}; choose another port, or 0 for a free one")]
    Bind {
        /// The requested address.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// The public host cannot be split into a bucket and an endpoint.
    #[error(
        "public host must have a dot and no scheme or path, not `{host}`; \
         use 127.0.0.1 for localhost"
    )]
    PublicHost {
        /// The given host.
        host: String,
    },
    /// The address has no dot, and no public host is given.
    #[error(
        "{address} has no dot, so SDKs cannot upload there; set the public host to a name of this machine \
         with a dot, and the port"
    )]
    NoPublicHost {
        /// The bound address.
        address: SocketAddr,
    },
    /// A host pattern is malformed.
    #[error("allowed hosts: {reason}")]
    AllowFetch {
        /// Which one, and the expected form.
        reason: String,
    },
    /// The folder of a bucket cannot be read.
    #[error("{reason}")]
    Bucket {
        /// Which one, and why.
        reason: String,
    },
    /// An instance is invalid.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// The admin token is not allowed in a header.
    #[error(
        "the admin token must have at least one character, only printable ASCII without blanks"
    )]
    AdminToken,
    /// A folder of pictures cannot be stored.
    #[error("seed: {0}")]
    Seed(#[from] SeedError),
    /// A fault rule is invalid.
    #[error(transparent)]
    Faults(#[from] FaultError),
    /// The certificates for HTTPS cannot be created, or their folder is unusable.
    #[error("cannot offer HTTPS: {0}")]
    Certificates(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The data folder is unusable.
    #[error("cannot use the data folder: {0}")]
    Data(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The system has no thread or no randomness.
    #[error("cannot start: {0}")]
    System(#[source] io::Error),
}
