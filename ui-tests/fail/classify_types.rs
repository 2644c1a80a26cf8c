use otel_runtime::Classify;

struct Plain;

#[derive(Classify)]
#[classify(with = number)]
struct ByNumber;

fn number(_: &ByNumber) -> u8 {
    7
}

#[derive(Classify)]
#[classify(internal, code = 7)]
struct Code;

#[derive(Classify)]
#[classify(source)]
struct Generic<E>(E);

fn classify(error: &impl Classify) {
    error.classify();
}

fn main() {
    classify(&Generic(Plain));
}
