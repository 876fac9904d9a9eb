//! What is wrong with a call, for each operation and code.

use std::net::TcpListener;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_emulator::{Auth, Emulator, InstanceSettings, Limits, Throttle};

use super::calls::{Call, NAME, SEARCH_PIC};
use crate::pictures::{corner, png, turned};
use crate::wire::{Answer, exchange, start};

const ADD: &str = "2020-12-14/AddImage";
const CHECK: &str = "2020-12-14/CheckImageExists";
const COMPARE: &str = "2020-12-14/CompareSimilarByImage";
const DELETE: &str = "2020-12-14/DeleteImage";
const DETAIL: &str = "2020-12-14/Detail";
const DUMP: &str = "2020-12-14/DumpMeta";
const DUMPS: &str = "2020-12-14/DumpMetaList";
const INCREASE: &str = "2020-12-14/IncreaseInstance";
const INCREASES: &str = "2020-12-14/IncreaseList";
const BY_FILTER: &str = "2020-12-14/SearchImageByFilter";
const BY_NAME: &str = "2020-12-14/SearchImageByName";
const BY_PIC: &str = "2020-12-14/SearchImageByPic";
const BY_TEXT: &str = "2020-12-14/SearchImageByText";
const UPDATE: &str = "2020-12-14/UpdateImage";
const ADD_2019: &str = "2019-03-25/AddImage";
const DELETE_2019: &str = "2019-03-25/DeleteImage";
const SEARCH_2019: &str = "2019-03-25/SearchImage";
const ADD_ITEM: &str = "2018-01-20/AddItem";
const DELETE_ITEM: &str = "2018-01-20/DeleteItem";
const SEARCH_ITEM: &str = "2018-01-20/SearchItem";

/// A call and the code that it is refused with.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) operation: &'static str,
    pub(super) code: &'static str,
    pub(super) situation: Situation,
    change: Change,
}

/// The emulator that a call is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Situation {
    /// It has a picture, and room for others.
    Filled,
    /// It has as many pictures as it may.
    Full,
    /// It fetches pictures from this machine.
    Fetching,
    /// It does the same, and waits long neither for a body nor for a picture.
    Impatient,
    /// An export and a batch task of it do not end.
    Busy,
    /// It is not multimodal, as all others are.
    Plain,
    /// It takes one call a second of each kind.
    Throttled,
}

#[derive(Clone, Debug)]
enum Change {
    Set(&'static str, String),
    Remove(&'static str),
    Nothing,
    Body(&'static [u8]),
    /// The picture is at a host that takes the connection and says nothing.
    SilentHost(&'static str),
    /// The same call has been made at the same time.
    Again,
    /// The body is announced and does not come.
    NoBody,
}

impl Situation {
    pub(super) const ALL: [Self; 7] = [
        Self::Filled,
        Self::Full,
        Self::Fetching,
        Self::Impatient,
        Self::Busy,
        Self::Plain,
        Self::Throttled,
    ];

    /// Starts an emulator that does not ask who calls, with one picture of one product.
    pub(super) fn start(self) -> Emulator {
        const SHORT: Duration = Duration::from_millis(50);

        let builder = Emulator::builder().auth(Auth::Off);
        let instance = InstanceSettings::new(Emulator::INSTANCE).multimodal(self != Self::Plain);
        let emulator = start(match self {
            Self::Filled | Self::Busy | Self::Plain => builder.instance(instance),
            Self::Full => builder.instance(instance.capacity(1)),
            Self::Fetching => builder.allow_fetch("127.0.0.1"),
            Self::Throttled => builder.instance(instance).throttle(Throttle::PerSecond(1)),
            Self::Impatient => builder
                .allow_fetch("127.0.0.1")
                .limits(Limits::default().body_time(SHORT).fetch_time(SHORT)),
        });
        let mut add = Call::right(ADD);
        add.set("PicName", "front");
        assert_eq!(add.send(&emulator).status, 200);
        if self == Self::Busy {
            emulator.pause_tasks();
            for operation in [DUMP, INCREASE] {
                assert_eq!(Call::right(operation).send(&emulator).status, 200);
            }
        }
        emulator
    }
}

impl Case {
    pub(super) fn send(&self, emulator: &Emulator) -> Answer {
        let mut call = Call::right(self.operation);
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        match &self.change {
            Change::Set(name, value) => call.set(name, value),
            Change::Remove(name) => call.remove(name),
            Change::Nothing => {}
            Change::Again => drop(call.send(emulator)),
            Change::Body(body) => call.replace_body(body.to_vec()),
            Change::SilentHost(name) => {
                call.set(name, &format!("http://{}/", silent.local_addr().unwrap()));
            }
            Change::NoBody => {
                let request = call.request(emulator);
                let path = request.path;
                let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n");
                return exchange(emulator, head.as_bytes());
            }
        }
        call.send(emulator)
    }
}

/// Lists what can be wrong with the calls of each operation.
pub(super) fn cases() -> Vec<Case> {
    let long = |length: usize| "x".repeat(length);
    let set = |name, value: &str| Change::Set(name, value.to_owned());
    let picture = |content: &[u8]| STANDARD.encode(content);
    let mut large = png(1);
    large.resize(4 * 1024 * 1024 + 1, 0);
    let text = picture(b"no picture at all");
    let small = picture(&corner(1, 99, 150));
    let turned = picture(&turned());
    let large = picture(&large);
    let keyed = [ADD, CHECK, BY_NAME, UPDATE];
    let pictured = [ADD, BY_PIC];
    let attributed = [ADD, UPDATE];
    let searches = [BY_FILTER, BY_NAME, BY_PIC, BY_TEXT, SEARCH_2019];
    let tasks = [DUMP, DUMPS, INCREASE, INCREASES];
    let newest = [ADD, CHECK, COMPARE, DELETE, DETAIL, BY_FILTER, BY_NAME, BY_PIC, BY_TEXT, UPDATE];
    let newest = [&newest[..], &tasks].concat();
    let of_2019 = [ADD_2019, DELETE_2019, SEARCH_2019];
    let of_2018 = [ADD_ITEM, DELETE_ITEM, SEARCH_ITEM];
    let all = [&newest[..], &of_2019, &of_2018].concat();

    let mut cases = Vec::new();
    let mut add = Adding { cases: &mut cases, situation: Situation::Filled };
    add.each(&newest, "InvalidInstance", set("InstanceName", "other"));
    add.each(&of_2019, "InvalidInstance", set("InstanceName", "other"));
    add.each(&of_2018, "InvalidInstance", set("instanceName", "other"));
    add.each(&[ADD, BY_PIC, BY_TEXT], "InvalidInstanceName", set("InstanceName", ""));

    add.each(&keyed, "NoSpecifiedProductId", Change::Remove("ProductId"));
    add.each(&[DELETE, ADD_2019], "NoSpecifiedProductId", set("ProductId", ""));
    add.each(&[SEARCH_2019], "NoSpecifiedProductId", set("Type", "SearchByName"));
    add.each(&keyed, "InvalidProductId", set("ProductId", &long(513)));
    add.each(&[ADD_2019, SEARCH_2019], "InvalidProductId", set("ProductId", &long(513)));
    add.each(&keyed, "NoSpecifiedPicName", set("PicName", ""));
    add.each(&[ADD_2019, SEARCH_2019], "NoSpecifiedPicName", set("PicName", ""));
    add.each(&keyed, "InvalidPicName", set("PicName", &long(513)));
    add.each(&[ADD_2019, SEARCH_2019], "InvalidPicName", set("PicName", &long(513)));
    add.each(&[BY_NAME, UPDATE], "PicNotExist", set("PicName", "absent"));
    add.each(&[DELETE, DELETE_2019], "BadRequest", set("PicName", &long(513)));

    add.each(
        &[ADD, BY_NAME, BY_PIC, ADD_2019, SEARCH_2019],
        "InvalidCategory",
        set("CategoryId", "shoe"),
    );
    add.each(&[ADD, UPDATE, ADD_2019], "InvalidCustomContent", set("CustomContent", &long(4097)));
    for (code, name) in [
        ("InvalidIntAttr", "IntAttr"),
        ("InvalidIntAttr2", "IntAttr2"),
        ("InvalidIntAttr3", "IntAttr3"),
        ("InvalidIntAttr4", "IntAttr4"),
    ] {
        add.each(&attributed, code, set(name, "2147483648"));
    }
    add.each(&[ADD_2019], "InvalidIntAttr", set("IntAttr", "1.5"));
    for (code, name) in [
        ("InvalidStrAttr", "StrAttr"),
        ("InvalidStrAttr2", "StrAttr2"),
        ("InvalidStrAttr3", "StrAttr3"),
        ("InvalidStrAttr4", "StrAttr4"),
    ] {
        add.each(&attributed, code, set(name, &long(129)));
    }
    add.each(&[ADD_2019], "InvalidStrAttr", set("StrAttr", &long(129)));
    add.each(&pictured, "InvalidRegion", set("Region", "0,9000,0,9000"));
    add.each(&[ADD, BY_PIC, ADD_2019, SEARCH_2019], "BadRequest", set("Crop", "perhaps"));
    add.each(&[BY_NAME, BY_TEXT], "BadRequest", set("ScoreThreshold", "2"));
    add.each(&[BY_TEXT], "InvalidText", set("Text", ""));
    add.each(&[BY_TEXT], "InvalidTextLength", set("Text", &long(513)));

    add.each(&searches, "InvalidNumParameter", set("Num", "0"));
    add.each(&searches, "OverflowMaxReturnNum", set("Num", "101"));
    add.each(&searches, "InvalidStartParameter", set("Start", "500"));
    add.each(&searches, "OverflowMaxResultNum", set("Start", "491"));
    add.each(&searches, "InvalidFilterClause", set("Filter", "price > 1"));
    add.each(&[DELETE], "InvalidFilterClause", set("IsDeleteByFilter", "true"));
    add.each(&[SEARCH_2019], "InvalidType", set("Type", "Other"));

    add.each(&[ADD, BY_PIC, ADD_2019, SEARCH_2019], "NoSpecifiedPicContent", set("PicContent", ""));
    add.each(&[COMPARE], "InvalidPrimaryPicContent", Change::Remove("PrimaryPicContent"));
    add.each(&[COMPARE], "InvalidSecondaryPicContent", Change::Remove("SecondaryPicContent"));
    for (operations, name) in [
        (&[ADD, BY_PIC, ADD_2019, SEARCH_2019][..], "PicContent"),
        (&[COMPARE], "SecondaryPicContent"),
        (&[ADD_ITEM], NAME),
        (&[SEARCH_ITEM], SEARCH_PIC),
    ] {
        add.each(operations, "UnsupportedPicFormat", set(name, &text));
        add.each(operations, "UnsupportedPicPixels", set(name, &small));
        add.each(operations, "IncorrectOrientation", set(name, &turned));
        if operations != [COMPARE] {
            add.each(operations, "InvalidPicContent", set(name, &large));
        }
    }
    for (operations, name) in [(&pictured[..], "PicContent"), (&[COMPARE], "PrimaryPicContent")] {
        add.each(operations, "InvalidPicUrl", set(name, "https://example.com/1.png"));
        let mut fetching = add.within(Situation::Fetching);
        fetching.each(operations, "PictureError", set(name, "http://127.0.0.1:1/"));
        let mut impatient = add.within(Situation::Impatient);
        impatient.each(operations, "TimeoutForTransferImage", Change::SilentHost(name));
    }

    add.each(&of_2018, "NoCaretSeperator", Change::Body(b"item_id,0,4"));
    add.each(&of_2018, "EmptyMeta", Change::Body(b"^1000"));
    add.each(&of_2018, "InvalidMetaItem", Change::Body(b"item_id,0,5^1000"));
    add.each(&[ADD_ITEM, SEARCH_ITEM], "NoPicList", Change::Remove("pic_list"));
    add.each(&of_2018, "InvalidPicList", set("pic_list", "a.png"));
    add.each(&[ADD_ITEM], "NoSpecifiedPic", Change::Remove(NAME));
    add.each(&[SEARCH_ITEM], "NoSpecifiedPic", Change::Remove(SEARCH_PIC));
    add.each(&[ADD_ITEM], "NoSpecifiedAddPic", set("pic_list", ""));
    add.each(&[SEARCH_ITEM], "NoSpecifiedSearchPic", set("pic_list", ""));
    add.each(&[ADD_ITEM, DELETE_ITEM], "NoSpecifiedItemId", set("item_id", ""));
    add.each(&[ADD_ITEM, SEARCH_ITEM], "InvalidCategory", set("cat_id", "bags"));
    add.each(&[ADD_ITEM, SEARCH_ITEM], "BadRequest", set("crop", "maybe"));
    add.each(&[ADD_ITEM], "InvalidIntAttr", set("int_attr", "many"));
    add.each(&[SEARCH_ITEM], "InvalidNumParameter", set("n", "0"));
    add.each(&[SEARCH_ITEM], "OverflowMaxReturnNum", set("n", "101"));
    add.each(&[SEARCH_ITEM], "InvalidStartParameter", set("s", "500"));
    add.each(&[SEARCH_ITEM], "OverflowMaxResultNum", set("s", "491"));
    add.each(&[SEARCH_ITEM], "InvalidFilterClause", set("filter", "price > 1"));

    add.each(&[DUMPS, INCREASES], "Console.BadRequest", set("PageNumber", "0"));
    add.each(&[INCREASE], "Console.BadRequest", set("Path", "autumn"));
    let mut busy = add.within(Situation::Busy);
    busy.each(&[DUMP], "Console.TaskAlreadyExist", Change::Nothing);
    busy.each(&[INCREASE], "Console.IncrementStatusError", Change::Nothing);
    let mut plain = add.within(Situation::Plain);
    plain.each(&[BY_TEXT], "UnsupportedInstanceType", Change::Nothing);

    let overflow = [ADD, ADD_2019, ADD_ITEM];
    add.within(Situation::Full).each(&overflow, "InstanceOverQuota", Change::Nothing);
    add.within(Situation::Throttled).each(&all, "DeniedRequest", Change::Again);
    add.within(Situation::Impatient).each(&all, "RequestTimeout", Change::NoBody);
    cases
}

/// Adds cases that happen in one situation.
struct Adding<'a> {
    cases: &'a mut Vec<Case>,
    situation: Situation,
}

impl Adding<'_> {
    /// Adds the same case to each of some operations.
    fn each(&mut self, operations: &[&'static str], code: &'static str, change: Change) {
        let situation = self.situation;
        let changes = std::iter::repeat_n(change, operations.len());
        let cases = operations.iter().zip(changes);
        self.cases.extend(cases.map(|(operation, change)| Case {
            operation,
            code,
            situation,
            change,
        }));
    }

    /// Adds to the same cases, in another situation.
    fn within(&mut self, situation: Situation) -> Adding<'_> {
        Adding { cases: self.cases, situation }
    }
}
