//! Checks a filter against what an operation supports.

use std::fmt;

use super::operator::enumerate;
use super::print::{Piece, pieces};
use super::tree::{Clause, Tree};
use super::{AllowedOperators, Operator};
use crate::quote::quote;

/// A clause that an operation does not support.
///
/// [`Filter::check`](super::Filter::check) returns them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterViolation {
    column: usize,
    clause: String,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Operator { operator: Operator, supported: &'static [Operator] },
    EmptyList,
    Blank,
}

impl FilterViolation {
    /// Returns the clause as it is printed, such as `int_attr in (1,2)`.
    #[must_use]
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// Returns where the clause starts in the printed filter, in characters from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// Returns the operator if it is the one that is not supported.
    #[must_use]
    pub fn operator(&self) -> Option<Operator> {
        match self.problem {
            Problem::Operator { operator, .. } => Some(operator),
            Problem::EmptyList | Problem::Blank => None,
        }
    }

    /// Returns the operators that are supported instead, if the operator is not supported.
    #[must_use]
    pub fn supported(&self) -> &'static [Operator] {
        match self.problem {
            Problem::Operator { supported, .. } => supported,
            Problem::EmptyList | Problem::Blank => &[],
        }
    }
}

impl fmt::Display for FilterViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (clause, column) = (quote(&self.clause), self.column);
        match self.problem {
            Problem::Operator { operator, supported } => {
                write!(
                    f,
                    "operator `{operator}` in {clause} at column {column} is not supported "
                )?;
                if supported.is_empty() {
                    return f.write_str("by this operation: leave the comparison out");
                }
                write!(f, "by this operation: use {}", enumerate(supported))?;
                if operator == Operator::In && supported.contains(&Operator::Equal) {
                    f.write_str(", one comparison a value, joined with OR")?;
                }
                Ok(())
            }
            Problem::EmptyList => write!(
                f,
                "the list in {clause} at column {column} is empty: give at least one value"
            ),
            Problem::Blank => write!(
                f,
                "the filter text at column {column} is empty: leave it out or write a comparison"
            ),
        }
    }
}

/// Lists what is wrong with the tree for an operation, from left to right.
pub(super) fn violations(tree: &Tree, allowed: &AllowedOperators) -> Vec<FilterViolation> {
    let mut violations = Vec::new();
    let mut column = 1;
    for piece in pieces(tree) {
        let text = piece.to_string();
        let length = text.chars().count();
        if let Piece::Clause(clause) = piece
            && let Some(problem) = problem(clause, allowed)
        {
            violations.push(FilterViolation { column, clause: text, problem });
        }
        column += length;
    }
    violations
}

fn problem(clause: &Clause, allowed: &AllowedOperators) -> Option<Problem> {
    let comparison = match clause {
        // Raw text is passed on as it is, but a blank one would be a request without a filter.
        Clause::Raw(text) => return text.trim().is_empty().then_some(Problem::Blank),
        Clause::Comparison(comparison) => comparison,
    };
    let operator = comparison.operator();
    let supported = allowed.of(comparison.field().kind);
    if !supported.contains(&operator) {
        Some(Problem::Operator { operator, supported })
    } else if comparison.values().next().is_none() {
        Some(Problem::EmptyList)
    } else {
        None
    }
}
