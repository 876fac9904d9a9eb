//! Prints a tree with as few parentheses as possible.

use std::fmt;

use super::tree::{Clause, Connective, Node, Tree};

/// One stretch of a printed filter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece<'a> {
    Open,
    Close,
    Connective(Connective),
    Clause(&'a Clause),
}

/// A group whose operands are being printed.
struct Group {
    connective: Connective,
    remaining: usize,
    started: bool,
    parenthesised: bool,
}

/// Lists the stretches of the printed filter in order.
pub(super) fn pieces(tree: &Tree) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    for node in tree.nodes() {
        let parent = groups.last_mut();
        let inside = parent.as_ref().map(|group| group.connective);
        if let Some(group) = parent {
            if group.started {
                pieces.push(Piece::Connective(group.connective));
            }
            group.started = true;
        }
        match node {
            Node::Group(connective, count) => {
                // AND binds tighter, so only an OR inside an AND needs parentheses.
                let parenthesised = inside == Some(Connective::And);
                if parenthesised {
                    pieces.push(Piece::Open);
                }
                groups.push(Group {
                    connective: *connective,
                    remaining: *count,
                    started: false,
                    parenthesised,
                });
            }
            Node::Clause(clause) => {
                // Raw text may hold anything, an OR for one.
                let parenthesised = inside.is_some() && matches!(clause, Clause::Raw(_));
                if parenthesised {
                    pieces.push(Piece::Open);
                }
                pieces.push(Piece::Clause(clause));
                if parenthesised {
                    pieces.push(Piece::Close);
                }
                close_complete(&mut groups, &mut pieces);
            }
        }
    }
    pieces
}

/// Counts an operand as printed, and closes the groups it was the last of.
fn close_complete(groups: &mut Vec<Group>, pieces: &mut Vec<Piece<'_>>) {
    while let Some(group) = groups.last_mut() {
        group.remaining = group.remaining.saturating_sub(1);
        if group.remaining > 0 {
            return;
        }
        if group.parenthesised {
            pieces.push(Piece::Close);
        }
        groups.pop();
    }
}

impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
            Self::Connective(Connective::And) => f.write_str(" AND "),
            Self::Connective(Connective::Or) => f.write_str(" OR "),
            Self::Clause(Clause::Comparison(comparison)) => comparison.fmt(f),
            Self::Clause(Clause::Raw(text)) => f.write_str(text),
        }
    }
}
