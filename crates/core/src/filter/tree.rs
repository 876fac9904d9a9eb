//! The syntax tree of a filter, stored flat.
//!
//! The nodes lie in one list in prefix order: a group comes before its operands. Cloning,
//! comparing, printing, evaluating and dropping are loops over that list, so a tree of any depth
//! is safe on any stack. Groups are flattened (no operand of an `AND` is itself an `AND`), which
//! gives each meaning of a text one tree and makes printing and parsing inverse.

use std::collections::VecDeque;

use super::comparison::Comparison;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tree {
    /// Never empty.
    nodes: VecDeque<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Joins so many operands, two at least, that follow in the list.
    Group(Connective, usize),
    Clause(Clause),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connective {
    And,
    Or,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clause {
    Comparison(Comparison),
    Raw(String),
}

impl Tree {
    pub(super) fn leaf(clause: Clause) -> Self {
        Self { nodes: VecDeque::from([Node::Clause(clause)]) }
    }

    /// Joins two trees. The shorter list is moved to an end of the longer one, so that building
    /// a chain is linear from either side.
    pub(super) fn join(self, connective: Connective, right: Self) -> Self {
        let (left_count, mut left) = self.into_operands(connective);
        let (right_count, mut right) = right.into_operands(connective);
        let mut nodes = if left.len() < right.len() {
            while let Some(node) = left.pop_back() {
                right.push_front(node);
            }
            right
        } else {
            left.append(&mut right);
            left
        };
        nodes.push_front(Node::Group(connective, left_count + right_count));
        Self { nodes }
    }

    /// Takes the root apart if it is a group of this connective.
    fn into_operands(mut self, connective: Connective) -> (usize, VecDeque<Node>) {
        match self.nodes.front() {
            Some(&Node::Group(root, count)) if root == connective => {
                self.nodes.pop_front();
                (count, self.nodes)
            }
            _ => (1, self.nodes),
        }
    }

    /// Iterates over the nodes, a group before its operands.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// Iterates over the comparisons and raw texts from left to right.
    pub(super) fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Clause(clause) => Some(clause),
            Node::Group(..) => None,
        })
    }
}
