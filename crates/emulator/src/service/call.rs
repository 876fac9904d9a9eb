//! A call of one operation, checked and typed.

use std::sync::Arc;

use crate::store::instance::Instance;

/// What an operation is given: the instance, and its own parameters.
#[derive(Debug)]
pub(crate) struct Call<I> {
    pub(crate) instance: Arc<Instance>,
    pub(crate) input: I,
}
