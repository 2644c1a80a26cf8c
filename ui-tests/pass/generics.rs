//! Generics of every kind.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use otel_runtime::traced;

#[traced(fields(?key))]
fn lookup<'m, K, V, Q>(map: &'m HashMap<K, V>, key: &Q) -> Result<&'m V, String>
where
    K: Borrow<Q> + Eq + Hash,
    Q: Eq + Hash + Debug + ?Sized,
{
    map.get(key).ok_or_else(|| format!("no {key:?}"))
}

#[traced]
fn higher_ranked<F>(call: F) -> usize
where
    F: for<'a> Fn(&'a str) -> &'a str,
{
    call("ab").len()
}

#[traced]
async fn constant<const N: usize, T: Copy + Default>(value: T) -> [T; N] {
    [value; N]
}

#[traced]
fn const_expression<const N: usize>(array: [u8; N]) -> Result<[u8; { 1 + 1 }], [u8; N]> {
    if N == 2 { Ok([array[0], array[1]]) } else { Err(array) }
}

struct Repository<'c, C: ?Sized>(&'c C);

#[traced]
impl<'c, C> Repository<'c, C>
where
    C: AsRef<[u8]> + ?Sized,
{
    fn bytes(&self) -> &'c [u8] {
        self.0.as_ref()
    }

    async fn each<F>(&self, mut visit: F) -> Result<(), F::Error>
    where
        F: Visit,
    {
        for byte in self.bytes() {
            visit.visit(*byte)?;
        }
        Ok(())
    }
}

trait Visit {
    type Error;
    fn visit(&mut self, byte: u8) -> Result<(), Self::Error>;
}

#[traced]
impl Visit for Vec<u8> {
    type Error = ();

    fn visit(&mut self, byte: u8) -> Result<(), Self::Error> {
        self.push(byte);
        Ok(())
    }
}

fn main() {
    let map = HashMap::from([("a".to_owned(), 1)]);
    assert_eq!(lookup(&map, "a"), Ok(&1));
    assert_eq!(higher_ranked(|text| text), 2);
    let _ = constant::<2, u8>(1);
    assert_eq!(const_expression([1, 2]), Ok([1, 2]));
    let repository = Repository::<str>("ab");
    assert_eq!(repository.bytes(), b"ab");
    let _ = repository.each(vec![]);
}
