//! From the .proto to the client and server of `grpc`, without a `protoc`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = protox::compile(["proto/resources.proto"], ["proto"])?;
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_fds(files)?;
    println!("cargo::rerun-if-changed=proto/resources.proto");
    Ok(())
}
