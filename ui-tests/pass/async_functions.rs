//! Asynchronous functions of every form.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use otel_runtime::traced;

#[traced]
async fn nothing() {}

#[traced]
async fn borrows(a: &str, b: &mut Vec<u8>) -> usize {
    b.push(1);
    nothing().await;
    a.len() + b.len()
}

#[traced]
async fn returns_borrow<'a>(a: &'a str, _b: &str) -> &'a str {
    nothing().await;
    a
}

#[traced]
async fn generic<T: Clone>(value: &[T]) -> Vec<T> {
    value.to_vec()
}

#[traced]
async fn return_impl(a: &str) -> impl Iterator<Item = char> + '_ {
    a.chars()
}

#[traced]
async fn fallible(text: &str) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    if text.is_empty() {
        return Err("empty".into());
    }
    let number: u32 = text.parse()?;
    Ok(number)
}

#[traced]
async fn boxed_dyn(flag: bool) -> Box<dyn Fn(u32) -> u32 + Send> {
    if flag {
        return Box::new(|a| a);
    }
    Box::new(|a| a + 1)
}

#[traced]
async unsafe fn not_safe(pointer: &u32) -> u32 {
    *pointer
}

#[traced]
async fn recursive(n: u32) -> u32 {
    if n == 0 { 0 } else { 1 + Box::pin(recursive(n - 1)).await }
}

#[traced]
async fn never() -> ! {
    loop {
        std::future::pending::<()>().await
    }
}

#[traced]
async fn patterns((a, b): (u32, String), [c, ..]: [String; 2], _: String, unused: u8) -> String {
    nothing().await;
    format!("{a}{b}{c}")
}

#[traced]
async fn mutable(mut a: u32, mut b: String) -> String {
    a += 1;
    b.push('x');
    nothing().await;
    format!("{a}{b}")
}

#[traced]
async fn diverges_in_the_end() -> u32 {
    nothing().await;
    panic!("on purpose")
}

#[traced]
async fn tail_temporary(lock: std::sync::Mutex<Vec<u8>>) -> usize {
    lock.lock().unwrap().len()
}

struct Service(u32);

#[traced]
impl Service {
    async fn by_ref(&self) -> u32 {
        self.0
    }

    async fn by_mut(&mut self) -> &mut u32 {
        &mut self.0
    }

    async fn by_value(mut self) -> u32 {
        self.0 += 1;
        self.0
    }

    async fn pinned(self: Pin<&mut Self>) -> u32 {
        self.0
    }

    async fn shared(self: std::sync::Arc<Self>) -> u32 {
        self.0
    }
}

trait Answers {
    async fn answer(&self) -> u32;

    #[traced]
    async fn twice(&self) -> u32 {
        2 * self.answer().await
    }
}

impl Answers for Service {
    #[traced]
    async fn answer(&self) -> u32 {
        self.0
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

fn main() {
    run(nothing());
    let mut bytes = vec![];
    assert_eq!(run(borrows("ab", &mut bytes)), 3);
    assert_eq!(run(returns_borrow("ab", "c")), "ab");
    assert_eq!(run(generic(&[1, 2])), [1, 2]);
    assert_eq!(run(return_impl("ab")).count(), 2);
    assert_eq!(run(fallible("12")).unwrap(), 12);
    assert!(run(fallible("")).is_err());
    assert_eq!(run(boxed_dyn(true))(1), 1);
    assert_eq!(run(boxed_dyn(false))(1), 2);
    // SAFETY: it does nothing.
    assert_eq!(run(unsafe { not_safe(&5) }), 5);
    assert_eq!(run(recursive(10)), 10);
    let _ = never();
    let _ = diverges_in_the_end();
    assert_eq!(run(tail_temporary(vec![1].into())), 1);
    let texts = ["c".to_owned(), "d".to_owned()];
    assert_eq!(run(patterns((1, "b".into()), texts, String::new(), 1)), "1bc");
    assert_eq!(run(mutable(1, "b".into())), "2bx");
    let mut service = Service(1);
    assert_eq!(run(service.by_ref()), 1);
    *run(service.by_mut()) += 1;
    assert_eq!(run(Pin::new(&mut service).pinned()), 2);
    assert_eq!(run(service.answer()), 2);
    assert_eq!(run(service.twice()), 4);
    assert_eq!(run(service.by_value()), 3);
    assert_eq!(run(std::sync::Arc::new(Service(1)).shared()), 1);
}
