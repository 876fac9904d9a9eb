use std::future::Future;

use imagesearch_blocking::Instance;
use imagesearch_core::{
    Error, ErrorKind,
    filter::{int_attr, str_attr},
    parameters::Picture,
    v2018::{AddItemRequest, Auction, DeleteItemRequest, SearchItemRequest},
};

use super::{
    alterations::Copy,
    operations::{Outcome, photo},
    photos::Photo,
    searches::Hit,
};
use crate::exit::Failure;

/// Adds a photo as an item of its own.
pub(super) fn add(shop: &Instance, number: i32, photo: &Photo) -> Result<(), Failure> {
    let picture = Picture::new(photo.pic_name(), photo.jpeg);
    let request = AddItemRequest::new(photo.product_id(), [picture])
        .cat_id("88888888")
        .cust_content(photo.kind)
        .int_attr(number)
        .str_attr(photo.kind);
    shop.v2018().add_item(request).send()?;
    Ok(())
}

/// Searches with a copy; this version returns no score.
pub(super) fn search(
    shop: &imagesearch_async::Instance,
    copy: &Copy,
) -> impl Future<Output = Result<Vec<Hit>, Error>> + Send + use<> {
    let request = SearchItemRequest::new(copy.jpeg.clone()).n(20);
    let call = shop.v2018().search_item(request).send();
    async move {
        let found = call.await?;
        let hits = found.auctions.iter().flat_map(|it| &it.auction).map(|hit| Hit {
            product_id: hit.item_id.clone(),
            pic_name: hit.pic_name.clone(),
            score: None,
        });
        Ok(hits.collect())
    }
}

/// Calls the operations other than adding one picture and searching.
pub(super) fn operations(shop: &Instance) -> Result<Vec<Outcome>, Failure> {
    Ok(vec![
        filtered(shop)?,
        add_two(shop)?,
        delete_picture(shop)?,
        delete_item(shop)?,
        refused(shop)?,
    ])
}

fn filtered(shop: &Instance) -> Result<Outcome, Failure> {
    let filter = str_attr().eq("space") & int_attr().gt(1);
    let request = SearchItemRequest::new(photo("rocket")?.jpeg).filter(filter);
    let mut names = Vec::new();
    for hit in hits(shop, request)? {
        names.extend(hit.pic_name);
    }
    Ok(Outcome {
        operation: "SearchItem",
        call: "rocket.jpg, str_attr = \"space\" AND int_attr > 1",
        passed: names == ["rocket.jpg", "galaxies.jpg"],
        answer: names.join(", "),
    })
}

fn add_two(shop: &Instance) -> Result<Outcome, Failure> {
    let pictures = [("front.jpg", photo("cat")?), ("back.jpg", photo("clock")?)]
        .map(|(name, photo)| Picture::new(name, photo.jpeg));
    let answer = shop.v2018().add_item(AddItemRequest::new("pair", pictures)).send()?;
    let names = names_of_pair(shop)?;
    Ok(Outcome {
        operation: "AddItem",
        call: "front.jpg and back.jpg of one item",
        passed: answer.success != Some(false) && names == ["back.jpg", "front.jpg"],
        answer: format!("stored {}", names.join(", ")),
    })
}

fn delete_picture(shop: &Instance) -> Result<Outcome, Failure> {
    shop.v2018().delete_item(DeleteItemRequest::by_pictures("pair", ["front.jpg"])).send()?;
    let names = names_of_pair(shop)?;
    Ok(Outcome {
        operation: "DeleteItem",
        call: "front.jpg of that item",
        passed: names == ["back.jpg"],
        answer: format!("left {}", names.join(", ")),
    })
}

fn delete_item(shop: &Instance) -> Result<Outcome, Failure> {
    shop.v2018().delete_item(DeleteItemRequest::by_item("pair")).send()?;
    let names = names_of_pair(shop)?;
    Ok(Outcome {
        operation: "DeleteItem",
        call: "all of that item",
        passed: names.is_empty(),
        answer: format!("{} left", names.len()),
    })
}

/// Sends a request that breaks a limit. The client must reject it.
fn refused(shop: &Instance) -> Result<Outcome, Failure> {
    let request = SearchItemRequest::new(photo("cat")?.jpeg).n(500);
    let (answer, passed) = match shop.v2018().search_item(request).send() {
        Ok(_) => ("it was sent".to_owned(), false),
        Err(error) => match error.violations() {
            [violation] if error.kind() == ErrorKind::Invalid => {
                (format!("not sent: {violation}"), true)
            }
            _ => (format!("{error:#}"), false),
        },
    };
    Ok(Outcome { operation: "SearchItem", call: "500 hits at once", answer, passed })
}

/// Returns the pictures of the item that has two, sorted by name.
fn names_of_pair(shop: &Instance) -> Result<Vec<String>, Failure> {
    let all = hits(shop, SearchItemRequest::new(photo("clock")?.jpeg).n(100))?;
    let own = all.into_iter().filter(|hit| hit.item_id.as_deref() == Some("pair"));
    let mut names: Vec<String> = own.filter_map(|hit| hit.pic_name).collect();
    names.sort();
    Ok(names)
}

fn hits(shop: &Instance, request: SearchItemRequest) -> Result<Vec<Auction>, Failure> {
    let found = shop.v2018().search_item(request).send()?.into_inner();
    Ok(found.auctions.map(|it| it.auction).unwrap_or_default())
}
