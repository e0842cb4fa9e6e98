//! Every page, for everyone it is for.

use super::inspect;
use super::window::Window;
use tasuki::testing::World;

const SAMPLES: &[&str] = &[
    "/dev/parts",
    "/dev/parts/home",
    "/dev/parts/timeline",
    "/dev/parts/family",
    "/dev/parts/compose",
    "/dev/parts/confirm",
    "/dev/parts/patients",
    "/dev/parts/card",
    "/dev/parts/invite",
    "/dev/parts/members",
    "/dev/parts/register",
    "/dev/parts/signin",
    "/dev/parts/landing",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sample_pages_are_accessible() {
    let world = World::with_cast().await;
    let served = world.serve().await;
    let window = Window::open(&served.url).await;
    let mut faults = Vec::new();
    for page in SAMPLES {
        window.goto(page).await;
        window.shot(&page.replace('/', "_")).await;
        faults.extend(inspect::faults(&window).await.into_iter().map(|fault| format!("{page}: {fault}")));
    }
    window.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    drop(served);
    world.close().await;
}
