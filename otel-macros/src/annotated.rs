//! From an annotated item to what comes out, through the phases.

use proc_macro2::TokenStream;

use crate::error::Errors;
use crate::expand;
use crate::parse::{Annotation, Args, Block, Form, Function, Item, MeterArgs, RawOption, Taken};
use crate::plan::{self, BlockPlan, Plan};

/// `#[annotation(options)] item`, where the item may carry the other annotation as well: of a
/// function, both become one expansion; a block hands each on to its methods.
pub(crate) fn expand(
    annotation: Annotation,
    options: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let mut errors = Errors::default();
    let options = RawOption::parse_all(options, &mut errors);
    let (stacked, bare) = annotation.other().take_off(item.clone());
    let expanded = match syn::parse2::<Item>(bare.clone()) {
        Ok(Item::Function(function)) => {
            let stacked = stacked.map(|Taken { path, options, .. }| {
                (path, RawOption::parse_all(options, &mut errors))
            });
            let (path, stacked) = stacked.unzip();
            let (traced, metered) = match annotation {
                Annotation::Traced => (Some(options), stacked),
                Annotation::Metered => (stacked, Some(options)),
            };
            let mut function = *function;
            function.stacked = path;
            let expanded = self::function(traced, metered, function, &bare, &mut errors);
            if errors.is_empty() {
                return expanded;
            }
            // Else the other annotation would tell again what is wrong with it.
            return failed(errors, bare);
        }
        Ok(Item::Block(mut block)) => {
            if let Some(Taken { mut attribute, .. }) = stacked {
                attribute.extend(block.header);
                block.header = attribute;
            }
            self::block(annotation, &options, block, &mut errors)
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

/// What is wrong, and the user's item.
fn failed(errors: Errors, item: TokenStream) -> TokenStream {
    let mut tokens = errors.into_compile_errors();
    tokens.extend(item);
    tokens
}

/// The function, given the options of each annotation that it carries.
fn function(
    traced: Option<Vec<RawOption>>,
    metered: Option<Vec<RawOption>>,
    function: Function,
    bare: &TokenStream,
    errors: &mut Errors,
) -> TokenStream {
    let traced = traced.filter(|options| !is_skipped(options, errors));
    let metered = metered.map(|options| MeterArgs::interpret(options, errors));
    let metered = metered.filter(|(metered, _)| metered.skip.is_none());
    let (metered, shared) = metered.unzip();
    let is_traced = traced.is_some();
    if !is_traced && metered.is_none() {
        return bare.clone();
    }
    let mut options = traced.unwrap_or_default();
    let says_runtime = options.iter().any(|option| option.name == "runtime");
    let shared = shared.unwrap_or_default().into_iter();
    // That the runtime is at one place can be said by both.
    options.extend(shared.filter(|option| !(says_runtime && option.name == "runtime")));
    let args = Args::interpret(options, errors);
    let plan = Plan::new(is_traced, args, metered, function, errors);
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
    options: &[RawOption],
    block: Block,
    errors: &mut Errors,
) -> TokenStream {
    plan::check_defaults(annotation, options, errors);
    let args = match annotation {
        Annotation::Traced => Args::interpret(options.to_vec(), errors),
        Annotation::Metered => {
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
