//! The service, operation by operation: what each version calls its parameters, brought to what all
//! versions have in common.

use std::sync::Arc;

use imagesearch_core::values::CategoryId;
use imagesearch_similarity::{query_cosine, score};

use super::Service;
use super::call::Call;
use super::decode::Input;
use super::generated::image_search::ImageSearch;
use super::generated::{v2018, v2019, v2020};
use super::jobs::batch::{Batch, callback};
use super::jobs::export::export;
use super::operations::add::{add, attributes_of};
use super::operations::search::{Selection, Window, by_name, by_picture, rounded};
use super::operations::task_page::{Page, page};
use super::operations::text::by_text;
use super::outcome::{
    Added, Checked, Compared, Deleted, Described, Found, Listed, Started, Tasks, Updated,
};
use super::picture::PictureInput;
use super::refusal::Refusal;
use crate::store::instance::Instance;
use crate::store::tasks::{Busy, Job};
use crate::store::{Attributes, ImageKey, StoreError};

impl ImageSearch for Service {
    /// Stores a picture, or replaces that of the same names.
    async fn add_image(&self, call: Call<v2020::AddImage>) -> Result<Added, Refusal> {
        let Call { instance, input } = call;
        let attributes = attributes_of(&input);
        let operation = v2020::AddImage::OPERATION;
        let picture =
            PictureInput::new(&instance, operation, input.pic_content, input.region, input.crop);
        let key = ImageKey { product_id: input.product_id, pic_name: input.pic_name };
        add(self, instance, vec![(key, picture)], input.category_id, attributes).await
    }

    /// Returns whether a picture is stored, and what is stored with it.
    async fn check_image_exists(
        &self,
        call: Call<v2020::CheckImageExists>,
    ) -> Result<Checked, Refusal> {
        let Call { instance, input } = call;
        let key = ImageKey { product_id: input.product_id, pic_name: input.pic_name };
        Ok(Checked(instance.get(&key)))
    }

    /// Scores how alike two pictures look: as a search with the first scores the second.
    async fn compare_similar_by_image(
        &self,
        call: Call<v2020::CompareSimilarByImage>,
    ) -> Result<Compared, Refusal> {
        let Call { instance, input } = call;
        let operation = v2020::CompareSimilarByImage::OPERATION;
        let picture = |image| PictureInput::new(&instance, operation, image, None, None);
        let primary = picture(input.primary_pic_content);
        let secondary = picture(input.secondary_pic_content);
        let compare = move |_: &_| {
            let query = primary.decode()?.query();
            Ok(score(query_cosine(&query, &secondary.decode()?.look())))
        };
        let score = self.compute.run(compare).await?;
        Ok(Compared { score: rounded(score) })
    }

    /// Deletes one picture, those of a product, or those that match a filter.
    ///
    /// It succeeds also if there is nothing to delete.
    async fn delete_image(&self, call: Call<v2020::DeleteImage>) -> Result<Deleted, Refusal> {
        let Call { instance, input } = call;
        if !input.is_delete_by_filter.unwrap_or(false) {
            let product_id = input.product_id.unwrap_or_default();
            return delete(&instance, &product_id, input.pic_name.as_deref());
        }
        let filter = input.filter.ok_or_else(|| Refusal::of("InvalidFilterClause"))?;
        let pic_names = change(|| instance.remove_matching(&filter))?;
        Ok(Deleted { pic_names })
    }

    /// Describes the instance of a call.
    async fn detail(&self, call: Call<v2020::Detail>) -> Result<Described, Refusal> {
        Ok(Described(call.instance))
    }

    /// Starts an export, unless one is running.
    async fn dump_meta(&self, call: Call<v2020::DumpMeta>) -> Result<Started, Refusal> {
        let Call { instance, input: v2020::DumpMeta } = call;
        let of = Arc::clone(&instance);
        let started = change(|| {
            let job = Job::DumpMeta;
            self.tasks.start(&instance, job, move |run, file| export(&of, run, file), |_| {})
        })?;
        started.map(Started).map_err(|Busy| Refusal::of("Console.TaskAlreadyExist"))
    }

    /// Lists the exports, each with its file.
    async fn dump_meta_list(&self, call: Call<v2020::DumpMetaList>) -> Result<Tasks, Refusal> {
        let Call { instance, input } = call;
        let wanted = Page { id: input.id, number: input.page_number, size: input.page_size };
        Ok(page(&self.tasks, &instance, wanted, |task| task.job == Job::DumpMeta))
    }

    /// Starts a batch task, unless one is running.
    ///
    /// Whether bucket and file exist is seen by the task, not by this call; that is assumed.
    async fn increase_instance(
        &self,
        call: Call<v2020::IncreaseInstance>,
    ) -> Result<Started, Refusal> {
        let Call { instance, input } = call;
        let (bucket, path) = (input.bucket_name, input.path);
        let job = Job::Increase {
            bucket: bucket.clone(),
            path: path.clone(),
            callback: input.callback_address,
        };
        let batch = Batch::new(self, Arc::clone(&instance), bucket, &path);
        let callback = callback(self, &instance);
        let started = change(|| {
            self.tasks.start(&instance, job, move |run, file| batch.run(run, file), callback)
        })?;
        started.map(Started).map_err(|Busy| Refusal::of("Console.IncrementStatusError"))
    }

    /// Lists the batch tasks, each with its file of errors.
    async fn increase_list(&self, call: Call<v2020::IncreaseList>) -> Result<Tasks, Refusal> {
        let Call { instance, input } = call;
        let (wanted_bucket, wanted_path) = (input.bucket_name, input.path);
        let wanted = Page { id: input.id, number: input.page_number, size: input.page_size };
        Ok(page(&self.tasks, &instance, wanted, |task| match &task.job {
            Job::Increase { bucket, path, .. } => {
                wanted_bucket.as_ref().is_none_or(|it| it == bucket)
                    && wanted_path.as_ref().is_none_or(|it| it == path)
            }
            Job::DumpMeta => false,
        }))
    }

    /// Lists the stored pictures that match a filter, in the order they were added.
    async fn search_image_by_filter(
        &self,
        call: Call<v2020::SearchImageByFilter>,
    ) -> Result<Listed, Refusal> {
        let Call { instance, input } = call;
        let Window { start, count } = Window::of(input.start, input.num);
        let matching = move |_: &_| Ok(instance.matching(&input.filter, start, count));
        self.compute.run(matching).await.map(Listed)
    }

    /// Lists the stored pictures that are most like one of them.
    async fn search_image_by_name(
        &self,
        call: Call<v2020::SearchImageByName>,
    ) -> Result<Found, Refusal> {
        let Call { instance, input } = call;
        let key = ImageKey { product_id: input.product_id, pic_name: input.pic_name };
        let selection = Selection {
            window: Window::of(input.start, input.num),
            filter: input.filter,
            category: input.category_id,
            distinct_products: input.distinct_product_id.unwrap_or(false),
            threshold: input.score_threshold,
        };
        by_name(self, instance, &key, selection).await
    }

    /// Lists the stored pictures that are most like one that is sent.
    async fn search_image_by_pic(
        &self,
        call: Call<v2020::SearchImageByPic>,
    ) -> Result<Found, Refusal> {
        let Call { instance, input } = call;
        let operation = v2020::SearchImageByPic::OPERATION;
        let picture =
            PictureInput::new(&instance, operation, input.pic_content, input.region, input.crop);
        let selection = Selection {
            window: Window::of(input.start, input.num),
            filter: input.filter,
            category: input.category_id,
            distinct_products: input.distinct_product_id.unwrap_or(false),
            threshold: input.score_threshold,
        };
        by_picture(self, instance, picture, selection).await
    }

    /// Lists the stored pictures whose names and custom content share words with a text.
    async fn search_image_by_text(
        &self,
        call: Call<v2020::SearchImageByText>,
    ) -> Result<Found, Refusal> {
        let Call { instance, input } = call;
        let selection = Selection {
            window: Window::of(input.start, input.num),
            filter: input.filter,
            category: None,
            distinct_products: input.distinct_product_id.unwrap_or(false),
            threshold: input.score_threshold,
        };
        by_text(self, instance, &input.text, selection).await
    }

    /// Sets what the request sets and keeps the rest.
    ///
    /// That an absent picture is refused with `PicNotExist` is assumed; the documentation lists the
    /// code without saying when it comes.
    async fn update_image(&self, call: Call<v2020::UpdateImage>) -> Result<Updated, Refusal> {
        let Call { instance, input } = call;
        let attributes = Attributes {
            custom_content: input.custom_content,
            integers: [input.int_attr, input.int_attr2, input.int_attr3, input.int_attr4],
            strings: [input.str_attr, input.str_attr2, input.str_attr3, input.str_attr4],
        };
        let pic_name = input.pic_name.as_deref();
        match change(|| instance.update(&input.product_id, pic_name, &attributes))? {
            0 => Err(Refusal::of("PicNotExist")),
            _ => Ok(Updated),
        }
    }

    async fn v2019_add_image(&self, call: Call<v2019::AddImage>) -> Result<Added, Refusal> {
        let Call { instance, input } = call;
        let operation = v2019::AddImage::OPERATION;
        let picture =
            PictureInput::new(&instance, operation, input.pic_content, input.region, input.crop);
        let key = ImageKey { product_id: input.product_id, pic_name: input.pic_name };
        let attributes = Attributes {
            custom_content: input.custom_content,
            integers: [input.int_attr, None, None, None],
            strings: [input.str_attr, None, None, None],
        };
        add(self, instance, vec![(key, picture)], input.category_id, attributes).await
    }

    async fn v2019_delete_image(&self, call: Call<v2019::DeleteImage>) -> Result<Deleted, Refusal> {
        let Call { instance, input } = call;
        delete(&instance, &input.product_id, input.pic_name.as_deref())
    }

    /// Lists the stored pictures that are most like one that is sent, or like one of them.
    async fn v2019_search_image(&self, call: Call<v2019::SearchImage>) -> Result<Found, Refusal> {
        let Call { instance, input } = call;
        let selection = Selection {
            window: Window::of(input.start, input.num),
            filter: input.filter,
            category: input.category_id,
            ..Selection::default()
        };
        if input.r#type.as_deref() == Some("SearchByName") {
            let key = ImageKey {
                product_id: input.product_id.unwrap_or_default(),
                pic_name: input.pic_name.unwrap_or_default(),
            };
            return by_name(self, instance, &key, selection).await;
        }
        let image = input.pic_content.ok_or_else(|| Refusal::of("NoSpecifiedPicContent"))?;
        let operation = v2019::SearchImage::OPERATION;
        let picture = PictureInput::new(&instance, operation, image, input.region, input.crop);
        by_picture(self, instance, picture, selection).await
    }

    /// Stores the pictures of an item, or replaces those of the same names.
    async fn v2018_add_item(&self, call: Call<v2018::AddItem>) -> Result<Added, Refusal> {
        let Call { instance, input } = call;
        let category = category(input.cat_id.as_deref())?;
        let pictures = input.pictures.iter().map(|picture| {
            let (product_id, pic_name) = (input.item_id.clone(), picture.name().to_owned());
            let (operation, image) = (v2018::AddItem::OPERATION, picture.image().clone());
            let picture = PictureInput::new(&instance, operation, image, input.region, input.crop);
            (ImageKey { product_id, pic_name }, picture)
        });
        let pictures = pictures.collect();
        let attributes = Attributes {
            custom_content: input.cust_content,
            integers: [input.int_attr, None, None, None],
            strings: [input.str_attr, None, None, None],
        };
        add(self, instance, pictures, category, attributes).await
    }

    /// Deletes the listed pictures of an item, or all of them if none is listed.
    ///
    /// It succeeds also if there is nothing to delete.
    async fn v2018_delete_item(&self, call: Call<v2018::DeleteItem>) -> Result<Deleted, Refusal> {
        let Call { instance, input } = call;
        let Some(names) = input.pic_list else {
            return delete(&instance, &input.item_id, None);
        };
        let names = names.iter().map(String::as_str);
        let pic_names = change(|| instance.remove_named(&input.item_id, names))?;
        Ok(Deleted { pic_names })
    }

    /// Lists the stored pictures that are most like one that is sent.
    async fn v2018_search_item(&self, call: Call<v2018::SearchItem>) -> Result<Found, Refusal> {
        let Call { instance, input } = call;
        let operation = v2018::SearchItem::OPERATION;
        let picture =
            PictureInput::new(&instance, operation, input.search_pic, input.region, input.crop);
        let selection = Selection {
            window: Window::of(input.s, input.n),
            filter: input.filter,
            category: category(input.cat_id.as_deref())?,
            ..Selection::default()
        };
        by_picture(self, instance, picture, selection).await
    }
}

/// Removes one picture of a product, or all of them; succeeds also if there is none.
fn delete(
    instance: &Instance,
    product_id: &str,
    pic_name: Option<&str>,
) -> Result<Deleted, Refusal> {
    let pic_names = change(|| instance.remove(product_id, pic_name))?;
    Ok(Deleted { pic_names })
}

/// Creates a change. That may wait for the disk, while other tasks go on elsewhere.
fn change<T>(change: impl FnOnce() -> Result<T, StoreError>) -> Result<T, Refusal> {
    tokio::task::block_in_place(change).map_err(Refusal::from)
}

/// Reads the category of 2018-01-20, a number that travels as a text and may be empty.
fn category(text: Option<&str>) -> Result<Option<CategoryId>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse().map(CategoryId::new).map(Some).map_err(|_| {
        Refusal::of("InvalidCategory").because("cat_id must be a whole number of 32 bits")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_become_numbers() {
        for (given, expected) in [
            (Some("88888888"), Ok(Some(88888888))),
            (Some(""), Ok(None)),
            (None, Ok(None)),
            (Some("bags"), Err("InvalidCategory")),
            (Some("99999999999"), Err("InvalidCategory")),
        ] {
            let category = category(given).map_err(|refusal| refusal.code);
            let expected = expected.map(|id| id.map(CategoryId::new)).map_err(str::to_owned);
            assert_eq!(category, expected, "{given:?}");
        }
    }
}
