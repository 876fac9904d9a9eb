use std::future::Future;

use imagesearch_blocking::Instance;
use imagesearch_core::{
    Error, ErrorKind,
    filter::{int_attr, str_attr},
    v2019::{AddImageRequest, DeleteImageRequest, SearchImageRequest},
};

use super::{
    alterations::Copy,
    operations::{Outcome, photo},
    photos::Photo,
    searches::Hit,
};
use crate::exit::Failure;

/// Adds a photo.
pub(super) fn add(shop: &Instance, number: i32, photo: &Photo) -> Result<(), Failure> {
    let request = AddImageRequest::new(photo.product_id(), photo.pic_name(), photo.jpeg)
        .int_attr(number)
        .str_attr(photo.kind)
        .custom_content(photo.author);
    shop.v2019().add_image(request).send()?;
    Ok(())
}

/// Searches with a copy.
pub(super) fn search(
    shop: &imagesearch_async::Instance,
    copy: &Copy,
) -> impl Future<Output = Result<Vec<Hit>, Error>> + Send + use<> {
    let request = SearchImageRequest::by_pic(copy.jpeg.clone()).num(20);
    let call = shop.v2019().search_image(request).send();
    async move {
        let found = call.await?;
        let hits = found.auctions.iter().map(|hit| Hit {
            product_id: hit.product_id.clone(),
            pic_name: hit.pic_name.clone(),
            score: hit.score,
        });
        Ok(hits.collect())
    }
}

/// Calls the operations other than adding and searching by picture.
pub(super) fn operations(shop: &Instance) -> Result<Vec<Outcome>, Failure> {
    Ok(vec![filtered(shop)?, by_name(shop)?, delete(shop)?, refused(shop)?])
}

fn filtered(shop: &Instance) -> Result<Outcome, Failure> {
    let filter = str_attr().eq("space") & int_attr().gt(1);
    let names = names(shop, SearchImageRequest::by_pic(photo("rocket")?.jpeg).filter(filter))?;
    Ok(Outcome {
        operation: "SearchImage",
        call: "rocket.jpg, str_attr = \"space\" AND int_attr > 1",
        passed: names == ["rocket.jpg", "galaxies.jpg"],
        answer: names.join(", "),
    })
}

fn by_name(shop: &Instance) -> Result<Outcome, Failure> {
    let gravel = photo("gravel")?;
    let request = SearchImageRequest::by_name(gravel.product_id(), gravel.pic_name())
        .num(3)
        .filter(str_attr().eq("texture"));
    let names = names(shop, request)?;
    let textures = ["brick.jpg", "grass.jpg", "gravel.jpg"];
    Ok(Outcome {
        operation: "SearchImage",
        call: "what resembles gravel.jpg among str_attr = \"texture\"",
        passed: !names.is_empty() && names.iter().all(|name| textures.contains(&&**name)),
        answer: names.join(", "),
    })
}

fn delete(shop: &Instance) -> Result<Outcome, Failure> {
    let clock = photo("clock")?;
    let request = DeleteImageRequest::by_picture(clock.product_id(), clock.pic_name());
    let answer = shop.v2019().delete_image(request).send()?;
    let names = names(shop, SearchImageRequest::by_pic(clock.jpeg).num(100))?;
    let found = names.iter().any(|name| *name == clock.pic_name());
    Ok(Outcome {
        operation: "DeleteImage",
        call: "clock.jpg, which a search must not find any more",
        passed: answer.success != Some(false) && !names.is_empty() && !found,
        answer: if found { "found" } else { "not found" }.to_owned(),
    })
}

/// Sends a request that breaks a limit. The client must reject it.
fn refused(shop: &Instance) -> Result<Outcome, Failure> {
    let request = SearchImageRequest::by_pic(photo("cat")?.jpeg).num(500);
    let (answer, passed) = match shop.v2019().search_image(request).send() {
        Ok(_) => ("it was sent".to_owned(), false),
        Err(error) => match error.violations() {
            [violation] if error.kind() == ErrorKind::Invalid => {
                (format!("not sent: {violation}"), true)
            }
            _ => (format!("{error:#}"), false),
        },
    };
    Ok(Outcome { operation: "SearchImage", call: "500 hits at once", answer, passed })
}

fn names(shop: &Instance, request: SearchImageRequest) -> Result<Vec<String>, Failure> {
    let found = shop.v2019().search_image(request).send()?;
    Ok(found.auctions.iter().filter_map(|hit| hit.pic_name.clone()).collect())
}
