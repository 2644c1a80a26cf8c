//! Recursion, also where futures must be `Send`.

use std::future::Future;
use std::pin::Pin;

use otel_runtime::traced;

#[traced]
async fn boxed(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    Box::pin(boxed(n - 1)).await + 1
}

#[traced]
async fn even(n: u32) -> Result<bool, String> {
    if n == 0 { Ok(true) } else { Box::pin(odd(n - 1)).await }
}

#[traced]
async fn odd(n: u32) -> Result<bool, String> {
    if n == 0 { Ok(false) } else { Box::pin(even(n - 1)).await }
}

#[traced]
fn send(n: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async move {
        if n == 0 {
            return 0;
        }
        send(n - 1).await + 1
    })
}

#[traced]
fn visit<T>(depth: u32, visitor: &mut dyn FnMut(u32) -> T) -> T {
    if depth == 0 {
        return visitor(0);
    }
    let _ = visitor(depth);
    visit(depth - 1, visitor)
}

fn is_send<T: Send>(_: T) {}

fn main() {
    is_send(boxed(1));
    is_send(even(1));
    is_send(send(1));
    fn once(_: u32) {}
    visit(0, &mut once);
}
