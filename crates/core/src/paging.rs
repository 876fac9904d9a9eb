//! Pages as a sans-I/O iterator: which request comes next, and when to stop.

use crate::{
    operation::Paging,
    parameters::{Parameters, Value},
    request::PagedRequest,
};

/// The pages of a request, one after the other.
///
/// Paging stops at a page with fewer rows than were asked for, and at the end of the window that
/// the service allows. The totals that answers carry are not used, since sources disagree on them.
#[derive(Clone, Debug)]
pub struct Pages<R> {
    parameters: Option<Parameters>,
    request: std::marker::PhantomData<fn() -> R>,
}

impl<R: PagedRequest> Pages<R> {
    /// Starts at the page that the request asks for.
    pub fn new(request: R) -> Self {
        Self { parameters: Some(request.into_parameters()), request: std::marker::PhantomData }
    }

    /// Returns the request of the next page, or nothing after the last one.
    pub fn next_request(&self) -> Option<R> {
        self.parameters.clone().map(R::from_parameters)
    }

    /// Ends the pages, after an error.
    pub fn stop(&mut self) {
        self.parameters = None;
    }

    /// Takes a page and moves on to the next one.
    pub fn advance(&mut self, response: &R::Response) {
        let rows = i64::try_from(R::item_count(response)).unwrap_or(i64::MAX);
        self.parameters = self.parameters.take().and_then(|parameters| {
            let paging = R::OPERATION.paging.as_ref()?;
            next_page(paging, parameters, rows)
        });
    }
}

/// Returns the parameters of the page after one with so many rows.
fn next_page(paging: &Paging, mut parameters: Parameters, rows: i64) -> Option<Parameters> {
    let number =
        |parameters: &Parameters, name: &str| parameters.get(name).and_then(Value::as_integer);
    match *paging {
        Paging::Offset { start, size, default_size, window } => {
            let asked = number(&parameters, size).unwrap_or(default_size.into());
            let next = number(&parameters, start).unwrap_or(0).saturating_add(asked);
            let left = i64::from(window).saturating_sub(next);
            if asked < 1 || rows < asked || left < 1 {
                return None;
            }
            parameters.set(start, next);
            if left < asked {
                parameters.set(size, left);
            }
        }
        Paging::Number { page, size, default_size, last_page } => {
            let asked = number(&parameters, size).unwrap_or(default_size.into());
            let next = number(&parameters, page).unwrap_or(1).saturating_add(1);
            let past_the_last = last_page.is_some_and(|last| next > i64::from(last));
            if asked < 1 || rows < asked || past_the_last {
                return None;
            }
            parameters.set(page, next);
        }
    }
    Some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let page = |start: i64, num: i64| Parameters::new().with("Start", start).with("Num", num);
        for (before, rows, after) in [
            (Parameters::new(), 10, Some(Parameters::new().with("Start", 10_i64))),
            (Parameters::new(), 9, None),
            (page(0, 100), 100, Some(page(100, 100))),
            (page(0, 100), 0, None),
            (page(350, 100), 100, Some(page(450, 50))),
            (page(450, 50), 50, None),
            (page(499, 1), 1, None),
            (page(i64::MAX, 100), 100, None),
        ] {
            assert_eq!(next_page(&OFFSET, before.clone(), rows), after, "{before:?}");
        }
    }

    #[test]
    fn counts_pages_up_to_the_last() {
        let page = |page: i64| Parameters::new().with("PageNumber", page);
        for (before, rows, after) in [
            (Parameters::new(), 10, Some(page(2))),
            (page(29), 10, Some(page(30))),
            (page(30), 10, None),
            (page(3), 1, None),
        ] {
            assert_eq!(next_page(&NUMBER, before.clone(), rows), after, "{before:?}");
        }
    }
}
