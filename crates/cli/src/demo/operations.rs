use std::collections::BTreeSet;

use imagesearch_blocking::Instance;
use imagesearch_core::{
    ErrorKind,
    answers::Auction,
    filter::{int_attr, str_attr},
    requests::{
        CheckImageExistsRequest, CompareSimilarByImageRequest, DeleteImageRequest, DetailRequest,
        SearchImageByFilterRequest, SearchImageByNameRequest, SearchImageByTextRequest,
        UpdateImageRequest,
    },
};
use serde::Serialize;

use super::{
    alterations::Copy,
    copy_of,
    photos::{PHOTOS, Photo},
};
use crate::exit::Failure;

/// The result of one operation, and whether it was expected.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Outcome {
    pub(super) operation: &'static str,
    pub(super) call: &'static str,
    pub(super) answer: String,
    pub(super) passed: bool,
}

/// Calls the operations other than adding and searching by picture.
pub(super) fn run(shop: &Instance, copies: &[Copy]) -> Result<Vec<Outcome>, Failure> {
    Ok(vec![
        detail(shop)?,
        by_name(shop)?,
        by_filter(shop)?,
        by_text(shop)?,
        compare(shop, copies)?,
        update(shop)?,
        check(shop)?,
        delete(shop)?,
        check_deleted(shop)?,
        refused(shop)?,
    ])
}

pub(super) fn photo(name: &str) -> Result<&'static Photo, Failure> {
    PHOTOS
        .iter()
        .find(|photo| photo.name == name)
        .ok_or_else(|| Failure::call(format!("no such photo: {name}")))
}

fn names(hits: &[Auction]) -> Vec<&str> {
    hits.iter().filter_map(|hit| hit.pic_name.as_deref()).collect()
}

fn detail(shop: &Instance) -> Result<Outcome, Failure> {
    let answer = shop.detail(DetailRequest::new()).send()?;
    let count = answer.instance.as_ref().and_then(|it| it.total_count);
    Ok(Outcome {
        operation: "Detail",
        call: "how many pictures are stored",
        answer: count.map_or_else(|| "no count".to_owned(), |count| count.to_string()),
        passed: count == i64::try_from(PHOTOS.len()).ok(),
    })
}

fn by_name(shop: &Instance) -> Result<Outcome, Failure> {
    let gravel = photo("gravel")?;
    let request = SearchImageByNameRequest::new(gravel.product_id(), gravel.pic_name())
        .num(3)
        .filter(str_attr().eq("texture"));
    let found = shop.search_image_by_name(request).send()?;
    let names = names(&found.auctions);
    let textures: BTreeSet<&str> = BTreeSet::from(["brick.jpg", "grass.jpg", "gravel.jpg"]);
    Ok(Outcome {
        operation: "SearchImageByName",
        call: "what resembles gravel.jpg among str_attr = \"texture\"",
        answer: names.join(", "),
        passed: !names.is_empty() && names.iter().all(|name| textures.contains(name)),
    })
}

fn by_filter(shop: &Instance) -> Result<Outcome, Failure> {
    let filter = str_attr().eq("space") & int_attr().gt(1);
    let found = shop.search_image_by_filter(SearchImageByFilterRequest::new(filter)).send()?;
    let names = names(&found.auctions);
    Ok(Outcome {
        operation: "SearchImageByFilter",
        call: "str_attr = \"space\" AND int_attr > 1",
        answer: names.join(", "),
        passed: BTreeSet::from_iter(names.iter().copied())
            == BTreeSet::from(["galaxies.jpg", "rocket.jpg"]),
    })
}

fn by_text(shop: &Instance) -> Result<Outcome, Failure> {
    let request = SearchImageByTextRequest::new("NASA space galaxies").num(2);
    let found = shop.search_image_by_text(request).send()?;
    let names = names(&found.auctions);
    Ok(Outcome {
        operation: "SearchImageByText",
        call: "NASA space galaxies",
        answer: names.join(", "),
        passed: names == ["galaxies.jpg", "astronaut.jpg"],
    })
}

fn compare(shop: &Instance, copies: &[Copy]) -> Result<Outcome, Failure> {
    let score = |one: &'static [u8], other: Vec<u8>| -> Result<f64, Failure> {
        let request = CompareSimilarByImageRequest::new(one, other);
        let answer = shop.compare_similar_by_image(request).send()?;
        Ok(answer.score.unwrap_or_default())
    };
    let coffee = photo("coffee")?;
    let same = score(coffee.jpeg, copy_of(copies, "coffee", "30 % brighter")?.jpeg.clone())?;
    let other = score(coffee.jpeg, photo("cat")?.jpeg.to_vec())?;
    Ok(Outcome {
        operation: "CompareSimilarByImage",
        call: "coffee.jpg with its brighter copy, and with cat.jpg",
        answer: format!("{same:.3}, {other:.3}"),
        passed: same > other,
    })
}

fn update(shop: &Instance) -> Result<Outcome, Failure> {
    let cat = photo("cat")?;
    let request =
        UpdateImageRequest::new(cat.product_id(), cat.pic_name()).str_attr("pets").int_attr(77);
    let answer = shop.update_image(request).send()?;
    Ok(Outcome {
        operation: "UpdateImage",
        call: "cat.jpg: str_attr to \"pets\", int_attr to 77",
        answer: "done".to_owned(),
        passed: answer.success != Some(false),
    })
}

fn check(shop: &Instance) -> Result<Outcome, Failure> {
    let cat = photo("cat")?;
    let request = CheckImageExistsRequest::new(cat.product_id(), cat.pic_name());
    let answer = shop.check_image_exists(request).send()?;
    let stored = answer.auctions.as_ref();
    let (text, number) =
        (stored.and_then(|it| it.str_attr.as_deref()), stored.and_then(|it| it.int_attr));
    Ok(Outcome {
        operation: "CheckImageExists",
        call: "cat.jpg, with its attributes",
        answer: format!(
            "{}: str_attr {}, int_attr {}",
            existence(answer.exists),
            text.unwrap_or("none"),
            number.map_or_else(|| "none".to_owned(), |number| number.to_string())
        ),
        passed: answer.exists == Some(true) && text == Some("pets") && number == Some(77),
    })
}

fn delete(shop: &Instance) -> Result<Outcome, Failure> {
    let clock = photo("clock")?;
    let request = DeleteImageRequest::by_picture(clock.product_id(), clock.pic_name());
    let answer = shop.delete_image(request).send()?;
    let deleted = answer.data.as_ref().map(|data| data.pic_names.as_slice());
    let deleted = deleted.unwrap_or_default();
    Ok(Outcome {
        operation: "DeleteImage",
        call: "clock.jpg",
        answer: format!("deleted {}", deleted.join(", ")),
        passed: deleted == ["clock.jpg"],
    })
}

fn check_deleted(shop: &Instance) -> Result<Outcome, Failure> {
    let clock = photo("clock")?;
    let request = CheckImageExistsRequest::new(clock.product_id(), clock.pic_name());
    let answer = shop.check_image_exists(request).send()?;
    Ok(Outcome {
        operation: "CheckImageExists",
        call: "clock.jpg",
        answer: existence(answer.exists).to_owned(),
        passed: answer.exists == Some(false),
    })
}

/// Sends a request that breaks a limit. The client must reject it.
fn refused(shop: &Instance) -> Result<Outcome, Failure> {
    let request = SearchImageByNameRequest::new("photo-cat", "cat.jpg").num(500);
    let (answer, passed) = match shop.search_image_by_name(request).send() {
        Ok(_) => ("it was sent".to_owned(), false),
        Err(error) => match error.violations() {
            [violation] if error.kind() == ErrorKind::Invalid => {
                (format!("not sent: {violation}"), true)
            }
            _ => (format!("{error:#}"), false),
        },
    };
    Ok(Outcome { operation: "SearchImageByName", call: "500 hits at once", answer, passed })
}

fn existence(exists: Option<bool>) -> &'static str {
    match exists {
        Some(true) => "exists",
        Some(false) => "does not exist",
        None => "no answer",
    }
}
