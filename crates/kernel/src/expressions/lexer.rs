//! Text to words.

use super::tree::Literal;
use crate::{Error, Result};

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name of a column or of a function, as it stands there; never a reserved word.
    Name(String),
    /// A name in backquotes.
    Quoted(String),
    /// One of [`RESERVED`].
    Word(&'static str),
    /// A value.
    Literal(Literal),
    /// An operator or a bracket.
    Sign(&'static str),
    /// Nothing more.
    End,
}

/// Words that are no names of columns, unless in backquotes.
pub(super) const RESERVED: [&str; 10] = [
    "and", "or", "not", "in", "is", "null", "true", "false", "matches", "between",
];

/// Longer ones first.
const SIGNS: [&str; 17] = [
    "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", ".",
];

/// What people write who are used to other languages.
const STRANGE: [(&str, &str); 7] = [
    ("=", "=="),
    ("<>", "!="),
    ("&&", "and"),
    ("&", "and"),
    ("||", "or"),
    ("|", "or"),
    ("!", "not"),
];

/// A word and where it begins, in bytes.
pub(super) type Placed = (Token, usize);

/// Takes a text apart.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

pub(super) fn starts_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

pub(super) fn continues_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take(&mut self, length: usize) -> &'a str {
        let taken = &self.rest()[..length];
        self.at += length;
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|character| !wanted(character)).unwrap_or(rest.len());
        self.take(length)
    }

    /// The next word and where it begins.
    pub(super) fn next(&mut self) -> Result<Placed> {
        self.take_while(char::is_whitespace);
        let begin = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Ok((Token::End, begin));
        };
        let second = self.rest().chars().nth(1);
        let token = match first {
            '`' => self.quoted()?,
            '"' => self.string()?,
            '\'' => {
                return Err(wrong(self.text, begin, "texts stand in double quotes: \"Oslo\""));
            }
            '0'..='9' => self.number()?,
            '.' if second.is_some_and(|second| second.is_ascii_digit()) => self.number()?,
            _ if starts_name(first) => self.name(),
            _ => self.sign(first)?,
        };
        Ok((token, begin))
    }

    fn sign(&mut self, first: char) -> Result<Token> {
        let rest = self.rest();
        if let Some((given, meant)) = STRANGE
            .iter()
            .find(|(given, _)| rest.starts_with(given) && !rest.starts_with("==") && !rest.starts_with("!="))
        {
            return Err(wrong(
                self.text,
                self.at,
                &format!("write {meant} in place of {given}"),
            ));
        }
        match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            Some(sign) => {
                self.take(sign.len());
                Ok(Token::Sign(sign))
            }
            None => Err(wrong(
                self.text,
                self.at,
                &format!(
                    "{first:?} has no meaning here; names of columns with such characters stand in backquotes"
                ),
            )),
        }
    }

    /// `city`, or `address.city`.
    fn name(&mut self) -> Token {
        let begin = self.at;
        loop {
            self.take_while(continues_name);
            let mut following = self.rest().chars();
            let goes_on = following.next() == Some('.') && following.next().is_some_and(starts_name);
            if !goes_on {
                break;
            }
            self.take(1);
        }
        let name = &self.text[begin..self.at];
        match RESERVED.iter().find(|word| **word == name) {
            Some(word) => Token::Word(word),
            None => Token::Name(name.to_owned()),
        }
    }

    /// A name in backquotes; a backquote in it is written twice.
    fn quoted(&mut self) -> Result<Token> {
        let begin = self.at;
        self.take(1);
        let mut name = String::new();
        loop {
            name.push_str(self.take_while(|character| character != '`'));
            if self.rest().is_empty() {
                return Err(wrong(self.text, begin, "a backquote is never closed"));
            }
            self.take(1);
            if !self.rest().starts_with('`') {
                return Ok(Token::Quoted(name));
            }
            name.push('`');
            self.take(1);
        }
    }

    /// A text with the escapes of JSON.
    fn string(&mut self) -> Result<Token> {
        let begin = self.at;
        self.take(1);
        let mut escaped = false;
        while let Some(character) = self.rest().chars().next() {
            self.take(character.len_utf8());
            if character == '"' && !escaped {
                let raw = &self.text[begin..self.at];
                return serde_json::from_str(raw)
                    .map(|text| Token::Literal(Literal::Text(text)))
                    .map_err(|_| {
                        wrong(
                            self.text,
                            begin,
                            "the text has an escape that JSON has not; a backslash is written twice",
                        )
                    });
            }
            escaped = character == '\\' && !escaped;
        }
        Err(wrong(self.text, begin, "a text is never closed"))
    }

    fn number(&mut self) -> Result<Token> {
        let begin = self.at;
        let digit = |character: char| character.is_ascii_digit();
        self.take_while(digit);
        let point = self.rest().starts_with('.') && self.rest()[1..].starts_with(digit);
        if point {
            self.take(1);
            self.take_while(digit);
        }
        let rest = self.rest();
        let exponent = rest.strip_prefix(['e', 'E']).map(|rest| {
            let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
            digits.starts_with(digit)
        });
        if exponent == Some(true) {
            self.take(2);
            self.take_while(digit);
        }
        let text = &self.text[begin..self.at];
        if self.rest().starts_with(continues_name) || self.rest().starts_with('.') {
            return Err(wrong(
                self.text,
                begin,
                "not a number; names of columns that begin with a digit stand in backquotes",
            ));
        }
        number(text, point, exponent == Some(true))
            .map(Token::Literal)
            .ok_or_else(|| wrong(self.text, begin, "the number is too large"))
    }
}

/// Reads digits, perhaps with a point, perhaps with an exponent.
fn number(text: &str, point: bool, exponent: bool) -> Option<Literal> {
    let value: f64 = text.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    if exponent {
        let plain = format!("{value:?}");
        return if plain.contains('e') {
            Some(Literal::Float(value))
        } else {
            number(&plain, true, false)
        };
    }
    if !point {
        return text.parse().map(Literal::Integer).ok();
    }
    let (whole, fraction) = text.split_once('.')?;
    let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= 38);
    let digits = format!("{whole}{fraction}").parse().ok();
    Some(match (digits, scale) {
        (Some(digits), Some(scale)) => Literal::Decimal(digits, scale, value),
        _ => Literal::Float(value),
    })
}

/// The error of a text that is no expression.
pub(super) fn wrong(text: &str, at: usize, what: &str) -> Error {
    let character = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
    let shown = shortened(text);
    Error::argument(format!("expression {shown:?}, at character {character}: {what}"))
}

/// A text that fits into a message.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
