//! What an expression is made of.

use super::parser;
use crate::Result;
use regex::Regex;
use std::collections::HashSet;
use std::fmt;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A function of one value, or of a value and a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Length,
    IsNan,
    IsFinite,
    StartsWith,
    EndsWith,
    Contains,
}

/// A value that stands in the expression itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Boolean(bool),
    Integer(i128),
    /// A number with a point: its digits, how many of them stand behind the point, the nearest double.
    Decimal(i128, u8, f64),
    /// A number with an exponent.
    Float(f64),
    Text(String),
}

/// The values of `in`, of one kind, with what makes looking them up quick.
#[derive(Debug, Clone)]
pub(super) struct Members {
    pub(super) literals: Vec<Literal>,
    pub(super) texts: HashSet<String>,
    pub(super) integers: HashSet<i128>,
}

impl Members {
    pub(super) fn new(literals: Vec<Literal>) -> Self {
        let texts = literals.iter().filter_map(|literal| match literal {
            Literal::Text(text) => Some(text.clone()),
            _ => None,
        });
        let integers = literals.iter().filter_map(|literal| match literal {
            Literal::Integer(number) => Some(*number),
            _ => None,
        });
        Self {
            texts: texts.collect(),
            integers: integers.collect(),
            literals,
        }
    }
}

/// A regular expression, and what was written.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) regex: Regex,
}

/// One part of an expression.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A column, by its place in [`Expression::columns`].
    Column(usize),
    Literal(Literal),
    Negate(Box<Node>),
    Arithmetic(Operation, Box<Node>, Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Between(Box<Node>, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Members>),
    Matches(Box<Node>, Box<Pattern>),
    IsNull(Box<Node>),
    Call(Function, Vec<Node>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

impl Node {
    /// The parts right below.
    pub(super) fn children(&self) -> Vec<&Node> {
        match self {
            Self::Column(_) | Self::Literal(_) => Vec::new(),
            Self::Negate(only)
            | Self::In(only, _)
            | Self::Matches(only, _)
            | Self::IsNull(only)
            | Self::Not(only) => vec![only],
            Self::Arithmetic(_, left, right) | Self::Compare(_, left, right) => vec![left, right],
            Self::Between(value, low, high) => vec![value, low, high],
            Self::Call(_, nodes) | Self::All(nodes) | Self::Any(nodes) => nodes.iter().collect(),
        }
    }

    /// The columns that occur, each once.
    pub(super) fn columns(&self) -> Vec<usize> {
        let mut columns = match self {
            Self::Column(column) => vec![*column],
            _ => self.children().into_iter().flat_map(Self::columns).collect(),
        };
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    fn renumber(&mut self, numbers: &[usize]) {
        match self {
            Self::Column(column) => *column = numbers[*column],
            Self::Literal(_) => {}
            Self::Negate(only)
            | Self::In(only, _)
            | Self::Matches(only, _)
            | Self::IsNull(only)
            | Self::Not(only) => only.renumber(numbers),
            Self::Arithmetic(_, left, right) | Self::Compare(_, left, right) => {
                left.renumber(numbers);
                right.renumber(numbers);
            }
            Self::Between(value, low, high) => {
                for node in [value, low, high] {
                    node.renumber(numbers);
                }
            }
            Self::Call(_, nodes) | Self::All(nodes) | Self::Any(nodes) => {
                nodes.iter_mut().for_each(|node| node.renumber(numbers));
            }
        }
    }
}

/// A parsed expression. Written out it gives its canonical text.
#[derive(Debug, Clone)]
pub struct Expression {
    pub(super) root: Node,
    pub(super) columns: Vec<String>,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// When the text is none, mixes kinds that do not go together, or is too long or too deep.
    pub fn parse(text: &str) -> Result<Self> {
        parser::parse(text)
    }

    /// The columns that it names, in order of appearance.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The numbers of the columns that it names.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        self.root.columns()
    }

    /// Whether it is true or false of a record, as against a number or a text. A lone column may be either.
    pub fn is_condition(&self) -> bool {
        super::kinds::is_truth(&self.root)
    }

    /// The same expression over columns that are listed elsewhere, in another order.
    #[must_use]
    pub fn over(&self, columns: &mut Vec<String>) -> Self {
        let numbers: Vec<usize> = self
            .columns
            .iter()
            .map(|name| {
                columns.iter().position(|known| known == name).unwrap_or_else(|| {
                    columns.push(name.clone());
                    columns.len() - 1
                })
            })
            .collect();
        let mut copy = self.clone();
        copy.root.renumber(&numbers);
        copy.columns.clone_from(columns);
        copy
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&super::text::of(&self.root, &self.columns))
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}
