//! A program that serves on loopback in a process of its own, and what it costs.

use crate::client::{Client, request};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Program {
    arguments: Vec<String>,
    settings: Vec<(&'static str, String)>,
    path: &'static str,
    child: Child,
    pub address: String,
    /// From the start to the first answer.
    pub started_in: Duration,
}

/// The house itself.
pub const HOUSE: &str = env!("CARGO_BIN_EXE_tasuki");

impl Program {
    /// Starts it and waits for its first answer; `{address}` among the arguments becomes where it listens.
    pub async fn start(
        path: &'static str,
        arguments: &[&str],
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let address = format!("127.0.0.1:{port}");
        let arguments = arguments.iter().map(|one| one.replace("{address}", &address)).collect();
        let child = spawn(path, &arguments, &settings);
        let mut program = Self { arguments, settings, path, child, address, started_in: Duration::ZERO };
        program.started_in = program.answers().await;
        program
    }

    async fn answers(&mut self) -> Duration {
        let began = Instant::now();
        let ask = request("GET", "/healthz", &[], "");
        while began.elapsed() < Duration::from_secs(60) {
            if let Some(mut client) = Client::try_connect(&self.address).await
                && client.send(&ask).await.status < 500
            {
                return began.elapsed();
            }
            assert!(self.child.try_wait().expect("a process").is_none(), "{} ended", self.path);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("{} does not answer", self.path);
    }

    /// Ends it politely and starts it again on the same place.
    pub async fn restart(&mut self) {
        self.end();
        self.child = spawn(self.path, &self.arguments, &self.settings);
        self.started_in = self.answers().await;
    }

    /// Seconds of processor time so far, of all its threads.
    pub fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        let after = stat.rsplit(')').next().expect("fields");
        let ticks: Vec<f64> =
            after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse().ok()).collect();
        // The kernel counts in hundredths for everyone.
        ticks.iter().sum::<f64>() / 100.0
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it politely.
    pub fn end(&mut self) {
        // Its number may be another's by now.
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Nothing that stands in the environment of the measurement decides where a house stands.
fn spawn(path: &str, arguments: &Vec<String>, settings: &[(&'static str, String)]) -> Child {
    let mut command = Command::new(path);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).env("RUST_LOG", "warn");
    command.env_remove("DATABASE_URL").envs(settings.iter().map(|(name, value)| (name, value)));
    command.spawn().expect("a program")
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}
