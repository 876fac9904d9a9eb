#![doc = include_str!("../FIDELITY.md")]
