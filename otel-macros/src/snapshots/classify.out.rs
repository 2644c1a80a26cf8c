const _: () = {
    #[allow(
        unused_imports,
        reason = "which of the traits is needed depends on the types"
    )]
    use ::otel_runtime::__private::meaning::traits::*;
    #[automatically_derived]
    #[allow(deprecated, reason = "said where the type is used")]
    impl ::otel_runtime::__private::Classify for OrderError {
        const CODES: ::otel_runtime::__private::Codes = ::otel_runtime::__private::Codes::Join(
            &[
                ::otel_runtime::__private::Codes::List(
                    &[
                        ::otel_runtime::__private::Code {
                            code: "CART_EMPTY",
                            class: ::otel_runtime::__private::Class::InvalidArgument,
                        },
                        ::otel_runtime::__private::Code {
                            code: "Slow",
                            class: ::otel_runtime::__private::Class::DeadlineExceeded,
                        },
                    ],
                ),
                ::otel_runtime::__private::meaning::CodesOf::<
                    ::otel_runtime::__private::core::result::Result<(), sqlx::Error>,
                >::CODES,
                ::otel_runtime::__private::Codes::Open,
            ],
        );
        fn classify(&self) -> ::otel_runtime::__private::Classification<'_> {
            match self {
                Self::EmptyCart { .. } => {
                    ::otel_runtime::__private::Classification::new(
                        ::otel_runtime::__private::Class::InvalidArgument,
                        "CART_EMPTY",
                    )
                }
                Self::Slow { .. } => {
                    ::otel_runtime::__private::Classification::new(
                            ::otel_runtime::__private::Class::DeadlineExceeded,
                            "Slow",
                        )
                        .with_retry(
                            ::otel_runtime::__private::Retry::After(
                                ::otel_runtime::__private::core::time::Duration::from_nanos(
                                    250000000,
                                ),
                            ),
                        )
                        .with_fault(::otel_runtime::__private::Fault::Service)
                        .with_severity(::otel_runtime::__private::Severity::Fatal)
                        .expected()
                }
                Self::Db { 0: __otelkit_source, .. } => {
                    ::otel_runtime::__private::meaning::or_unknown(
                        (&&&&::otel_runtime::__private::meaning::ErrorProbe(
                            __otelkit_source,
                        ))
                            .meaning(),
                        __otelkit_source,
                    )
                }
                Self::Numbered { .. } => by_number(self),
            }
        }
    }
    static __otelkit_CLASSIFIER: ::otel_runtime::__private::Classifier = ::otel_runtime::__private::Classifier::new(
        ::otel_runtime::__private::meaning::LookOf::<OrderError>::LOOK,
    );
    ::otel_runtime::__private::register!(
        __otelkit_CLASSIFIER, __otelkit_place, register_classifier
    );
};
const _: () = {
    #[allow(
        unused_imports,
        reason = "which of the traits is needed depends on the types"
    )]
    use ::otel_runtime::__private::meaning::traits::*;
    #[automatically_derived]
    #[allow(deprecated, reason = "said where the type is used")]
    impl<E> ::otel_runtime::__private::Classify for Wrapper<E>
    where
        Box<E>: ::otel_runtime::__private::Classify,
    {
        const CODES: ::otel_runtime::__private::Codes = ::otel_runtime::__private::Codes::Join(
            &[
                ::otel_runtime::__private::Codes::List(&[]),
                <Box<E> as ::otel_runtime::__private::Classify>::CODES,
            ],
        );
        fn classify(&self) -> ::otel_runtime::__private::Classification<'_> {
            match self {
                Self { source: __otelkit_source, .. } => {
                    ::otel_runtime::__private::meaning::or_unknown(
                        (&&&&::otel_runtime::__private::meaning::ErrorProbe(
                            __otelkit_source,
                        ))
                            .meaning(),
                        __otelkit_source,
                    )
                }
            }
        }
    }
};
const _: () = {
    #[allow(
        unused_imports,
        reason = "which of the traits is needed depends on the types"
    )]
    use ::otel_runtime::__private::meaning::traits::*;
    #[automatically_derived]
    #[allow(deprecated, reason = "said where the type is used")]
    impl ::otel_runtime::__private::Classify for Never {
        const CODES: ::otel_runtime::__private::Codes = ::otel_runtime::__private::Codes::List(
            &[],
        );
        fn classify(&self) -> ::otel_runtime::__private::Classification<'_> {
            match *self {}
        }
    }
    static __otelkit_CLASSIFIER: ::otel_runtime::__private::Classifier = ::otel_runtime::__private::Classifier::new(
        ::otel_runtime::__private::meaning::LookOf::<Never>::LOOK,
    );
    ::otel_runtime::__private::register!(
        __otelkit_CLASSIFIER, __otelkit_place, register_classifier
    );
};
