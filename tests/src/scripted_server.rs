//! A server on TCP that does what it is told.
