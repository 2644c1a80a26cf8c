//! Random orders of beginning, entering, leaving and ending, against a model.
//!
//! The model is a list a thread: what was entered and not left yet; the last of it is current. What
//! is entered within itself does not come there again, as the registry has it.

use std::collections::HashMap;
use std::sync::Mutex;

use otel_runtime::__private::{Guard, SiteSpec};
use otel_runtime::export::{SpanData, ValueData};
use otel_runtime::site::{FieldSpec, Site, add};
use otel_runtime::testing::Capture;
use otel_runtime::{Context, ContextScope, SpanId, current_context};
use proptest::prelude::*;
use tracing::{Span, info_span};

use crate::listen;

/// Spans of `tracing` that all threads use at once.
const SHARED: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A span of `tracing`, below the current one.
    Make,
    Enter(usize),
    Leave(usize),
    /// The thread lets go of a span; it is closed when nobody has entered it any more.
    Close(usize),
    /// A guard of ours.
    Begin,
    /// A context that is current until it ends.
    Attach,
    /// The innermost guard or context ends.
    End,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::Make),
        4 => (0..8_usize).prop_map(Step::Enter),
        4 => (0..8_usize).prop_map(Step::Leave),
        1 => (0..8_usize).prop_map(Step::Close),
        3 => Just(Step::Begin),
        1 => Just(Step::Attach),
        3 => Just(Step::End),
    ]
}

/// Something that was entered on a thread, by the number of its span.
#[derive(Clone, Copy, Debug, PartialEq)]
enum On {
    /// And how often it was entered again.
    Theirs(i64, u32),
    Ours(i64),
    Attached(i64),
}

enum Scope {
    Guard(Box<Guard<1>>),
    Context(ContextScope),
}

/// What all threads know.
struct World {
    site: &'static Site,
    /// Numbers of spans, and of their parents.
    parents: Mutex<Vec<Option<i64>>>,
}

impl World {
    fn number(&self, parent: Option<i64>) -> i64 {
        let mut parents = self.parents.lock().unwrap();
        parents.push(parent);
        parents.len() as i64 - 1
    }
}

struct Thread<'a> {
    world: &'a World,
    spans: Vec<Option<(i64, Span)>>,
    entered: Vec<(i64, Span)>,
    scopes: Vec<Scope>,
    model: Vec<On>,
    ids: HashMap<i64, SpanId>,
}

impl Thread<'_> {
    fn current(&self) -> Option<i64> {
        self.model.last().map(|on| match *on {
            On::Theirs(number, _) | On::Ours(number) | On::Attached(number) => number,
        })
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Make => {
                let number = self.world.number(self.current());
                self.spans
                    .push(Some((number, info_span!("theirs", number))));
            }
            Step::Enter(index) => {
                if let Some(Some((number, span))) = self.spans.get(index) {
                    span.with_subscriber(|(id, dispatch)| dispatch.enter(id));
                    self.entered.push((*number, span.clone()));
                    match theirs(&mut self.model, *number) {
                        Some((_, again)) => *again += 1,
                        None => {
                            self.model.push(On::Theirs(*number, 0));
                            let id = current_context().unwrap().span_id;
                            assert_eq!(*self.ids.entry(*number).or_insert(id), id);
                        }
                    }
                }
            }
            Step::Leave(index) => {
                if let Some(Some((number, _))) = self.spans.get(index) {
                    self.leave(*number);
                }
            }
            Step::Close(index) => {
                if index >= SHARED
                    && let Some(place) = self.spans.get_mut(index)
                {
                    *place = None;
                }
            }
            Step::Begin => {
                let number = self.world.number(self.current());
                let mut guard = Box::new(Guard::enter(self.world.site));
                guard.capture(0, &number);
                self.scopes.push(Scope::Guard(guard));
                self.model.push(On::Ours(number));
                let id = current_context().unwrap().span_id;
                assert!(self.ids.values().all(|known| *known != id));
                self.ids.insert(number, id);
            }
            Step::Attach => {
                if let Some(number) = self.current() {
                    self.scopes
                        .push(Scope::Context(Context::current().attach()));
                    self.model.push(On::Attached(number));
                }
            }
            Step::End => self.end(),
        }
        self.check();
    }

    fn leave(&mut self, number: i64) {
        let place = self
            .entered
            .iter()
            .rposition(|(entered, _)| *entered == number);
        if let Some(place) = place {
            let (_, span) = self.entered.remove(place);
            span.with_subscriber(|(id, dispatch)| dispatch.exit(id));
        }
        match theirs(&mut self.model, number) {
            Some((place, 0)) => drop(self.model.remove(place)),
            Some((_, again)) => *again -= 1,
            None => {}
        }
    }

    /// A guard goes from where it stands; a context takes along what was entered above it.
    fn end(&mut self) {
        let place = self
            .model
            .iter()
            .rposition(|on| !matches!(on, On::Theirs(..)));
        match self.scopes.pop() {
            Some(Scope::Guard(guard)) => {
                drop(guard);
                self.model.remove(place.unwrap());
            }
            Some(Scope::Context(context)) => {
                drop(context);
                self.model.truncate(place.unwrap());
            }
            None => {}
        }
    }

    fn check(&self) {
        let expected = self.current().map(|number| self.ids[&number]);
        assert_eq!(
            current_context().map(|context| context.span_id),
            expected,
            "{:?}",
            self.model
        );
    }

    fn finish(mut self) {
        while !self.scopes.is_empty() {
            self.end();
            self.check();
        }
        while let Some((number, _)) = self.entered.last() {
            let number = *number;
            self.leave(number);
            self.check();
        }
        assert_eq!(current_context(), None);
    }
}

/// Where a span of `tracing` stands in a model, and how often it was entered again.
fn theirs(model: &mut [On], number: i64) -> Option<(usize, &mut u32)> {
    model
        .iter_mut()
        .enumerate()
        .rev()
        .find_map(|(place, on)| match on {
            On::Theirs(known, again) if *known == number => Some((place, again)),
            _ => None,
        })
}

fn number(of: &SpanData) -> Option<i64> {
    match of.attribute("number") {
        Some(ValueData::Int(number)) => Some(*number),
        _ => None,
    }
}

fn run(threads: &[Vec<Step>]) {
    listen();
    static SITE: std::sync::OnceLock<&Site> = std::sync::OnceLock::new();
    let capture = Capture::start();
    let site = SITE.get_or_init(|| {
        const FIELDS: &[FieldSpec] = &[FieldSpec::given("number")];
        add(SiteSpec::new("ours", "test", "test", "", "", 0, 0).fields(FIELDS))
    });
    let world = World {
        site,
        parents: Mutex::default(),
    };
    let mut shared = Vec::new();
    for _ in 0..SHARED {
        let number = world.number(None);
        shared.push(Some((number, info_span!("shared", number))));
    }
    std::thread::scope(|scope| {
        for steps in threads {
            let (world, shared) = (&world, shared.clone());
            let work = Context::current().wrap(move || {
                let mut thread = Thread {
                    world,
                    spans: shared,
                    entered: Vec::new(),
                    scopes: Vec::new(),
                    model: Vec::new(),
                    ids: HashMap::new(),
                };
                steps.iter().for_each(|step| thread.step(*step));
                thread.finish();
            });
            scope.spawn(work);
        }
    });
    drop(shared);
    let spans = capture.finish();
    let parents = world.parents.into_inner().unwrap();
    assert_eq!(spans.len(), parents.len());
    for span in spans.iter() {
        let parent = spans.parent_of(span).and_then(number);
        let own = number(span).unwrap();
        assert_eq!(parent, parents[own as usize], "{}", span.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_current_span_is_the_last_that_was_entered_and_not_left(
        steps in prop::collection::vec(step(), 0..60),
    ) {
        run(&[steps]);
    }

    #[test]
    fn threads_that_share_spans_do_not_disturb_each_other(
        threads in prop::collection::vec(prop::collection::vec(step(), 0..40), 2..4),
    ) {
        run(&threads);
    }
}
