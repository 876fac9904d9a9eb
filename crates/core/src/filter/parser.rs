//! The parser: recursive descent, one token ahead, `AND` before `OR`.
//!
//! ```text
//! filter      = conjunction { "OR" conjunction }
//! conjunction = primary { "AND" primary }
//! primary     = "(" filter ")" | comparison
//! comparison  = field operator value | field [ "not" ] "in" "(" value { "," value } ")"
//! ```

use super::comparison::Comparison;
use super::lexer::{Lexer, Token, TokenKind};
use super::operator::enumerate;
use super::tree::{Clause, Connective, Tree};
use super::{
    AllowedOperators, FIELDS, FieldDescription, FieldKind, FilterError, IntegerField, Operator,
    StringField,
};
use crate::quote::{clip, quote};

/// The longest text that is parsed, in bytes.
pub(super) const MAX_BYTES: usize = 65_536;

/// The deepest nesting of parentheses that is parsed.
pub(super) const MAX_NESTING: usize = 64;

/// Parses a whole text.
pub(super) fn parse(text: &str) -> Result<Tree, FilterError> {
    if text.len() > MAX_BYTES {
        let message =
            format!("the filter has {} bytes, at most {} are parsed", text.len(), MAX_BYTES);
        return Err(FilterError::new(text, 0..0, message, "the service takes 4,096 characters"));
    }
    let mut lexer = Lexer::new(text);
    let token = lexer.next_token()?;
    let mut parser = Parser { text, lexer, token };
    if parser.token.kind == TokenKind::End {
        return Err(parser.error(
            "the filter is empty",
            "leave the filter out, or write a comparison such as `int_attr>=100`",
        ));
    }
    let tree = parser.disjunction(0)?;
    match parser.token.kind {
        TokenKind::End => Ok(tree),
        TokenKind::Close => Err(parser.error("unmatched `)`", "remove it, or add a `(` before")),
        TokenKind::Comma => Err(parser.error(
            "a `,` only separates the values of a list",
            "join comparisons with `AND` or `OR`",
        )),
        TokenKind::Word => {
            Err(parser.expected("`AND` or `OR`", "join comparisons with `AND` or `OR`"))
        }
        _ => Err(parser.expected("`AND` or `OR`", "a comparison has one operator and one value")),
    }
}

struct Parser<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    /// The token that is read next.
    token: Token<'a>,
}

impl<'a> Parser<'a> {
    fn disjunction(&mut self, depth: usize) -> Result<Tree, FilterError> {
        let mut tree = self.conjunction(depth)?;
        while self.take(&TokenKind::Or)? {
            tree = tree.join(Connective::Or, self.conjunction(depth)?);
        }
        Ok(tree)
    }

    fn conjunction(&mut self, depth: usize) -> Result<Tree, FilterError> {
        let mut tree = self.primary(depth)?;
        while self.take(&TokenKind::And)? {
            tree = tree.join(Connective::And, self.primary(depth)?);
        }
        Ok(tree)
    }

    /// Reads a comparison or a group; the depth bounds the recursion.
    fn primary(&mut self, depth: usize) -> Result<Tree, FilterError> {
        if self.token.kind != TokenKind::Open {
            return Ok(Tree::leaf(Clause::Comparison(self.comparison()?)));
        }
        if depth == MAX_NESTING {
            return Err(self.error(
                format!("parentheses are nested more than {MAX_NESTING} deep"),
                "remove some, or pass the text on unparsed with `Filter::raw`",
            ));
        }
        let open = self.advance()?;
        let tree = self.disjunction(depth + 1)?;
        match self.token.kind {
            TokenKind::Close => {
                self.advance()?;
                Ok(tree)
            }
            TokenKind::End => {
                Err(FilterError::new(self.text, open.span(), "unclosed `(`", "add the `)`"))
            }
            _ => Err(self.expected("`AND`, `OR` or `)`", "join comparisons with `AND` or `OR`")),
        }
    }

    fn comparison(&mut self) -> Result<Comparison, FilterError> {
        let field = self.field()?;
        let operator = self.operator(field)?;
        if operator.takes_list() && self.token.kind != TokenKind::Open {
            let help = format!("write the list as {}", example(field, operator));
            return Err(self.expected("`(`", help));
        }
        Ok(match field.kind {
            FieldKind::Integer => {
                let values = self.values(field, operator, Self::integer)?;
                Comparison::integer(IntegerField::new(field), operator, values)
            }
            FieldKind::String => {
                let values = self.values(field, operator, Self::string)?;
                Comparison::string(StringField::new(field), operator, values)
            }
        })
    }

    fn field(&mut self) -> Result<&'static FieldDescription, FilterError> {
        let name = self.token.text;
        match self.token.kind {
            TokenKind::Word => {}
            TokenKind::Not => {
                return Err(self.error(
                    "`NOT` is only allowed in `not in`",
                    "turn the operator around, such as `!=` for `=` or `<` for `>=`",
                ));
            }
            TokenKind::Number | TokenKind::String(_) => {
                return Err(self.expected("a field", "write the field first, then the value"));
            }
            _ => {
                return Err(self.expected("a comparison", "write one such as `int_attr>=100`"));
            }
        }
        match FIELDS.iter().find(|field| field.name == name || field.camel_name == name) {
            Some(field) => {
                self.advance()?;
                Ok(field)
            }
            None => Err(self.error(format!("unknown field {}", quote(name)), fields_help(name))),
        }
    }

    fn operator(&mut self, field: &FieldDescription) -> Result<Operator, FilterError> {
        let supported = AllowedOperators::LANGUAGE.of(field.kind);
        let operator = match self.token.kind {
            TokenKind::Operator(operator) => operator,
            TokenKind::In => Operator::In,
            TokenKind::Not => {
                self.advance()?;
                if self.token.kind != TokenKind::In {
                    return Err(self.expected("`in` after `not`", "did you mean `not in`?"));
                }
                Operator::NotIn
            }
            _ => {
                let help = format!("{} fields take {}", field.kind, enumerate(supported));
                return Err(self.expected(&format!("an operator after `{}`", field.name), help));
            }
        };
        if !supported.contains(&operator) {
            let mut help = format!("use {}", enumerate(supported));
            if operator == Operator::NotEqual {
                help.push_str(", or `<` and `>` joined with `OR`");
            }
            return Err(self.error(
                format!("{} fields such as `{}` have no `{operator}`", field.kind, field.name),
                help,
            ));
        }
        self.advance()?;
        Ok(operator)
    }

    /// Reads the value, or the list of values if the operator takes one.
    fn values<T>(
        &mut self,
        field: &FieldDescription,
        operator: Operator,
        value: impl Fn(&mut Self, &FieldDescription) -> Result<T, FilterError>,
    ) -> Result<Vec<T>, FilterError> {
        if !operator.takes_list() {
            return Ok(vec![value(self, field)?]);
        }
        let open = self.advance()?;
        if self.token.kind == TokenKind::Close {
            let span = open.start..self.token.span().end;
            return Err(FilterError::new(
                self.text,
                span,
                "the list is empty",
                format!("give at least one value, such as {}", example(field, operator)),
            ));
        }
        let mut values = vec![value(self, field)?];
        loop {
            match self.token.kind {
                TokenKind::Comma => self.advance()?,
                TokenKind::Close => break,
                TokenKind::End => {
                    let span = open.span();
                    let message = "the list never ends";
                    return Err(FilterError::new(self.text, span, message, "add the `)`"));
                }
                _ => return Err(self.expected("`,` or `)`", "separate values with `,`")),
            };
            values.push(value(self, field)?);
        }
        self.advance()?;
        Ok(values)
    }

    fn integer(&mut self, field: &FieldDescription) -> Result<i32, FilterError> {
        let text = self.token.text;
        let help = match &self.token.kind {
            TokenKind::Number => match text.parse() {
                Ok(value) => {
                    self.advance()?;
                    return Ok(value);
                }
                Err(_) => return Err(self.bad_number()),
            },
            TokenKind::String(value) if value.parse::<i32>().is_ok() => {
                format!("write {value} without quotes")
            }
            _ => format!("`{}` holds whole numbers", field.name),
        };
        Err(self.expected("an integer", help))
    }

    fn bad_number(&self) -> FilterError {
        let text = self.token.text;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let given = quote(text);
        let help = format!("write a whole number from {} to {}", i32::MIN, i32::MAX);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.error(format!("number {given} is out of range"), help);
        }
        self.error(format!("{given} is not a whole number"), help)
    }

    fn string(&mut self, field: &FieldDescription) -> Result<String, FilterError> {
        let help = match &mut self.token.kind {
            TokenKind::String(value) => {
                let value = std::mem::take(value);
                self.advance()?;
                return Ok(value);
            }
            TokenKind::Word | TokenKind::Number => {
                format!("write \"{}\"", clip(self.token.text))
            }
            _ => format!("`{}` holds strings; write one such as \"red\"", field.name),
        };
        Err(self.expected("a double-quoted string", help))
    }

    fn take(&mut self, kind: &TokenKind) -> Result<bool, FilterError> {
        let found = self.token.kind == *kind;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn advance(&mut self) -> Result<Token<'a>, FilterError> {
        let next = self.lexer.next_token()?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn expected(&self, what: &str, help: impl Into<String>) -> FilterError {
        self.error(format!("expected {what}, found {}", self.token.found()), help)
    }

    fn error(&self, message: impl Into<String>, help: impl Into<String>) -> FilterError {
        FilterError::new(self.text, self.token.span(), message, help)
    }
}

fn fields_help(name: &str) -> String {
    let names = FIELDS.iter().flat_map(|field| [field.name, field.camel_name]);
    let closest = crate::suggest::closest(name, names).and_then(|name| {
        FIELDS.iter().find(|field| field.name == name || field.camel_name == name)
    });
    if let Some(field) = closest {
        return format!("did you mean `{}`?", field.name);
    }
    let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    format!("the fields are {}", names.join(", "))
}

fn example(field: &FieldDescription, operator: Operator) -> String {
    let values = match field.kind {
        FieldKind::Integer => "1,2",
        FieldKind::String => r#""red","blue""#,
    };
    format!("`{} {operator} ({values})`", field.name)
}
