//! Functions that do not return.

use std::convert::Infallible;
use std::future::Future;

use otel_runtime::traced;

#[traced]
fn sync(a: bool) -> ! {
    if a {
        panic!("a");
    }
    loop {}
}

#[traced]
async fn asynchronous(mut a: u32) -> ! {
    loop {
        a += 1;
        std::future::ready(a).await;
    }
}

#[traced]
async fn in_a_result() -> Result<Infallible, String> {
    Err("x".into())
}

#[traced]
fn returned() -> impl Future<Output = Infallible> {
    async { loop {} }
}

trait Runs {
    #[traced]
    fn run(&self) -> ! {
        std::process::exit(0)
    }
}

impl Runs for u8 {}

fn main() {
    let _ = (sync as fn(bool) -> !, asynchronous(1), in_a_result(), returned());
    1_u8.run()
}
