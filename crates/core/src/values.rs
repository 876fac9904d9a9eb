//! Small typed values of requests and answers.

mod bounding_box;
mod category_id;
mod category_name;
mod image_limits;
mod invalid_value;
mod region;
mod region_suggestion;
mod score_threshold;
mod sort_expr_values;
mod task_id;
mod task_status;
pub(crate) mod text_form;
mod timestamp;

pub use crate::generated::categories::CATEGORIES;
pub use bounding_box::BoundingBox;
pub use category_id::CategoryId;
pub use invalid_value::InvalidValue;
pub use region::Region;
pub use score_threshold::ScoreThreshold;
pub use sort_expr_values::SortExprValues;
pub use task_id::TaskId;
pub use timestamp::Timestamp;
