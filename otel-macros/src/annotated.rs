//! From an annotated item to what comes out, through the phases.

use proc_macro2::TokenStream;

use crate::error::Errors;
use crate::expand;
use crate::parse::{
    Annotation, Args, Block, Form, Function, Item, MeterArgs, QueryArgs, RawOption, RawQuery, Taken,
};
use crate::plan::{self, BlockPlan, Plan};

/// `#[annotation(options)] item`, where the item may carry other annotations as well: of a
/// function, all become one expansion; a block hands each on to its methods.
pub(crate) fn expand(
    annotation: Annotation,
    options: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let mut bare = item.clone();
    let mut stacked = Vec::new();
    for other in annotation.others() {
        let (taken, rest) = other.take_off(bare);
        bare = rest;
        stacked.extend(taken.map(|taken| (other, taken)));
    }
    let expanded = match syn::parse2::<Item>(bare.clone()) {
        Ok(Item::Function(function)) => {
            let mut function = *function;
            let mut all = Stacked::default();
            all.add(annotation, options, &mut errors);
            for (other, Taken { path, options, .. }) in stacked {
                function.stacked.push(path);
                all.add(other, options, &mut errors);
            }
            let expanded = self::function(all, function, &bare, &mut errors);
            if errors.is_empty() {
                return expanded;
            }
            // Else the other annotation would tell again what is wrong with it.
            return failed(errors, bare);
        }
        Ok(Item::Block(mut block)) => {
            for (_, Taken { mut attribute, .. }) in stacked.into_iter().rev() {
                attribute.extend(block.header);
                block.header = attribute;
            }
            self::block(annotation, options, block, &mut errors)
        }
        Err(error) => {
            errors.push(error);
            return failed(errors, bare);
        }
    };
    if errors.is_empty() {
        expanded
    } else {
        failed(errors, item)
    }
}

/// The options of each annotation that a function carries.
#[derive(Default)]
struct Stacked {
    traced: Option<Vec<RawOption>>,
    metered: Option<Vec<RawOption>>,
    query: Option<RawQuery>,
}

impl Stacked {
    fn add(&mut self, annotation: Annotation, options: TokenStream, errors: &mut Errors) {
        match annotation {
            Annotation::Traced => self.traced = Some(RawOption::parse_all(options, errors)),
            Annotation::Metered => self.metered = Some(RawOption::parse_all(options, errors)),
            Annotation::DbQuery => self.query = Some(RawQuery::parse(options, errors)),
        }
    }
}

/// What is wrong, and the user's item.
fn failed(errors: Errors, item: TokenStream) -> TokenStream {
    let mut tokens = errors.into_compile_errors();
    tokens.extend(item);
    tokens
}

/// The function, given the options of each annotation that it carries.
fn function(
    all: Stacked,
    function: Function,
    bare: &TokenStream,
    errors: &mut Errors,
) -> TokenStream {
    let is_query = all.query.is_some();
    let is_untraced = (all.traced.as_ref()).is_some_and(|options| is_skipped(options, errors));
    let traced = all.traced.filter(|_| !is_untraced);
    let metered = all
        .metered
        .map(|options| MeterArgs::interpret(options, errors));
    let metered = metered.filter(|(metered, _)| metered.skip.is_none());
    let (metered, counted) = metered.unzip();
    let query = all.query.map(|query| QueryArgs::interpret(query, errors));
    let (query, asked) = query.unzip();
    // A query is a span, unless it is said that there is none.
    let is_traced = traced.is_some() || is_query && !is_untraced;
    if !is_traced && metered.is_none() && !is_query {
        return bare.clone();
    }
    let mut options = traced.unwrap_or_default();
    for shared in [counted, asked].into_iter().flatten() {
        let says_runtime = options.iter().any(|option| option.name == "runtime");
        // That the runtime is at one place can be said by all.
        let shared = shared.into_iter();
        options.extend(shared.filter(|option| !(says_runtime && option.name == "runtime")));
    }
    let args = Args::interpret(options, errors);
    let plan = Plan::new(is_traced, args, metered, query.flatten(), function, errors);
    if errors.is_empty() {
        expand::function(&plan)
    } else {
        TokenStream::new()
    }
}

/// True if the options say that there is to be no span; what is wrong with them is told here then.
fn is_skipped(options: &[RawOption], errors: &mut Errors) -> bool {
    let is_skip = |option: &RawOption| option.name == "skip" && matches!(option.form, Form::Flag);
    let is_skipped = options.iter().any(is_skip);
    if is_skipped {
        Args::interpret(options.to_vec(), errors);
    }
    is_skipped
}

/// The block, with an annotation on each of its methods.
fn block(
    annotation: Annotation,
    options: TokenStream,
    block: Block,
    errors: &mut Errors,
) -> TokenStream {
    if annotation == Annotation::DbQuery {
        errors.on(
            &block.header,
            "`#[db_query]` stands on a function, since each asks something else; write it on the methods",
        );
        return TokenStream::new();
    }
    let options = &RawOption::parse_all(options, errors);
    plan::check_defaults(annotation, options, errors);
    let args = match annotation {
        Annotation::Traced => Args::interpret(options.to_vec(), errors),
        Annotation::Metered | Annotation::DbQuery => {
            let (_, shared) = MeterArgs::interpret(options.to_vec(), errors);
            Args::interpret(shared, errors)
        }
    };
    let plan = BlockPlan::new(annotation, block, options, args.runtime, errors);
    if errors.is_empty() {
        expand::block(&plan)
    } else {
        TokenStream::new()
    }
}
