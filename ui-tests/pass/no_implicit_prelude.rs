//! Nothing is in scope.

#![no_implicit_prelude]

#[::otel_runtime::traced(fields(a, b = %a, c = ?a), ret)]
fn sync(a: u32) -> ::std::result::Result<u32, ::std::fmt::Error> {
    ::std::result::Result::Ok(a)
}

#[::otel_runtime::traced(err = |error| ::std::string::ToString::to_string(error), ok_if = |_| false)]
async fn asynchronous(a: u32) -> ::std::result::Result<u32, ::std::fmt::Error> {
    ::std::result::Result::Ok(a)
}

#[::otel_runtime::traced]
async fn never() -> ! {
    loop {}
}

#[::otel_runtime::traced(none = error)]
fn option() -> ::std::option::Option<u32> {
    ::std::option::Option::None
}

#[::otel_runtime::traced]
fn boxed() -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = u32>>> {
    ::std::boxed::Box::pin(async { 1 })
}

struct S;

#[::otel_runtime::traced]
impl S {
    fn method(&self) {
        ::otel_runtime::event!("event", a = 1);
        let _span = ::otel_runtime::span!("span", b = 2, kind = client);
    }
}

fn main() {
    let _ = (sync(1), asynchronous(1), never(), option(), boxed());
    S.method();
}
