use otel_runtime::Classify;
use otel_runtime::class::Classification;

#[derive(Classify)]
#[classify(with = meaning)]
enum Error {
    #[classify(internal)]
    A,
}

fn meaning(_: &Error) -> Classification<'_> {
    panic!()
}

#[derive(Classify)]
#[classify(with = wrong, expected)]
struct Other;

fn wrong(_: &Other) -> Classification<'_> {
    panic!()
}

#[derive(Classify)]
#[classify(with = "path")]
struct Text;

fn main() {}
