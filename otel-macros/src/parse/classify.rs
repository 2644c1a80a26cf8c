//! `#[derive(Classify)]`: the type, its variants and fields, and the words of `#[classify(..)]`,
//! each with the tokens it came from.

use proc_macro2::Span;
use syn::{Attribute, Data, DeriveInput, Expr, Fields, Generics, Ident, Lit, Meta, Path, Type};

use super::duration::duration_ns;
use super::option::{Form, RawOption};
use crate::error::{Errors, unknown};

/// A type that derives `Classify`.
pub(crate) struct ErrorType {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) words: Words,
    pub(crate) body: Body,
}

/// What the type consists of.
pub(crate) enum Body {
    Struct(Vec<ErrorField>),
    Enum(Vec<Variant>),
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) words: Words,
    pub(crate) fields: Vec<ErrorField>,
}

pub(crate) struct ErrorField {
    /// Its name, or its number.
    pub(crate) member: syn::Member,
    pub(crate) ty: Type,
    /// Something on it says that it is what caused the error.
    pub(crate) is_source: bool,
}

/// What `#[classify(..)]` says.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) class: Option<Word>,
    pub(crate) code: Option<(Span, Expr)>,
    pub(crate) retry: Option<(Span, RetryWord)>,
    pub(crate) fault: Option<Word>,
    pub(crate) severity: Option<Word>,
    pub(crate) expected: Option<Span>,
    pub(crate) source: Option<Span>,
    pub(crate) with: Option<(Span, Path)>,
    /// Where `otel_runtime` is.
    pub(crate) runtime: Option<(Span, Path)>,
}

/// A word, and what the runtime's enum calls it.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) span: Span,
    pub(crate) variant: &'static str,
}

/// Whether trying again may help.
#[derive(Clone, Copy)]
pub(crate) enum RetryWord {
    No,
    Yes,
    /// Not before so many nanoseconds have passed.
    After(u64),
}

/// Every class, and the shorter words for some of them.
const CLASSES: &[(&str, &str)] = &[
    ("cancelled", "Cancelled"),
    ("unknown", "Unknown"),
    ("invalid_argument", "InvalidArgument"),
    ("validation", "InvalidArgument"),
    ("deadline_exceeded", "DeadlineExceeded"),
    ("timeout", "DeadlineExceeded"),
    ("not_found", "NotFound"),
    ("already_exists", "AlreadyExists"),
    ("permission_denied", "PermissionDenied"),
    ("resource_exhausted", "ResourceExhausted"),
    ("failed_precondition", "FailedPrecondition"),
    ("aborted", "Aborted"),
    ("conflict", "Aborted"),
    ("out_of_range", "OutOfRange"),
    ("unimplemented", "Unimplemented"),
    ("internal", "Internal"),
    ("unavailable", "Unavailable"),
    ("data_loss", "DataLoss"),
    ("unauthenticated", "Unauthenticated"),
    ("network", "Network"),
    ("data_corruption", "DataCorruption"),
];

const FAULTS: &[(&str, &str)] = &[
    ("caller", "Caller"),
    ("service", "Service"),
    ("dependency", "Dependency"),
];

const SEVERITIES: &[(&str, &str)] = &[
    ("trace", "Trace"),
    ("debug", "Debug"),
    ("info", "Info"),
    ("warn", "Warn"),
    ("error", "Error"),
    ("fatal", "Fatal"),
];

/// The words that are no class, for messages.
const OPTIONS: &[&str] = &[
    "code",
    "retryable",
    "fault",
    "severity",
    "expected",
    "source",
    "with",
    "runtime",
];

impl ErrorType {
    /// Everything the derive needs to know; `None` for a union.
    pub(crate) fn parse(input: DeriveInput, errors: &mut Errors) -> Option<Self> {
        let words = Words::of(&input.attrs, errors);
        let body = match input.data {
            Data::Struct(data) => Body::Struct(ErrorField::all(data.fields, errors)),
            Data::Enum(data) => Body::Enum(
                data.variants
                    .into_iter()
                    .map(|variant| Variant {
                        words: Words::of(&variant.attrs, errors),
                        fields: ErrorField::all(variant.fields, errors),
                        ident: variant.ident,
                    })
                    .collect(),
            ),
            Data::Union(data) => {
                let message = "`Classify` needs an enum or a struct, and this is a union; implement it by hand";
                errors.at(data.union_token.span, message);
                return None;
            }
        };
        Some(Self {
            ident: input.ident,
            generics: input.generics,
            words,
            body,
        })
    }
}

impl ErrorField {
    fn all(fields: Fields, errors: &mut Errors) -> Vec<Self> {
        fields
            .members()
            .collect::<Vec<_>>()
            .into_iter()
            .zip(fields)
            .map(|(member, field)| {
                let is_source = field
                    .attrs
                    .iter()
                    .any(|attr| attr.path().is_ident("source") || attr.path().is_ident("from"));
                let words = Words::of(&field.attrs, errors);
                words.refuse_on_field(errors);
                Self {
                    member,
                    ty: field.ty,
                    is_source: is_source || words.source.is_some(),
                }
            })
            .collect()
    }
}

impl Words {
    fn of(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut words = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("classify")) {
            let Meta::List(list) = &attr.meta else {
                errors.on(attr, "write what the error means: `#[classify(not_found)]`");
                continue;
            };
            for option in RawOption::parse_all(list.tokens.clone(), errors) {
                if let Err(error) = words.interpret(option) {
                    errors.push(error);
                }
            }
        }
        words
    }

    fn interpret(&mut self, option: RawOption) -> syn::Result<()> {
        let span = option.span();
        let name = option.name.to_string();
        match name.as_str() {
            "code" => {
                let code = value(option, "a text or constant: `code = \"CART_EMPTY\"`")?;
                once(&mut self.code, (span, code), span, "code")
            }
            "retryable" => {
                let retry = retry(option)?;
                once(&mut self.retry, (span, retry), span, "retryable")
            }
            "fault" => {
                let word = choice(option, "fault", FAULTS)?;
                once(&mut self.fault, word, span, "fault")
            }
            "severity" => {
                let word = choice(option, "severity", SEVERITIES)?;
                once(&mut self.severity, word, span, "severity")
            }
            "expected" => {
                flag(&option)?;
                once(&mut self.expected, span, span, "expected")
            }
            "source" => {
                flag(&option)?;
                once(&mut self.source, span, span, "source")
            }
            "with" => {
                let form = "the path of a function: `with = meaning_of`";
                let Expr::Path(path) = value(option, form)? else {
                    return Err(wrong_form(span, "with", form));
                };
                once(&mut self.with, (span, path.path), span, "with")
            }
            "runtime" => {
                let form = "the path of the crate: `runtime = my_crate::otel_runtime`";
                let Expr::Path(path) = value(option, form)? else {
                    return Err(wrong_form(span, "runtime", form));
                };
                once(&mut self.runtime, (span, path.path), span, "runtime")
            }
            _ => match CLASSES.iter().find(|(word, _)| *word == name) {
                Some((_, variant)) => {
                    flag(&option)?;
                    match self.class {
                        Some(first) if first.variant == *variant => Err(twice(span, &name)),
                        Some(_) => Err(syn::Error::new(
                            span,
                            format!(
                                "an error has one class, and `{name}` is the second; remove one of them"
                            ),
                        )),
                        None => {
                            self.class = Some(Word { span, variant });
                            Ok(())
                        }
                    }
                }
                None => {
                    let classes = CLASSES.iter().map(|(word, _)| *word);
                    let valid: Vec<&str> = classes.chain(OPTIONS.iter().copied()).collect();
                    Err(syn::Error::new(span, unknown("word", &name, &valid)))
                }
            },
        }
    }

    /// On a field, only `source` says something.
    fn refuse_on_field(&self, errors: &mut Errors) {
        let with = self.with.as_ref().map(|(span, _)| *span);
        let runtime = self.runtime.as_ref().map(|(span, _)| *span);
        for span in self.own().chain(with).chain(runtime) {
            errors.at(
                span,
                "a field can only be the `source`; write this on the variant or the type",
            );
        }
    }

    /// The words that say something by themselves, without another error or a function.
    pub(crate) fn own(&self) -> impl Iterator<Item = Span> {
        [
            self.class.map(|word| word.span),
            self.code.as_ref().map(|(span, _)| *span),
            self.retry.map(|(span, _)| span),
            self.fault.map(|word| word.span),
            self.severity.map(|word| word.span),
            self.expected,
        ]
        .into_iter()
        .flatten()
    }
}

pub(super) fn once<T>(place: &mut Option<T>, value: T, span: Span, name: &str) -> syn::Result<()> {
    match place.replace(value) {
        Some(_) => Err(twice(span, name)),
        None => Ok(()),
    }
}

fn twice(span: Span, name: &str) -> syn::Error {
    syn::Error::new(span, format!("`{name}` is given twice; remove one of them"))
}

pub(super) fn wrong_form(span: Span, name: &str, form: &str) -> syn::Error {
    syn::Error::new(span, format!("`{name}` needs {form}"))
}

fn flag(option: &RawOption) -> syn::Result<()> {
    match option.form {
        Form::Flag => Ok(()),
        Form::Value(_) | Form::List(_) => Err(syn::Error::new(
            option.span(),
            format!("`{0}` takes no value; write `{0}`", option.name),
        )),
    }
}

pub(super) fn value(option: RawOption, form: &str) -> syn::Result<Expr> {
    let span = option.span();
    match option.form {
        Form::Value(value) => Ok(*value),
        Form::Flag | Form::List(_) => Err(wrong_form(span, &option.name.to_string(), form)),
    }
}

fn choice(option: RawOption, what: &str, valid: &[(&str, &'static str)]) -> syn::Result<Word> {
    let span = option.span();
    let words: Vec<&str> = valid.iter().map(|(word, _)| *word).collect();
    let form = format!("one of {}: `{what} = {}`", words.join(", "), words[0]);
    let Expr::Path(path) = value(option, &form)? else {
        return Err(wrong_form(span, what, &form));
    };
    let Some(ident) = path.path.get_ident() else {
        return Err(wrong_form(span, what, &form));
    };
    let found = ident.to_string();
    match valid.iter().find(|(word, _)| *word == found) {
        Some((_, variant)) => Ok(Word { span, variant }),
        None => Err(syn::Error::new(ident.span(), unknown(what, &found, &words))),
    }
}

fn retry(option: RawOption) -> syn::Result<RetryWord> {
    const FORM: &str = "`retryable`, `retryable = false` or `retryable(after = \"250ms\")`";
    let span = option.span();
    let wrong = || syn::Error::new(span, format!("write {FORM}"));
    match option.form {
        Form::Flag => Ok(RetryWord::Yes),
        Form::Value(value) => match *value {
            Expr::Lit(literal) => match literal.lit {
                Lit::Bool(answer) if answer.value => Ok(RetryWord::Yes),
                Lit::Bool(_) => Ok(RetryWord::No),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        },
        Form::List(list) => {
            let mut errors = Errors::default();
            let mut inner = RawOption::parse_all(list, &mut errors);
            errors.into_result(())?;
            match (inner.pop(), inner.is_empty()) {
                (Some(after), true) if after.name == "after" => match after.form {
                    Form::Value(value) => duration_ns(&value).map(RetryWord::After),
                    Form::Flag | Form::List(_) => Err(wrong()),
                },
                _ => Err(wrong()),
            }
        }
    }
}
