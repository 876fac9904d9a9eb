use std::{fmt, time::Duration};

use imagesearch_core::{
    Credentials, Error,
    credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
};

/// Takes credentials from a function, such as one that asks a vault.
///
/// The client calls it on the thread of the call that needs credentials, keeps what it returns until a
/// while before it expires, and lets other calls use it. The function should not take longer than the
/// call's timeout, which cannot interrupt it.
///
/// ```
/// use imagesearch_blocking::{Client, Credentials, Error, ErrorKind, credentials::from_fn};
///
/// fn ask_the_vault() -> Result<(String, String), std::io::Error> {
///     Ok(("id".to_owned(), "secret".to_owned()))
/// }
///
/// let vault = from_fn(|| {
///     let (id, secret) = ask_the_vault().map_err(|error| {
///         Error::new(ErrorKind::Credentials, "the vault did not answer").with_source(error)
///     })?;
///     Ok(Credentials::access_key(id, secret))
/// });
/// let client = Client::builder().with_region("cn-shanghai").with_credentials(vault).build()?;
/// # Ok::<(), imagesearch_blocking::Error>(())
/// ```
pub fn from_fn<F>(fetch: F) -> FromFn<F>
where
    F: Fn() -> Result<Credentials, Error> + Send + Sync,
{
    FromFn { fetch }
}

/// A source of credentials that is a function; [`from_fn`] creates it.
#[derive(Clone)]
pub struct FromFn<F> {
    fetch: F,
}

impl<F> CredentialsProvider for FromFn<F>
where
    F: Fn() -> Result<Credentials, Error> + Send + Sync,
{
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let result = (self.fetch)();
        Box::pin(async move {
            // The function may have taken long, and the call goes on by the time after it.
            context.sleep(Duration::ZERO).await;
            result
        })
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FromFn").finish_non_exhaustive()
    }
}
