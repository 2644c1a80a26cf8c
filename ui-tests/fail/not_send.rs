use std::rc::Rc;

use otel_runtime::traced;

#[traced]
async fn f(a: Rc<u32>) {
    std::future::ready(()).await;
    drop(a);
}

fn is_send<T: Send>(_: T) {}

fn main() {
    is_send(f(Rc::new(1)));
}
