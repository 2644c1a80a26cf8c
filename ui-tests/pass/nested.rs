//! Annotated functions inside of others, in closures, blocks and constants.

use otel_runtime::traced;

#[traced]
fn outer(a: u32) -> Result<u32, ()> {
    #[traced]
    fn inner(a: u32) -> Result<u32, ()> {
        #[traced]
        fn innermost(a: u32) -> u32 {
            a
        }
        Ok(innermost(a))
    }
    let closure = |a| {
        #[traced]
        async fn asynchronous() {}
        let _ = asynchronous();
        inner(a)
    };
    closure(a)
}

const _: () = {
    #[traced]
    #[allow(dead_code)]
    fn in_a_constant() {}
};

fn main() {
    assert_eq!(outer(1), Ok(1));
}
