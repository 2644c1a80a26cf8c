use otel_runtime::event;

struct Opaque;

fn main() {
    event!();
    event!("a", Opaque + 1);
    event!("a", b = Opaque);
    event!("a", b =);
    event!(3);
}

fn later() {
    event!("a", b = _, "odd-key");
    otel_runtime::set_attributes!(b = _);
}
