#[automatically_derived]
#[allow(deprecated, reason = "said where the type is used")]
impl ::otel_runtime::__private::Label for Shop {
    const WIDTH: ::otel_runtime::__private::core::primitive::usize = 1;
    const COUNT: ::otel_runtime::__private::core::primitive::usize = 3;
    #[inline]
    fn index(&self) -> ::otel_runtime::__private::core::primitive::usize {
        match self {
            Self::InStore { .. } => 0,
            Self::Online { .. } => 1,
            Self::r#Type { .. } => 2,
        }
    }
    fn describe(
        index: ::otel_runtime::__private::core::primitive::usize,
        say: &mut dyn ::otel_runtime::__private::core::ops::FnMut(
            ::otel_runtime::__private::LabelValue,
        ),
    ) {
        say(
            ::otel_runtime::__private::LabelValue::Str(
                ["in_store", "web", "type"][index],
            ),
        );
    }
}
#[automatically_derived]
#[allow(deprecated, reason = "said where the type is used")]
impl<const N: usize> my::otel_runtime::__private::Label for Elsewhere<N> {
    const WIDTH: my::otel_runtime::__private::core::primitive::usize = 1;
    const COUNT: my::otel_runtime::__private::core::primitive::usize = 1;
    #[inline]
    fn index(&self) -> my::otel_runtime::__private::core::primitive::usize {
        match self {
            Self::Only { .. } => 0,
        }
    }
    fn describe(
        index: my::otel_runtime::__private::core::primitive::usize,
        say: &mut dyn my::otel_runtime::__private::core::ops::FnMut(
            my::otel_runtime::__private::LabelValue,
        ),
    ) {
        say(my::otel_runtime::__private::LabelValue::Str(["only"][index]));
    }
}
