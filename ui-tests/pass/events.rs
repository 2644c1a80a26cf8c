//! `event!` with values of every type.

use otel_runtime::event;

fn main() {
    let (attempt, name) = (1_u32, String::from("n"));
    event!("plain");
    event!("retried", attempt);
    event!("retried", attempt, %name, ?name, wait.ms = 12.5, "odd-key" = [1, 2], flag = true,);
    const NAME: &str = "constant";
    event!(NAME, none = None::<u8>);
    let used_later = format!("{name}");
    assert_eq!(used_later, "n");
}
