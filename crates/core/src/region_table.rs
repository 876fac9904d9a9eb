/// Describes a region: its name and its hosts.
///
/// ```
/// let shanghai = imagesearch_core::client::REGIONS.iter().find(|region| region.id == "cn-shanghai");
/// assert!(shanghai.is_some_and(|it| it.public_host == "imagesearch.cn-shanghai.aliyuncs.com"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegionDescription {
    /// The id, such as `cn-shanghai`.
    pub id: &'static str,
    /// The name of the place.
    pub name: &'static str,
    /// The host that answers everyone.
    pub public_host: &'static str,
    /// The host that answers callers in a VPC of the same region.
    pub vpc_host: &'static str,
    /// The bucket that pictures are uploaded to, where it is known.
    ///
    /// The answer that authorises an upload names it; this one is for firewalls and diagnostics.
    pub upload_bucket: Option<&'static str>,
    /// The host of that bucket, where it is known.
    pub upload_host: Option<&'static str>,
}
