#[traced]
pub fn plain(a: u32) -> u32 {
    a + 1
}

#[traced(name = "checkout", kind = server, level = debug, target = "shop", fields(order.id = id, %name, ?items, total, late.key = _), args(flag))]
fn options(id: u64, name: &str, items: &[u8], total: f64, flag: bool) {
    work();
}

#[traced]
fn fallible<'a>(first: &'a str, (x, y): (u8, u8), _: String, unused: u8) -> Result<&'a str, Error> {
    check(x, y)?;
    Ok(first)
}

#[traced(err = |error| error.code(), ok_if = |error| error.is_empty(), ret(?))]
fn mapped() -> std::io::Result<impl Iterator<Item = u8>> {
    #![allow(unused)]
    Ok(once(1))
}

#[track_caller]
#[traced]
fn tracked(text: &str) -> Result<u8, Error> {
    let value = text.parse()?;
    Ok(value)
}

#[traced]
fn never() -> ! {
    loop {}
}
