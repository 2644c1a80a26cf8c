//! What an error means, from its type to the span.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use otel_runtime::class::{Class, Classification, Codes, Fault, Retry, Severity, classify_dyn};
use otel_runtime::export::{Outcome, SpanData, StatusData, ValueData};
use otel_runtime::testing::Capture;
use otel_runtime::{Classify, ErrorOptions, record_error, record_error_with, span, traced};

#[derive(Debug, Classify)]
enum OrderError {
    #[classify(validation, code = "CART_EMPTY")]
    EmptyCart,
    #[classify(unavailable, retryable(after = "250ms"), fault = service, severity = fatal)]
    OutOfStock {
        item: u32,
    },
    #[classify(not_found, expected)]
    NoSuchOrder,
    #[classify(source)]
    Io(io::Error),
    #[classify(source)]
    Boxed {
        attempts: u32,
        #[classify(source)]
        cause: Box<dyn Error + Send + Sync>,
    },
    #[classify(with = by_number)]
    Numbered(u16),
    Silent,
}

fn by_number(error: &OrderError) -> Classification<'_> {
    match error {
        OrderError::Numbered(429) => Classification::new(Class::ResourceExhausted, "THROTTLED"),
        _ => Classification::new(Class::Internal, "NUMBERED"),
    }
}

#[derive(Debug, Classify)]
#[classify(data_corruption)]
struct BrokenPage;

#[derive(Debug, Classify)]
#[classify(network)]
enum Wire<E> {
    Cut,
    #[classify(source)]
    Inner(E),
}

/// Says nothing about its meaning.
#[derive(Debug)]
struct Plain(&'static str);

#[derive(Debug, Classify)]
#[classify(source)]
struct Wrapped(Plain);

macro_rules! errors {
    ($($error:ty),+) => {$(
        impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self:?}")
            }
        }

        impl Error for $error {}
    )+};
}

errors!(OrderError, BrokenPage, Plain);

#[traced]
fn order(error: OrderError) -> Result<(), OrderError> {
    Err(error)
}

#[traced]
async fn boxed(error: Box<dyn Error + Send + Sync>) -> Result<(), Box<dyn Error + Send + Sync>> {
    Err(error)
}

#[traced]
fn plain() -> Result<(), Plain> {
    Err(Plain("hidden"))
}

#[traced(err = |_| BrokenPage)]
fn mapped() -> Result<(), Plain> {
    let _ = Plain("hidden").0;
    Err(Plain("hidden"))
}

#[traced(stack_trace)]
fn with_stack() -> Result<(), BrokenPage> {
    Err(BrokenPage)
}

/// The span of the only call in `work`.
fn span_of(work: impl FnOnce()) -> SpanData {
    let capture = Capture::start();
    work();
    let spans = capture.spans();
    assert_eq!(spans.len(), 1);
    let only = spans.iter().next().unwrap();
    only.clone()
}

fn text<'a>(span: &'a SpanData, key: &str) -> Option<&'a str> {
    match span.attribute(key) {
        Some(ValueData::Str(text)) => Some(text),
        _ => None,
    }
}

#[test]
fn a_variant_means_what_its_words_say() {
    let meaning = OrderError::EmptyCart.classify();
    assert_eq!(
        meaning,
        Classification::new(Class::InvalidArgument, "CART_EMPTY")
    );
    let out_of_stock = OrderError::OutOfStock { item: 7 };
    assert!(matches!(out_of_stock, OrderError::OutOfStock { item: 7 }));
    let meaning = out_of_stock.classify();
    assert_eq!(meaning.retry, Retry::After(Duration::from_millis(250)));
    assert_eq!(
        (meaning.fault, meaning.severity),
        (Fault::Service, Severity::Fatal)
    );
    assert_eq!(meaning.code, "OutOfStock");
    assert!(OrderError::NoSuchOrder.classify().is_expected);
    assert_eq!(OrderError::Silent.classify().class, Class::Unknown);
    assert_eq!(
        BrokenPage.classify(),
        Classification::new(Class::DataCorruption, "BrokenPage")
    );
}

#[test]
fn a_wrapped_error_gives_its_meaning() {
    let io = OrderError::Io(io::ErrorKind::ConnectionReset.into());
    assert_eq!(
        (io.classify().class, io.classify().code),
        (Class::Network, "io::ConnectionReset")
    );
    let boxed = OrderError::Boxed {
        attempts: 3,
        cause: Box::new(BrokenPage),
    };
    assert!(matches!(boxed, OrderError::Boxed { attempts: 3, .. }));
    assert_eq!(boxed.classify().code, "BrokenPage");
    let wrapped = Wrapped(Plain("reason"));
    assert_eq!(wrapped.classify().class, Class::Unknown);
    assert!(wrapped.classify().code.ends_with("::Plain"));
    let generic: Wire<BrokenPage> = Wire::Inner(BrokenPage);
    assert_eq!(generic.classify().code, "BrokenPage");
    assert_eq!(Wire::<BrokenPage>::Cut.classify().class, Class::Network);
}

#[test]
fn a_function_says_what_no_word_can() {
    assert_eq!(OrderError::Numbered(429).classify().code, "THROTTLED");
    assert_eq!(OrderError::Numbered(7).classify().code, "NUMBERED");
}

#[test]
fn the_codes_of_a_type_are_known_at_compile_time() {
    const { assert!(<OrderError as Classify>::CODES.is_open()) };
    const CLOSED: Codes = <Wire<BrokenPage> as Classify>::CODES;
    const { assert!(!CLOSED.is_open() && CLOSED.len() == 2) };
    let mut codes = Vec::new();
    CLOSED.for_each(&mut |code| codes.push((code.code, code.class)));
    assert_eq!(
        codes,
        [
            ("Cut", Class::Network),
            ("BrokenPage", Class::DataCorruption)
        ]
    );
}

#[test]
fn a_derived_error_is_recognised_behind_dyn() {
    let error: Box<dyn Error> = Box::new(io::Error::other(OrderError::EmptyCart));
    assert_eq!(classify_dyn(&*error).unwrap().code, "CART_EMPTY");
    assert_eq!(classify_dyn(&Plain("x")), None);
}

#[test]
fn the_meaning_reaches_the_span() {
    let span = span_of(|| {
        let _ = order(OrderError::EmptyCart);
    });
    assert_eq!(span.outcome, Outcome::Error);
    assert_eq!(text(&span, "error.type"), Some("CART_EMPTY"));
    assert_eq!(text(&span, "otelkit.error.class"), Some("invalid_argument"));
    assert_eq!(span.status, StatusData::Error("EmptyCart".into()));
    let event = &span.events[0];
    assert_eq!(
        event.attribute("otelkit.error.fault"),
        Some(&"caller".into())
    );
    assert_eq!(
        event.attribute("otelkit.error.retryable"),
        Some(&false.into())
    );
    let Some(ValueData::Str(kind)) = event.attribute("exception.type") else {
        panic!("no type in {event:?}");
    };
    assert!(kind.ends_with("OrderError"), "{kind}");
}

#[test]
fn a_boxed_error_is_classified_by_its_chain() {
    let span = span_of(|| {
        let error = Box::new(io::Error::from(io::ErrorKind::NotFound));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let _ = runtime.block_on(boxed(error));
    });
    assert_eq!(text(&span, "error.type"), Some("io::NotFound"));
}

#[test]
fn an_expected_error_is_recorded_and_does_not_fail_the_span() {
    let span = span_of(|| {
        let _ = order(OrderError::NoSuchOrder);
    });
    assert_eq!(span.outcome, Outcome::Ok);
    assert_eq!(span.status, StatusData::Unset);
    assert_eq!(span.attribute("error.type"), None);
    assert_eq!(
        span.events[0].attribute("error.type"),
        Some(&"NoSuchOrder".into())
    );
}

#[test]
fn an_error_that_nobody_classified_keeps_the_name_of_its_type() {
    let span = span_of(|| {
        let _ = plain();
    });
    assert!(text(&span, "error.type").unwrap().ends_with("::Plain"));
    assert_eq!(span.attribute("otelkit.error.class"), None);
}

#[test]
fn what_an_error_is_mapped_to_gives_the_meaning() {
    let span = span_of(|| {
        let _ = mapped();
    });
    assert_eq!(text(&span, "error.type"), Some("BrokenPage"));
}

#[test]
fn a_stack_is_kept_where_it_is_asked_for() {
    let span = span_of(|| {
        let _ = with_stack();
    });
    let Some(ValueData::Str(stack)) = span.events[0].attribute("exception.stacktrace") else {
        panic!("no stack in {span:?}");
    };
    assert!(stack.contains("with_stack"), "{stack}");
    let span = span_of(|| {
        let _ = order(OrderError::EmptyCart);
    });
    assert_eq!(span.events[0].attribute("exception.stacktrace"), None);
}

#[test]
fn an_error_recorded_by_hand_says_what_its_type_does_not() {
    let span = span_of(|| {
        let mut span = span!("by hand");
        let options = ErrorOptions::new()
            .class(Class::Unavailable)
            .code("CACHE_GONE");
        span.record_error_with(&Plain("x"), options);
    });
    assert_eq!(span.outcome, Outcome::Error);
    assert_eq!(text(&span, "error.type"), Some("CACHE_GONE"));
    assert_eq!(text(&span, "otelkit.error.class"), Some("unavailable"));
    let span = span_of(|| {
        let mut span = span!("survives");
        span.in_scope(|| {
            record_error(&BrokenPage);
            record_error_with(&Plain("x"), ErrorOptions::new().stack_trace());
        });
    });
    assert_eq!(span.outcome, Outcome::Ok);
    assert_eq!(
        span.events[0].attribute("error.type"),
        Some(&"BrokenPage".into())
    );
    assert!(span.events[1].attribute("exception.stacktrace").is_some());
}
