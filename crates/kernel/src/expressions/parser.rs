//! Words to an expression: recursive descent, bounded in depth and size.

use super::kinds::{self, Kind};
use super::lexer::{Lexer, Placed, Token, wrong};
use super::tree::{Comparison, Expression, Function, Literal, Members, Node, Operation, Pattern};
use super::{DEEPEST, LONGEST, MOST_VALUES};
use crate::{Error, Result};
use regex::RegexBuilder;

/// Bytes that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// Columns that one expression may name.
const MOST_COLUMNS: usize = 1024;

/// A part and how many levels it has.
type Part = (Node, usize);

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    next: Placed,
    columns: Vec<String>,
    depth: usize,
    values: usize,
}

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Expression> {
    if text.len() > LONGEST {
        return Err(Error::argument(format!(
            "an expression of {} bytes; the longest that is read has {LONGEST}",
            text.len()
        )));
    }
    let mut lexer = Lexer::new(text);
    let next = lexer.next()?;
    let mut parser = Parser {
        text,
        lexer,
        next,
        columns: Vec::new(),
        depth: 0,
        values: 0,
    };
    if parser.next.0 == Token::End {
        return Err(parser.wrong("it is empty; expected such as fare > 0"));
    }
    let (root, _) = parser.any()?;
    match parser.next.0 {
        Token::End => Ok(Expression {
            root,
            columns: parser.columns,
        }),
        _ => Err(parser.unexpected("expected and, or, or the end")),
    }
}

impl Parser<'_> {
    fn wrong(&self, what: &str) -> Error {
        wrong(self.text, self.next.1, what)
    }

    fn unexpected(&self, expected: &str) -> Error {
        let found = match &self.next.0 {
            Token::End => "it ends here".to_owned(),
            Token::Name(name) => format!("found {name}"),
            Token::Quoted(name) => format!("found `{name}`"),
            Token::Word(word) => format!("found {word}"),
            Token::Literal(literal) => format!("found {}", super::text::literal(literal)),
            Token::Sign(sign) => format!("found {sign}"),
        };
        self.wrong(&format!("{found}; {expected}"))
    }

    fn advance(&mut self) -> Result<Token> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next).0)
    }

    fn takes(&mut self, token: &Token) -> Result<bool> {
        let there = self.next.0 == *token;
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn word(&mut self, word: &'static str) -> Result<bool> {
        self.takes(&Token::Word(word))
    }

    fn sign(&mut self, sign: &'static str) -> Result<bool> {
        self.takes(&Token::Sign(sign))
    }

    fn expect(&mut self, sign: &'static str) -> Result<()> {
        if self.sign(sign)? {
            return Ok(());
        }
        Err(self.unexpected(&format!("expected {sign}")))
    }

    /// Counts a value, and a level above parts of the given depth.
    fn level(&mut self, below: usize) -> Result<usize> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(self.wrong(&format!("it has more than {MOST_VALUES} values")));
        }
        if below + self.depth >= DEEPEST {
            return Err(self.wrong(&format!("it is nested more than {DEEPEST} levels deep")));
        }
        Ok(below + 1)
    }

    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        self.level(0)?;
        let done = read(self);
        self.depth -= 1;
        done
    }

    fn any(&mut self) -> Result<Part> {
        self.chain("or", Self::all, Node::Any)
    }

    fn all(&mut self) -> Result<Part> {
        self.chain("and", Self::not, Node::All)
    }

    /// Parts joined by a word become one node: long chains stay shallow.
    fn chain(
        &mut self,
        word: &'static str,
        read: fn(&mut Self) -> Result<Part>,
        make: fn(Vec<Node>) -> Node,
    ) -> Result<Part> {
        let begin = self.next.1;
        let first = read(self)?;
        if self.next.0 != Token::Word(word) {
            return Ok(first);
        }
        self.check_truth(&first.0, begin, word)?;
        let mut depth = first.1;
        let mut nodes = Vec::new();
        let mut add = |node: Node| match node {
            Node::All(inner) if word == "and" => nodes.extend(inner),
            Node::Any(inner) if word == "or" => nodes.extend(inner),
            other => nodes.push(other),
        };
        add(first.0);
        while self.word(word)? {
            let begin = self.next.1;
            let (node, below) = read(self)?;
            self.check_truth(&node, begin, word)?;
            depth = depth.max(below);
            add(node);
        }
        Ok((make(nodes), self.level(depth)?))
    }

    fn check_truth(&self, node: &Node, begin: usize, word: &str) -> Result<()> {
        if kinds::is_truth(node) {
            return Ok(());
        }
        let kind = kinds::of(node);
        let name = if kind == Kind::Any { "a value" } else { kind.name() };
        Err(wrong(
            self.text,
            begin,
            &format!("{word} joins what is true or false, not {name}"),
        ))
    }

    fn not(&mut self) -> Result<Part> {
        if !self.word("not")? {
            return self.comparison();
        }
        let begin = self.next.1;
        let (node, below) = self.inside(Self::not)?;
        self.check_truth(&node, begin, "not")?;
        Ok((Node::Not(Box::new(node)), self.level(below)?))
    }

    fn comparison(&mut self) -> Result<Part> {
        let begin = self.next.1;
        let (left, depth) = self.sum()?;
        let found = match &self.next.0 {
            Token::Sign(sign) => comparison_of(sign),
            _ => None,
        };
        if let Some(comparison) = found {
            self.advance()?;
            self.check_null("==", "is null")?;
            let (right, below) = self.sum()?;
            if matches!(&self.next.0, Token::Sign(sign) if comparison_of(sign).is_some()) {
                return Err(
                    self.wrong("comparisons do not chain; write a < x and x < b, or x between a and b")
                );
            }
            self.check_kinds(&left, &right, begin)?;
            let node = Node::Compare(comparison, Box::new(left), Box::new(right));
            return Ok((node, self.level(depth.max(below))?));
        }
        if self.word("is")? {
            let not = self.word("not")?;
            if !self.word("null")? {
                return Err(self.unexpected("expected null; whether a number is NaN tells is_nan(x)"));
            }
            return self.negated(Node::IsNull(Box::new(left)), depth, not);
        }
        let not = self.word("not")?;
        let node = match self.next.0 {
            Token::Word("in") => self.members(left, begin)?,
            Token::Word("matches") => self.pattern(left, begin)?,
            Token::Word("between") => return self.between((left, depth), begin, not),
            _ if not => return Err(self.unexpected("expected in, between or matches after not")),
            _ => return Ok((left, depth)),
        };
        self.negated(node, depth, not)
    }

    fn negated(&mut self, node: Node, below: usize, not: bool) -> Result<Part> {
        let depth = self.level(below)?;
        if not {
            return Ok((Node::Not(Box::new(node)), self.level(depth)?));
        }
        Ok((node, depth))
    }

    fn check_kinds(&self, left: &Node, right: &Node, begin: usize) -> Result<()> {
        let (left, right) = (kinds::of(left), kinds::of(right));
        if left.goes_with(right) {
            return Ok(());
        }
        Err(wrong(
            self.text,
            begin,
            &format!("{} cannot be compared with {}", left.name(), right.name()),
        ))
    }

    /// Nothing equals null.
    fn check_null(&self, given: &str, meant: &str) -> Result<()> {
        if self.next.0 == Token::Word("null") {
            return Err(self.wrong(&format!(
                "{given} null is never true: write x {meant}, or x is not null"
            )));
        }
        Ok(())
    }

    fn members(&mut self, value: Node, begin: usize) -> Result<Node> {
        self.advance()?;
        if self.next.0 == Token::Sign("(") {
            return Err(self.wrong("the values of in stand in square brackets: x in [1, 2]"));
        }
        self.expect("[")?;
        let mut literals: Vec<Literal> = Vec::new();
        loop {
            if self.next.0 == Token::Sign("]") && !literals.is_empty() {
                break;
            }
            self.check_null("in a list,", "is null or x in […]")?;
            let at = self.next.1;
            let (node, _) = self.signed()?;
            let Node::Literal(literal) = node else {
                return Err(wrong(
                    self.text,
                    at,
                    "a list holds values only; for columns write x == a or x == b",
                ));
            };
            if literals
                .first()
                .is_some_and(|first| kinds::of_literal(first) != kinds::of_literal(&literal))
            {
                return Err(wrong(self.text, at, "the values of a list are of one kind"));
            }
            literals.push(literal);
            if !self.sign(",")? {
                break;
            }
        }
        self.expect("]")?;
        if let Some(first) = literals.first() {
            self.check_kinds(&value, &Node::Literal(first.clone()), begin)?;
        }
        Ok(Node::In(Box::new(value), Box::new(Members::new(literals))))
    }

    fn pattern(&mut self, value: Node, begin: usize) -> Result<Node> {
        self.advance()?;
        self.check_kinds(&value, &Node::Literal(Literal::Text(String::new())), begin)?;
        let at = self.next.1;
        let Token::Literal(Literal::Text(text)) = self.advance()? else {
            return Err(wrong(
                self.text,
                at,
                "matches takes a regular expression as a text: \"^[A-Z]+$\"",
            ));
        };
        let regex = RegexBuilder::new(&text)
            .size_limit(PATTERN_BYTES)
            .dfa_size_limit(PATTERN_BYTES)
            .nest_limit(100)
            .build()
            .map_err(|error| {
                let told = error.to_string();
                // The first lines of the message draw the pattern; the last says what is wrong.
                let last = told
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ");
                wrong(self.text, at, &format!("not a regular expression: {last}"))
            })?;
        Ok(Node::Matches(Box::new(value), Box::new(Pattern { text, regex })))
    }

    fn between(&mut self, (value, depth): Part, begin: usize, not: bool) -> Result<Part> {
        self.advance()?;
        let (low, low_depth) = self.sum()?;
        if !self.word("and")? {
            return Err(self.unexpected("expected and: x between a and b"));
        }
        let (high, high_depth) = self.sum()?;
        for bound in [&low, &high] {
            self.check_kinds(&value, bound, begin)?;
        }
        let node = Node::Between(Box::new(value), Box::new(low), Box::new(high));
        self.negated(node, depth.max(low_depth).max(high_depth), not)
    }

    fn sum(&mut self) -> Result<Part> {
        let operations = [("+", Operation::Add), ("-", Operation::Subtract)];
        self.operations(&operations, Self::product)
    }

    fn product(&mut self) -> Result<Part> {
        let operations = [
            ("*", Operation::Multiply),
            ("/", Operation::Divide),
            ("%", Operation::Remainder),
        ];
        self.operations(&operations, Self::signed)
    }

    fn operations(
        &mut self,
        operations: &[(&'static str, Operation)],
        read: fn(&mut Self) -> Result<Part>,
    ) -> Result<Part> {
        let begin = self.next.1;
        let (mut left, mut depth) = read(self)?;
        while let Some((sign, operation)) = operations
            .iter()
            .find(|(sign, _)| self.next.0 == Token::Sign(sign))
        {
            self.advance()?;
            let (right, below) = read(self)?;
            for side in [&left, &right] {
                let kind = kinds::of(side);
                if !matches!(kind, Kind::Number | Kind::Any) {
                    let what = format!("{sign} takes numbers, not {}", kind.name());
                    return Err(wrong(self.text, begin, &what));
                }
            }
            depth = self.level(depth.max(below))?;
            left = Node::Arithmetic(*operation, Box::new(left), Box::new(right));
        }
        Ok((left, depth))
    }

    fn signed(&mut self) -> Result<Part> {
        let begin = self.next.1;
        if !self.sign("-")? {
            return self.primary();
        }
        let (node, below) = self.inside(Self::signed)?;
        let kind = kinds::of(&node);
        Ok(match node {
            Node::Literal(Literal::Integer(value)) => (Node::Literal(Literal::Integer(-value)), below),
            Node::Literal(Literal::Decimal(digits, scale, value)) => {
                (Node::Literal(Literal::Decimal(-digits, scale, -value)), below)
            }
            Node::Literal(Literal::Float(value)) => (Node::Literal(Literal::Float(-value)), below),
            node if matches!(kind, Kind::Number | Kind::Any) => {
                (Node::Negate(Box::new(node)), self.level(below)?)
            }
            _ => {
                let what = format!("- takes a number, not {}", kind.name());
                return Err(wrong(self.text, begin, &what));
            }
        })
    }

    fn primary(&mut self) -> Result<Part> {
        let begin = self.next.1;
        let depth = self.level(0)?;
        let node = match self.next.0 {
            Token::Literal(_) | Token::Name(_) | Token::Quoted(_) => match self.advance()? {
                Token::Literal(literal) => Node::Literal(literal),
                Token::Name(name) if self.next.0 == Token::Sign("(") => return self.call(&name, begin),
                Token::Name(name) | Token::Quoted(name) => Node::Column(self.column(name)?),
                _ => return Err(self.unexpected("expected a value")),
            },
            Token::Word(word @ ("true" | "false")) => {
                self.advance()?;
                Node::Literal(Literal::Boolean(word == "true"))
            }
            Token::Sign("(") => {
                self.advance()?;
                let inner = self.inside(Self::any)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Word("null") => return Err(self.wrong("null is asked for with x is null")),
            _ => return Err(self.unexpected("expected a column or a value")),
        };
        Ok((node, depth))
    }

    fn column(&mut self, name: String) -> Result<usize> {
        if let Some(at) = self.columns.iter().position(|known| *known == name) {
            return Ok(at);
        }
        if self.columns.len() == MOST_COLUMNS {
            return Err(self.wrong(&format!("it names more than {MOST_COLUMNS} columns")));
        }
        self.columns.push(name);
        Ok(self.columns.len() - 1)
    }

    fn call(&mut self, name: &str, begin: usize) -> Result<Part> {
        let Some(function) = Function::ALL.into_iter().find(|function| function.name() == name) else {
            let known = Function::ALL.map(Function::name).join(", ");
            return Err(wrong(
                self.text,
                begin,
                &format!("there is no function {name}; functions are {known}"),
            ));
        };
        self.advance()?;
        let wanted = function.arguments();
        let mut arguments = Vec::new();
        let mut depth = 0;
        while arguments.len() < wanted.len() {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            let at = self.next.1;
            let (node, below) = self.inside(Self::sum)?;
            if !kinds::of(&node).goes_with(wanted[arguments.len()]) {
                let given = kinds::of(&node).name();
                return Err(wrong(self.text, at, &format!("{name} does not take {given}")));
            }
            depth = depth.max(below);
            arguments.push(node);
        }
        self.expect(")")?;
        Ok((Node::Call(function, arguments), self.level(depth)?))
    }
}

impl Function {
    /// What each argument is.
    fn arguments(self) -> &'static [Kind] {
        match self {
            Self::Abs | Self::IsNan | Self::IsFinite => &[Kind::Number],
            Self::Length => &[Kind::Text],
            Self::StartsWith | Self::EndsWith | Self::Contains => &[Kind::Text, Kind::Text],
        }
    }
}

fn comparison_of(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "==" => Comparison::Equal,
        "!=" => Comparison::Unequal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
