//! The mock of both clients: rules in place of the network, and the real exchange around them.

mod outcomes;
mod rules;
mod side;
mod versions;
