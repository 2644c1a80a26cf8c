use otel_runtime::Label;
use otel_runtime::metric::Counter;

#[derive(Label)]
struct Struct;

#[derive(Label)]
union Union {
    a: u8,
}

#[derive(Label)]
enum Empty {}

#[derive(Label)]
enum Fields<T> {
    Tuple(T),
    Named { name: String },
    Unit,
}

static BY_STRUCT: Counter<Struct> = Counter::new("by.struct", &["a"]);
static BY_FIELDS: Counter<Fields<u8>> = Counter::new("by.fields", &["a"]);

fn main() {}
