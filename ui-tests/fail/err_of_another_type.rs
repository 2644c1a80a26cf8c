use otel_runtime::traced;

struct Answer;

#[traced(err = |e| 1)]
fn mapped() -> Answer {
    Answer
}

#[traced(ok_if = |e| true)]
async fn accepted() -> Answer {
    Answer
}

#[traced(none = error)]
fn absent() -> Answer {
    Answer
}

fn main() {}
