fn literal() -> Vec<u64> {
    #[allow(dead_code)]
    const QUERY: &str = "SELECT id FROM users WHERE name = 'Ann'";
    let mut __otelkit_guard = ::otel_runtime::__private::Metered::<0>::idle();
    {
        static __otelkit_QUERY: ::otel_runtime::__private::QuerySpec = ::otel_runtime::__private::QuerySpec::new(
                "postgresql",
            )
            .read("SELECT users", "SELECT id FROM users WHERE name = ?")
            .operation("SELECT")
            .collection("users")
            .slow_ns(200000000);
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::new(
                    "SELECT users",
                    ::otel_runtime::__private::core::module_path!(),
                    "package",
                    "0.0.0",
                    "src/lib.rs",
                    1,
                    1,
                )
                .function(&__otelkit_place)
                .kind(::otel_runtime::__private::SpanKind::Client)
                .fields(
                    &[
                        ::otel_runtime::__private::FieldSpec::late(
                            "db.response.returned_rows",
                        ),
                    ],
                )
                .metered()
                .query(&__otelkit_QUERY),
        );
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::of_query(
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
    let __otelkit_result = ::otel_runtime::__private::call_once(move || -> Vec<u64> {
        { ask(QUERY) }
    });
    let __otelkit_out = &__otelkit_result;
    __otelkit_guard
        .observe(|__otelkit_observer| {
            use ::otel_runtime::__private::probe::traits::*;
            if let ::otel_runtime::__private::core::option::Option::Some(
                __otelkit_value,
            ) = (&::otel_runtime::__private::probe::Probe(__otelkit_out)).value()
            {
                __otelkit_observer
                    .attribute(
                        "db.response.returned_rows",
                        &::otel_runtime::__private::probe::apply(
                            __otelkit_value,
                            |rows| rows.len(),
                        ),
                    );
            }
        });
    __otelkit_result
}
async fn stacked(pool: &PgPool, ids: &[u64], tier: Tier) -> Result<(), Error> {
    use metered as _;
    use db_query as _;
    #[allow(dead_code)]
    const QUERY: &str = "INSERT INTO users (id) VALUES ($1)";
    let __otelkit_labels = ::otel_runtime::__private::labels_index::<
        (&Tier,),
    >(&(&tier,));
    let (__otelkit_span, __otelkit_meter) = {
        let (mut __otelkit_span, mut __otelkit_meter) = {
            let (mut __otelkit_span, __otelkit_meter) = {
                static __otelkit_QUERY: ::otel_runtime::__private::QuerySpec = ::otel_runtime::__private::QuerySpec::new(
                        "postgresql",
                    )
                    .read("INSERT users", "INSERT INTO users (id) VALUES ($1)")
                    .operation("INSERT")
                    .collection("users");
                static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
                    ::otel_runtime::__private::SiteSpec::new(
                            "INSERT users",
                            ::otel_runtime::__private::core::module_path!(),
                            "package",
                            "0.0.0",
                            "src/lib.rs",
                            1,
                            1,
                        )
                        .function(&__otelkit_place)
                        .kind(::otel_runtime::__private::SpanKind::Client)
                        .fields(
                            &[
                                ::otel_runtime::__private::FieldSpec::given("user"),
                                ::otel_runtime::__private::FieldSpec::given(
                                    "db.operation.batch.size",
                                ),
                                ::otel_runtime::__private::FieldSpec::late(
                                    "server.address",
                                ),
                                ::otel_runtime::__private::FieldSpec::late("server.port"),
                                ::otel_runtime::__private::FieldSpec::late("db.namespace"),
                            ],
                        )
                        .metered()
                        .query(&__otelkit_QUERY),
                );
                use ::otel_runtime::__private::meaning::traits::*;
                const __otelkit_LABELS: ::otel_runtime::__private::LabelShape = ::otel_runtime::__private::LabelShape::new::<
                    (Tier,),
                >();
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
                                Result<(), Error>,
                            >::CODES
                        },
                        ::otel_runtime::__private::meaning::ErrorTypeOf::<
                            Result<(), Error>,
                        >::NAME,
                    )
                    .asynchronous()
                    .asking();
                ::otel_runtime::__private::register_calls!(
                    __otelkit_SITE, __otelkit_place, __otelkit_CALLS
                );
                (
                    ::otel_runtime::__private::Span::<2>::prepare(&__otelkit_SITE),
                    ::otel_runtime::__private::Meter::new(
                        &__otelkit_SITE,
                        &__otelkit_CALLS,
                        __otelkit_labels,
                    ),
                )
            };
            if __otelkit_span.is_recording() {
                __otelkit_span.capture(0, &id);
                __otelkit_span
                    .capture(1, &::otel_runtime::__private::batch_size(ids.len()));
            }
            (__otelkit_span, __otelkit_meter)
        };
        __otelkit_span
            .ask(
                &mut __otelkit_meter,
                || {
                    use ::otel_runtime::__private::target::traits::*;
                    (&&::otel_runtime::__private::target::Probe(&pool))
                        .target()
                        .or_else(|| {
                            (&&::otel_runtime::__private::target::Probe(&tier)).target()
                        })
                },
            );
        (__otelkit_span, __otelkit_meter)
    };
    ::otel_runtime::__private::Span::instrument_metered(
            __otelkit_span,
            __otelkit_meter,
            async move {
                let _ = (&tier, &ids, &pool);
                if false {
                    return ::otel_runtime::__private::probe::typed::<
                        Result<(), Error>,
                    >();
                }
                { ask(pool, QUERY).await }
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
fn constant(&self, tenant: &str) {
    #[allow(dead_code)]
    const QUERY: &str = STATEMENT;
    let mut __otelkit_guard = ::otel_runtime::__private::Metered::<0>::idle();
    {
        static __otelkit_QUERY: ::otel_runtime::__private::QuerySpec = ::otel_runtime::__private::QuerySpec::new(
                "mysql",
            )
            .constant(STATEMENT);
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::new(
                    "mysql",
                    ::otel_runtime::__private::core::module_path!(),
                    "package",
                    "0.0.0",
                    "src/lib.rs",
                    1,
                    1,
                )
                .function(&__otelkit_place)
                .kind(::otel_runtime::__private::SpanKind::Client)
                .fields(
                    &[
                        ::otel_runtime::__private::FieldSpec::late("server.address"),
                        ::otel_runtime::__private::FieldSpec::late("server.port"),
                        ::otel_runtime::__private::FieldSpec::late("db.namespace"),
                    ],
                )
                .metered()
                .query(&__otelkit_QUERY),
        );
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::of_query(
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
    __otelkit_guard
        .ask(|| {
            use ::otel_runtime::__private::target::traits::*;
            ::otel_runtime::__private::target::with(
                ::otel_runtime::__private::target::of(&self.pool),
                ::otel_runtime::__private::core::option::Option::None,
                ::otel_runtime::__private::core::option::Option::None,
                ::otel_runtime::__private::target::text(&tenant),
            )
        });
    { ask(QUERY) }
}
::core::compile_error! {
    "unknown option `unknown_to_all`; valid: `system`, `sql`, `rows`, `unchecked`, `raw`, `operation`, `collection`, `namespace`, `server`, `pool`, `batch`, `slow`, `err`, `ok_if`, `expected`, `none`, `runtime`"
}
fn wrong(statement: String) {}
fn given(statement: String) {
    let mut __otelkit_guard = ::otel_runtime::__private::Metered::<1>::idle();
    {
        static __otelkit_QUERY: ::otel_runtime::__private::QuerySpec = ::otel_runtime::__private::QuerySpec::new(
                OURS,
            )
            .given()
            .server(
                "db.example.com",
                ::otel_runtime::__private::core::option::Option::Some(5432),
            )
            .raw();
        static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
            ::otel_runtime::__private::SiteSpec::new(
                    OURS,
                    ::otel_runtime::__private::core::module_path!(),
                    "package",
                    "0.0.0",
                    "src/lib.rs",
                    1,
                    1,
                )
                .function(&__otelkit_place)
                .kind(::otel_runtime::__private::SpanKind::Client)
                .fields(&[::otel_runtime::__private::FieldSpec::given("db.query.text")])
                .metered()
                .query(&__otelkit_QUERY),
        );
        static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::of_query(
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
    if __otelkit_guard.is_recording() {
        __otelkit_guard.capture(0, &(&statement));
    }
    {}
}
async fn get(host: String) -> Option<String> {
    let (__otelkit_span, __otelkit_meter) = {
        let (mut __otelkit_span, mut __otelkit_meter) = {
            static __otelkit_QUERY: ::otel_runtime::__private::QuerySpec = ::otel_runtime::__private::QuerySpec::new(
                    "redis",
                )
                .operation("GET")
                .collection("sessions");
            static __otelkit_SITE: ::otel_runtime::__private::Site = ::otel_runtime::__private::Site::new(
                ::otel_runtime::__private::SiteSpec::new(
                        "GET sessions",
                        ::otel_runtime::__private::core::module_path!(),
                        "package",
                        "0.0.0",
                        "src/lib.rs",
                        1,
                        1,
                    )
                    .function(&__otelkit_place)
                    .kind(::otel_runtime::__private::SpanKind::Client)
                    .fields(
                        &[
                            ::otel_runtime::__private::FieldSpec::late("server.address"),
                            ::otel_runtime::__private::FieldSpec::late("server.port"),
                        ],
                    )
                    .metered()
                    .query(&__otelkit_QUERY),
            );
            static __otelkit_CALLS: ::otel_runtime::__private::Calls = ::otel_runtime::__private::Calls::of_query(
                &__otelkit_SITE,
            );
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
            .ask(
                &mut __otelkit_meter,
                || {
                    use ::otel_runtime::__private::target::traits::*;
                    ::otel_runtime::__private::target::with(
                        ::otel_runtime::__private::core::option::Option::None,
                        ::otel_runtime::__private::target::text(&host),
                        ::otel_runtime::__private::core::option::Option::Some(*&6379),
                        ::otel_runtime::__private::core::option::Option::None,
                    )
                },
            );
        (__otelkit_span, __otelkit_meter)
    };
    ::otel_runtime::__private::Span::instrument_metered(
            __otelkit_span,
            __otelkit_meter,
            async move {
                let _ = (&host,);
                if false {
                    return ::otel_runtime::__private::probe::typed::<Option<String>>();
                }
                { None }
            },
            ::otel_runtime::__private::probe::ignore,
        )
        .await
}
