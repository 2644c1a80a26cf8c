use otel_runtime::set_attributes;

struct Opaque;

fn main() {
    set_attributes!();
    set_attributes!(a = Opaque);
    set_attributes!(a =);
    set_attributes!(1 + 2);
}
