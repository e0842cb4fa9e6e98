//! A real NATS server, on a port of its own.

use super::{server, until};
use std::path::Path;
use std::process::{Child, Stdio};
use tasuki_base::bus::{Bus, BusSettings};
use tempfile::TempDir;

pub struct Nats {
    child: Option<Child>,
    folder: TempDir,
    port: u16,
}

impl Nats {
    pub async fn start() -> Self {
        let mut nats = Self { child: None, folder: tempfile::tempdir().expect("a folder"), port: 0 };
        nats.run("-1");
        until("nats-server tells its port", async || port_in(nats.folder.path()).is_some()).await;
        nats.port = port_in(nats.folder.path()).expect("a port");
        nats
    }

    fn run(&mut self, port: &str) {
        let mut command = server("nats-server");
        command.args(["-a", "127.0.0.1", "-p", port, "--ports_file_dir"]).arg(self.folder.path());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("nats-server, which bin/setup installs"));
    }

    /// Without a goodbye.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Again, where it was.
    pub fn back(&mut self) {
        self.run(&self.port.to_string());
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// A line to it under the name of a house.
    pub fn line(&self, name: &str) -> Bus {
        Bus::nats(&BusSettings::read(&self.url()).expect("an address"), name)
    }
}

/// The server writes a file with its addresses once it listens.
fn port_in(folder: &Path) -> Option<u16> {
    let file = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .find(|entry| entry.path().extension().is_some_and(|ending| ending == "ports"))?;
    let told: serde_json::Value = serde_json::from_slice(&std::fs::read(file.path()).ok()?).ok()?;
    told["nats"][0].as_str()?.rsplit(':').next()?.parse().ok()
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}
