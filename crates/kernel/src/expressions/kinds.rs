//! What can be said of an expression before any data is seen.

use super::tree::{Function, Literal, Node, Operation};

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// True or false.
    Truth,
    Number,
    Text,
    /// Known when the data is there.
    Any,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Truth => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Any => "a column",
        }
    }

    /// Whether a value of the one kind can be compared with one of the other. Texts also stand for times.
    pub(super) fn goes_with(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }
}

pub(super) fn of_literal(literal: &Literal) -> Kind {
    match literal {
        Literal::Boolean(_) => Kind::Truth,
        Literal::Text(_) => Kind::Text,
        _ => Kind::Number,
    }
}

pub(super) fn of(node: &Node) -> Kind {
    match node {
        Node::Column(_) => Kind::Any,
        Node::Literal(literal) => of_literal(literal),
        Node::Call(Function::Length, _) => Kind::Number,
        // Of times these are durations, or times again.
        Node::Arithmetic(
            Operation::Add | Operation::Subtract | Operation::Multiply | Operation::Divide,
            left,
            right,
        ) if of(left) == Kind::Any || of(right) == Kind::Any => Kind::Any,
        Node::Negate(only) => of(only),
        Node::Call(Function::Abs, arguments) => arguments.first().map_or(Kind::Any, of),
        Node::Arithmetic(..) => Kind::Number,
        _ => Kind::Truth,
    }
}

/// Whether a node gives true or false, or may.
pub(super) fn is_truth(node: &Node) -> bool {
    match node {
        Node::Column(_) => true,
        Node::Arithmetic(..) | Node::Negate(_) | Node::Call(Function::Abs, _) => false,
        _ => of(node) == Kind::Truth,
    }
}
