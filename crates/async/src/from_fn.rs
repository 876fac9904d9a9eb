use std::{fmt, future::Future};

use imagesearch_core::{
    Credentials, Error,
    credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
};

/// Takes credentials from an async function, such as one that asks a vault.
///
/// The call that needs credentials awaits it, within its own timeout; it may use tokio and reqwest as
/// any future of that task. The client keeps what it returns until a while before it expires, and lets
/// other calls use it. If the call is dropped meanwhile, the future is dropped with it and the next
/// call starts anew. The future cannot borrow from the function, so clone what it needs:
///
/// ```
/// use imagesearch_async::{Client, Credentials, Error, ErrorKind, credentials::from_fn};
///
/// #[derive(Clone)]
/// struct Vault;
///
/// impl Vault {
///     async fn key(&self) -> Result<(String, String), std::io::Error> {
///         Ok(("id".to_owned(), "secret".to_owned()))
///     }
/// }
///
/// let vault = Vault;
/// let from_vault = from_fn(move || {
///     let vault = vault.clone();
///     async move {
///         let (id, secret) = vault.key().await.map_err(|error| {
///             Error::new(ErrorKind::Credentials, "the vault did not answer").with_source(error)
///         })?;
///         Ok(Credentials::access_key(id, secret))
///     }
/// });
/// let client = Client::builder().with_region("cn-shanghai").with_credentials(from_vault).build()?;
/// # Ok::<(), imagesearch_async::Error>(())
/// ```
pub fn from_fn<F, Fetch>(fetch: F) -> FromFn<F>
where
    F: Fn() -> Fetch + Send + Sync,
    Fetch: Future<Output = Result<Credentials, Error>> + Send + 'static,
{
    FromFn { fetch }
}

/// A source of credentials that is an async function; [`from_fn`] creates it.
#[derive(Clone)]
pub struct FromFn<F> {
    fetch: F,
}

impl<F, Fetch> CredentialsProvider for FromFn<F>
where
    F: Fn() -> Fetch + Send + Sync,
    Fetch: Future<Output = Result<Credentials, Error>> + Send + 'static,
{
    fn fetch(&self, _context: FetchContext) -> CredentialsFuture {
        Box::pin((self.fetch)())
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FromFn").finish_non_exhaustive()
    }
}
