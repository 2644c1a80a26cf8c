use otel_runtime::span;

fn main() {
    let _a = span!();
    let _b = span!(kind = client);
    let _c = span!("c", nonsense);
    let _d = span!("d", kind = nonsense);
    let _e = span!("e" 1);
}
