use imagesearch_blocking::Instance;
use imagesearch_core::{
    answers::TaskStatus,
    requests::{
        CheckImageExistsRequest, DumpMetaListRequest, DumpMetaRequest, IncreaseInstanceRequest,
        IncreaseListRequest,
    },
};
use imagesearch_emulator::Emulator;

use super::operations::{Outcome, photo};
use crate::exit::Failure;

/// The bucket and folder that the batch task reads.
const BUCKET: &str = "demo-bucket";
const FOLDER: &str = "autumn";

/// Adds and exports pictures in bulk. The emulator waits for tasks; a client of the service would
/// poll with pauses.
pub(super) fn run(emulator: &Emulator, shop: &Instance) -> Result<Vec<Outcome>, Failure> {
    let increase = increase(emulator, shop)?;
    emulator.wait_for_tasks();
    let increased = increased(shop)?;
    let dump = dump(shop)?;
    emulator.wait_for_tasks();
    Ok(vec![increase, increased, dump, dumped(shop)?])
}

/// Starts a batch task of two lines, one of which names a missing picture.
fn increase(emulator: &Emulator, shop: &Instance) -> Result<Outcome, Failure> {
    let lines = ["clock.jpg", "absent.jpg"].map(|name| {
        let line =
            serde_json::json!({ "OperationType": "ADD", "ProductId": "bulk", "PicName": name });
        format!("{line}\n")
    });
    for (name, content) in [
        ("increment.meta", lines.concat().into_bytes()),
        ("clock.jpg", photo("clock")?.jpeg.to_vec()),
    ] {
        emulator.put_object(BUCKET, &format!("{FOLDER}/{name}"), content).map_err(Failure::call)?;
    }
    let request = IncreaseInstanceRequest::new(BUCKET, format!("/{FOLDER}"));
    let answer = shop.increase_instance(request).send()?;
    let started = answer.data.as_ref();
    let id = started.and_then(|it| it.id);
    Ok(Outcome {
        operation: "IncreaseInstance",
        call: "a bucket with clock.jpg, and a line without its picture",
        answer: id.map_or_else(|| "no id".to_owned(), |id| format!("task {id}")),
        passed: id.is_some()
            && started.and_then(|it| it.increment_status.clone()) == Some(TaskStatus::Processing),
    })
}

fn increased(shop: &Instance) -> Result<Outcome, Failure> {
    let list = shop.increase_list(IncreaseListRequest::new().bucket_name(BUCKET)).send()?;
    let increments = list.data.as_ref().and_then(|data| data.increments.as_ref());
    let task = increments.and_then(|it| it.instance.first());
    let status = task.and_then(|task| task.status.clone());
    let stored =
        shop.check_image_exists(CheckImageExistsRequest::new("bulk", "clock.jpg")).send()?;
    Ok(Outcome {
        operation: "IncreaseList",
        call: "what became of it",
        passed: status == Some(TaskStatus::Success)
            && task.is_some_and(|task| task.error_url.is_some())
            && stored.exists == Some(true),
        answer: status.map_or_else(|| "no task".to_owned(), |status| status.as_str().to_owned()),
    })
}

fn dump(shop: &Instance) -> Result<Outcome, Failure> {
    let answer = shop.dump_meta(DumpMetaRequest::new()).send()?;
    let id = answer.data.as_ref().and_then(|data| data.id);
    Ok(Outcome {
        operation: "DumpMeta",
        call: "all that is stored",
        answer: id.map_or_else(|| "no id".to_owned(), |id| format!("task {id}")),
        passed: id.is_some(),
    })
}

fn dumped(shop: &Instance) -> Result<Outcome, Failure> {
    let list = shop.dump_meta_list(DumpMetaListRequest::new()).send()?;
    let task = list.data.as_ref().and_then(|data| data.dump_meta_list.first());
    let status = task.and_then(|task| task.status.clone());
    Ok(Outcome {
        operation: "DumpMetaList",
        call: "what became of it",
        passed: status == Some(TaskStatus::Success)
            && task.is_some_and(|task| task.meta_url.is_some()),
        answer: status.map_or_else(|| "no task".to_owned(), |status| status.as_str().to_owned()),
    })
}
