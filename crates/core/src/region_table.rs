/// A region: its name and its hosts.
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
    /// The name of the location.
    pub name: &'static str,
    /// The public host.
    pub public_host: &'static str,
    /// The host for callers in a VPC of the same region.
    pub vpc_host: &'static str,
    /// The bucket that pictures are uploaded to, if known.
    ///
    /// For firewalls and diagnostics: uploads use the bucket in the authorization.
    pub upload_bucket: Option<&'static str>,
    /// The host of that bucket, if known.
    pub upload_host: Option<&'static str>,
}
