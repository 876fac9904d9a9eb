//! Paging without I/O: the next request, and when to stop.

use crate::{
    config::CallOptions,
    error::{Error, ErrorKind},
    exchange::Response,
    generated::error_code::ErrorCode,
    operation::Paging,
    parameters::{Parameters, Value},
    request::PagedRequest,
};

/// The pages of a request, one after the other.
///
/// Paging stops at a page with fewer rows than were asked for. The totals that answers carry are not
/// used, since sources disagree on them. Where the service shows no more pages although the last one
/// was full, there may be more rows than it shows, and the pages end with an error of the kind
/// [`ErrorKind::Truncated`].
///
/// A picture that has to be uploaded is uploaded for the first page only.
#[derive(Clone, Debug)]
pub struct Pages<R> {
    next: Next,
    /// The pictures that an earlier page has uploaded.
    uploads: Vec<(&'static str, String)>,
    request: std::marker::PhantomData<fn() -> R>,
}

/// What comes after a page.
#[derive(Clone, Debug, PartialEq)]
enum Next {
    Page(Parameters),
    /// The service shows no more, and the last page was full; in words, what it shows.
    Truncated(String),
    End,
}

impl<R: PagedRequest> Pages<R> {
    /// Starts at the page of the request.
    pub fn new(request: R) -> Self {
        Self {
            next: Next::Page(request.into_parameters()),
            uploads: Vec::new(),
            request: std::marker::PhantomData,
        }
    }

    /// Returns the request of the next page, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// The service shows no more pages, and there may be more rows. After that there is nothing.
    pub fn next_request(&mut self) -> Option<Result<R, Error>> {
        match &self.next {
            Next::Page(parameters) => Some(Ok(R::from_parameters(parameters.clone()))),
            Next::Truncated(shown) => {
                let error = truncated(R::OPERATION.name, shown);
                self.next = Next::End;
                Some(Err(error))
            }
            Next::End => None,
        }
    }

    /// Returns the options of the next page's call: a picture that an earlier page has uploaded is not
    /// uploaded again.
    pub fn call_options(&self, options: &CallOptions) -> CallOptions {
        CallOptions { uploads: self.uploads.clone(), ..options.clone() }
    }

    /// Takes the error of a page, and returns whether to call the page again.
    ///
    /// That is so if the service can no longer fetch a picture that an earlier page has uploaded: the
    /// picture is then uploaded once more. Any other error ends the pages.
    pub fn recover(&mut self, error: &Error) -> bool {
        let missing = matches!(
            error.code(),
            Some(
                ErrorCode::InvalidPicUrl
                    | ErrorCode::PicNotExist
                    | ErrorCode::PictureError
                    | ErrorCode::TimeoutForTransferImage
            )
        );
        // Without uploads of earlier pages, the page has uploaded its picture itself.
        let again = missing && !self.uploads.is_empty();
        self.uploads.clear();
        if !again {
            self.next = Next::End;
        }
        again
    }

    /// Receives a page and advances to the next one.
    pub fn advance(&mut self, response: &Response<R::Response>) {
        self.uploads.clone_from(&response.meta().uploads);
        let rows = i64::try_from(R::items(response).len()).unwrap_or(i64::MAX);
        self.next = match (std::mem::replace(&mut self.next, Next::End), &R::OPERATION.paging) {
            (Next::Page(parameters), Some(paging)) => next_page(paging, parameters, rows),
            (other, _) => other,
        };
    }
}

fn truncated(operation: &str, shown: &str) -> Error {
    Error::new(
        ErrorKind::Truncated,
        format!("the service shows only {shown}, and there may be more"),
    )
    .with_advice("narrow the request to reach the rest, for example by ranges of an attribute")
    .with_operation(operation)
}

/// Returns what comes after a page with so many rows.
fn next_page(paging: &Paging, mut parameters: Parameters, rows: i64) -> Next {
    let number =
        |parameters: &Parameters, name: &str| parameters.get(name).and_then(Value::as_integer);
    match *paging {
        Paging::Offset { start, size, default_size, window } => {
            let asked = number(&parameters, size).unwrap_or(default_size.into());
            let next = number(&parameters, start).unwrap_or(0).saturating_add(asked);
            let left = i64::from(window).saturating_sub(next);
            if asked < 1 || rows < asked {
                return Next::End;
            }
            if left < 1 {
                return Next::Truncated(format!("the first {window} rows"));
            }
            parameters.set(start, next);
            if left < asked {
                parameters.set(size, left);
            }
        }
        Paging::Number { page, size, default_size, last_page } => {
            let asked = number(&parameters, size).unwrap_or(default_size.into());
            let next = number(&parameters, page).unwrap_or(1).saturating_add(1);
            if asked < 1 || rows < asked {
                return Next::End;
            }
            if let Some(last) = last_page.filter(|last| next > i64::from(*last)) {
                return Next::Truncated(format!("the first {last} pages"));
            }
            parameters.set(page, next);
        }
    }
    Next::Page(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::SearchImageByNameRequest;

    const OFFSET: Paging =
        Paging::Offset { start: "Start", size: "Num", default_size: 10, window: 500 };
    const NUMBER: Paging = Paging::Number {
        page: "PageNumber",
        size: "PageSize",
        default_size: 10,
        last_page: Some(30),
    };

    #[test]
    fn moves_on_while_pages_are_full_and_the_window_lasts() {
        let truncated = Next::Truncated("the first 500 rows".to_owned());
        let page = |start: i64, num: i64| Parameters::new().with("Start", start).with("Num", num);
        for (before, rows, after) in [
            (Parameters::new(), 10, Next::Page(Parameters::new().with("Start", 10_i64))),
            (Parameters::new(), 9, Next::End),
            (page(0, 100), 100, Next::Page(page(100, 100))),
            (page(0, 100), 0, Next::End),
            (page(350, 100), 100, Next::Page(page(450, 50))),
            (page(450, 50), 50, truncated.clone()),
            (page(450, 50), 49, Next::End),
            (page(499, 1), 1, truncated.clone()),
            (page(499, 1), 0, Next::End),
            (page(i64::MAX, 100), 100, truncated.clone()),
        ] {
            assert_eq!(next_page(&OFFSET, before.clone(), rows), after, "{before:?}");
        }
    }

    #[test]
    fn counts_pages_up_to_the_last() {
        let page = |page: i64| Parameters::new().with("PageNumber", page);
        for (before, rows, after) in [
            (Parameters::new(), 10, Next::Page(page(2))),
            (page(29), 10, Next::Page(page(30))),
            (page(30), 10, Next::Truncated("the first 30 pages".to_owned())),
            (page(30), 9, Next::End),
            (page(3), 1, Next::End),
        ] {
            assert_eq!(next_page(&NUMBER, before.clone(), rows), after, "{before:?}");
        }
    }

    #[test]
    fn the_end_of_the_window_is_an_error_once() {
        let request = SearchImageByNameRequest::new("p", "a.jpg").start(499).num(1);
        let mut pages = Pages::new(request);
        let json = r#"{"Auctions": [{"ProductId": "p"}]}"#;
        pages.advance(&Response::from_json(json).unwrap());
        let error = pages.next_request().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated);
        assert_eq!(error.operation(), Some("SearchImageByName"));
        let text = error.to_string();
        assert!(text.contains("only the first 500 rows, and there may be more"), "{text}");
        assert!(!error.is_retryable() && !error.may_have_been_applied());
        assert!(pages.next_request().is_none());
    }
}
