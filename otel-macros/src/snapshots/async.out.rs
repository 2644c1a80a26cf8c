async fn plain() {
    ::otel_runtime::__private::Span::instrument(
            {
                static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
                    ::otel_runtime::__private::SiteSpec::of_place(
                        &__otelkit_place,
                        ::otel_runtime::__private::core::module_path!(),
                        "package",
                        "0.0.0",
                        "src/lib.rs",
                        1,
                        1,
                    ),
                );
                ::otel_runtime::__private::register!(
                    __otelkit_SITE, __otelkit_place, register
                );
                ::otel_runtime::__private::Span::<0>::later(&__otelkit_SITE)
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
    __otelkit_arg3: Wrapper,
) -> Result<u8, Error> {
    ::otel_runtime::__private::Span::instrument(
            {
                let mut __otelkit_span = match ::otel_runtime::__private::Start::child_of(
                    context,
                ) {
                    __otelkit_start => {
                        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
                            ::otel_runtime::__private::SiteSpec::of_place(
                                    &__otelkit_place,
                                    ::otel_runtime::__private::core::module_path!(),
                                    "package",
                                    "0.0.0",
                                    "src/lib.rs",
                                    1,
                                    1,
                                )
                                .fields(
                                    &[::otel_runtime::__private::FieldSpec::given("id")],
                                ),
                        );
                        ::otel_runtime::__private::register!(
                            __otelkit_SITE, __otelkit_place, register
                        );
                        ::otel_runtime::__private::Span::<
                            1,
                        >::prepare_with(&__otelkit_SITE, __otelkit_start)
                    }
                };
                if __otelkit_span.is_recording() {
                    __otelkit_span.capture(0, &id);
                    __otelkit_span.add_links(others);
                }
                __otelkit_span
            },
            async move {
                let _ = (&__otelkit_arg3, &b, &a, &items, &id);
                if false {
                    return ::otel_runtime::__private::probe::typed::<
                        Result<u8, Error>,
                    >();
                }
                let __otelkit_arg3 = __otelkit_arg3;
                let Wrapper { inner, .. } = __otelkit_arg3;
                match () {
                    () => {
                        items.push(a);
                        use_all(b, inner).await
                    }
                }
            },
            |__otelkit_out, __otelkit_observer| {
                use ::otel_runtime::__private::probe::traits::*;
                (&&&&&&&::otel_runtime::__private::probe::Probe(__otelkit_out))
                    .outcome(
                        |__otelkit_out| {
                            (&&&&::otel_runtime::__private::meaning::ResultProbe(
                                __otelkit_out,
                            ))
                                .meaning()
                        },
                        __otelkit_observer,
                    );
            },
        )
        .await
}
async fn never() -> ! {
    match ::otel_runtime::__private::Span::instrument(
            {
                static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
                    ::otel_runtime::__private::SiteSpec::of_place(
                            &__otelkit_place,
                            ::otel_runtime::__private::core::module_path!(),
                            "package",
                            "0.0.0",
                            "src/lib.rs",
                            1,
                            1,
                        )
                        .busy(),
                );
                ::otel_runtime::__private::register!(
                    __otelkit_SITE, __otelkit_place, register
                );
                ::otel_runtime::__private::Span::<
                    0,
                >::prepare_with(&__otelkit_SITE, ::otel_runtime::__private::Start::ROOT)
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
    let __otelkit_span = {
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::of_place(
                &__otelkit_place,
                ::otel_runtime::__private::core::module_path!(),
                "package",
                "0.0.0",
                "src/lib.rs",
                1,
                1,
            ),
        );
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        ::otel_runtime::__private::Span::<0>::prepare(&__otelkit_SITE)
    };
    let eager = check(a);
    __otelkit_span
        .instrument(
            async move {
                if false {
                    return ::otel_runtime::__private::probe::typed::<
                        Result<u32, Error>,
                    >();
                }
                { Ok(eager) }
            },
            |__otelkit_out, __otelkit_observer| {
                use ::otel_runtime::__private::probe::traits::*;
                (&&&&&&&::otel_runtime::__private::probe::Probe(__otelkit_out))
                    .outcome(
                        |__otelkit_out| {
                            (&&&&::otel_runtime::__private::meaning::ResultProbe(
                                __otelkit_out,
                            ))
                                .meaning()
                        },
                        __otelkit_observer,
                    );
            },
        )
}
fn returns_boxed<'a>(a: &'a u32) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    let __otelkit_span = {
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::of_place(
                &__otelkit_place,
                ::otel_runtime::__private::core::module_path!(),
                "package",
                "0.0.0",
                "src/lib.rs",
                1,
                1,
            ),
        );
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        ::otel_runtime::__private::Span::<0>::prepare(&__otelkit_SITE)
    };
    Box::pin(
        __otelkit_span
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
    let __otelkit_span = {
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::of_place(
                &__otelkit_place,
                ::otel_runtime::__private::core::module_path!(),
                "package",
                "0.0.0",
                "src/lib.rs",
                1,
                1,
            ),
        );
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        ::otel_runtime::__private::Span::<0>::prepare(&__otelkit_SITE)
    };
    if a > 1 {
        return match ::otel_runtime::__private::same::<
            BoxFuture<'static, u32>,
        >(if false { ::otel_runtime::__private::probe::typed() } else { other(a) }) {
            __otelkit_future => {
                ::otel_runtime::__private::boxed(
                    __otelkit_span
                        .instrument(
                            __otelkit_future,
                            ::otel_runtime::__private::probe::ignore,
                        ),
                )
            }
        };
    }
    match ::otel_runtime::__private::same::<
        BoxFuture<'static, u32>,
    >(if false { ::otel_runtime::__private::probe::typed() } else { more(a) }) {
        __otelkit_future => {
            ::otel_runtime::__private::boxed(
                __otelkit_span
                    .instrument(
                        __otelkit_future,
                        ::otel_runtime::__private::probe::ignore,
                    ),
            )
        }
    }
}
fn streams(a: u32) -> impl Stream<Item = u32> {
    let __otelkit_span = {
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::of_place(
                &__otelkit_place,
                ::otel_runtime::__private::core::module_path!(),
                "package",
                "0.0.0",
                "src/lib.rs",
                1,
                1,
            ),
        );
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        ::otel_runtime::__private::Span::<0>::prepare(&__otelkit_SITE)
    };
    __otelkit_span
        .instrument_stream({ iter(0..a) }, ::otel_runtime::__private::probe::ignore)
}
