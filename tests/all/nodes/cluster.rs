//! Several `tasuki serve` as processes over one PostgreSQL, one NATS and one set of keys.

use super::nats::Nats;
use crate::program::{BINARY, Program, database};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

pub struct Cluster {
    pub nodes: Vec<Program>,
    folder: TempDir,
    database: String,
    nats: Nats,
}

impl Cluster {
    /// The places that the nodes share, and no node yet; none without PostgreSQL.
    pub async fn empty() -> Option<Self> {
        let database = database().await?;
        Some(Self::over(database).await)
    }

    pub async fn over(database: String) -> Self {
        let (folder, nats) = (tempfile::tempdir().expect("a folder"), Nats::start().await);
        Self { nodes: Vec::new(), folder, database, nats }
    }

    /// The cast moves in, with their patients and some days' posts.
    pub async fn peopled(self) -> Self {
        Program::start("demo", &self.data(), &self.settings()).await.end();
        self
    }

    /// So many nodes at the same moment.
    pub async fn serving(mut self, count: usize) -> Self {
        self.nodes = (0..count).map(|_| Program::begin("serve", &self.data(), &self.settings())).collect();
        for node in &mut self.nodes {
            node.ready().await;
        }
        self
    }

    /// One node on each of these ports, behind something that answers to this address.
    pub async fn serving_behind(mut self, url: &str, ports: &[u16]) -> Self {
        let mut settings = self.settings();
        settings.push(("TASUKI_URL", url.to_owned()));
        settings.push(("TASUKI_TRUSTED_PROXIES", "127.0.0.1".to_owned()));
        let begin =
            |port: &u16| Program::begin_as(Command::new(BINARY), "serve", &self.data(), *port, &settings);
        self.nodes = ports.iter().map(begin).collect();
        for node in &mut self.nodes {
            node.ready().await;
        }
        self
    }

    /// One node for each of these addresses of the same database.
    pub async fn serving_over(mut self, databases: &[String]) -> Self {
        for database in databases {
            let mut settings = self.settings();
            settings.retain(|(name, _)| *name != "DATABASE_URL");
            settings.push(("DATABASE_URL", database.clone()));
            self.nodes.push(Program::start("serve", &self.data(), &settings).await);
        }
        self
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What each node is told beside its folder.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let few = "4".to_owned();
        vec![
            ("DATABASE_URL", self.database.clone()),
            ("TASUKI_NATS_URL", self.nats.url()),
            ("TASUKI_DATABASE_THREADS", few),
        ]
    }
}
