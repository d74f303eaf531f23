//! The canonical text of an expression: one for all spellings of it.

use super::lexer::{RESERVED, continues_name, starts_name};
use super::tree::{Comparison, Function, Literal, Node, Operation};

/// How tightly a part binds: what binds less than its place asks for stands in brackets.
const ANY: u8 = 1;
const ALL: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const SIGN: u8 = 7;
const VALUE: u8 = 8;

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Operation {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl Function {
    pub(super) const ALL: [Self; 7] = [
        Self::Abs,
        Self::Length,
        Self::IsNan,
        Self::IsFinite,
        Self::StartsWith,
        Self::EndsWith,
        Self::Contains,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Abs => "abs",
            Self::Length => "length",
            Self::IsNan => "is_nan",
            Self::IsFinite => "is_finite",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::Contains => "contains",
        }
    }
}

/// The canonical text.
pub(super) fn of(node: &Node, columns: &[String]) -> String {
    let mut writer = Writer {
        columns,
        text: String::new(),
    };
    writer.write(node, ANY);
    writer.text
}

/// A name as an expression writes it.
pub(super) fn column(name: &str) -> String {
    let part = |part: &str| part.starts_with(starts_name) && part.chars().all(continues_name);
    if name.split('.').all(part) && !RESERVED.contains(&name) {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}

pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Boolean(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Float(value) => format!("{value:?}"),
        Literal::Text(value) => serde_json::Value::from(value.as_str()).to_string(),
        Literal::Decimal(digits, scale, _) => {
            let sign = if *digits < 0 { "-" } else { "" };
            let scale = usize::from(*scale);
            let digits = format!("{:0>width$}", digits.unsigned_abs(), width = scale + 1);
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            format!("{sign}{whole}.{fraction}")
        }
    }
}

struct Writer<'a> {
    columns: &'a [String],
    text: String,
}

impl Writer<'_> {
    fn write(&mut self, node: &Node, least: u8) {
        let strength = strength(node);
        if strength < least {
            self.text.push('(');
            self.write_bare(node, strength);
            self.text.push(')');
        } else {
            self.write_bare(node, strength);
        }
    }

    fn write_bare(&mut self, node: &Node, strength: u8) {
        match node {
            Node::Column(at) => self.text.push_str(&column(&self.columns[*at])),
            Node::Literal(value) => self.text.push_str(&literal(value)),
            Node::Negate(only) => {
                self.text.push('-');
                self.write(only, SIGN);
            }
            Node::Arithmetic(operation, left, right) => {
                self.pair(left, (operation.sign(), strength), right, strength + 1);
            }
            Node::Compare(comparison, left, right) => {
                self.write(left, SUM);
                self.word(comparison.sign());
                self.write(right, SUM);
            }
            Node::Call(function, arguments) => {
                self.text.push_str(function.name());
                self.text.push('(');
                self.list(arguments, ", ", ANY);
                self.text.push(')');
            }
            Node::Not(only) if !self.negated(only) => {
                self.text.push_str("not ");
                self.write(only, NOT);
            }
            Node::Not(_) => {}
            Node::All(nodes) => self.list(nodes, " and ", ALL + 1),
            Node::Any(nodes) => self.list(nodes, " or ", ANY + 1),
            Node::Between(..) | Node::In(..) | Node::Matches(..) | Node::IsNull(_) => {
                self.predicate(node, "")
            }
        }
    }

    /// Writes the opposite of a predicate that has a form of its own for it; false when it has none.
    fn negated(&mut self, node: &Node) -> bool {
        let has = matches!(
            node,
            Node::Between(..) | Node::In(..) | Node::Matches(..) | Node::IsNull(_)
        );
        if has {
            self.predicate(node, "not ");
        }
        has
    }

    fn predicate(&mut self, node: &Node, not: &str) {
        match node {
            Node::Between(value, low, high) => {
                self.write(value, SUM);
                self.word(&format!("{not}between"));
                self.pair(low, ("and", SUM), high, SUM);
            }
            Node::In(value, members) => {
                self.write(value, SUM);
                self.word(&format!("{not}in"));
                let members: Vec<String> = members.literals.iter().map(literal).collect();
                self.text.push_str(&format!("[{}]", members.join(", ")));
            }
            Node::Matches(value, pattern) => {
                self.write(value, SUM);
                self.word(&format!("{not}matches"));
                self.text.push_str(&literal(&Literal::Text(pattern.text.clone())));
            }
            Node::IsNull(value) => {
                self.write(value, SUM);
                self.text.push_str(&format!(" is {not}null"));
            }
            _ => {}
        }
    }

    fn pair(&mut self, left: &Node, (word, strength): (&str, u8), right: &Node, right_strength: u8) {
        self.write(left, strength);
        self.word(word);
        self.write(right, right_strength);
    }

    fn list(&mut self, nodes: &[Node], between: &str, strength: u8) {
        for (at, node) in nodes.iter().enumerate() {
            if at > 0 {
                self.text.push_str(between);
            }
            self.write(node, strength);
        }
    }

    fn word(&mut self, word: &str) {
        self.text.push(' ');
        self.text.push_str(word);
        self.text.push(' ');
    }
}

fn strength(node: &Node) -> u8 {
    match node {
        Node::Any(_) => ANY,
        Node::All(_) => ALL,
        Node::Not(only) => match &**only {
            Node::Between(..) | Node::In(..) | Node::Matches(..) | Node::IsNull(_) => COMPARISON,
            _ => NOT,
        },
        Node::Compare(..) | Node::Between(..) | Node::In(..) | Node::Matches(..) | Node::IsNull(_) => {
            COMPARISON
        }
        Node::Arithmetic(Operation::Add | Operation::Subtract, ..) => SUM,
        Node::Arithmetic(..) => PRODUCT,
        Node::Negate(_) => SIGN,
        Node::Literal(_) | Node::Column(_) | Node::Call(..) => VALUE,
    }
}
