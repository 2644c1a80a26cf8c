//! Temporaries in the last expression borrow arguments.

use std::cell::RefCell;
use std::sync::Mutex;

use otel_runtime::traced;

#[traced]
fn plain(cell: RefCell<Vec<u8>>) -> usize {
    cell.borrow().len()
}

#[traced]
fn fallible(lock: Mutex<Vec<u8>>, unused: u32) -> Result<usize, ()> {
    lock.lock().map(|guard| guard.len()).map_err(|_| ())
}

#[traced]
async fn asynchronous((lock, _): (Mutex<Vec<u8>>, u32), unused: u32) -> usize {
    match lock.lock() {
        Ok(guard) => guard.len(),
        Err(_) => 0,
    }
}

#[traced]
async fn chained(lock: Mutex<Option<String>>) -> Option<usize> {
    lock.lock().unwrap().as_ref().map(String::len)
}

#[allow(unused_variables)]
fn main() {
    assert_eq!(plain(vec![1].into()), 1);
    assert_eq!(fallible(vec![1].into(), 2), Ok(1));
    let _ = (asynchronous((vec![1].into(), 1), 2), chained(None.into()));
}
