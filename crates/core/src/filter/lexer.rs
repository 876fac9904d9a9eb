//! Cuts the text of a filter into tokens.

use std::ops::Range;

use super::{FilterError, Operator};
use crate::quote::quote;

/// A token with its text as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) start: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, of a field if all is well.
    Word,
    /// Something that starts like a number; the parser knows which numbers fit.
    Number,
    /// A string, without its quotes and escapes.
    String(String),
    Operator(Operator),
    And,
    Or,
    In,
    Not,
    Open,
    Close,
    Comma,
    End,
}

impl Token<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Names the token in a message.
    pub(super) fn found(&self) -> String {
        match self.kind {
            TokenKind::End => "the end of the filter".to_owned(),
            _ => quote(self.text),
        }
    }
}

/// Reads the text from left to right and never goes back.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    /// Reads a token; at the end of the text, [`TokenKind::End`] as often as asked.
    pub(super) fn next_token(&mut self) -> Result<Token<'a>, FilterError> {
        self.take_while(char::is_whitespace);
        let start = self.position;
        let kind = match self.rest().chars().next() {
            None => TokenKind::End,
            Some('(') => self.single(TokenKind::Open),
            Some(')') => self.single(TokenKind::Close),
            Some(',') => self.single(TokenKind::Comma),
            Some('"') => self.string()?,
            Some(first) if first == '-' || first.is_ascii_digit() => {
                self.take_while(|c| is_word(c) || matches!(c, '-' | '.'));
                TokenKind::Number
            }
            Some(first) if is_word(first) => keyword(self.take_while(|c| is_word(c) || c == '-')),
            Some(first) if is_symbol(first) => self.symbol()?,
            Some(first) => return Err(self.unexpected(first)),
        };
        let text = self.text.get(start..self.position).unwrap_or_default();
        Ok(Token { kind, text, start })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn single(&mut self, kind: TokenKind) -> TokenKind {
        self.position += 1;
        kind
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.position += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Reads a string: a `\` stands before a `"` or a `\` that belongs to the value.
    fn string(&mut self) -> Result<TokenKind, FilterError> {
        let start = self.position;
        let mut value = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = characters.next() {
            match character {
                '"' => {
                    self.position = start + offset + 1;
                    return Ok(TokenKind::String(value));
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                    Some((_, other)) => {
                        let at = start + offset;
                        return Err(self.error(
                            at..at + 1 + other.len_utf8(),
                            format!("unknown escape {}", quote(&format!("\\{other}"))),
                            r#"a string knows `\"` and `\\`; write other characters as they are"#,
                        ));
                    }
                    None => break,
                },
                _ => value.push(character),
            }
        }
        Err(self.error(start..start + 1, "the string never ends", r#"add the closing `"`"#))
    }

    /// Reads as many symbol characters as there are, so that `==` is one mistake and not two `=`.
    fn symbol(&mut self) -> Result<TokenKind, FilterError> {
        let start = self.position;
        let symbol = self.take_while(is_symbol);
        let help = match symbol {
            "=" => return Ok(TokenKind::Operator(Operator::Equal)),
            "!=" => return Ok(TokenKind::Operator(Operator::NotEqual)),
            ">" => return Ok(TokenKind::Operator(Operator::Greater)),
            ">=" => return Ok(TokenKind::Operator(Operator::GreaterOrEqual)),
            "<" => return Ok(TokenKind::Operator(Operator::Less)),
            "<=" => return Ok(TokenKind::Operator(Operator::LessOrEqual)),
            "!" => "there is no negation; did you mean `!=` or `not in`?",
            "==" | "===" | ":" | ":=" => "did you mean `=`?",
            "<>" | "!==" | "~=" => "did you mean `!=`?",
            "=>" => "did you mean `>=`?",
            "=<" => "did you mean `<=`?",
            "&&" | "&" => "did you mean `AND`?",
            "||" | "|" => "did you mean `OR`?",
            _ => "the operators are `=`, `!=`, `>`, `>=`, `<`, `<=`, `in`, `not in`",
        };
        let span = start..self.position;
        Err(self.error(span, format!("unknown operator {}", quote(symbol)), help))
    }

    fn unexpected(&self, first: char) -> FilterError {
        let rest = self.rest();
        let mut length = first.len_utf8();
        let help = match first {
            '\'' | '`' => {
                // The carets go under the whole string if it ends.
                let end = rest.char_indices().skip(1).find(|(_, c)| *c == first);
                length = end.map_or(length, |(offset, _)| offset + 1);
                r#"write strings in double quotes, such as "red""#.to_owned()
            }
            '“' | '”' | '„' | '＂' | '‘' | '’' | '＇' => {
                r#"write strings in plain double quotes, such as "red""#.to_owned()
            }
            // The full-width forms, which Chinese keyboards produce, mirror ASCII.
            '！'..='～' => char::from_u32(u32::from(first) - 0xFEE0)
                .map(|plain| format!("did you mean the ASCII character `{plain}`?"))
                .unwrap_or_default(),
            '+' => "write positive numbers without a sign".to_owned(),
            ';' => "write one filter, with comparisons joined by `AND` or `OR`".to_owned(),
            _ => "expected a field, an operator, a value or a parenthesis".to_owned(),
        };
        let span = self.position..self.position + length;
        let given = quote(rest.get(..length).unwrap_or_default());
        self.error(span, format!("unexpected {given}"), help)
    }

    fn error(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> FilterError {
        FilterError::new(self.text, span, message, help)
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn is_symbol(character: char) -> bool {
    matches!(character, '=' | '!' | '<' | '>' | '&' | '|' | ':' | '~')
}

fn keyword(word: &str) -> TokenKind {
    let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
    if is("and") {
        TokenKind::And
    } else if is("or") {
        TokenKind::Or
    } else if is("in") {
        TokenKind::In
    } else if is("not") {
        TokenKind::Not
    } else {
        TokenKind::Word
    }
}
