use crate::endpoint::Endpoint;

/// Hosts in place of the usual ones, for whatever provider a file leads to.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    pub(super) sts: Option<Endpoint>,
    pub(super) metadata: Option<Endpoint>,
}
