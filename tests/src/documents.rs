//! The examples of the documents run as documentation tests of this crate.

macro_rules! documents {
    ($($name:ident: $path:literal,)*) => {
        $(
            #[doc = include_str!(concat!("../../", $path))]
            struct $name;
        )*
    };
}

documents! {
    Readme: "README.md",
    Package: "otel-runtime/README.md",
    Guide: "docs/guide.md",
    Configuration: "docs/configuration.md",
}
