//! PostgreSQL beside SQLite, the same house on both, in turn on the same cores.

use crate::client::{Load, load};
use crate::ops::{self, At, Make};
use crate::table::Aim::{self, Share};
use crate::table::{self, head_of, median, row};
use crate::world::World;
use crate::{CLIENTS, ROUNDS, SPAN, engine};

const READS: &[Aim] = &[Share(0.3)];
const WRITES: &[Aim] = &[Share(0.2)];

struct Both {
    pg: World,
    lite: World,
}

pub async fn measure(crowd: &str, database: String) {
    let both = Both { pg: World::open(crowd, Some(database)).await, lite: World::open(crowd, None).await };
    for world in [&both.pg, &both.lite] {
        println!("{}", world.words(crowd));
        world.read_up(0..CLIENTS).await;
    }
    head_of("PostgreSQL/s", "SQLite/s", "SQLite CPU");
    both.bounds().await;
    both.reads().await;
    both.writes().await;
    both.pg.close();
    both.lite.close();
}

impl Both {
    /// What the engines do without the house.
    async fn bounds(&self) {
        let mut bounds = Vec::new();
        for world in [&self.pg, &self.lite] {
            let per_second = engine::commits(world).await;
            let one = 1000.0 / per_second;
            bounds.push(Load { per_second, p50: one, p99: 0.0, cpu: 0.0 });
        }
        row("single-row commits on the engine alone, 1 client", &bounds[0], Some(&bounds[1]), &[]);
    }

    async fn reads(&self) {
        self.look("newest 30 posts (API)", true, |world| format!("/api/v1/groups/{}/posts", world.large))
            .await;
        self.look("timeline of 30 posts (page)", false, |world| format!("/groups/{}", world.large)).await;
        self.look("home (API)", true, |_| "/api/v1/home".to_owned()).await;
        self.look("home (page)", false, |_| "/".to_owned()).await;
    }

    async fn look(&self, words: &str, api: bool, path: impl Fn(&World) -> String) {
        let make = [&self.pg, &self.lite].map(|world| ops::look(world, api, &path(world)));
        self.row(words, CLIENTS, make, READS).await;
    }

    async fn writes(&self) {
        let [pg, lite] = [&self.pg, &self.lite];
        for clients in [1, CLIENTS, 64] {
            let make = [spread(pg, clients).await, spread(lite, clients).await];
            let make = make.map(|writers| ops::post(writers, clients));
            self.row("durable post, each in another place", clients, make, WRITES).await;
        }
        let make = [pg, lite].map(|world| {
            let writers = (0..CLIENTS).map(|one| At::new(world, one, &world.large)).collect();
            ops::post(writers, CLIENTS)
        });
        self.row("durable post, all in one place", CLIENTS, make, WRITES).await;
        let readers = [spread(pg, CLIENTS).await, spread(lite, CLIENTS).await];
        let [here, there] = readers.clone();
        let make = [ops::acknowledge(pg, here).await, ops::acknowledge(lite, there).await];
        self.row("acknowledge and take back, each in another place", CLIENTS, make, WRITES).await;
        let [here, there] = readers;
        let make = [ops::read_mark(pg, here).await, ops::read_mark(lite, there).await];
        self.row("read mark, each in another place", CLIENTS, make, WRITES).await;
    }

    /// The medians of both, taken in turn.
    async fn row(&self, words: &str, clients: usize, make: [Make; 2], aims: &[Aim]) {
        let mut loads = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for ((world, make), loads) in [&self.pg, &self.lite].into_iter().zip(&make).zip(&mut loads) {
                let (programs, make) = ([&world.program], make.clone());
                loads.push(load(&programs, clients, SPAN, move |client, turn| make(client, turn)).await);
            }
        }
        let [pg, lite] = loads.map(median);
        row(&format!("{words}, {}", table::clients(clients)), &pg, Some(&lite), aims);
    }
}

/// People of many places, each in one of their own.
pub async fn spread(world: &World, clients: usize) -> Vec<At> {
    let mut writers = Vec::new();
    for one in 0..clients {
        let person = one * world.people().min(200) / clients;
        let places = world.places(person).await;
        let own = places.iter().find(|place| place.id != world.large).expect("a place");
        writers.push(At::new(world, person, &own.id));
    }
    writers
}
