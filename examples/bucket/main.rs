//! An S3 bucket in a folder of this machine, for `bin/cluster`: never for real files.
//!
//! `cargo run --example bucket -- FOLDER ADDRESS:PORT KEY SECRET`; the bucket is called `tasuki`.

mod service;

#[tokio::main]
async fn main() {
    let said: Vec<String> = std::env::args().skip(1).collect();
    let [folder, address, key, secret] = &said[..] else {
        eprintln!("usage: bucket FOLDER ADDRESS:PORT KEY SECRET");
        std::process::exit(2);
    };
    let bucket = service::bucket(folder.as_ref(), "tasuki", key, secret);
    let listener = tokio::net::TcpListener::bind(address).await.expect("a free address");
    axum::serve(listener, bucket).await.expect("the bucket is served");
}
