#![no_implicit_prelude]
#![deny(missing_docs, unused, clippy::pedantic)]
//! Every shape of a label, where hardly a name is in scope.

use ::otel_runtime::Label;
use ::otel_runtime::metric::{Counter, LabelValue};
use ::std::assert_eq;

/// Named like what the expansion uses.
#[derive(Label)]
pub enum LabelKind {
    /// In `snake_case`.
    InStore,
    /// Called otherwise.
    #[label(rename = "web \"shop\"")]
    Str,
    /// With a number, which is not the index.
    #[deprecated]
    Some = 7,
    /// A raw name.
    r#Type,
}

/// With a constant.
#[derive(Label)]
#[label(runtime = ::otel_runtime)]
pub enum Sized<const N: usize> {
    /// Written as if it could have fields.
    Only {},
    /// The same.
    Tuple(),
}

static SALES: Counter<(LabelKind, Sized<3>)> = Counter::new("sales", &["kind", "sized"]);

fn described<L: Label>(index: usize) -> LabelValue {
    let mut described = LabelValue::Missing;
    L::describe(index, &mut |value| described = value);
    described
}

fn main() {
    assert_eq!((LabelKind::COUNT, LabelKind::WIDTH), (4, 1));
    assert_eq!(LabelKind::r#Type.index(), 3);
    assert_eq!(described::<LabelKind>(0), LabelValue::Str("in_store"));
    assert_eq!(described::<LabelKind>(1), LabelValue::Str("web \"shop\""));
    assert_eq!(described::<LabelKind>(2), LabelValue::Str("some"));
    assert_eq!(described::<LabelKind>(3), LabelValue::Str("type"));
    assert_eq!(Sized::<3>::Tuple().index(), 1);
    SALES.add(1, (LabelKind::Str, Sized::Only {}));
}
