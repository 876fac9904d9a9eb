//! Signatures that the vendor's pages and signing libraries give for known inputs.

use imagesearch_core::sign::{acs3, canonical_query, rpc};

/// One request signed `HMAC-SHA1` with the secret `testsecret`.
struct Rpc {
    method: &'static str,
    /// What is not the same in all: key, method and version of the signature.
    parameters: &'static [(&'static str, &'static str)],
    signature: &'static str,
}

const RPC: &[Rpc] = &[
    Rpc {
        method: "GET",
        parameters: &[
            ("Action", "DescribeRegions"),
            ("Format", "XML"),
            ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"),
            ("Timestamp", "2016-02-23T12:46:24Z"),
            ("Version", "2014-05-26"),
        ],
        signature: "OLeaidS1JvxuMvnyHOwuJ+uX5qY=",
    },
    Rpc {
        method: "GET",
        parameters: &[
            ("Action", "DescribeDedicatedHosts"),
            ("Format", "JSON"),
            ("RegionId", "cn-beijing"),
            ("SignatureNonce", "edb2b34af0af9a6d14deaf7c1a5315eb"),
            ("Timestamp", "2023-03-13T08:34:30Z"),
            ("Version", "2014-05-26"),
        ],
        signature: "9NaGiOspFP5UPcwX8Iwt2YJXXuk=",
    },
    Rpc {
        method: "POST",
        parameters: &[
            ("Action", "Detail"),
            ("Format", "json"),
            ("InstanceName", "demoinstance1"),
            ("SignatureNonce", "3156853299f313e23d1673dc12e1703d"),
            ("Timestamp", "2026-01-02T03:04:05Z"),
            ("Version", "2020-12-14"),
        ],
        signature: "k6Tp0IFppG4wNZjMTh5yhuP+cgA=",
    },
    Rpc {
        method: "POST",
        parameters: &[
            ("Action", "SearchImageByName"),
            ("Filter", "int_attr=1000 AND str_attr=\"value1\""),
            ("Format", "json"),
            ("InstanceName", "demoinstance1"),
            ("Num", "10"),
            ("PicName", "2092061_1.jpg"),
            ("ProductId", "2092061_1"),
            ("ScoreThreshold", "0.50"),
            ("SignatureNonce", "3156853299f313e23d1673dc12e1703d"),
            ("Timestamp", "2026-01-02T03:04:05Z"),
            ("Version", "2020-12-14"),
        ],
        signature: "MjSRsZsIdSB9aoDvNjrP3V/SHWw=",
    },
];

#[test]
fn rpc_signatures_equal_the_published_ones() {
    let common =
        [("AccessKeyId", "testid"), ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0")];
    for case in RPC {
        let parameters = case.parameters.iter().chain(&common).copied();
        let to_sign = rpc::string_to_sign(case.method, &canonical_query(parameters));
        let signature = rpc::signature("testsecret", &to_sign);
        assert_eq!(signature, case.signature, "{}", case.parameters[0].1);
    }
}

#[test]
fn the_rpc_string_to_sign_equals_the_published_one() {
    let common =
        [("AccessKeyId", "testid"), ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0")];
    let parameters = common.iter().chain(RPC[0].parameters).copied();
    assert_eq!(
        rpc::string_to_sign("GET", &canonical_query(parameters)),
        "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML\
         %26SignatureMethod%3DHMAC-SHA1\
         %26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0\
         %26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26"
    );
}

/// One request signed `ACS3-HMAC-SHA256` with the secret `YourAccessKeySecret`.
struct Acs3 {
    query: &'static [(&'static str, &'static str)],
    headers: &'static [(&'static str, &'static str)],
    body_sha256: &'static str,
    signature: &'static str,
}

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const NONCE: (&str, &str) = ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SEARCH: (&str, &str) = ("x-acs-action", "SearchImageByName");
const HOST: (&str, &str) = ("host", "imagesearch.cn-shanghai.aliyuncs.com");
const DATE: (&str, &str) = ("x-acs-date", "2026-01-02T03:04:05Z");
const VERSION: (&str, &str) = ("x-acs-version", "2020-12-14");

const ACS3: &[Acs3] = &[
    Acs3 {
        query: &[
            ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
            ("RegionId", "cn-shanghai"),
        ],
        headers: &[
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            NONCE,
            ("x-acs-version", "2014-05-26"),
        ],
        body_sha256: EMPTY,
        signature: "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
    },
    // The form as the library for Node.js writes it, with `%20`.
    Acs3 {
        query: &[("ScoreThreshold", "0.50")],
        headers: &[FORM, HOST, SEARCH, DATE, NONCE, VERSION],
        body_sha256: "e4903b4b6eee8ea0e2a87ed36f4c0ada1daeb274f61e98c947fbad7710451aa7",
        signature: "a79504dbf9c386ac2ed2319aa9ca5c005ab590e57e192f41c71919e04e062f9a",
    },
    // The form as the library for Python writes it, with `+`; it signs `accept` as well.
    Acs3 {
        query: &[("ScoreThreshold", "0.50")],
        headers: &[("accept", "application/json"), FORM, HOST, SEARCH, DATE, NONCE, VERSION],
        body_sha256: "0fcbb772a45d27feb3a17125fc288f3498ce09dc512e590a53e7a5164094df94",
        signature: "c8d0614521cb7b4cc5053d5926f42a3ace1f2038eb749484681f614b3c67d127",
    },
];

#[test]
fn acs3_signatures_equal_the_published_ones() {
    for case in ACS3 {
        let hash = ("x-acs-content-sha256", case.body_sha256);
        let headers: Vec<(&str, &str)> = case.headers.iter().copied().chain([hash]).collect();
        let query = case.query.iter().copied();
        let canonical = acs3::canonical_request("POST", "/", query, &headers, case.body_sha256);
        let to_sign = acs3::string_to_sign(&canonical);
        let signature = acs3::signature("YourAccessKeySecret", &to_sign);
        assert_eq!(signature, case.signature, "{canonical}");
    }
}

#[test]
fn blanks_around_header_values_are_not_signed() {
    let of = |value| {
        acs3::canonical_request("POST", "/", [].into_iter(), &[("x-acs-action", value)], EMPTY)
    };
    assert_eq!(of(" Detail \t"), of("Detail"));
}
