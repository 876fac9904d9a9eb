use std::time::Duration;

use imagesearch_core::{
    Image,
    operation::{self, Operation, QuotaGroup},
    requests::RawRequest,
};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any},
    prop_oneof,
    sample::select,
};

use super::{Fault, faults::Fate};
use crate::pictures::png;

/// All that is foreseen.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The calls, on clones of one client.
    pub calls: Vec<PlannedCall>,
    /// What happens to each request, in the order in which they are sent; later ones go well.
    pub fates: Vec<Fate>,
    /// Whether each fetch of credentials succeeds, in turn; later ones do.
    pub fetches: Vec<bool>,
    /// The plan that the client paces itself by.
    pub searches: Option<u32>,
    /// By how many seconds the service's clock is ahead of the client's.
    pub skew: i64,
    /// How long a temporary key lasts; absent if the key is a lasting one.
    pub key_lifetime: Option<Duration>,
    /// How long fetching a key takes.
    pub fetch_time: Duration,
    /// How many tokens the retry budget has.
    pub tokens: u32,
    /// How often each request is sent at most.
    pub attempts: u32,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
    /// Whether calls are also asked where they have no reason to go on.
    pub curious: bool,
}

/// One call.
#[derive(Clone, Debug)]
pub struct PlannedCall {
    /// What is called.
    pub action: Action,
    /// When it begins.
    pub starts: Duration,
    /// How long it may take.
    pub timeout: Duration,
    /// How long its caller waits before dropping it, if the caller does.
    pub patience: Option<Duration>,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the operations'")]
pub enum Action {
    Detail,
    SearchImageByName,
    SearchImageByPic,
    CompareSimilarByImage,
    DeleteImage,
    DumpMeta,
}

impl Action {
    /// Creates the call.
    pub(super) fn call(self) -> RawRequest {
        let call = RawRequest::new(self.described().name);
        match self {
            Self::DeleteImage => call.parameter("ProductId", "1"),
            Self::SearchImageByName => call.parameter("ProductId", "1").parameter("PicName", "a"),
            _ => self
                .pictures()
                .iter()
                .fold(call, |call, name| call.parameter(*name, Image::from(png(100, 100)))),
        }
    }

    /// Lists the parameters that are uploaded.
    pub fn pictures(self) -> &'static [&'static str] {
        match self {
            Self::SearchImageByPic => &["PicContent"],
            Self::CompareSimilarByImage => &["PrimaryPicContent", "SecondaryPicContent"],
            _ => &[],
        }
    }

    /// Returns what the specification says of it.
    pub fn described(self) -> &'static Operation {
        let name = format!("{self:?}");
        Operation::find(imagesearch_core::API_VERSION, &name).expect("is in the table")
    }

    /// Returns whether it changes something.
    pub fn writes(self) -> bool {
        self.described().access == operation::Access::Write
    }

    /// Returns whether twice is as good as once.
    pub fn is_idempotent(self) -> bool {
        self.described().idempotency == operation::Idempotency::Idempotent
    }

    /// Returns whose rate it counts towards.
    pub fn group(self) -> QuotaGroup {
        self.described().quota.group
    }
}

impl PlannedCall {
    /// Returns when its caller drops it.
    pub(super) fn dropped_at(&self) -> Option<Duration> {
        self.patience.map(|patience| self.starts + patience)
    }
}

/// Draws plans.
pub fn plans() -> impl Strategy<Value = Plan> {
    let world = (
        vec(calls(), 1..8),
        vec(fates(), 0..40),
        vec(any::<bool>(), 0..4),
        option::of(select(vec![1_u32, 5, 10])),
        // Half of the clocks are right; the service allows 15 minutes.
        prop_oneof![1 => Just(0_i64), 1 => -20_000_i64..20_000],
        option::of(milliseconds(500..30_000)),
    );
    let client =
        (milliseconds(0..2_000), 0_u32..60, 1_u32..=4, milliseconds(100..5_000), any::<bool>());
    (world, client).prop_map(|(world, client)| {
        let (calls, fates, fetches, searches, skew, key_lifetime) = world;
        let (fetch_time, tokens, attempts, attempt_timeout, curious) = client;
        Plan {
            calls,
            fates,
            fetches,
            searches,
            skew,
            key_lifetime,
            fetch_time,
            tokens,
            attempts,
            attempt_timeout,
            curious,
        }
    })
}

fn calls() -> impl Strategy<Value = PlannedCall> {
    use Action::{
        CompareSimilarByImage, DeleteImage, Detail, DumpMeta, SearchImageByName, SearchImageByPic,
    };
    let actions = vec![
        Detail,
        SearchImageByName,
        SearchImageByPic,
        CompareSimilarByImage,
        DeleteImage,
        DumpMeta,
    ];
    let patience = prop_oneof![3 => Just(None), 1 => milliseconds(0..6_000).prop_map(Some)];
    (select(actions), milliseconds(0..3_000), milliseconds(300..20_000), patience).prop_map(
        |(action, starts, timeout, patience)| PlannedCall { action, starts, timeout, patience },
    )
}

fn fates() -> impl Strategy<Value = Fate> {
    let fault = prop_oneof![
        12 => Just(Fault::None),
        1 => Just(Fault::NoConnection),
        1 => Just(Fault::ResetBefore),
        1 => Just(Fault::Lost),
        1 => Just(Fault::ResetAfter),
        1 => Just(Fault::Swallowed),
        1 => Just(Fault::HalfAnswer),
        1 => Just(Fault::EndlessAnswer),
        1 => Just(Fault::Denied),
        1 => (0_u64..30_000).prop_map(Fault::DeniedFor),
        1 => Just(Fault::NonceRefused),
        1 => Just(Fault::TokenRefused),
        1 => any::<bool>().prop_map(Fault::Internal),
        1 => any::<bool>().prop_map(Fault::Page),
        1 => Just(Fault::Refused),
    ];
    (fault, milliseconds(0..3_000))
}

fn milliseconds(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> + Clone {
    range.prop_map(Duration::from_millis)
}
