use std::{num::NonZeroUsize, sync::Arc};

use super::{ClientBuilder, Config, FromConfig, proxy};
use crate::{
    credentials::CredentialsChain,
    endpoint::Endpoint,
    error::Error,
    generated::{regions::REGIONS, service},
    user_agent,
    values::{InvalidValue, Region},
};

impl<C: FromConfig> ClientBuilder<C> {
    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Neither region nor endpoint is set, one of them is malformed, `http://` would leave the
    /// machine, the proxy's URL or a certificate is invalid, or the HTTP client cannot be created.
    pub fn build(self) -> Result<C, Error> {
        let (config, http) = self.into_config()?;
        C::from_config(config, http)
    }

    pub(crate) fn into_config(self) -> Result<(Config, Option<C::HttpClient>), Error> {
        let refuse = |name: &str, error: InvalidValue| Error::config(format!("{name}: {error}"));
        let region = self.region.transpose().map_err(|error| refuse("region", error))?;
        let endpoint = self.endpoint.transpose().map_err(|error| refuse("endpoint", error))?;
        let open_platform = self
            .open_platform
            .transpose()
            .map_err(|error| refuse("open platform endpoint", error))?;
        let trusted_upload_hosts = self
            .trusted_upload_hosts
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| refuse("trusted upload host", error))?;
        let api = match (endpoint, &region) {
            (Some(endpoint), _) => endpoint,
            (None, Some(region)) => Endpoint::https(api_host(region, self.vpc)),
            (None, None) => {
                return Err(Error::config("neither a region nor an endpoint is set")
                    .with_advice("set the region of your instance, such as `cn-shanghai`"));
            }
        };
        let config = Config {
            region: region.or_else(|| region_of(&api)),
            api,
            open_platform: open_platform
                .unwrap_or_else(|| Endpoint::https(service::OPEN_PLATFORM_HOST)),
            internal_upload: self.vpc,
            accelerate_upload: self.accelerate_upload,
            trusted_upload_hosts,
            credentials: self.credentials.unwrap_or_else(|| Arc::new(CredentialsChain::default())),
            signature: self.signature,
            user_agent: user_agent::with_product(self.user_agent.as_deref())?,
            headers: self.headers.check()?,
            connect_timeout: self.connect_timeout,
            attempt_timeout: self.attempt_timeout,
            timeout: self.timeout,
            retry: self.retry,
            pacing: self.pacing,
            clock_correction: self.clock_correction,
            validate: self.validate,
            transfer: self.transfer,
            response_cap: RESPONSE_CAP,
            max_connections: NonZeroUsize::new(self.max_connections).unwrap_or(NonZeroUsize::MIN),
            proxy: self.proxy.map(proxy::check).transpose()?,
            tls_roots: self.tls_roots,
            observer: self.observer,
        };
        let hosts = [&config.api, &config.open_platform];
        for host in hosts.into_iter().chain(&config.trusted_upload_hosts) {
            if !host.is_encrypted() && !host.is_loopback() && !self.insecure_http {
                return Err(Error::config(format!(
                    "the connection to `{host}` would not be encrypted"
                ))
                .with_advice(
                    "use https://, or allow it with `with_insecure_http(true)`, or \
                         `--insecure-http` on the command line",
                ));
            }
        }
        Ok((config, self.http))
    }
}

/// The maximum size of a response, far above the longest documented list.
const RESPONSE_CAP: u64 = 16 * 1024 * 1024;

fn api_host(region: &Region, vpc: bool) -> String {
    let known = REGIONS.iter().find(|known| known.id == region.as_str());
    match (known, vpc) {
        (Some(known), false) => known.public_host.to_owned(),
        (Some(known), true) => known.vpc_host.to_owned(),
        (None, false) => format!("{}.{region}.aliyuncs.com", service::HOST_PREFIX),
        (None, true) => format!("{}-vpc.{region}.aliyuncs.com", service::HOST_PREFIX),
    }
}

/// Returns the region of a regional host, which upload authorizations require.
fn region_of(api: &Endpoint) -> Option<Region> {
    let rest = api.host().strip_suffix(".aliyuncs.com")?;
    rest.split_once('.')?.1.parse().ok()
}
