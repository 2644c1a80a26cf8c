pub fn plain(a: u32) -> u32 {
    let mut __otelkit_guard = ::otel_runtime::__private::Guard::<0>::idle();
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
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        __otelkit_guard.begin(&__otelkit_SITE)
    };
    { a + 1 }
}
fn options(id: u64, name: &str, items: &[u8], total: f64, flag: bool) {
    let mut __otelkit_guard = ::otel_runtime::__private::Guard::<5>::idle();
    {
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::new(
                    "checkout",
                    ::otel_runtime::__private::core::module_path!(),
                    "package",
                    "0.0.0",
                    "src/lib.rs",
                    1,
                    1,
                )
                .function(&__otelkit_place)
                .kind(::otel_runtime::__private::SpanKind::Server)
                .level(::otel_runtime::__private::Level::Debug)
                .target("shop")
                .fields(
                    &[
                        ::otel_runtime::__private::FieldSpec::given("flag"),
                        ::otel_runtime::__private::FieldSpec::given("order.id"),
                        ::otel_runtime::__private::FieldSpec::given("name"),
                        ::otel_runtime::__private::FieldSpec::given("items"),
                        ::otel_runtime::__private::FieldSpec::given("total"),
                        ::otel_runtime::__private::FieldSpec::late("late.key"),
                    ],
                ),
        );
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        __otelkit_guard.begin(&__otelkit_SITE)
    };
    if __otelkit_guard.is_recording() {
        __otelkit_guard.capture(0, &flag);
        __otelkit_guard.capture(1, &id);
        __otelkit_guard.capture(2, ::otel_runtime::__private::display(&name).checked());
        __otelkit_guard.capture(3, ::otel_runtime::__private::debug(&items).checked());
        __otelkit_guard.capture(4, &total);
    }
    {
        work();
    }
}
fn fallible<'a>(
    first: &'a str,
    (x, y): (u8, u8),
    __otelkit_arg2: String,
    unused: u8,
) -> Result<&'a str, Error> {
    let mut __otelkit_guard = ::otel_runtime::__private::Guard::<0>::idle();
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
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        __otelkit_guard.begin(&__otelkit_SITE)
    };
    let __otelkit_result = ::otel_runtime::__private::call_once(move || -> Result<
        &'a str,
        Error,
    > {
        let _ = (&unused, &__otelkit_arg2, &y, &x, &first);
        let unused = unused;
        match () {
            () => {
                check(x, y)?;
                Ok(first)
            }
        }
    });
    let __otelkit_out = &__otelkit_result;
    __otelkit_guard
        .observe(|__otelkit_observer| {
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
        });
    __otelkit_result
}
fn mapped() -> std::io::Result<impl Iterator<Item = u8>> {
    #![allow(unused)]
    let mut __otelkit_guard = ::otel_runtime::__private::Guard::<0>::idle();
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
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        __otelkit_guard.begin(&__otelkit_SITE)
    };
    let __otelkit_result = ::otel_runtime::__private::call_once(move || -> std::io::Result<
        _,
    > { { Ok(once(1)) } });
    let __otelkit_out = &__otelkit_result;
    __otelkit_guard
        .observe(|__otelkit_observer| {
            use ::otel_runtime::__private::probe::traits::*;
            if let ::otel_runtime::__private::core::option::Option::Some(
                __otelkit_error,
            ) = ::otel_runtime::__private::probe::error_of(__otelkit_out) {
                if ::otel_runtime::__private::probe::apply(
                    __otelkit_error,
                    |error| error.is_empty(),
                ) {
                    __otelkit_observer.ok();
                } else {
                    match &::otel_runtime::__private::probe::apply(
                        __otelkit_error,
                        |error| error.code(),
                    ) {
                        __otelkit_seen => {
                            (&&&&&&::otel_runtime::__private::probe::ErrorProbe(
                                __otelkit_seen,
                                ::otel_runtime::__private::probe::type_name(
                                    __otelkit_error,
                                ),
                                false,
                                (&&&&::otel_runtime::__private::meaning::ErrorProbe(
                                    __otelkit_seen,
                                ))
                                    .meaning(),
                            ))
                                .error(__otelkit_observer)
                        }
                    }
                }
            }
            if let ::otel_runtime::__private::core::option::Option::Some(
                __otelkit_value,
            ) = (&::otel_runtime::__private::probe::Probe(__otelkit_out)).value()
            {
                __otelkit_observer
                    .ret(::otel_runtime::__private::debug(__otelkit_value).checked());
            }
        });
    __otelkit_result
}
#[track_caller]
fn tracked(text: &str) -> Result<u8, Error> {
    use ::otel_runtime::__private::probe::Question as _;
    let mut __otelkit_guard = ::otel_runtime::__private::Guard::<0>::idle();
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
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        __otelkit_guard.begin(&__otelkit_SITE)
    };
    let __otelkit_result: Result<u8, Error> = if false {
        ::otel_runtime::__private::probe::typed()
    } else {
        let value = text
            .parse()
            .__otelkit_question(|__otelkit_out: &Result<u8, Error>| {
                __otelkit_guard.observe(::otel_runtime::__private::probe::assume_ok);
                __otelkit_guard
                    .observe(|__otelkit_observer| {
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
                    });
            })?;
        Ok(value)
    };
    __otelkit_guard.observe(::otel_runtime::__private::probe::assume_ok);
    let __otelkit_out = &__otelkit_result;
    __otelkit_guard
        .observe(|__otelkit_observer| {
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
        });
    __otelkit_result
}
fn never() -> ! {
    let mut __otelkit_guard = ::otel_runtime::__private::Guard::<0>::idle();
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
        ::otel_runtime::__private::register!(__otelkit_SITE, __otelkit_place, register);
        __otelkit_guard.begin(&__otelkit_SITE)
    };
    { loop {} }
}
