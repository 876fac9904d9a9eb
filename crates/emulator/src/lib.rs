//! A local emulator of Alibaba Cloud Image Search, for tests and first steps.
//!
//! It speaks the wire format of version 2020-12-14: signed RPC calls, the authorization of uploads,
//! and the OSS form upload, all on one port. The older versions 2018-01-20 (`/item/*`) and
//! 2019-03-25 (`/v2/image/*`) are served from the same store, so that migrations can be tested:
//! pictures added through one version are found through the others. Signatures are checked, limits
//! are enforced with the documented codes, and nothing leaves the machine by default. Pictures are
//! stored in memory and compared with the classical descriptors of [`similarity`], so the ranking
//! is not that of the cloud.
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
//! HTTP and HTTPS share a port: the first byte of a connection decides. The official SDKs upload
//! over HTTPS only, so they must trust [`Emulator::ca_pem`], which is also served at
//! `/_emulator/ca.pem`. With [`EmulatorBuilder::ca_dir`] it survives restarts.
//!
//! Their clients join the `Bucket` and `Endpoint` of an authorization with a dot, which gives the
//! public host: it is split at its first dot, so that no name must be resolved. A client with an
//! `endpoint_type` of `internal` changes the endpoint and cannot upload here.
//!
//! # Signatures
//!
//! | signature | at `/` | at paths of older versions |
//! |---|---|---|
//! | `ACS3-HMAC-SHA256` | yes | yes |
//! | `HMAC-SHA1` in the query (RPC) | yes | no, as it does not cover the path |
//! | `HMAC-SHA1` in the header (ROA) | no | yes |
//!
//! Timestamps may differ by 15 minutes. A nonce is valid once, and optional only for ROA.
//!
//! # Faults
//!
//! A [`FaultRule`] makes requests fail on purpose: the first rule that matches a request applies.
//! Set rules with [`EmulatorBuilder::faults`] and [`Emulator::set_faults`].
//! [`Emulator::executions`] returns what was carried out nevertheless.
//!
//! # Admin API
//!
//! Below `/_emulator/`, in JSON. Errors are `{"error": ".."}` with status 400, 401, 403, 404, 405
//! or 413, 507 if there is no memory for a snapshot, and 500 if the disk is full.
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
//! Every program on this machine may use it, but not the pages of other sites: the `Host` must be
//! an address of the emulator, `localhost` or the public host, and changes whose `Origin` or
//! `Sec-Fetch-Site` names another site are refused. If other machines can reach the emulator, a
//! token is required ([`EmulatorBuilder::admin_token`]). [`EmulatorBuilder::no_admin`] disables
//! everything except `health` and `ca.pem`, which are always open.
//!
//! # Throttling
//!
//! [`EmulatorBuilder::throttle`] refuses calls above the plan's rate with `DeniedRequest` and the
//! wait in `x-acs-retry-after`. It uses the emulator's clock, so tests can move the clock instead
//! of waiting.
//!
//! # Fidelity
//!
//! [`fidelity`] lists every limit and error code: documented or assumed, seen with an official SDK
//! or not, and whether the emulator implements it; and its decisions where nothing is documented.
//!
//! # Exports, batch tasks and buckets
//!
//! `DumpMeta` and `IncreaseInstance` start background tasks; their lists show the progress and the
//! URLs of result files. A URL is valid for 2 hours by the emulator's clock, and each list has new
//! ones. [`Emulator::wait_for_tasks`] waits without polling, [`Emulator::pause_tasks`] keeps tasks
//! in `PROCESSING` for as long as a test needs, and with [`Emulator::run_tasks_at_once`] each task
//! has ended when the call that starts it returns.
//!
//! A data folder stores tasks: one that was running when the emulator ended counts as failed.
//! Result files are not stored, so lists have no URLs for those of an earlier start.
//!
//! Batch tasks read buckets: folders of this machine ([`EmulatorBuilder::bucket`]), or memory
//! ([`Emulator::put_object`]). Over HTTP, objects are read at `/_emulator/buckets/<bucket>/<key>`,
//! and stored there up to the limit of a request body; `GET` of the bucket lists 1,000 of them by
//! `?prefix=` and `?after=`. A `CallbackAddress` is called only if [`EmulatorBuilder::allow_fetch`]
//! allows its host, since it could reach into the network otherwise; the log shows it.
//!
//! # Text, categories and subjects
//!
//! The emulator cannot recognize what a picture shows, so it derives categories and the like from
//! stored pictures, by simple rules that [`fidelity`] lists as assumptions. `SearchImageByText`
//! looks for words in names and custom content, on instances with [`InstanceSettings::multimodal`].
//!
//! # Console
//!
//! The page at `/_emulator/` shows stored pictures and incoming requests, and searches with a
//! dropped picture. It loads nothing from elsewhere, and shows all stored data as text. Thumbnails
//! require [`EmulatorBuilder::keep_images`]. If the admin API has a token, the page asks for it. It
//! uses these routes, below `/_emulator/instances/{name}`:
//!
//! | request | answer |
//! |---|---|
//! | `GET images?start=&count=&filter=` | a page of at most 200 pictures in the order they came, and the `total` of those that match |
//! | `GET thumbnail?product_id=&pic_name=` | a JPEG of at most 256 pixels a side, with an `ETag` |
//! | `POST search?num=&filter=`.. | what `SearchImageByPic` answers to the picture that is the body; `SearchImageByName` if the query has `product_id` and `pic_name` |
//!
//! Such a search needs no signature. The journal records it without an account.
//!
//! # Storage
//!
//! Data is kept in memory, or in the folder of [`EmulatorBuilder::data`]. With a folder, a write
//! returns once it is on disk: acknowledged writes survive a crash, and no write is ever partial.
//! If the disk is full, a write is refused with `InternalError` (assumed) and changes nothing. The
//! folder contains a marker with its format version, a lock, the store (a redb file) and the
//! snapshots; other files are not touched. A folder with a marker but without a store is refused.
//! [`EmulatorBuilder::max_memory`] limits the memory of pictures and snapshots, by a slightly high
//! estimate: a call that would exceed it is refused with `InstanceOverQuota` (assumed; the service
//! has no code for it) and stores nothing. [`Emulator::snapshot`] stores a state by name and
//! [`Emulator::restore`] restores it.
//!
//! # Limits
//!
//! | what | limit |
//! |---|---|
//! | request body | 16 MiB, read within 30 s |
//! | all request bodies in progress | 32 MiB of received bytes; more wait |
//! | parameters of a request | 1024 |
//! | picture fetched from an allowed host | 4 MiB, within 5 s |
//! | request header | 32 KiB, read within 75 s |
//! | TLS handshake | 10 s |
//! | response that the client does not read | 30 s |
//! | uploaded pictures waiting to be used | 256 MiB with their keys, 1 hour each |
//! | connections | 256 |
//! | entries of a `^` body | 1024 |
//! | pictures being decoded | one per processor, 64 more waiting; one above 64 MiB |
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
