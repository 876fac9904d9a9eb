//! Which addresses are public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns whether an address belongs to the internet at large.
///
/// Everything that is set aside for something else is not public, tunnels to IPv4 by what they lead
/// to. The standard library has this too, but not yet for use outside itself.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let set_aside = address.is_unspecified()
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        // Carriers' own networks; Alibaba Cloud serves a machine's metadata there.
        || (a == 100 && (64..128).contains(&b))
        // Protocol assignments, and the relays of 6to4.
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        // Measurements between networks.
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !set_aside
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [first, second, third, ..] = segments;
    match (first, second) {
        // Translation to IPv4, and 6to4, have the address that they lead to in them.
        // With anything between, the prefix is a network's own and may have it elsewhere.
        (0x64, 0xff9b) if segments[2..6] == [0; 4] => {
            is_public_v4(embedded(segments[6], segments[7]))
        }
        (0x2002, _) => is_public_v4(embedded(second, third)),
        // Protocol assignments such as Teredo, and documentation.
        (0x2001, 0..=0x1ff | 0xdb8) => false,
        (0x3fff, _) => false,
        // What has been given out for the internet so far.
        (0x2000..=0x3fff, _) => true,
        _ => false,
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_set_aside_are_not_public() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "64:ff9b:1::808:808",
            "64:ff9b:1:a00:0:100:808:808",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "8.8.8.8",
            "47.88.0.1",
            "100.63.0.1",
            "172.32.0.1",
            "2606:4700::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
