//! `load`: drives both front doors at a steady rate, and tells how long the answers took.
//!
//! `plan` (which request comes when, decided by a seed) → `door` (HTTP or gRPC, in turn) →
//! `Report`. Requests begin when they are due, whether or not earlier ones have been answered: a
//! service that falls behind shows it.

mod door;
mod plan;
mod report;

use std::sync::Arc;
use std::time::Duration;

use otel_runtime::{Label, metered, traced};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

pub use door::{Doors, LoadError};
use plan::{Action, Known, Plan};
pub use report::{LoadReport, latencies};

/// The most requests that wait for an answer; what would be more is not sent.
const MOST_WAITING: usize = 1000;

/// How many resources there are before the clock runs.
const FIRST: usize = 20;

/// How long the last answers are waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which front door a request takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Label)]
pub enum Door {
    /// JSON over HTTP.
    Http,
    /// gRPC.
    Grpc,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Label)]
pub enum Operation {
    /// A new resource.
    Create,
    /// One resource.
    Get,
    /// Another description for one.
    Update,
    /// One less, with all that need it.
    Delete,
    /// Those with a text in their name.
    Search,
}

/// How much load there is to be.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// For how long.
    pub seconds: u32,
    /// Requests a second.
    pub rate: u32,
    /// What decides which requests.
    pub seed: u64,
}

impl Load {
    /// Sends the requests and waits for their answers.
    ///
    /// # Errors
    /// If not even the first resources can be made; what fails later is counted.
    pub async fn run(&self, doors: &Doors) -> Result<LoadReport, LoadError> {
        let mut plan = Plan::new(self.seed);
        let known = Arc::new(Known::default());
        for number in 0..FIRST {
            let door = if number % 2 == 0 {
                Door::Http
            } else {
                Door::Grpc
            };
            let action = plan.first(&known);
            known.learn(request(doors.clone(), door, action).await?);
        }
        let waiting = Arc::new(Semaphore::new(MOST_WAITING));
        let mut requests = JoinSet::new();
        let mut report = LoadReport::default();
        let start = Instant::now();
        let due = u64::from(self.seconds) * u64::from(self.rate);
        for number in 0..due {
            let at = start + Duration::from_secs(1) * number as u32 / self.rate.max(1);
            sleep_until(at).await;
            report.furthest_behind = report.furthest_behind.max(at.elapsed());
            while let Some(ended) = requests.try_join_next() {
                report.count(ended);
            }
            let Ok(permit) = Arc::clone(&waiting).try_acquire_owned() else {
                report.not_sent += 1;
                continue;
            };
            let door = if number % 2 == 0 {
                Door::Http
            } else {
                Door::Grpc
            };
            let (doors, known, action) = (doors.clone(), Arc::clone(&known), plan.next(&known));
            requests.spawn(async move {
                let _permit = permit;
                let answer = request(doors, door, action).await?;
                known.learn(answer);
                Ok(())
            });
        }
        report.took = start.elapsed();
        let all = async {
            while let Some(ended) = requests.join_next().await {
                report.count(ended);
            }
        };
        let _ = tokio::time::timeout(PATIENCE, all).await;
        report.unanswered = requests.len() as u64;
        Ok(report)
    }
}

/// One request and its answer: the root of a trace.
#[traced(root, name = "request", fields(load.door = ?door, load.operation = ?action.operation()))]
#[metered(name = "load.request", labels(load.door = door, load.operation: Operation = action.operation()))]
async fn request(doors: Doors, door: Door, action: Action) -> Result<plan::Learnt, LoadError> {
    match door {
        Door::Http => doors.http(action).await,
        Door::Grpc => doors.grpc(action).await,
    }
}
