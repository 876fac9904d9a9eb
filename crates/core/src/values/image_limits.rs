use crate::{
    generated::{image_limits, types::ServiceType},
    image::ImageLimits,
};

impl ImageLimits {
    /// The default limits: those of the product service.
    pub const DEFAULT: Self = image_limits::DEFAULT;

    /// Returns the limits of a service type, or [`ImageLimits::DEFAULT`] if it is unknown.
    ///
    /// ```
    /// # use imagesearch_core::{answers::ServiceType, image::ImageLimits};
    /// assert_eq!(ImageLimits::of(&ServiceType::Fabric).min_side, 448);
    /// ```
    pub fn of(service_type: &ServiceType) -> Self {
        let known = image_limits::BY_SERVICE_TYPE.iter();
        let number = service_type.value();
        known.into_iter().find(|(it, _)| *it == number).map_or(Self::DEFAULT, |(_, limits)| *limits)
    }
}
