fn plain(a: u32) -> u32 {
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
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
            &__otelkit_SITE,
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
    { a + 1 }
}
fn options(
    &self,
    customer: &Customer,
    paid: bool,
    other: u8,
) -> Result<Receipt<'_>, OrderError> {
    let mut __otelkit_guard = ::otel_runtime::__private::Metered::<0>::idle();
    let __otelkit_labels = ::otel_runtime::__private::labels_index::<
        (&_, &bool, &_),
    >(&(&customer.tier, &self.gift, &paid));
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
                .untraced()
                .objective(
                    ::otel_runtime::__private::Objective::new()
                        .success(99.9f64)
                        .latency(
                            &[
                                ::otel_runtime::__private::Latency::new(250000000, 99f64),
                                ::otel_runtime::__private::Latency::new(1000000000, 99.9f64),
                            ],
                        ),
                ),
        );
        use ::otel_runtime::__private::meaning::traits::*;
        const __otelkit_LABELS: ::otel_runtime::__private::LabelShape = ::otel_runtime::__private::LabelShape::of(
            &|(customer, paid): (&Customer, bool)| {
                (
                    ::otel_runtime::__private::kind_of(&customer.tier),
                    ::otel_runtime::__private::kind_of(
                        &::otel_runtime::__private::probe::typed::<bool>(),
                    ),
                    ::otel_runtime::__private::kind_of(&paid),
                )
            },
        );
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
                &__otelkit_SITE,
            )
            .names("checkout.duration", "checkout.calls")
            .labels(&["tier", "gift", "paid"], __otelkit_LABELS)
            .errors(
                {
                    let _ = ::otel_runtime::__private::meaning::CodesOf::<()>::CODES;
                    ::otel_runtime::__private::meaning::CodesOf::<
                        Result<Receipt<'_>, OrderError>,
                    >::CODES
                },
                ::otel_runtime::__private::meaning::ErrorTypeOf::<
                    Result<Receipt<'_>, OrderError>,
                >::NAME,
            )
            .in_flight("checkout.in_flight")
            .unit("ms")
            .description("Orders.")
            .buckets(&[1f64, 2.5f64, 10f64]);
        ::otel_runtime::__private::register_calls!(
            __otelkit_SITE, __otelkit_place, __otelkit_CALLS
        );
        __otelkit_guard.begin(&__otelkit_SITE, &__otelkit_CALLS, __otelkit_labels)
    };
    let __otelkit_result = ::otel_runtime::__private::call_once(move || -> Result<
        Receipt<'_>,
        OrderError,
    > {
        let _ = (&other, &paid, &customer, &self);
        { work(other) }
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
async fn stacked(
    id: u64,
    tier: Tier,
    items: Vec<u8>,
    weight: f64,
) -> Result<Receipt, OrderError> {
    use metered as _;
    let __otelkit_labels = ::otel_runtime::__private::labels_index::<(&_,)>(&(&tier,));
    let (
        __otelkit_span,
        __otelkit_meter,
        __otelkit_extra0,
        __otelkit_extra1,
        __otelkit_extra2,
        __otelkit_extra3,
    ) = {
        let (
            mut __otelkit_span,
            __otelkit_meter,
            __otelkit_extra0,
            __otelkit_extra1,
            __otelkit_extra2,
            __otelkit_extra3,
        ) = match ::otel_runtime::__private::Start::child_of(context) {
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
                        .fields(&[::otel_runtime::__private::FieldSpec::given("id")])
                        .metered(),
                );
                use ::otel_runtime::__private::meaning::traits::*;
                const __otelkit_LABELS: ::otel_runtime::__private::LabelShape = ::otel_runtime::__private::LabelShape::of(
                    &|(tier,): (Tier,)| { (::otel_runtime::__private::kind_of(&tier),) },
                );
                static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
                        &__otelkit_SITE,
                    )
                    .labels(&["tier"], __otelkit_LABELS)
                    .errors(
                        {
                            let _ = ::otel_runtime::__private::meaning::CodesOf::<
                                (),
                            >::CODES;
                            ::otel_runtime::__private::meaning::CodesOf::<
                                Result<Receipt, OrderError>,
                            >::CODES
                        },
                        ::otel_runtime::__private::meaning::ErrorTypeOf::<
                            Result<Receipt, OrderError>,
                        >::NAME,
                    )
                    .asynchronous();
                static __otelkit_EXTRA0: ::otel_runtime::__private::Extra = ::otel_runtime::__private::Extra::counter(
                        &__otelkit_SITE,
                        "shop.items",
                    )
                    .labels(&["tier"], __otelkit_LABELS)
                    .unit("{item}");
                static __otelkit_EXTRA1: ::otel_runtime::__private::Extra = ::otel_runtime::__private::Extra::counter(
                        &__otelkit_SITE,
                        "shop.orders",
                    )
                    .labels(&["tier"], __otelkit_LABELS);
                static __otelkit_EXTRA2: ::otel_runtime::__private::Extra = ::otel_runtime::__private::Extra::up_down(
                        &__otelkit_SITE,
                        "shop.stock",
                    )
                    .labels(&["tier"], __otelkit_LABELS);
                static __otelkit_EXTRA3: ::otel_runtime::__private::Extra = ::otel_runtime::__private::Extra::histogram(
                        &__otelkit_SITE,
                        "shop.weight",
                    )
                    .labels(&["tier"], __otelkit_LABELS)
                    .unit("kg")
                    .buckets(BOUNDS);
                ::otel_runtime::__private::register_calls!(
                    __otelkit_SITE, __otelkit_place, __otelkit_CALLS, __otelkit_EXTRA0,
                    __otelkit_EXTRA1, __otelkit_EXTRA2, __otelkit_EXTRA3
                );
                (
                    ::otel_runtime::__private::Span::<
                        1,
                    >::prepare_with(&__otelkit_SITE, __otelkit_start),
                    ::otel_runtime::__private::Meter::new(
                        &__otelkit_SITE,
                        &__otelkit_CALLS,
                        __otelkit_labels,
                    ),
                    &__otelkit_EXTRA0,
                    &__otelkit_EXTRA1,
                    &__otelkit_EXTRA2,
                    &__otelkit_EXTRA3,
                )
            }
        };
        if __otelkit_span.is_recording() {
            __otelkit_span.capture(0, &id);
        }
        (
            __otelkit_span,
            __otelkit_meter,
            __otelkit_extra0,
            __otelkit_extra1,
            __otelkit_extra2,
            __otelkit_extra3,
        )
    };
    __otelkit_extra0.raise(__otelkit_labels, items.len());
    __otelkit_extra1.raise(__otelkit_labels, 1_u64);
    __otelkit_extra3.record(__otelkit_labels, weight);
    ::otel_runtime::__private::Span::instrument_metered(
            __otelkit_span,
            __otelkit_meter,
            async move {
                let _ = (&weight, &items, &tier, &id);
                if false {
                    return ::otel_runtime::__private::probe::typed::<
                        Result<Receipt, OrderError>,
                    >();
                }
                { place(items).await }
            },
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
                    __otelkit_extra2
                        .change(
                            __otelkit_labels,
                            ::otel_runtime::__private::probe::apply(
                                __otelkit_value,
                                |receipt| -receipt.count,
                            ),
                        );
                }
            },
        )
        .await
}
fn open(tier: Tier, order: &Order, shard: u8) {
    let mut __otelkit_guard = ::otel_runtime::__private::Metered::<0>::idle();
    static __otelkit_OPEN: ::otel_runtime::__private::Interner = ::otel_runtime::__private::Interner::new(
        &[100, SHARDS],
    );
    let __otelkit_labels = {
        use ::otel_runtime::__private::open::traits::*;
        ::otel_runtime::__private::open::series(
            &__otelkit_OPEN,
            ::otel_runtime::__private::labels_index::<(&_,)>(&(&tier,)),
            &[
                (&&&::otel_runtime::__private::open::Probe(&order.tenant)).open_value(),
                (&&&::otel_runtime::__private::open::Probe(&shard)).open_value(),
            ],
        )
    };
    let (__otelkit_extra0,) = {
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
        const __otelkit_LABELS: ::otel_runtime::__private::LabelShape = ::otel_runtime::__private::LabelShape::of(
            &|(tier,): (Tier,)| { (::otel_runtime::__private::kind_of(&tier),) },
        );
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::new(
                &__otelkit_SITE,
            )
            .labels(&["tier"], __otelkit_LABELS)
            .open(&["tenant", "shard"], &__otelkit_OPEN);
        static __otelkit_EXTRA0: ::otel_runtime::__private::Extra = ::otel_runtime::__private::Extra::counter(
                &__otelkit_SITE,
                "shop.items",
            )
            .labels(&["tier"], __otelkit_LABELS)
            .open(&["tenant", "shard"], &__otelkit_OPEN);
        ::otel_runtime::__private::register_calls!(
            __otelkit_SITE, __otelkit_place, __otelkit_CALLS, __otelkit_EXTRA0
        );
        __otelkit_guard.begin(&__otelkit_SITE, &__otelkit_CALLS, __otelkit_labels);
        (&__otelkit_EXTRA0,)
    };
    __otelkit_extra0.raise(__otelkit_labels, 1_u64);
    {}
}
