async fn plain() {
    ::otel_runtime::__private::Span::instrument(
            {
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
                ::otel_runtime::__private::Span::<0>::prepare(&__OTEL_SITE)
            },
            async move {
                if false {
                    return;
                }
                {
                    work().await;
                }
            },
            ::otel_runtime::__private::probe::ignore,
        )
        .await
}
async fn fallible(
    id: u64,
    mut items: Vec<u8>,
    (a, b): (A, B),
    __arg3: Wrapper,
) -> Result<u8, Error> {
    ::otel_runtime::__private::Span::instrument(
            {
                let mut __span = match ::otel_runtime::__private::Start::child_of(
                    context,
                ) {
                    __start => {
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
                            fields: &[
                                ::otel_runtime::__private::FieldSpec {
                                    key: "id",
                                    late: false,
                                },
                            ],
                        });
                        ::otel_runtime::__private::register!(__OTEL_SITE);
                        ::otel_runtime::__private::Span::<
                            1,
                        >::prepare_with(&__OTEL_SITE, __start)
                    }
                };
                if __span.is_recording() {
                    __span.capture(0, &id);
                    __span.add_links(others);
                }
                __span
            },
            async move {
                let _ = (&__arg3, &b, &a, &items, &id);
                if false {
                    return ::otel_runtime::__private::probe::typed::<
                        Result<u8, Error>,
                    >();
                }
                let __arg3 = __arg3;
                let Wrapper { inner, .. } = __arg3;
                match () {
                    () => {
                        items.push(a);
                        use_all(b, inner).await
                    }
                }
            },
            |__out, __observer| {
                use ::otel_runtime::__private::probe::traits::*;
                (&&&&&&&::otel_runtime::__private::probe::Probe(__out))
                    .outcome(__observer);
            },
        )
        .await
}
async fn never() -> ! {
    match ::otel_runtime::__private::Span::instrument(
            {
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
                    busy: true,
                    fields: &[],
                });
                ::otel_runtime::__private::register!(__OTEL_SITE);
                ::otel_runtime::__private::Span::<
                    0,
                >::prepare_with(&__OTEL_SITE, ::otel_runtime::__private::Start::ROOT)
            },
            async move {
                if false {
                    return ::otel_runtime::__private::probe::typed::<
                        ::otel_runtime::__private::core::convert::Infallible,
                    >();
                }
                { std::future::pending().await }
            },
            ::otel_runtime::__private::probe::ignore,
        )
        .await
    {}
}
fn returns_future(a: u32) -> impl Future<Output = Result<u32, Error>> + Send {
    let __span = {
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
        ::otel_runtime::__private::Span::<0>::prepare(&__OTEL_SITE)
    };
    let eager = check(a);
    __span
        .instrument(
            async move {
                if false {
                    return ::otel_runtime::__private::probe::typed::<
                        Result<u32, Error>,
                    >();
                }
                { Ok(eager) }
            },
            |__out, __observer| {
                use ::otel_runtime::__private::probe::traits::*;
                (&&&&&&&::otel_runtime::__private::probe::Probe(__out))
                    .outcome(__observer);
            },
        )
}
fn returns_boxed<'a>(a: &'a u32) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    let __span = {
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
        ::otel_runtime::__private::Span::<0>::prepare(&__OTEL_SITE)
    };
    Box::pin(
        __span
            .instrument(
                async move {
                    if false {
                        return ::otel_runtime::__private::probe::typed::<u32>();
                    }
                    { *a }
                },
                ::otel_runtime::__private::probe::ignore,
            ),
    )
}
fn delegates(a: u32) -> BoxFuture<'static, u32> {
    let __span = {
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
        ::otel_runtime::__private::Span::<0>::prepare(&__OTEL_SITE)
    };
    ::otel_runtime::__private::boxed(
        __span
            .instrument(
                ::otel_runtime::__private::call_once(move || {
                    if a > 1 {
                        return other(a);
                    }
                    more(a)
                }),
                ::otel_runtime::__private::probe::ignore,
            ),
    )
}
fn streams(a: u32) -> impl Stream<Item = u32> {
    let __span = {
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
        ::otel_runtime::__private::Span::<0>::prepare(&__OTEL_SITE)
    };
    __span.instrument_stream({ iter(0..a) }, ::otel_runtime::__private::probe::ignore)
}
