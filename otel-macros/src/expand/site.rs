//! The `static` that tells what and where the annotated place is, and the
//! span that begins there.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::{generated, hidden, metering, query};
use crate::parse::Style;
use crate::plan::{Capture, SitePlan, StartPlan};

/// The path to what generated code may name: `::otel_runtime::__private`.
pub(crate) struct Private {
    runtime: Option<Path>,
    span: Span,
}

impl Private {
    pub(crate) fn new(runtime: Option<&Path>) -> Self {
        Self {
            runtime: runtime.cloned(),
            span: generated(),
        }
    }

    /// The same path for generated code that is about the user's code at `place`: errors point
    /// there.
    pub(super) fn at(&self, place: Span) -> Self {
        Self {
            runtime: self.runtime.clone(),
            span: generated().located_at(place),
        }
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }
}

impl ToTokens for Private {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match &self.runtime {
            Some(path) => quote_spanned!(self.span=> #path::__private),
            None => quote_spanned!(self.span=> ::otel_runtime::__private),
        });
    }
}

/// An expression for a `Span` that begins here, or at its first poll if that comes to the same.
///
/// Where calls are counted, it is a tuple: the span, the `Meter`, and a reference to each metric
/// beside those of the calls.
pub(super) fn prepared(
    site: &SitePlan,
    start: &StartPlan,
    slots: usize,
    private: &Private,
    is_lazy: bool,
) -> TokenStream {
    let span = generated();
    let slots = proc_macro2::Literal::usize_unsuffixed(slots);
    let verb = match start {
        StartPlan::Current if is_lazy => "later",
        StartPlan::Current => "prepare",
        StartPlan::Here | StartPlan::Root | StartPlan::ChildOf(_) => "prepare_with",
    };
    let verb = hidden(verb);
    placed(site, start, private, |arguments| {
        let begin = quote_spanned!(span=> #private::Span::<#slots>::#verb(#arguments));
        let Some(metering) = &site.metering else {
            return begin;
        };
        let (name, begun) = (site_name(), metering::begun(metering, private));
        let extras = metering::extra_statics(metering);
        quote_spanned!(span=> (#begin, #private::Meter::new(&#name #begun), #(#extras),*))
    })
}

/// A statement that begins a span in the `Guard` of this name: in place, since returning one would
/// copy it.
///
/// Where calls are counted, it leaves a reference to each metric beside those of the calls behind.
pub(super) fn begun(
    site: &SitePlan,
    start: &StartPlan,
    private: &Private,
    guard: &Ident,
) -> TokenStream {
    let span = generated();
    let verb = match start {
        StartPlan::Current => "begin",
        StartPlan::Here | StartPlan::Root | StartPlan::ChildOf(_) => "begin_with",
    };
    let verb = hidden(verb);
    placed(site, start, private, |arguments| {
        let (begun, extras) = match &site.metering {
            Some(metering) => (
                metering::begun(metering, private),
                metering::extra_statics(metering),
            ),
            None => (TokenStream::new(), Vec::new()),
        };
        let begin = quote_spanned!(span=> #guard.#verb(#arguments #begun));
        if extras.is_empty() {
            begin
        } else {
            quote_spanned!(span=> #begin; (#(#extras,)*))
        }
    })
}

/// A call with the Site, and with where the span starts unless that is below the current one, in
/// a block that declares the Site.
fn placed(
    site: &SitePlan,
    start: &StartPlan,
    private: &Private,
    call: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let statics = declaration(site, private);
    let name = site_name();
    let span = generated();
    match start {
        StartPlan::Current => {
            let call = call(quote_spanned!(span=> &#name));
            quote_spanned!(span=> { #statics #call })
        }
        StartPlan::Here => {
            let call = call(quote_spanned!(span=> &#name, #private::Start::CHILD));
            quote_spanned!(span=> { #statics #call })
        }
        StartPlan::Root => {
            let call = call(quote_spanned!(span=> &#name, #private::Start::ROOT));
            quote_spanned!(span=> { #statics #call })
        }
        StartPlan::ChildOf(parent) => {
            let start_name = hidden("__start");
            // The parent's expression stands outside of the block that declares the Site.
            let there = private.at(parent.span());
            let start = quote_spanned!(there.span()=> #there::Start::child_of(#parent));
            let call = call(quote_spanned!(span=> &#name, #start_name));
            quote_spanned!(span=> match #start { #start_name => { #statics #call } })
        }
    }
}

/// Statements that capture the fields and links, if the span `holder` is recorded.
pub(super) fn captures(
    captures: &[Capture],
    links: &[syn::Expr],
    holder: &Ident,
    private: &Private,
) -> TokenStream {
    if captures.is_empty() && links.is_empty() {
        return TokenStream::new();
    }
    let span = generated();
    let captures = captures.iter().map(|capture| {
        let index = proc_macro2::Literal::usize_unsuffixed(capture.index);
        let value = value(capture, private);
        quote_spanned!(span=> #holder.capture(#index, #value);)
    });
    let links = links.iter().map(|links| {
        let at = generated().located_at(links.span());
        quote_spanned!(at=> #holder.add_links(#links);)
    });
    quote_spanned!(span=> if #holder.is_recording() { #(#captures)* #(#links)* })
}

/// A reference to something that implements `Capture`.
pub(super) fn value(capture: &Capture, private: &Private) -> TokenStream {
    let expr = &capture.expr;
    // Errors about the type of the value point at the value.
    let private = private.at(expr.span());
    let at = private.span();
    let reference = reference(expr);
    match capture.style {
        Style::Typed => reference,
        Style::Display => quote_spanned!(at=> #private::display(#reference).checked()),
        Style::Debug => quote_spanned!(at=> #private::debug(#reference).checked()),
    }
}

/// A reference to the value; errors about its type point at it.
pub(super) fn reference(expr: &syn::Expr) -> TokenStream {
    let at = generated().located_at(expr.span());
    match expr {
        syn::Expr::Path(_)
        | syn::Expr::Lit(_)
        | syn::Expr::Field(_)
        | syn::Expr::Call(_)
        | syn::Expr::MethodCall(_)
        | syn::Expr::Macro(_)
        | syn::Expr::Paren(_) => quote_spanned!(at=> &#expr),
        _ => quote_spanned!(at=> &(#expr)),
    }
}

fn site_name() -> Ident {
    hidden("__SITE")
}

/// The Site and its registration.
///
/// Each item costs the compiler its share of all its passes, and an argument less than a field
/// with a name and a path in it: hence one `static`, one function, and only what is not as usual.
fn declaration(site: &SitePlan, private: &Private) -> TokenStream {
    let span = generated();
    let (site_name, place) = (site_name(), hidden("__place"));
    let location = &site.location;
    let (package, version, file) = (&location.package, &location.version, &location.file);
    let line = proc_macro2::Literal::u32_unsuffixed(location.line);
    let column = proc_macro2::Literal::u32_unsuffixed(location.column);
    let place_of_it = quote_spanned! {span=>
        #private::core::module_path!(), #package, #version, #file, #line, #column
    };
    let spec = match &site.name {
        Some(name) => {
            let at = generated().located_at(name.span());
            quote_spanned!(at=> #private::SiteSpec::new(#name, #place_of_it).function(&#place))
        }
        None => quote_spanned!(span=> #private::SiteSpec::of_place(&#place, #place_of_it)),
    };
    let unusual = unusual(site, private);
    let (counted, registered) = match &site.metering {
        Some(metering) => {
            let all = metering::registered(metering);
            let asks = site.query.is_some();
            let statics = metering::statics(metering, asks, &site_name, private);
            let registered =
                quote_spanned!(span=> #private::register_calls!(#site_name, #place #all););
            (statics, registered)
        }
        None => (
            TokenStream::new(),
            quote_spanned!(span=> #private::register!(#site_name, #place, register);),
        ),
    };
    let asked = (site.query.as_ref()).map(|query| query::declaration(query, private));
    quote_spanned! {span=>
        #asked
        static #site_name: #private::Site = #private::Site::new(#spec #unusual);
        #counted
        #registered
    }
}

/// What the annotation says otherwise than most.
fn unusual(site: &SitePlan, private: &Private) -> TokenStream {
    let span = generated();
    let kind = site.kind.map(|kind| {
        let kind = hidden(kind);
        quote_spanned!(span=> .kind(#private::SpanKind::#kind))
    });
    let level = site.level.map(|level| {
        let level = hidden(level);
        quote_spanned!(span=> .level(#private::Level::#level))
    });
    let target = site.target.as_ref().map(|target| {
        let at = generated().located_at(target.span());
        quote_spanned!(at=> .target(#target))
    });
    let busy = site.busy.then(|| quote_spanned!(span=> .busy()));
    let logged = site.logged.then(|| quote_spanned!(span=> .logged()));
    let stack_trace = site
        .stack_trace
        .then(|| quote_spanned!(span=> .stack_trace()));
    let fields = (!site.fields.is_empty()).then(|| {
        let fields = site.fields.iter().map(|field| {
            let key = &field.key;
            let made = hidden(if field.late { "late" } else { "given" });
            quote_spanned!(span=> #private::FieldSpec::#made(#key))
        });
        quote_spanned!(span=> .fields(&[#(#fields),*]))
    });
    let metered = (site.metering.as_ref()).map(|metering| metering::of_site(metering, private));
    let query = (site.query.as_ref()).map(|_| query::of_site());
    quote_spanned!(span=> #kind #level #target #busy #logged #stack_trace #fields #metered #query)
}
