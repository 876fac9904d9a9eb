use crate::{
    generated::{descriptions::OPERATIONS, examples::EXAMPLES},
    operation::{Example, Operation},
};

impl Operation {
    /// Finds an operation by the version of the API and its wire name.
    pub fn find(version: &str, name: &str) -> Option<&'static Operation> {
        let mut operations = OPERATIONS.iter().copied();
        operations.find(|operation| operation.version == version && operation.name == name)
    }

    /// Returns the worked example: parameters, the request they become, and an answer.
    ///
    /// Examples are a table of their own, so that a program that shows none carries none.
    ///
    /// ```
    /// # use imagesearch_core::operation::Operation;
    /// let operation = Operation::find("2020-12-14", "CheckImageExists").expect("is in the table");
    /// let example = operation.example().expect("every operation has one");
    /// assert!(example.response.contains(r#""Exists": true"#));
    /// ```
    pub fn example(&self) -> Option<&'static Example> {
        let examples = EXAMPLES.iter();
        let mut found = examples.filter(|(operation, _)| {
            operation.version == self.version && operation.name == self.name
        });
        found.next().map(|(_, example)| *example)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::operation::QuotaGroup;

    #[test]
    fn operations_of_a_group_state_one_rate_if_any() {
        let mut rates: BTreeMap<QuotaGroup, Vec<u32>> = BTreeMap::new();
        for operation in OPERATIONS {
            let quota = operation.quota;
            let rate: Vec<u32> =
                quota.per_second.into_iter().chain(quota.by_plan.to_vec()).collect();
            if !rate.is_empty() {
                let known = rates.entry(quota.group).or_insert_with(|| rate.clone());
                assert_eq!(*known, rate, "{} {}", operation.version, operation.name);
            }
        }
        let expected = [
            (QuotaGroup::Search, vec![1, 5, 10]),
            (QuotaGroup::Add, vec![1, 5]),
            (QuotaGroup::Update, vec![20]),
            (QuotaGroup::Delete, vec![20]),
            (QuotaGroup::Describe, vec![1]),
            (QuotaGroup::Task, vec![1]),
        ];
        assert_eq!(rates, BTreeMap::from(expected));
    }
}
