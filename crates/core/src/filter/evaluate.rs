//! Evaluates a tree on the attributes of one image.

use super::comparison::{Comparison, Operand};
use super::tree::{Clause, Connective, Node, Tree};
use super::{Attributes, Operator};

/// A group whose operands are being evaluated.
struct Group {
    connective: Connective,
    remaining: usize,
    value: bool,
}

/// Returns whether the image matches, or `None` as soon as raw text is met.
pub(super) fn evaluate<A: Attributes + ?Sized>(tree: &Tree, attributes: &A) -> Option<bool> {
    let mut groups: Vec<Group> = Vec::new();
    let mut result = None;
    for node in tree.nodes() {
        match node {
            Node::Group(connective, count) => groups.push(Group {
                connective: *connective,
                remaining: *count,
                value: *connective == Connective::And,
            }),
            Node::Clause(Clause::Raw(_)) => return None,
            Node::Clause(Clause::Comparison(comparison)) => {
                result = Some(fold(&mut groups, holds(comparison, attributes)));
            }
        }
    }
    result
}

/// Adds an operand's value to its group, and the value of a complete group to the one around it.
/// Returns the last value computed, which is the tree's once all groups are complete.
fn fold(groups: &mut Vec<Group>, mut value: bool) -> bool {
    while let Some(group) = groups.last_mut() {
        group.value = match group.connective {
            Connective::And => group.value && value,
            Connective::Or => group.value || value,
        };
        value = group.value;
        group.remaining = group.remaining.saturating_sub(1);
        if group.remaining > 0 {
            break;
        }
        groups.pop();
    }
    value
}

/// An absent attribute fails every comparison, the negative ones too.
fn holds<A: Attributes + ?Sized>(comparison: &Comparison, attributes: &A) -> bool {
    let operator = comparison.operator();
    match comparison.operand() {
        Operand::Integer(field, values) => attributes.integer(*field).is_some_and(|actual| {
            compare(&actual, operator, values.iter().map(|value| i64::from(*value)))
        }),
        Operand::String(field, values) => attributes
            .string(*field)
            .is_some_and(|actual| compare(&actual, operator, values.iter().map(String::as_str))),
    }
}

fn compare<T: PartialOrd>(
    actual: &T,
    operator: Operator,
    mut values: impl Iterator<Item = T>,
) -> bool {
    match operator {
        Operator::Equal | Operator::In => values.any(|value| *actual == value),
        Operator::NotEqual | Operator::NotIn => values.all(|value| *actual != value),
        Operator::Greater => values.any(|value| *actual > value),
        Operator::GreaterOrEqual => values.any(|value| *actual >= value),
        Operator::Less => values.any(|value| *actual < value),
        Operator::LessOrEqual => values.any(|value| *actual <= value),
    }
}
