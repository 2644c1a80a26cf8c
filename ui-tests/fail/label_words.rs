use otel_runtime::Label;

#[derive(Label)]
#[label(rename = "whole")]
enum Words {
    #[label]
    A,
    #[label(renam = "b")]
    B,
    #[label(rename = 7)]
    C,
    #[label(rename = "")]
    D,
    #[label(rename = "e", rename = "f")]
    E,
    #[label(rename)]
    F,
    #[label(runtime = otel_runtime)]
    G,
    #[label(rename = NAME)]
    H,
}

#[derive(Label)]
#[label(runtime = "otel_runtime")]
enum Named {
    InStore,
    #[label(rename = "in_store")]
    Shop,
}

fn main() {}
