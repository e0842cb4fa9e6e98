//! A program that serves on loopback in a process of its own, and what it costs.

use crate::client::{Client, request};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Program {
    arguments: Vec<String>,
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
    pub async fn start(path: &'static str, arguments: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let address = format!("127.0.0.1:{port}");
        let arguments = arguments.iter().map(|one| one.replace("{address}", &address)).collect();
        let child = spawn(path, &arguments);
        let mut program = Self { arguments, path, child, address, started_in: Duration::ZERO };
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
        let began = Instant::now();
        self.child = spawn(self.path, &self.arguments);
        self.answers().await;
        println!("started again in {:.0?}", began.elapsed());
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

    /// Its private memory, in MiB.
    pub fn private(&self) -> f64 {
        let text =
            std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).expect("a process");
        let lines = text.lines().filter(|line| line.starts_with("Private_"));
        let kb = lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kb.sum::<f64>() / 1024.0
    }

    pub fn memory(&self, when: &str) {
        println!("private memory, {when}: {:.0} MiB", self.private());
    }

    fn end(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn spawn(path: &str, arguments: &Vec<String>) -> Child {
    let mut command = Command::new(path);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).env("RUST_LOG", "warn");
    command.spawn().expect("a program")
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}
