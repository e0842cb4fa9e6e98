//! Three nodes over one PostgreSQL and one NATS, beside one node that stands alone.

use crate::client::load;
use crate::engines::spread;
use crate::ops::{self, Make};
use crate::program::Program;
use crate::table::Aim::Share;
use crate::table::{head_of, median, row};
use crate::world::World;
use crate::{CLIENTS, ROUNDS, SPAN};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Before it counts: connections, prepared statements, what was opened lately.
const WARM: Duration = Duration::from_secs(1);

pub async fn measure(crowd: &str, database: String) {
    let mut world = World::open(crowd, Some(database)).await;
    println!("{}", world.words(crowd));
    world.read_up(0..CLIENTS).await;
    let works: Vec<(&str, Make)> = vec![
        ("newest 30 posts (API)", ops::look(&world, true, &format!("/api/v1/groups/{}/posts", world.large))),
        ("timeline of 30 posts (page)", ops::look(&world, false, &format!("/groups/{}", world.large))),
        ("home (API)", ops::look(&world, true, "/api/v1/home")),
        ("durable post, each in another place", ops::post(spread(&world, CLIENTS).await, CLIENTS)),
    ];
    let (mut three, mut one) = (vec![Vec::new(); works.len()], vec![Vec::new(); works.len()]);
    for _ in 0..ROUNDS {
        // Never at the same time: also a node at rest looks at the end of the chronicle every second.
        world.program.restart().await;
        run(&[&world.program], &works, &mut one).await;
        world.program.end();
        let nats = Nats::start().await;
        let told = || vec![("TASUKI_NATS_URL", nats.url.clone())];
        let nodes = [world.node(told()).await, world.node(told()).await, world.node(told()).await];
        run(&nodes.each_ref(), &works, &mut three).await;
    }
    head_of("three/s", "one/s", "one's CPU");
    for ((words, _), (three, one)) in works.iter().zip(three.into_iter().zip(one)) {
        row(&format!("{words}, {CLIENTS} clients"), &median(three), Some(&median(one)), &[Share(0.9)]);
    }
    world.close();
}

async fn run(nodes: &[&Program], works: &[(&str, Make)], loads: &mut [Vec<crate::client::Load>]) {
    for ((_, make), loads) in works.iter().zip(loads) {
        for span in [WARM, SPAN] {
            let make = make.clone();
            let done = load(nodes, CLIENTS, span, move |client, turn| make(client, turn)).await;
            if span == SPAN {
                loads.push(done);
            }
        }
    }
}

/// A NATS server on loopback; ends when dropped.
struct Nats {
    child: Child,
    url: String,
}

impl Nats {
    async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        // Debian keeps it where only root looks.
        let debian = Path::new("/usr/sbin/nats-server");
        let mut command = Command::new(if debian.exists() { debian } else { Path::new("nats-server") });
        command
            .args(["-a", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("nats-server, which bin/setup installs");
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(child.try_wait().expect("a process").is_none(), "nats-server ended");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Self { child, url: format!("nats://127.0.0.1:{port}") }
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
