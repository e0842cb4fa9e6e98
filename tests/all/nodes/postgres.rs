//! PostgreSQL servers of the test's own, that keep what they confirm.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// One server.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    pub port: u16,
}

impl Postgres {
    /// A new one.
    pub fn start() -> Self {
        let own = Self::prepared();
        let mut made =
            own.command("initdb", &["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]);
        assert!(run(made.arg("-D").arg(own.data())), "initdb");
        own.run();
        own
    }

    /// A second server that follows this one, and confirms every commit before it is answered.
    pub fn followed(&self) -> Self {
        let follower = Self::prepared();
        let from = format!("host=127.0.0.1 port={} user=postgres", self.port);
        let mut copied =
            follower.command("pg_basebackup", &["-R", "-X", "stream", "-c", "fast", "-d", &from]);
        assert!(run(copied.arg("-D").arg(follower.data())), "pg_basebackup");
        follower.run();
        self.says("ALTER SYSTEM SET synchronous_standby_names = 'follower'", "");
        self.says("SELECT pg_reload_conf()", "");
        self.says("SELECT sync_state FROM pg_stat_replication", "sync");
        follower
    }

    /// The machine is lost: nobody is asked.
    pub fn die(&self) {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("its number");
        let first = file.lines().next().expect("a line").to_owned();
        let children = Command::new("pgrep").args(["-P", &first]).output().expect("pgrep").stdout;
        let mut all = vec![first];
        all.extend(String::from_utf8_lossy(&children).split_whitespace().map(str::to_owned));
        // One of the children may have ended since.
        run(Command::new("kill").arg("-9").args(all));
    }

    /// It leads from now on.
    pub fn promote(&self) {
        assert!(self.control(&["-w", "promote"]), "pg_ctl promote");
    }

    /// Asks until the first line of the answer is this; any will do if it is to be empty.
    fn says(&self, sql: &str, wanted: &str) {
        let port = self.port.to_string();
        for _ in 0..600 {
            let mut asked =
                self.command("psql", &["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-Atc", sql]);
            let answer = asked.stdin(Stdio::null()).output().expect("psql");
            let text = String::from_utf8_lossy(&answer.stdout).into_owned();
            if answer.status.success() && (wanted.is_empty() || text.lines().next() == Some(wanted)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("not within a minute: {sql}");
    }

    fn prepared() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let folder = tempfile::tempdir().expect("a folder");
        if is_root() {
            assert!(run(Command::new("chown").arg("postgres").arg(folder.path())));
        }
        Self { programs: programs(), folder, port }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn run(&self) {
        let folder = self.folder.path().display();
        // By this name a server that is followed knows who follows it.
        let name = "-c cluster_name=follower";
        let options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1 {name}", self.port);
        assert!(self.control(&["-w", "start", "-l", "/dev/null", "-o", &options]), "pg_ctl start");
    }

    /// `fast` cuts every connection; `immediate` is a crash.
    pub fn restart(&self, how: &str, away: Duration) {
        assert!(self.control(&["-w", "-m", how, "stop"]), "pg_ctl stop");
        std::thread::sleep(away);
        self.run();
    }

    fn control(&self, args: &[&str]) -> bool {
        run(self.command("pg_ctl", &[]).arg("-D").arg(self.data()).args(args))
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str, args: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/").args(args);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.control(&["-m", "immediate", "stop"]);
    }
}

fn run(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|done| done.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

/// Where the newest PostgreSQL of this machine keeps its programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").is_file());
    found.sort_by_key(|folder| {
        folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok())
    });
    found.pop().unwrap_or_default()
}
