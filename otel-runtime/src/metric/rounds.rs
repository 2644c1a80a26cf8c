//! Every source is asked once in a round; a round serves whoever waits for it.
//!
//! Sources of the program run on a thread that is there only for the round. No
//! lock is held while one runs, so it may do what it likes. One that does not
//! come back is left alone on its thread, and another thread goes on with the
//! rest: nobody waits for it, and it is not asked again before it comes back.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::answer::ask;
use super::data::Metric;
use super::entry::Entry;
use super::source::Source;
use super::spec::Spec;
use crate::diagnostics;
use crate::per_process::PerProcess;
use crate::site::Level;
use crate::{stats, thread};

/// How long a source may take by default.
pub(crate) const LONGEST_ANSWER: Duration = Duration::from_secs(1);
/// How many times as long a reader waits for all of them.
const ANSWERS: u32 = 5;
static LONGEST_ANSWER_NS: AtomicU64 = AtomicU64::new(LONGEST_ANSWER.as_nanos() as u64);

/// Says how long a source may take from now on.
pub(crate) fn set_longest_answer(longest: Duration) {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    let ns = longest.min(YEAR).as_nanos() as u64;
    LONGEST_ANSWER_NS.store(ns, Ordering::Relaxed);
}

fn longest_answer() -> Duration {
    Duration::from_nanos(LONGEST_ANSWER_NS.load(Ordering::Relaxed))
}

/// How long a reader waits for all sources.
pub(crate) fn longest_round() -> Duration {
    longest_answer() * ANSWERS
}

/// A round that somebody waits for; `None` if there is nothing to wait for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Round(Option<u64>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    sources: Vec<Entry>,
    /// Numbers of rounds: the last that somebody asked for, the last that has begun, and the last
    /// that is over.
    wanted: u64,
    begun: u64,
    over: u64,
    /// Which thread carries the round; one with another number has been left behind.
    carrier: u64,
    is_carried: bool,
    /// Sources that are still to be asked.
    queue: VecDeque<u64>,
    /// The source that is being asked, and since when.
    asked: Option<(u64, Instant)>,
    /// What the round under way has brought.
    found: Vec<Metric>,
    /// What the last one has brought that is over.
    brought: Arc<Vec<Metric>>,
}

static SHARED: PerProcess<Shared> = PerProcess::new();
/// Never given twice, also not in a forked child, so that a guard of the parent's ends nothing.
static IDS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The thread asks sources: it must not wait for them.
    static CARRIES: Cell<bool> = const { Cell::new(false) };
}

/// Puts a source on the list; says its number.
pub(super) fn add(
    name: &'static str,
    is_own: bool,
    spec: Option<&'static Spec>,
    source: Arc<dyn Source>,
) -> u64 {
    let id = IDS.fetch_add(1, Ordering::Relaxed);
    let entry = Entry::new(id, name, is_own, spec, source);
    SHARED.made().lock().sources.push(entry);
    id
}

/// Takes a source off the list.
pub(super) fn remove(id: u64) {
    if let Some(shared) = SHARED.known() {
        let removed = shared.lock().take_out(id);
        // What it owns may do anything when it is dropped: no lock is held any more.
        drop(removed);
    }
}

/// Forgets every source, in a forked child.
pub(super) fn forget() {
    SHARED.abandon();
}

/// What the runtime's own sources have.
pub(super) fn own(give: &mut dyn FnMut(Metric)) {
    let Some(shared) = SHARED.known() else {
        return;
    };
    let own = |entry: &Entry| entry.is_own.then(|| Arc::clone(&entry.source));
    let sources: Vec<_> = shared.lock().sources.iter().filter_map(own).collect();
    sources.iter().for_each(|source| source.metrics(give));
}

/// The instruments that are observed.
pub(super) fn observed() -> Vec<&'static Spec> {
    SHARED.known().map_or_else(Vec::new, |shared| {
        let state = shared.lock();
        state
            .sources
            .iter()
            .filter_map(|entry| entry.spec)
            .collect()
    })
}

/// How many sources there are.
pub(super) fn count() -> usize {
    SHARED
        .known()
        .map_or(0, |shared| shared.lock().sources.len())
}

/// What the last round brought that is over.
pub(super) fn last() -> Arc<Vec<Metric>> {
    SHARED
        .known()
        .map_or_else(Arc::default, |shared| Arc::clone(&shared.lock().brought))
}

/// Begins a round, or asks for another one after that under way.
pub(crate) fn begin() -> Round {
    let Some(shared) = SHARED.known().filter(|_| !CARRIES.get()) else {
        return Round(None);
    };
    let mut state = shared.lock();
    if state.sources.iter().all(|entry| entry.is_own) {
        return Round(None);
    }
    state.wanted = state.begun + 1;
    let round = state.wanted;
    if !state.is_carried {
        shared.carry(&mut state);
    }
    Round(Some(round))
}

impl Round {
    /// True once nobody need wait any more.
    pub(crate) fn is_over(self) -> bool {
        let (Some(round), Some(shared)) = (self.0, SHARED.known()) else {
            return true;
        };
        let mut state = shared.lock();
        shared.leave_stuck_behind(&mut state);
        state.over >= round
    }

    /// Waits for the end of the round, but no longer than to the deadline; says what it brought.
    pub(super) fn wait(self, deadline: Instant) -> Arc<Vec<Metric>> {
        let (Some(round), Some(shared)) = (self.0, SHARED.known()) else {
            return Arc::default();
        };
        let mut state = shared.lock();
        loop {
            shared.leave_stuck_behind(&mut state);
            if state.over >= round {
                return Arc::clone(&state.brought);
            }
            let now = Instant::now();
            if now >= deadline {
                let late = state.queue.len() + usize::from(state.asked.is_some());
                stats::miss_observations(late as u64);
                return Arc::new(state.found.clone());
            }
            // Nobody says when the next source is asked, so it is looked for.
            let asked_at = state.asked.map_or(now, |(_, since)| since);
            let until = deadline.min(asked_at + longest_answer());
            let waited = shared
                .changed
                .wait_timeout(state, until.saturating_duration_since(now));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a thread that carries the round on.
    fn carry(&'static self, state: &mut State) {
        state.carrier += 1;
        let carrier = state.carrier;
        let started = std::thread::Builder::new()
            .name("otelkit-observer".to_owned())
            .spawn(move || {
                thread::suppress();
                CARRIES.set(true);
                self.ask_all(carrier);
            });
        state.is_carried = started.is_ok();
        if let Err(error) = started {
            state.give_up();
            self.changed.notify_all();
            let line = format_args!("nothing is observed: no thread can be started: {error}");
            diagnostics::tell_later(Level::Warn, &line);
        }
    }

    /// Asks one source after the other, until nobody wants another round.
    fn ask_all(&'static self, carrier: u64) {
        let mut state = self.lock();
        loop {
            let (id, source) = match state.next() {
                Next::Ask(id, source) => (id, source),
                Next::RoundIsOver => {
                    self.changed.notify_all();
                    continue;
                }
                Next::Rest => return,
            };
            drop(state);
            let answer = ask(source);
            state = self.lock();
            let is_left_behind = state.carrier != carrier;
            if !is_left_behind {
                state.asked = None;
            }
            match answer {
                Some(answer) if !is_left_behind => {
                    stats::miss_observations(answer.refused);
                    if let (Some(entry), Some(refused)) = (state.entry(id), &answer.first_refused) {
                        entry.tell_refusal(refused);
                    }
                    state.found.extend(answer.metrics);
                }
                Some(_) => state.forgive(id),
                None => {
                    let entry = state.take_out(id);
                    drop(state);
                    stats::miss_observations(1);
                    entry.into_iter().for_each(Entry::end);
                    state = self.lock();
                }
            }
            if is_left_behind {
                return;
            }
        }
    }

    /// Goes on without the source that takes too long, if there is one.
    fn leave_stuck_behind(&'static self, state: &mut State) {
        let Some((id, since)) = state.asked else {
            return;
        };
        let longest = longest_answer();
        if since.elapsed() < longest {
            return;
        }
        state.asked = None;
        stats::miss_observations(1);
        if let Some(entry) = state.entry(id) {
            entry.is_stuck = true;
            entry.tell_delay(longest);
        }
        self.carry(state);
    }
}

/// What the thread that carries a round does next.
enum Next {
    Ask(u64, Arc<dyn Source>),
    RoundIsOver,
    /// Nobody wants another round: it ends.
    Rest,
}

impl State {
    fn next(&mut self) -> Next {
        if self.over == self.begun {
            if self.wanted == self.begun {
                self.is_carried = false;
                return Next::Rest;
            }
            self.begin();
        }
        while let Some(id) = self.queue.pop_front() {
            if let Some(entry) = self.sources.iter().find(|entry| entry.id == id) {
                self.asked = Some((id, Instant::now()));
                return Next::Ask(id, Arc::clone(&entry.source));
            }
        }
        self.over = self.begun;
        self.brought = Arc::new(std::mem::take(&mut self.found));
        Next::RoundIsOver
    }

    fn begin(&mut self) {
        self.begun += 1;
        let others = || self.sources.iter().filter(|entry| !entry.is_own);
        let stuck = others().filter(|entry| entry.is_stuck).count();
        stats::miss_observations(stuck as u64);
        self.queue = others()
            .filter(|entry| !entry.is_stuck)
            .map(|entry| entry.id)
            .collect();
    }

    /// Ends what is wanted without asking those who have not been asked.
    fn give_up(&mut self) {
        if self.over == self.begun {
            self.begin();
        }
        stats::miss_observations(self.queue.len() as u64);
        self.queue.clear();
        self.begun = self.wanted;
        self.over = self.wanted;
        self.brought = Arc::new(std::mem::take(&mut self.found));
    }

    fn entry(&mut self, id: u64) -> Option<&mut Entry> {
        self.sources.iter_mut().find(|entry| entry.id == id)
    }

    /// The source has come back after all.
    fn forgive(&mut self, id: u64) {
        if let Some(entry) = self.entry(id) {
            entry.is_stuck = false;
        }
    }

    fn take_out(&mut self, id: u64) -> Option<Entry> {
        let place = self.sources.iter().position(|entry| entry.id == id)?;
        Some(self.sources.swap_remove(place))
    }
}
