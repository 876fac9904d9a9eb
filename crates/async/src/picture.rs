use std::path::Path;

use imagesearch_core::{Error, ErrorKind, Image};

/// Reads a picture from a file, without blocking the executor.
///
/// ```no_run
/// # async fn read() -> Result<(), imagesearch_async::Error> {
/// let photo = imagesearch_async::image_from_path("shoe.jpg").await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The file cannot be read. Its content is checked when the picture is sent.
pub async fn image_from_path(path: impl AsRef<Path>) -> Result<Image, Error> {
    let path = path.as_ref().to_owned();
    let shown = path.display().to_string();
    let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::File, format!("could not read the picture `{shown}`"))
            .with_source(error)
    };
    match tokio::task::spawn_blocking(move || std::fs::read(path)).await {
        Ok(Ok(content)) => Ok(Image::from(content)),
        Ok(Err(error)) => Err(unreadable(error.into())),
        Err(error) => Err(unreadable(error.into())),
    }
}
