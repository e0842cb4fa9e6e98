//! Every page, for everyone it is for.

use super::inspect;
use super::window::Window;
use crate::routes::{self, Route};
use crate::seeded::Seeded;
use crate::walks::person::Person;
use std::collections::BTreeSet;
use tasuki::testing::World;

async fn look(window: &Window, who: &str, page: &str) -> Vec<String> {
    window.goto(page).await;
    let name = page.split('?').next().unwrap_or_default().replace('/', "_");
    window.shots(&format!("{who}{name}")).await;
    let faults = inspect::faults(window).await;
    faults.into_iter().map(|fault| format!("{who} {page}: {fault}")).collect()
}

/// A doctor who administers, a nurse, a care manager elsewhere, and one who is new and has nothing yet.
const ROLES: &[&str] = &["saeki", "moriyama", "yamada", "ota", "ishii"];

/// What differs from role to role.
const OFTEN: &[&str] = &[
    "/",
    "/groups",
    "/groups/{group}",
    "/groups/{group}/members",
    "/patients",
    "/patients/{patient}",
    "/invitations",
];

/// What has words of its own only with a query.
fn query(world: &Seeded, path: &str) -> String {
    match path {
        "/" | "/patients" | "/sign-in" | "/register" | "/tour" => String::new(),
        _ => format!("?{}", world.form()),
    }
}

/// The pages of the house for somebody, as they are asked for: what answers 200 with a page.
async fn pages(world: &Seeded, who: &str, routes: &[&Route]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for route in routes {
        let mut path = world.path(route);
        if route.names().is_empty() {
            path += &query(world, &route.path);
        }
        let mut visitor = world.visit(who, false).await;
        let answer = visitor.get(&path).await;
        let kind = answer
            .headers
            .get("content-type")
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        if answer.status.as_u16() == 200 && kind.starts_with("text/html") {
            found.push((route.path.clone(), path));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_accessible_to_everyone_it_is_for() {
    let world = Seeded::new().await;
    let served = world.world.serve().await;
    let window = Window::open(&served.url).await;
    let routes = routes::all();
    let asked: Vec<&Route> =
        routes.iter().filter(|route| route.method == "GET" && !route.is_stream()).collect();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, url) in pages(&world, "nobody", &asked).await {
        faults.extend(look(&window, "nobody", &url).await);
        seen.insert(path);
    }
    for who in ROLES {
        window.sign_in(&world.world, world.account(who)).await;
        for (path, url) in pages(&world, who, &asked).await {
            if OFTEN.contains(&path.as_str()) || seen.insert(path.clone()) {
                faults.extend(look(&window, who, &url).await);
                seen.insert(path);
            }
        }
    }
    faults.extend(forms_that_were_refused(&world, &window).await);
    assert!(seen.len() > 50, "most of the pages: {seen:?}");
    window.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    drop(served);
    world.close().await;
}

/// Pages that only a form leads to, with its mistakes pointed out.
async fn forms_that_were_refused(world: &Seeded, window: &Window) -> Vec<String> {
    let mut faults = Vec::new();
    window.sign_in(&world.world, world.account("saeki")).await;
    for (page, button) in [
        ("/patients/new", "確認へ進む"),
        ("/groups/new", "作成する"),
        ("/staff/invitations/new", "確認する"),
        ("/settings/password", "変更"),
    ] {
        window.goto(page).await;
        window.press(button).await;
        let found = inspect::faults(window).await;
        faults.extend(found.into_iter().map(|fault| format!("refused {page}: {fault}")));
    }
    window.goto("/staff/invitations/new").await;
    window.fill("email_1", "dareka@example.jp").await;
    window.press("確認する").await;
    faults.extend(inspect::faults(window).await.into_iter().map(|fault| format!("checked staff: {fault}")));
    faults
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_of_the_registration_is_accessible() {
    let world = World::with_cast().await;
    let served = world.serve().await;
    let window = Window::open(&served.url).await;
    let mut faults = Vec::new();
    let mut person = Person::new(world.stranger());
    person.open("/register").await.press("次へ", &[("professional", "yes")]).await;
    faults.extend(step(&window, &mut person, "/register/workplace?postal_code=7000835").await);
    person.press("次へ", &[("colleague", "no")]).await;
    faults.extend(step(&window, &mut person, "/register/account").await);
    person.press("次へ", &[("email", "hara@example.jp")]).await;
    faults.extend(step(&window, &mut person, "/register/person").await);
    person.press("次へ", &[("family", "原"), ("given", "多恵子"), ("profession", "physician")]).await;
    faults.extend(step(&window, &mut person, "/register/facility").await);
    window.press("確認へ進む").await;
    faults
        .extend(inspect::faults(&window).await.into_iter().map(|fault| format!("refused facility: {fault}")));
    let facility = [
        ("facility", "はら内科"),
        ("postal_code", "700-0835"),
        ("prefecture", "岡山県"),
        ("address", "岡山市北区東中央町1-2"),
        ("phone", "086-000-1234"),
        ("kind", "clinic"),
    ];
    person.open("/register/facility").await.press("確認へ進む", &facility).await;
    faults.extend(step(&window, &mut person, "/register/confirmation").await);
    person.press("送信する", &[("agreed", "on")]).await;
    faults.extend(step(&window, &mut person, "/register/sent").await);
    let link = world.link(&world.mail_to("hara@example.jp").await);
    faults.extend(step(&window, &mut person, &link).await);
    window.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    drop(served);
    world.close().await;
}

/// The same step in the window, with the same cookies.
async fn step(window: &Window, person: &mut Person, page: &str) -> Vec<String> {
    let faults = {
        window.take_cookies(person.visitor.cookies()).await;
        look(window, "register", page).await
    };
    assert_eq!(window.path().await, page.split('?').next().unwrap_or_default(), "the step itself is shown");
    faults
}

/// A check that cannot fail is a defect: each kind of fault is made once, and found.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_found() {
    let world = World::with_cast().await;
    let served = world.serve().await;
    let window = Window::open(&served.url).await;
    window.goto("/sign-in").await;
    assert_eq!(inspect::faults(&window).await, Vec::<String>::new(), "nothing is wrong at first");
    for (name, text, style, said) in [
        ("img", "", "", "image-alt"),
        ("h1", "二つ目", "", "2 h1"),
        ("button", "小", "min-height:0;height:20px;padding:0", "small target"),
        ("div", "", "width:900px;height:9px", "sideways at 390"),
        ("p", "うすい", "color:#bbb;background:#fff", "color-contrast"),
        ("p", "とくだい", "width:20rem;height:9px", "sideways in the largest letters"),
    ] {
        window.goto("/sign-in").await;
        // Styles are set one by one: the page's policy lets none stand in the markup.
        let script = format!(
            "const made = document.createElement('{name}'); made.textContent = '{text}';
             made.style.cssText = '{style}'; document.querySelector('main').append(made);"
        );
        window.ask(&script).await;
        let found = inspect::faults(&window).await;
        assert!(found.iter().any(|fault| fault.contains(said)), "{said} in {found:?}");
    }
    window.close().await;
    drop(served);
    world.close().await;
}
