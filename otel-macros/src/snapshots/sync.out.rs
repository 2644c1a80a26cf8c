pub fn plain(a: u32) -> u32 {
    let __guard = {
        static __OTEL_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(::otel_runtime::__private::SiteSpec {
            name: ::otel_runtime::__private::Name::of_place(&|| ()),
            kind: ::otel_runtime::__private::SpanKind::Internal,
            level: ::otel_runtime::__private::Level::Info,
            target: ::otel_runtime::__private::core::module_path!(),
            module: ::otel_runtime::__private::core::module_path!(),
            package: "package",
            version: "0.0.0",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            busy: false,
            fields: &[],
        });
        ::otel_runtime::__private::register!(__OTEL_SITE);
        ::otel_runtime::__private::Guard::<0>::enter(&__OTEL_SITE)
    };
    { a + 1 }
}
fn options(id: u64, name: &str, items: &[u8], total: f64, flag: bool) {
    let mut __guard = {
        static __OTEL_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(::otel_runtime::__private::SiteSpec {
            name: ::otel_runtime::__private::Name::Fixed("checkout"),
            kind: ::otel_runtime::__private::SpanKind::Server,
            level: ::otel_runtime::__private::Level::Debug,
            target: "shop",
            module: ::otel_runtime::__private::core::module_path!(),
            package: "package",
            version: "0.0.0",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            busy: false,
            fields: &[
                ::otel_runtime::__private::FieldSpec {
                    key: "flag",
                    late: false,
                },
                ::otel_runtime::__private::FieldSpec {
                    key: "order.id",
                    late: false,
                },
                ::otel_runtime::__private::FieldSpec {
                    key: "name",
                    late: false,
                },
                ::otel_runtime::__private::FieldSpec {
                    key: "items",
                    late: false,
                },
                ::otel_runtime::__private::FieldSpec {
                    key: "total",
                    late: false,
                },
                ::otel_runtime::__private::FieldSpec {
                    key: "late.key",
                    late: true,
                },
            ],
        });
        ::otel_runtime::__private::register!(__OTEL_SITE);
        ::otel_runtime::__private::Guard::<5>::enter(&__OTEL_SITE)
    };
    if __guard.is_recording() {
        __guard.capture(0, &flag);
        __guard.capture(1, &id);
        __guard.capture(2, &::otel_runtime::__private::Display(&name));
        __guard.capture(3, &::otel_runtime::__private::Debug(&items));
        __guard.capture(4, &total);
    }
    {
        work();
    }
}
fn fallible<'a>(
    first: &'a str,
    (x, y): (u8, u8),
    __arg2: String,
    unused: u8,
) -> Result<&'a str, Error> {
    let mut __guard = {
        static __OTEL_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(::otel_runtime::__private::SiteSpec {
            name: ::otel_runtime::__private::Name::of_place(&|| ()),
            kind: ::otel_runtime::__private::SpanKind::Internal,
            level: ::otel_runtime::__private::Level::Info,
            target: ::otel_runtime::__private::core::module_path!(),
            module: ::otel_runtime::__private::core::module_path!(),
            package: "package",
            version: "0.0.0",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            busy: false,
            fields: &[],
        });
        ::otel_runtime::__private::register!(__OTEL_SITE);
        ::otel_runtime::__private::Guard::<0>::enter(&__OTEL_SITE)
    };
    let __result = ::otel_runtime::__private::call_once(move || -> Result<
        &'a str,
        Error,
    > {
        let _ = (&unused, &__arg2, &y, &x, &first);
        let unused = unused;
        match () {
            () => {
                check(x, y)?;
                Ok(first)
            }
        }
    });
    __guard
        .observe(|__observer| {
            let __out = &__result;
            use ::otel_runtime::__private::probe::traits::*;
            (&&&&&&&::otel_runtime::__private::probe::Probe(__out)).outcome(__observer);
        });
    __result
}
fn mapped() -> std::io::Result<impl Iterator<Item = u8>> {
    #![allow(unused)]
    let mut __guard = {
        static __OTEL_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(::otel_runtime::__private::SiteSpec {
            name: ::otel_runtime::__private::Name::of_place(&|| ()),
            kind: ::otel_runtime::__private::SpanKind::Internal,
            level: ::otel_runtime::__private::Level::Info,
            target: ::otel_runtime::__private::core::module_path!(),
            module: ::otel_runtime::__private::core::module_path!(),
            package: "package",
            version: "0.0.0",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            busy: false,
            fields: &[],
        });
        ::otel_runtime::__private::register!(__OTEL_SITE);
        ::otel_runtime::__private::Guard::<0>::enter(&__OTEL_SITE)
    };
    let __result = ::otel_runtime::__private::call_once(move || -> std::io::Result<_> {
        { Ok(once(1)) }
    });
    __guard
        .observe(|__observer| {
            let __out = &__result;
            use ::otel_runtime::__private::probe::traits::*;
            if let ::otel_runtime::__private::core::option::Option::Some(__error) = ::otel_runtime::__private::probe::error_of(
                __out,
            ) {
                if ::otel_runtime::__private::probe::apply(
                    __error,
                    |error| error.is_empty(),
                ) {
                    __observer.ok();
                } else {
                    (&&&&&&::otel_runtime::__private::probe::ErrorProbe(
                        &::otel_runtime::__private::probe::apply(
                            __error,
                            |error| error.code(),
                        ),
                        ::otel_runtime::__private::probe::type_name(__error),
                        false,
                    ))
                        .error(__observer);
                }
            }
            if let ::otel_runtime::__private::core::option::Option::Some(__value) = (&::otel_runtime::__private::probe::Probe(
                __out,
            ))
                .value()
            {
                __observer.ret(&::otel_runtime::__private::Debug(__value));
            }
        });
    __result
}
#[track_caller]
fn tracked(text: &str) -> Result<u8, Error> {
    let mut __guard = {
        static __OTEL_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(::otel_runtime::__private::SiteSpec {
            name: ::otel_runtime::__private::Name::of_place(&|| ()),
            kind: ::otel_runtime::__private::SpanKind::Internal,
            level: ::otel_runtime::__private::Level::Info,
            target: ::otel_runtime::__private::core::module_path!(),
            module: ::otel_runtime::__private::core::module_path!(),
            package: "package",
            version: "0.0.0",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            busy: false,
            fields: &[],
        });
        ::otel_runtime::__private::register!(__OTEL_SITE);
        ::otel_runtime::__private::Guard::<0>::enter(&__OTEL_SITE)
    };
    __guard.observe(::otel_runtime::__private::probe::assume_error);
    let __result: Result<u8, Error> = {
        let value = text.parse()?;
        Ok(value)
    };
    __guard.observe(::otel_runtime::__private::probe::assume_ok);
    __guard
        .observe(|__observer| {
            let __out = &__result;
            use ::otel_runtime::__private::probe::traits::*;
            (&&&&&&&::otel_runtime::__private::probe::Probe(__out)).outcome(__observer);
        });
    __result
}
fn never() -> ! {
    let __guard = {
        static __OTEL_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(::otel_runtime::__private::SiteSpec {
            name: ::otel_runtime::__private::Name::of_place(&|| ()),
            kind: ::otel_runtime::__private::SpanKind::Internal,
            level: ::otel_runtime::__private::Level::Info,
            target: ::otel_runtime::__private::core::module_path!(),
            module: ::otel_runtime::__private::core::module_path!(),
            package: "package",
            version: "0.0.0",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            busy: false,
            fields: &[],
        });
        ::otel_runtime::__private::register!(__OTEL_SITE);
        ::otel_runtime::__private::Guard::<0>::enter(&__OTEL_SITE)
    };
    { loop {} }
}
