fn first<'a, T: Clone>((tier, _): (&'a Tier, u8), value: T) -> std::io::Result<T> {
    use otel_runtime::traced as _;
    let mut __otelkit_guard = ::otel_runtime::__private::Metered::<0>::idle();
    let __otelkit_labels = ::otel_runtime::__private::labels_index::<(&_,)>(&(&tier,));
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
                .metered(),
        );
        use ::otel_runtime::__private::meaning::traits::*;
        const __otelkit_LABELS: ::otel_runtime::__private::LabelShape = ::otel_runtime::__private::LabelShape::of(
            &|((tier, _),): ((&'_ Tier, u8),)| {
                (::otel_runtime::__private::kind_of(&tier),)
            },
        );
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
                &__otelkit_SITE,
            )
            .labels(&["tier"], __otelkit_LABELS)
            .errors(
                {
                    let _ = ::otel_runtime::__private::meaning::CodesOf::<()>::CODES;
                    ::otel_runtime::__private::meaning::CodesOf::<
                        std::io::Result<()>,
                    >::CODES
                },
                ::otel_runtime::__private::meaning::ErrorTypeOf::<
                    std::io::Result<()>,
                >::NAME,
            );
        ::otel_runtime::__private::register_calls!(
            __otelkit_SITE, __otelkit_place, __otelkit_CALLS
        );
        __otelkit_guard.begin(&__otelkit_SITE, &__otelkit_CALLS, __otelkit_labels)
    };
    let __otelkit_result = ::otel_runtime::__private::call_once(move || -> std::io::Result<
        T,
    > {
        let _ = (&value, &tier);
        { copy(value) }
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
fn absent() -> Option<u8> {
    let mut __otelkit_guard = ::otel_runtime::__private::Metered::<0>::idle();
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
                .metered()
                .untraced(),
        );
        use ::otel_runtime::__private::meaning::traits::*;
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
                &__otelkit_SITE,
            )
            .errors(
                {
                    let _ = ::otel_runtime::__private::meaning::CodesOf::<()>::CODES;
                    ::otel_runtime::__private::meaning::CodesOf::<
                        ::otel_runtime::__private::core::result::Result<
                            (),
                            ::otel_runtime::__private::probe::NoneError,
                        >,
                    >::CODES
                },
                ::otel_runtime::__private::meaning::ErrorTypeOf::<
                    ::otel_runtime::__private::core::result::Result<
                        (),
                        ::otel_runtime::__private::probe::NoneError,
                    >,
                >::NAME,
            );
        ::otel_runtime::__private::register_calls!(
            __otelkit_SITE, __otelkit_place, __otelkit_CALLS
        );
        __otelkit_guard
            .begin(
                &__otelkit_SITE,
                &__otelkit_CALLS,
                ::otel_runtime::__private::Series::ONLY,
            )
    };
    let __otelkit_result = ::otel_runtime::__private::call_once(move || -> Option<u8> {
        { None }
    });
    let __otelkit_out = &__otelkit_result;
    __otelkit_guard
        .observe(|__otelkit_observer| {
            use ::otel_runtime::__private::probe::traits::*;
            if let ::otel_runtime::__private::core::option::Option::Some(
                __otelkit_error,
            ) = ::otel_runtime::__private::probe::error_or_none(__otelkit_out) {
                match __otelkit_error {
                    __otelkit_seen => {
                        (&&&&&&::otel_runtime::__private::probe::ErrorProbe(
                            __otelkit_seen,
                            ::otel_runtime::__private::probe::type_name(__otelkit_error),
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
        });
    __otelkit_result
}
fn streams(a: u32) -> impl Stream<Item = Result<Vec<u8>, Error>> {
    let (__otelkit_span, __otelkit_meter, __otelkit_extra0) = {
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
                .metered()
                .untraced(),
        );
        use ::otel_runtime::__private::meaning::traits::*;
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
                &__otelkit_SITE,
            )
            .errors(
                {
                    let _ = ::otel_runtime::__private::meaning::CodesOf::<()>::CODES;
                    ::otel_runtime::__private::meaning::CodesOf::<
                        Result<Vec<u8>, Error>,
                    >::CODES
                },
                ::otel_runtime::__private::meaning::ErrorTypeOf::<
                    Result<Vec<u8>, Error>,
                >::NAME,
            )
            .asynchronous();
        static __otelkit_EXTRA0: ::otel_runtime::__private::Extra = ::otel_runtime::__private::Extra::counter(
            &__otelkit_SITE,
            "bytes",
        );
        ::otel_runtime::__private::register_calls!(
            __otelkit_SITE, __otelkit_place, __otelkit_CALLS, __otelkit_EXTRA0
        );
        (
            ::otel_runtime::__private::Span::<0>::prepare(&__otelkit_SITE),
            ::otel_runtime::__private::Meter::new(
                &__otelkit_SITE,
                &__otelkit_CALLS,
                ::otel_runtime::__private::Series::ONLY,
            ),
            &__otelkit_EXTRA0,
        )
    };
    __otelkit_span
        .instrument_stream_metered(
            __otelkit_meter,
            { iter(0..a) },
            move |__otelkit_out, __otelkit_observer| {
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
                if let ::otel_runtime::__private::core::option::Option::Some(
                    __otelkit_value,
                ) = (&::otel_runtime::__private::probe::Probe(__otelkit_out)).value()
                {
                    __otelkit_extra0
                        .raise(
                            ::otel_runtime::__private::Series::ONLY,
                            ::otel_runtime::__private::probe::apply(
                                __otelkit_value,
                                |item| item.len(),
                            ),
                        );
                }
            },
        )
}
fn returns_future() -> impl Future<Output = u32> {
    let (__otelkit_span, __otelkit_meter) = {
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
                .metered()
                .untraced(),
        );
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
                &__otelkit_SITE,
            )
            .asynchronous();
        ::otel_runtime::__private::register_calls!(
            __otelkit_SITE, __otelkit_place, __otelkit_CALLS
        );
        (
            ::otel_runtime::__private::Span::<0>::prepare(&__otelkit_SITE),
            ::otel_runtime::__private::Meter::new(
                &__otelkit_SITE,
                &__otelkit_CALLS,
                ::otel_runtime::__private::Series::ONLY,
            ),
        )
    };
    __otelkit_span
        .instrument_metered(
            __otelkit_meter,
            async {
                if false {
                    return ::otel_runtime::__private::probe::typed::<u32>();
                }
                { 1 }
            },
            ::otel_runtime::__private::probe::ignore,
        )
}
#[traced]
impl Shop {
    #[::otel_runtime::metered(labels(gift:bool = self.gift))]
    fn one(&self) {}
    fn two(&self) {}
    #[traced(skip)]
    #[::otel_runtime::metered(labels(gift:bool = true, more:bool = false))]
    fn three(&self) {}
}
fn nothing() {}
