//! The meaning of an expression: its value for one record.

use super::numbers::Number;
use super::scalar::{Mismatch, Scalar};
use super::tree::{Comparison, Expression, Function, Literal, Members, Node};
use std::cmp::Ordering;

/// Where the values of a record are, by the numbers of [`Expression::columns`].
pub trait Row {
    /// The value of a column.
    fn value(&self, column: usize) -> Scalar<'_>;
}

/// Why something could not be told: the first reason is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// One reason, in words.
    pub reason: Option<Box<str>>,
}

impl Notes {
    pub(super) fn note(&mut self, reason: impl FnOnce() -> String) {
        if self.reason.is_none() {
            self.reason = Some(reason().into());
        }
    }
}

/// The value of an expression for a record.
pub fn scalar<'a>(expression: &'a Expression, row: &'a impl Row, notes: &mut Notes) -> Scalar<'a> {
    Reader {
        row,
        columns: &expression.columns,
        notes,
    }
    .value(&expression.root)
}

/// What an expression is for a record: true, false, or unknown.
pub fn outcome_of(expression: &Expression, row: &impl Row, notes: &mut Notes) -> Option<bool> {
    outcome(&expression.root, &expression.columns, row, notes)
}

/// What part of an expression is for a record: true, false, or unknown.
pub(super) fn outcome(node: &Node, columns: &[String], row: &impl Row, notes: &mut Notes) -> Option<bool> {
    Reader { row, columns, notes }.truth(node)
}

/// The value of a part of an expression for a record.
pub(super) fn value<'a>(
    node: &'a Node,
    columns: &'a [String],
    row: &'a impl Row,
    notes: &mut Notes,
) -> Scalar<'a> {
    Reader { row, columns, notes }.value(node)
}

/// Whether a comparison holds of how two values compare; NaN is unequal to everything.
#[inline]
pub(super) fn holds(comparison: Comparison, ordering: Option<Ordering>) -> bool {
    match comparison {
        Comparison::Equal => ordering == Some(Ordering::Equal),
        Comparison::Unequal => ordering != Some(Ordering::Equal),
        Comparison::Less => ordering == Some(Ordering::Less),
        Comparison::LessOrEqual => ordering.is_some_and(Ordering::is_le),
        Comparison::Greater => ordering == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
    }
}

struct Reader<'a, 'n, R> {
    row: &'a R,
    columns: &'a [String],
    notes: &'n mut Notes,
}

impl<'a, R: Row> Reader<'a, '_, R> {
    fn truth(&mut self, node: &'a Node) -> Option<bool> {
        match self.value(node) {
            Scalar::Null => None,
            Scalar::Boolean(value) => Some(value),
            other => {
                self.mismatch(node, || format!("it is {}, not true or false", other.name()));
                None
            }
        }
    }

    fn value(&mut self, node: &'a Node) -> Scalar<'a> {
        match node {
            Node::Column(column) => self.row.value(*column),
            Node::Literal(literal) => Scalar::of_literal(literal),
            Node::Not(only) => boolean(self.truth(only).map(|value| !value)),
            Node::All(nodes) => self.decided(nodes, false),
            Node::Any(nodes) => self.decided(nodes, true),
            Node::IsNull(only) => Scalar::Boolean(self.value(only) == Scalar::Null),
            Node::Compare(comparison, left, right) => {
                let (left, right) = (self.value(left), self.value(right));
                boolean(self.compare(node, *comparison, &left, &right))
            }
            Node::Between(only, low, high) => {
                let (value, low, high) = (self.value(only), self.value(low), self.value(high));
                let above = self.compare(node, Comparison::GreaterOrEqual, &value, &low);
                let below = self.compare(node, Comparison::LessOrEqual, &value, &high);
                boolean(both(above, below))
            }
            Node::In(only, members) => {
                let value = self.value(only);
                boolean(self.is_member(node, &value, members))
            }
            Node::Matches(only, pattern) => {
                let value = self.value(only);
                boolean(self.test(node, &value, |text| pattern.regex.is_match(text)))
            }
            Node::Negate(_) | Node::Arithmetic(..) | Node::Call(..) => self.computed(node),
        }
    }

    /// `and` is decided by a false, `or` by a true; else a null leaves it open.
    fn decided(&mut self, nodes: &'a [Node], by: bool) -> Scalar<'a> {
        let mut open = false;
        let mut decided = false;
        for node in nodes {
            match self.truth(node) {
                Some(value) if value == by => decided = true,
                Some(_) => {}
                None => open = true,
            }
        }
        match (decided, open) {
            (true, _) => Scalar::Boolean(by),
            (false, true) => Scalar::Null,
            (false, false) => Scalar::Boolean(!by),
        }
    }

    fn compare(
        &mut self,
        node: &Node,
        comparison: Comparison,
        left: &Scalar<'_>,
        right: &Scalar<'_>,
    ) -> Option<bool> {
        if *left == Scalar::Null || *right == Scalar::Null {
            return None;
        }
        match left.compare(right) {
            Ok(ordering) => Some(holds(comparison, ordering)),
            Err(Mismatch) => {
                self.mismatch(node, || cannot(left, right));
                None
            }
        }
    }

    fn is_member(&mut self, node: &Node, value: &Scalar<'_>, members: &Members) -> Option<bool> {
        let first = members.literals.first()?;
        match (value, first) {
            (Scalar::Null, _) => return None,
            (Scalar::Text(text), Literal::Text(_)) => return Some(members.texts.contains(*text)),
            (Scalar::Number(Number::Integer(number)), _) if members.integers.contains(number) => {
                return Some(true);
            }
            _ => {}
        }
        let mut known = false;
        for literal in &members.literals {
            match value.compare(&Scalar::of_literal(literal)) {
                Ok(Some(Ordering::Equal)) => return Some(true),
                Ok(_) => known = true,
                Err(Mismatch) => {}
            }
        }
        if known {
            return Some(false);
        }
        self.mismatch(node, || cannot(value, &Scalar::of_literal(first)));
        None
    }

    fn test(&mut self, node: &Node, value: &Scalar<'_>, test: impl Fn(&str) -> bool) -> Option<bool> {
        match value {
            Scalar::Null => None,
            Scalar::Text(text) => Some(test(text)),
            other => {
                self.mismatch(node, || format!("{} is no text", other.name()));
                None
            }
        }
    }

    fn computed(&mut self, node: &'a Node) -> Scalar<'a> {
        let mut both = [Scalar::Null; 2];
        let count = match node {
            Node::Negate(only) => {
                both[0] = self.value(only);
                1
            }
            Node::Arithmetic(_, left, right) => {
                both = [self.value(left), self.value(right)];
                2
            }
            Node::Call(_, arguments) => {
                for (value, argument) in both.iter_mut().zip(arguments) {
                    *value = self.value(argument);
                }
                arguments.len().min(2)
            }
            _ => 0,
        };
        let values = &both[..count];
        if values.contains(&Scalar::Null) {
            return Scalar::Null;
        }
        let result = match (node, values) {
            (Node::Negate(_), [only]) => only.signed(Number::negated),
            (Node::Arithmetic(operation, ..), [left, right]) => left.apply(*operation, right),
            (Node::Call(function, _), values) => call(*function, values),
            _ => Err(Mismatch),
        };
        result.unwrap_or_else(|Mismatch| {
            let names: Vec<&str> = values.iter().map(Scalar::name).collect();
            self.mismatch(node, || format!("not possible with {}", names.join(" and ")));
            Scalar::Null
        })
    }

    fn mismatch(&mut self, node: &Node, what: impl FnOnce() -> String) {
        let columns = self.columns;
        self.notes.note(|| reason(node, columns, &what()));
    }
}

/// Why part of an expression is unknown.
pub(super) fn reason(node: &Node, columns: &[String], what: &str) -> String {
    format!(
        "{}: {what}",
        super::lexer::shortened(&super::text::of(node, columns))
    )
}

/// Says nothing of the values themselves: data does not leave the process in a reason.
pub(super) fn cannot(left: &Scalar<'_>, right: &Scalar<'_>) -> String {
    match (left, right) {
        (Scalar::Text(_), time) | (time, Scalar::Text(_))
            if matches!(time, Scalar::Timestamp(_) | Scalar::Date(_) | Scalar::Time(_)) =>
        {
            format!("a text that is not {} in ISO 8601", time.name())
        }
        _ => format!("{} cannot be compared with {}", left.name(), right.name()),
    }
}

fn call<'a>(function: Function, values: &[Scalar<'a>]) -> Result<Scalar<'a>, Mismatch> {
    match (function, values) {
        (Function::Abs, [only]) => only.signed(Number::absolute),
        (Function::Length, [only]) => only.length(),
        (Function::IsNan, [only]) => only.is_nan(),
        (Function::IsFinite, [only]) => only.is_finite(),
        (_, [Scalar::Text(text), Scalar::Text(part)]) => Ok(Scalar::Boolean(search(function, text, part))),
        _ => Err(Mismatch),
    }
}

#[inline]
pub(super) fn search(function: Function, text: &str, part: &str) -> bool {
    match function {
        Function::StartsWith => text.starts_with(part),
        Function::EndsWith => text.ends_with(part),
        _ => text.contains(part),
    }
}

fn boolean<'a>(value: Option<bool>) -> Scalar<'a> {
    value.map_or(Scalar::Null, Scalar::Boolean)
}

fn both(mine: Option<bool>, theirs: Option<bool>) -> Option<bool> {
    match (mine, theirs) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
