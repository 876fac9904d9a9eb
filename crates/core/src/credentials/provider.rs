use std::{fmt, future::Future, pin::Pin, sync::Arc};

use super::{Credentials, FetchContext};
use crate::error::Error;

/// Where credentials come from.
///
/// A provider is an async block that reads from top to bottom. It loads and sends through the
/// [`FetchContext`]; the client performs the I/O. So a provider works with every client and needs no
/// runtime.
///
/// ```
/// # use imagesearch_core::{
/// #     Credentials, Error, ErrorKind,
/// #     credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
/// # };
/// /// The key that two variables of the environment hold.
/// #[derive(Debug)]
/// struct OurVariables;
///
/// impl CredentialsProvider for OurVariables {
///     fn fetch(&self, context: FetchContext) -> CredentialsFuture {
///         Box::pin(async move {
///             match (context.variable("OUR_ID").await, context.variable("OUR_SECRET").await) {
///                 (Some(id), Some(secret)) => Ok(Credentials::access_key(id, secret)),
///                 _ => Err(Error::new(ErrorKind::Credentials, "OUR_ID or OUR_SECRET is not set")),
///             }
///         })
///     }
/// }
/// ```
pub trait CredentialsProvider: fmt::Debug + Send + Sync {
    /// Starts fetching credentials.
    fn fetch(&self, context: FetchContext) -> CredentialsFuture;
}

/// A fetch of credentials under way.
pub type CredentialsFuture = Pin<Box<dyn Future<Output = Result<Credentials, Error>> + Send>>;

impl CredentialsProvider for Credentials {
    fn fetch(&self, _context: FetchContext) -> CredentialsFuture {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

impl<P: CredentialsProvider + ?Sized> CredentialsProvider for Arc<P> {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        (**self).fetch(context)
    }
}
