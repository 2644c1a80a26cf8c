//! What the scenarios record: annotated functions, and Sites for spans that are no functions.

/// A Site of this name, on the program's list.
#[macro_export]
macro_rules! site {
    ($name:literal) => {
        $crate::site!($name, [])
    };
    ($name:literal, [$($key:literal),*]) => {{
        use otel_runtime::__private as private;
        static SITE: private::Site = private::Site::new(private::SiteSpec {
            name: private::Name::Fixed($name),
            function: None,
            kind: private::SpanKind::Internal,
            level: private::Level::Info,
            target: module_path!(),
            module: module_path!(),
            package: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            file: file!(),
            line: line!(),
            column: column!(),
            busy: false,
            logged: false,
            stack_trace: false,
            fields: &[$(private::FieldSpec { key: $key, late: false }),*],
            traced: true,
            metered: false,
            objective: None,
            query: None,
        });
        private::register!(SITE, place, register);
        &SITE
    }};
}

/// A span from here to the end of the scope.
#[macro_export]
macro_rules! guard {
    ($name:literal) => {
        otel_runtime::__private::Guard::<0>::enter($crate::site!($name))
    };
}

/// Records one span called `work`.
#[otel_runtime::traced]
pub fn work() {}

/// Records one span called `async work`, which waits `yields` times.
#[otel_runtime::traced(name = "async work")]
pub async fn async_work(yields: u32) {
    for _ in 0..yields {
        tokio::task::yield_now().await;
    }
}
