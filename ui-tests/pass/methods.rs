//! Methods with any receiver.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use otel_runtime::traced;

struct Cart<T> {
    items: Vec<T>,
}

impl<T: Clone> Cart<T> {
    #[traced]
    fn new(items: Vec<T>) -> Self {
        Self { items }
    }

    #[traced]
    fn len(&self) -> usize {
        self.items.len()
    }

    #[traced]
    fn first(&mut self) -> Result<&mut T, &'static str> {
        self.items.first_mut().ok_or("empty")
    }

    #[traced]
    fn push(mut self, item: T) -> Result<Self, ()> {
        self.items.push(item);
        Ok(self)
    }

    #[traced]
    fn boxed(self: Box<Self>) -> Vec<T> {
        self.items
    }

    #[traced]
    fn shared(self: Rc<Self>) -> usize {
        self.items.len()
    }

    #[traced]
    fn atomic(self: &Arc<Self>) -> usize {
        self.items.len()
    }

    #[traced]
    fn pinned(self: Pin<&mut Self>) -> Result<usize, ()> {
        Ok(self.items.len())
    }
}

fn main() {
    let mut cart = Cart::new(vec![1]).push(2).unwrap();
    assert_eq!(cart.len(), 2);
    *cart.first().unwrap() = 5;
    assert_eq!(Pin::new(&mut cart).pinned(), Ok(2));
    let shared = Rc::new(cart);
    assert_eq!(shared.clone().shared(), 2);
    let cart = Rc::into_inner(shared).unwrap();
    let cart = Arc::new(cart);
    assert_eq!(cart.atomic(), 2);
    assert_eq!(Box::new(Arc::into_inner(cart).unwrap()).boxed(), [5, 2]);
}
