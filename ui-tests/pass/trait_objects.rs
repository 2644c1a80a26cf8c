//! A trait whose methods are annotated still makes objects.

use otel_runtime::traced;

trait Shape {
    fn area(&self) -> f64;

    #[traced]
    fn twice(&self) -> f64 {
        self.area() * 2.0
    }
}

struct Square(f64);

impl Shape for Square {
    #[traced]
    fn area(&self) -> f64 {
        self.0 * self.0
    }
}

#[traced]
fn total(shapes: &[Box<dyn Shape>]) -> f64 {
    shapes.iter().map(|shape| shape.twice()).sum()
}

#[traced]
fn make() -> Result<Box<dyn Shape>, Box<dyn std::error::Error>> {
    Ok(Box::new(Square(1.0)))
}

fn main() {
    assert_eq!(total(&[make().unwrap(), Box::new(Square(2.0))]), 10.0);
}
