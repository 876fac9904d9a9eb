//! The official SDKs, and the ways to run each.

/// An official SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sdk {
    Python,
    Node,
    Go,
    Java,
}

/// One way to run the cases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant {
    pub(crate) signature: &'static str,
    pub(crate) protocol: &'static str,
    pub(crate) asynchronous: bool,
}

impl Sdk {
    pub(crate) const ALL: [Self; 4] = [Self::Python, Self::Node, Self::Go, Self::Java];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    /// Names the package and its version, as `seen.json` tells it.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Python => "alibabacloud_imagesearch20201214 4.4.0",
            Self::Node => "@alicloud/imagesearch20201214 4.4.0",
            Self::Go => "github.com/alibabacloud-go/imagesearch-20201214/v4 4.2.2",
            Self::Java => "com.aliyun:imagesearch20201214 4.0.2",
        }
    }

    /// Lists how to run it: both signatures, sync and async, and everything over HTTPS once.
    pub(crate) fn variants(self) -> Vec<Variant> {
        let kinds: &[bool] = match self {
            Self::Python => &[false, true],
            // Its methods are all asynchronous.
            Self::Node => &[true],
            Self::Go | Self::Java => &[false],
        };
        let mut variants = Vec::new();
        for &asynchronous in kinds {
            for signature in ["ACS3-HMAC-SHA256", "HMAC-SHA1"] {
                variants.push(Variant { signature, protocol: "HTTP", asynchronous });
            }
            let signature = "ACS3-HMAC-SHA256";
            variants.push(Variant { signature, protocol: "HTTPS", asynchronous });
        }
        variants
    }
}

impl Variant {
    /// Says in a few words which way it is.
    pub(crate) fn name(self) -> String {
        let kind = if self.asynchronous { "async" } else { "sync" };
        format!("{} {} {kind}", self.signature, self.protocol)
    }
}
