use otel_runtime::metric::Counter;

static BY_TEXT: Counter<&'static str> = Counter::new("by.text", &["text"]);

fn main() {
    BY_TEXT.add(1, "any");
}
