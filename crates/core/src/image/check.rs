use super::{ImageFormat, ImageLimits, ImageProblem, InspectError, inspect};

/// Returns all problems of a picture file.
pub(super) fn check(data: &[u8], limits: &ImageLimits) -> Vec<ImageProblem> {
    let mut problems = Vec::new();
    let len = u64::try_from(data.len()).unwrap_or(u64::MAX);
    if len > limits.max_bytes {
        problems.push(ImageProblem::too_large(len, limits.max_bytes));
    }
    let allowed = |format: ImageFormat| limits.formats.contains(&format);
    match inspect(data) {
        Ok(info) => {
            if !allowed(info.format) {
                problems.push(ImageProblem::format(info.format, limits.formats));
            }
            let sides = limits.min_side..=limits.max_side;
            if !sides.contains(&info.width) || !sides.contains(&info.height) {
                problems.push(ImageProblem::pixels(info.width, info.height, limits));
            }
            if let Some(orientation) = info.orientation.filter(|found| !found.is_upright()) {
                problems.push(ImageProblem::orientation(orientation));
            }
        }
        // If the limits list the format, it is accepted although this crate cannot read it.
        Err(InspectError::Unsupported { format }) if allowed(format) => {}
        Err(InspectError::UnreadableHeader { format }) if !allowed(format) => {
            problems.push(ImageProblem::format(format, limits.formats));
        }
        Err(error) => problems.push(ImageProblem::unreadable(error)),
    }
    problems
}
