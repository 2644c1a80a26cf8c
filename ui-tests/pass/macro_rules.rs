//! Annotated functions that a macro makes from fragments of every kind.

use otel_runtime::traced;

macro_rules! make {
    (
        $(#[$meta:meta])* $vis:vis fn $name:ident $(<$lifetime:lifetime>)? ($($arg:ident: $ty:ty),*) -> $ret:ty
        $body:block
    ) => {
        $(#[$meta])*
        #[traced(fields($($arg = ?$arg),*))]
        $vis fn $name $(<$lifetime>)? ($($arg: $ty),*) -> $ret $body
    };
}

make! {
    /// Documented.
    #[must_use]
    pub fn sum(a: u32, b: u32) -> u32 { a + b }
}

make! {
    fn first<'a>(text: &'a str) -> Result<&'a str, ()> { Ok(&text[..1]) }
}

make! {
    fn result(value: Option<u32>) -> Result<u32, &'static str> {
        let value = value.ok_or("none")?;
        return Ok(value);
    }
}

macro_rules! make_async {
    ($name:ident, $pattern:pat => $expr:expr, $field:expr) => {
        #[traced(fields(field = $field))]
        async fn $name($pattern: (u32, u32), unused: u32) -> Result<u32, ()> {
            let unused_too = unused;
            Ok($expr * 2 + unused_too)
        }
    };
}

make_async!(grouped, (a, b) => a + b, 1 + 2);

macro_rules! hygienic {
    ($value:expr) => {{
        let local = 1;
        #[traced(fields(x = a + 1))]
        fn inner(a: u32) -> Result<u32, ()> {
            let local = a;
            Ok(local)
        }
        inner($value + local).unwrap()
    }};
}

macro_rules! methods {
    ($ty:ty { $($name:ident = $value:expr;)* }) => {
        #[traced]
        impl $ty {
            $(
                fn $name(&self) -> u32 {
                    self.0 + $value
                }
            )*
        }
    };
}

struct Wrapper(u32);

methods!(Wrapper { one = 1; two = 1 + 1; });

macro_rules! whole_item {
    ($item:item) => {
        #[traced]
        $item
    };
}

whole_item! {
    fn item(a: u32) -> Result<u32, ()> {
        Ok(a)
    }
}

fn main() {
    assert_eq!(sum(1, 2), 3);
    assert_eq!(first("ab"), Ok("a"));
    assert_eq!(result(None), Err("none"));
    let _ = grouped((1, 2), 3);
    let local = 5;
    assert_eq!(hygienic!(local), 6);
    assert_eq!(Wrapper(1).one() + Wrapper(1).two(), 5);
    assert_eq!(item(1), Ok(1));
}
