//! Names that are keywords.

use otel_runtime::traced;

struct r#Struct;

#[traced]
impl r#Struct {
    fn r#match(&self, r#type: u32) -> Result<u32, ()> {
        Ok(r#type)
    }
}

#[traced(fields(r#type, r#in = r#type + 1, self.x = 1, crate.name = "a"), args(r#fn))]
async fn r#async(r#type: u32, r#fn: u32) -> u32 {
    r#type + r#fn
}

fn main() {
    r#Struct.r#match(1).unwrap();
    let _ = r#async(1, 2);
}
