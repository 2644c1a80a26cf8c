//! Futures and streams as calls that are counted and timed.

use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use otel_runtime::__private::{Calls, Meter, Observer, Series, Site, Span};
use otel_runtime::Sampler;
use otelkit_tests::declare_metered;
use otelkit_tests::declared::{CODES, Ends, exported, in_flight, named, outcomes};

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

declare_metered!(future_in_span, [.metered()], [.errors(CODES, None).asynchronous().in_flight("future_in_span.in_flight")]);
declare_metered!(future_alone, [.metered().untraced()], [.errors(CODES, None).asynchronous().in_flight("future_alone.in_flight")]);

/// Every end that a future can come to.
fn futures(site: &'static Site, calls: &'static Calls) {
    fn metered<F: Future>(
        site: &'static Site,
        calls: &'static Calls,
        future: F,
        ends: Ends,
    ) -> impl Future<Output = F::Output> {
        Span::<0>::later(site).instrument_metered(
            Meter::new(site, calls, Series::ONLY),
            future,
            move |_: &F::Output, observer: &mut Observer<'_>| ends.observe(observer),
        )
    }
    assert!(poll(pin!(metered(site, calls, ready(()), Ends::Well))).is_ready());
    assert!(poll(pin!(metered(site, calls, ready(()), Ends::Gone))).is_ready());
    // Never begun.
    drop(metered(site, calls, ready(()), Ends::Well));
    {
        let mut unfinished = pin!(metered(site, calls, pending::<()>(), Ends::Well));
        assert!(poll(unfinished.as_mut()).is_pending());
        assert!(poll(unfinished.as_mut()).is_pending());
    }
    let panicking = async {
        std::panic::resume_unwind(Box::new(()));
    };
    let panicking = metered(site, calls, panicking, Ends::Well);
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let _ = poll(pin!(panicking));
    }));
}

const FUTURES_COUNTED: [(&str, u64); 4] = [
    ("ok", 1),
    ("panicked", 1),
    ("cancelled", 1),
    ("error _OTHER", 1),
];

#[test]
fn a_future_is_a_call_from_its_first_poll_to_its_end_or_its_drop() {
    let (metrics, spans) = exported(Sampler::AlwaysOn, || {
        futures(&future_in_span::SITE, &future_in_span::CALLS);
        futures(&future_alone::SITE, &future_alone::CALLS);
    });
    assert_eq!(spans.len(), 4);
    for (function, name) in [
        ("future_in_span", "future_in_span.in_flight"),
        ("future_alone", "future_alone.in_flight"),
    ] {
        assert_eq!(outcomes(&metrics, function), named(&FUTURES_COUNTED));
        assert_eq!(in_flight(&metrics, name), 0);
    }
}

declare_metered!(stream_in_span, [.metered()], [.errors(CODES, None).asynchronous()]);
declare_metered!(stream_alone, [.metered().untraced()], [.errors(CODES, None).asynchronous()]);

/// Counts down.
struct Countdown(u32);

impl Stream for Countdown {
    type Item = Ends;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Ends>> {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or(0);
        Poll::Ready(left.map(|left| if left == 1 { Ends::Gone } else { Ends::Well }))
    }
}

#[test]
fn a_stream_is_one_call_that_ends_with_it() {
    let streams = |site: &'static Site, calls: &'static Calls| {
        let metered = || {
            Span::<0>::later(site).instrument_stream_metered(
                Meter::new(site, calls, Series::ONLY),
                Countdown(3),
                |item: &Ends, observer: &mut Observer<'_>| {
                    if *item != Ends::Well {
                        item.observe(observer);
                    }
                },
            )
        };
        let mut context = Context::from_waker(Waker::noop());
        let mut whole = pin!(metered());
        while let Poll::Ready(Some(_)) = whole.as_mut().poll_next(&mut context) {}
        let mut part = pin!(metered());
        let _ = part.as_mut().poll_next(&mut context);
        drop(metered());
    };
    let (metrics, _) = exported(Sampler::AlwaysOn, || {
        streams(&stream_in_span::SITE, &stream_in_span::CALLS);
        streams(&stream_alone::SITE, &stream_alone::CALLS);
    });
    let expected = [
        ("ok", 0),
        ("panicked", 0),
        ("cancelled", 1),
        ("error _OTHER", 1),
    ];
    assert_eq!(outcomes(&metrics, "stream_in_span"), named(&expected));
    assert_eq!(outcomes(&metrics, "stream_alone"), named(&expected));
}
