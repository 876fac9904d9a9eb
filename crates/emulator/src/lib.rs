//! A local emulator of Alibaba Cloud Image Search, for tests and first steps.
//!
//! It speaks the wire format of version 2020-12-14: signed RPC calls, the authorization of uploads,
//! and the OSS form upload, all on one port. The older versions 2018-01-20 (`/item/*`) and
//! 2019-03-25 (`/v2/image/*`) are served from the same store, so that a move from one to another
//! can be tried out: what one adds, the others find. Signatures are checked, limits are enforced with the
//! documented codes, and nothing leaves the machine unless it is told to. Pictures are stored in memory and compared
//! with the classical descriptors of [`similarity`], so the ranking is not that of the cloud.
//!
//! ```
//! use imagesearch_emulator::{Emulator, InstanceSettings};
//!
//! let emulator = Emulator::builder()
//!     .instance(InstanceSettings::new("shop"))
//!     .start()?;
//! assert!(emulator.url().starts_with("http://127.0.0.1:"));
//! emulator.shutdown();
//! # Ok::<(), imagesearch_emulator::StartError>(())
//! ```
//!
//! # HTTPS
//!
//! Plain HTTP and HTTPS are spoken on the same port: the first byte of a connection tells which. The
//! official SDKs upload over HTTPS only, so they must be told to trust [`Emulator::ca_pem`], which is
//! also served at `/_emulator/ca.pem`. With [`EmulatorBuilder::ca_dir`] it stays the same over starts.
//!
//! Their clients join the `Bucket` and `Endpoint` of an authorization with a dot, which gives the public
//! host: it is split at its first dot, so that no name has to be resolved. A client with an
//! `endpoint_type` of `internal` changes the endpoint in between and cannot upload here.
//!
//! # Signatures
//!
//! | signature | at `/` | at paths of older versions |
//! |---|---|---|
//! | `ACS3-HMAC-SHA256` | yes | yes |
//! | `HMAC-SHA1` in the query (RPC) | yes | no, as it does not cover the path |
//! | `HMAC-SHA1` in the header (ROA) | no | yes |
//!
//! Times may be off by 15 minutes. A nonce is good once; only ROA may do without.
//!
//! # Faults
//!
//! A [`FaultRule`] lets requests go wrong on purpose: the first rule that matches a request decides
//! what happens to it. Rules are set with [`EmulatorBuilder::faults`] and [`Emulator::set_faults`].
//! What was carried out nevertheless, [`Emulator::executions`] knows.
//!
//! # Admin API
//!
//! Below `/_emulator/`, in JSON. A refusal is `{"error": ".."}` with status 400, 401, 403, 404, 405 or
//! 413, 507 if there is no memory for a snapshot, and 500 if the disk takes no more.
//!
//! | request | does | in the process |
//! |---|---|---|
//! | `GET health` | 200 and `{"status": "ready", "version", "api": 1}` when calls are served, 503 before | |
//! | `GET ca.pem` | the certificate that HTTPS clients must trust | [`Emulator::ca_pem`] |
//! | `GET info` | addresses, public host, modes, folders and limits | |
//! | `GET instances`, `GET instances/{name}` | [`InstanceInfo`] | [`Emulator::instances`] |
//! | `PUT instances/{name}` | creates one (201) or changes what the body names: `service_type`, `capacity`, `qps`, `region`, `multimodal` | [`Emulator::put_instance`] |
//! | `DELETE instances/{name}` | removes it with its pictures, and counts them | [`Emulator::remove_instance`] |
//! | `POST reset` `{"instance"?}` | removes pictures, and counts them | [`Emulator::reset`] |
//! | `GET snapshots`, `POST snapshots/{name}`, `DELETE snapshots/{name}` | lists, keeps, forgets a state | [`Emulator::snapshot`] |
//! | `POST snapshots/{name}/restore` | brings a state back | [`Emulator::restore`] |
//! | `POST seed` `{"folder", "instance"}` | stores the pictures of a folder on the emulator's machine | [`Emulator::seed`] |
//! | `GET requests?since=&action=&limit=` | `{"next", "requests"}`: [`RequestRecord`]s after a number; `next` is the number to go on from | [`Emulator::requests`] |
//! | `DELETE requests` | forgets them | |
//! | `GET clock` | `{"now", "auto"}`; `auto` says whether it runs | [`Emulator::clock`] |
//! | `POST clock` | `{"advance_ms": 1000}` moves it, `{"set": "2026-01-02T03:04:05Z"}` stops it there, with `"auto": true` it runs from there; `{"auto": true}` alone follows the machine | [`Clock`] |
//! | `GET`, `PUT`, `DELETE faults` | the [`FaultRule`]s with their `hits`; `PUT` takes an array of rules | [`Emulator::set_faults`] |
//! | `GET faults/catalogue` | the documented errors, with status and message | |
//! | `GET executions/{call}` | how often a call was carried out | [`Emulator::executions`] |
//! | `GET metrics` | figures in the text format of Prometheus | |
//! | `GET`, `PUT buckets/..` | objects, see below | [`Emulator::put_object`] |
//! | `POST shutdown` | ends the emulator | [`Emulator::shutdown`] |
//!
//! Every program on this machine may use it, but not the pages of other sites: a `Host` that is neither
//! an address of the emulator nor `localhost` nor the public host is refused, and so is a change that
//! `Origin` or `Sec-Fetch-Site` says to come from elsewhere. An emulator that others reach wants a token,
//! which [`EmulatorBuilder::admin_token`] sets. [`EmulatorBuilder::no_admin`] switches all off but `health`
//! and `ca.pem`, which are open to all.
//!
//! # Throttling
//!
//! [`EmulatorBuilder::throttle`] refuses what comes faster than a plan allows with `DeniedRequest`, and
//! says in `x-acs-retry-after` when it would pass. It goes by the emulator's clock, so that a test moves
//! that in place of waiting.
//!
//! # Fidelity
//!
//! [`fidelity`] lists every limit and error code: documented or assumed, seen with an official SDK or
//! not, and whether the emulator keeps it; and what it decides where no document says anything.
//!
//! # Exports, batch tasks and buckets
//!
//! `DumpMeta` and `IncreaseInstance` start tasks that run in the background; their lists tell how far
//! they are, and where the files are that they leave behind. An address is good for 2 hours by the
//! emulator's clock, and each list has fresh ones. [`Emulator::wait_for_tasks`] waits without asking
//! again and again, [`Emulator::pause_tasks`] keeps tasks in `PROCESSING` as long as a test needs, and with
//! [`Emulator::run_tasks_at_once`] each has ended when its start is answered.
//!
//! In a data folder tasks are remembered: one that was running when the emulator ended has failed. The
//! files that they write are not, so that lists have no address for those of an earlier start.
//!
//! Batch tasks read buckets: folders of this machine ([`EmulatorBuilder::bucket`]), or memory
//! ([`Emulator::put_object`]). Over HTTP, objects are read at `/_emulator/buckets/<bucket>/<key>`, and
//! stored there up to the limit of a request body; `GET` of the bucket lists 1,000 of them by `?prefix=`
//! and `?after=`. A `CallbackAddress` is called only if
//! [`EmulatorBuilder::allow_fetch`] names its host, as it could reach into the network otherwise; the log
//! says so.
//!
//! # Text, categories and subjects
//!
//! The emulator does not know what a picture shows, so what the service recognizes is worked out from
//! what is stored, by simple rules; [`fidelity`] has them among its assumptions. `SearchImageByText`
//! looks for words in names and custom content, on instances with [`InstanceSettings::multimodal`].
//!
//! # Console
//!
//! A browser shows at `/_emulator/` what is stored and which requests come, and searches with a picture
//! that is dropped on the page. It loads nothing from elsewhere, and all that is stored is shown as
//! text. Thumbnails are there if pictures are kept, with [`EmulatorBuilder::keep_images`]. Where the
//! admin API has a token, the page asks for it. It asks for these, below `/_emulator/instances/{name}`:
//!
//! | request | answer |
//! |---|---|
//! | `GET images?start=&count=&filter=` | a page of at most 200 pictures in the order they came, and the `total` of those that match |
//! | `GET thumbnail?product_id=&pic_name=` | a JPEG of at most 256 pixels a side, with an `ETag` |
//! | `POST search?num=&filter=`.. | what `SearchImageByPic` answers to the picture that is the body; `SearchImageByName` if the query has `product_id` and `pic_name` |
//!
//! Such a search needs no signature. It is noted in the journal, without an account.
//!
//! # Storage
//!
//! What is stored stays until the emulator ends, or in the folder of [`EmulatorBuilder::data`]. There, a
//! write is answered when it is on the disk: what was answered survives an end of any kind, and nothing
//! is ever half there. If the disk takes no more, a write is refused with `InternalError` (assumed) and
//! changes nothing. The folder has a marker with the version of its format, a lock, the file of the
//! store, which is one of redb, and those of the snapshots; nothing else in it is touched. A folder with
//! the marker and without the store is refused rather than begun anew.
//! [`EmulatorBuilder::max_memory`] limits what pictures
//! and snapshots take, by an estimate that is rather too high: a call that would go beyond is refused with
//! `InstanceOverQuota` (assumed; the service has no code for it), and nothing of it is stored.
//! [`Emulator::snapshot`] keeps a state by name and [`Emulator::restore`] brings it back.
//!
//! # Limits
//!
//! | what | limit |
//! |---|---|
//! | request body | 16 MiB, read within 30 s |
//! | all request bodies being worked on | 32 MiB of what has come of them; more wait |
//! | parameters of a request | 1024 |
//! | picture fetched from an allowed host | 4 MiB, within 5 s |
//! | request header | 32 KiB, read within 75 s |
//! | TLS handshake | 10 s |
//! | answer that the client does not take | 30 s |
//! | uploaded pictures waiting to be used | 256 MiB with their keys, 1 hour each |
//! | connections | 256 |
//! | entries of a `^` body | 1024 |
//! | pictures being decoded | one a processor, 64 more waiting; one of those of more than 64 MiB |
//! | objects of buckets in memory | 256 MiB with their keys |
//! | remembered tasks of an instance | 1,000 |
//! | line of `increment.meta` | 64 KiB |
//! | callback of a batch task | 5 s |
//! | remembered requests | 1,000 |
//! | body of an admin request | 1 MiB; an object, 16 MiB |
//!
//! [`Limits`] sets times and connections.

mod emulator;
pub mod fidelity;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod http;
mod service;
mod store;

pub use crate::emulator::Emulator;
pub use crate::emulator::builder::{EmulatorBuilder, StartError};
pub use crate::http::gateway::auth::account::Auth;
pub use crate::http::gateway::auth::finding::AuthFinding;
pub use crate::http::gateway::faults::effect::{ErrorEffect, FaultEffect, Reset};
pub use crate::http::gateway::faults::rule::{FaultError, FaultRule};
pub use crate::http::gateway::hop::Hop;
pub use crate::http::gateway::journal::RequestRecord;
pub use crate::http::transport::limits::Limits;
pub use crate::http::transport::shutdown::ShutdownHandle;
pub use crate::service::buckets::BucketError;
pub use crate::service::clock::Clock;
pub use crate::service::instance_info::InstanceInfo;
pub use crate::service::seed::{SeedAdded, SeedError, SeedRefused, SeedReport};
pub use crate::service::throttle::{Throttle, ThrottleError};
pub use crate::store::instance_settings::{InstanceError, InstanceSettings};
pub use crate::store::{Removed, StoreError};
pub use imagesearch_similarity as similarity;
