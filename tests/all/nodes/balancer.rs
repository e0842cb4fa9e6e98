//! People come in through nginx, by the file that docs/operating.md gives the operator.

use super::cluster::Cluster;
use super::{server, until};
use crate::program::shared_place;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Version};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use tasuki::testing::cast;
use tempfile::TempDir;

const SITE: &str = include_str!("../../../docs/nginx.conf");
const IN_SITE: [&str; 3] = ["10.0.0.11:8080", "10.0.0.12:8080", "10.0.0.13:8080"];

struct Nginx {
    child: Child,
    _folder: TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ports that nobody has right now.
fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let held = [(); COUNT].map(|()| std::net::TcpListener::bind("127.0.0.1:0").expect("a port"));
    held.map(|held| held.local_addr().expect("an address").port())
}

fn run(command: &mut Command) {
    let done = command.output().expect("openssl, which bin/setup installs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Starts it before these nodes: one process, so that none is left over.
fn start(port: u16, nodes: &[u16; 3]) -> Nginx {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().display().to_string();
    let (key, certificate) = (format!("{at}/tls.key"), format!("{at}/tls.crt"));
    run(Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args(["-days", "2", "-subj", "/CN=localhost", "-keyout", &key, "-out", &certificate]));
    let mut site = SITE.replace("listen 443", &format!("listen 127.0.0.1:{port}"));
    for (there, here) in IN_SITE.iter().zip(nodes) {
        assert!(site.contains(there), "{there} in docs/nginx.conf");
        site = site.replace(there, &format!("127.0.0.1:{here}"));
    }
    site = site.replace("/etc/tasuki", &at).replace("tasuki.example.jp", "localhost");
    let places: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|place| format!("{place}_temp_path {at}/{place};\n"))
        .concat();
    let whole = format!(
        "daemon off; master_process off; pid {at}/nginx.pid; error_log {at}/nginx.log warn;\n\
         events {{ worker_connections 1024; }}\nhttp {{\n{places}{site}}}\n"
    );
    std::fs::write(format!("{at}/nginx.conf"), whole).expect("a file");
    let mut command = server("nginx");
    command.args(["-p", &at, "-e", &format!("{at}/nginx.log"), "-c", &format!("{at}/nginx.conf")]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    Nginx { child: child.expect("nginx, which bin/setup installs"), _folder: folder }
}

/// A browser of little brain.
struct Person {
    http: Client,
    url: String,
    cookies: String,
}

impl Person {
    /// Signs in as people do.
    async fn sign_in(url: &str, who: &str) -> Self {
        let http = Client::builder().tls_danger_accept_invalid_certs(true).redirect(Policy::none()).build();
        let mut person = Self { http: http.expect("a client"), url: url.to_owned(), cookies: String::new() };
        let form = [("email", cast::actor(who).email()), ("password", cast::PASSWORD.to_owned())];
        let body = serde_urlencoded::to_string(form).expect("fields are text");
        let sent = person.http.post(format!("{url}/sign-in")).header(ORIGIN, url);
        let answer = sent.header("content-type", "application/x-www-form-urlencoded").body(body).send().await;
        let answer = answer.expect("an answer");
        assert_eq!((answer.status(), answer.version()), (StatusCode::SEE_OTHER, Version::HTTP_2));
        assert!(answer.headers()[LOCATION].to_str().is_ok_and(|to| !to.starts_with("http://")));
        let kept = answer.headers().get_all(SET_COOKIE).iter();
        let kept: Vec<_> = kept.map(|cookie| cookie.to_str().expect("a cookie").to_owned()).collect();
        assert!(kept.iter().any(|cookie| cookie.contains("Secure")), "{kept:?}");
        person.cookies =
            kept.iter().filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
        person
    }

    async fn get(&self, path: &str) -> Response {
        let asked = self.http.get(format!("{}{path}", self.url)).header(COOKIE, &self.cookies);
        asked.send().await.expect("nginx itself always answers")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_come_in_by_http_2_and_a_killed_node_is_gone_around() {
    let Some(cluster) = Cluster::empty().await else { return };
    let [front, one, two, three] = free_ports::<4>();
    let url = format!("https://localhost:{front}");
    let mut cluster = cluster.peopled().await.serving_behind(&url, &[one, two, three]).await;
    let _nginx = start(front, &[one, two, three]);
    until("nginx listens", async || tokio::net::TcpStream::connect(("127.0.0.1", front)).await.is_ok()).await;
    let tokens = [cluster.nodes[0].token("saeki").await, cluster.nodes[1].token("moriyama").await];
    let group = shared_place(&cluster.nodes[2], &tokens).await;
    let person = Person::sign_in(&url, "saeki").await;
    let page = person.get(&format!("/groups/{group}")).await;
    assert_eq!((page.status(), page.version()), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(person.get("/metrics").await.status(), StatusCode::NOT_FOUND);

    // A stream is handed on as it comes, whichever node it and the post are at.
    let mut stream = person.get("/events").await;
    assert_eq!(stream.status(), StatusCode::OK);
    let heard = Arc::<Mutex<String>>::default();
    let hears = Arc::clone(&heard);
    let listening = tokio::spawn(async move {
        while let Ok(Some(chunk)) = stream.chunk().await {
            hears.lock().expect("a lock").push_str(&String::from_utf8_lossy(&chunk));
        }
    });
    let path = format!("{url}/api/v1/groups/{group}/posts");
    let post = serde_json::json!({ "body": "午後に伺います", "side": "professional" });
    let sent =
        person.http.post(&path).bearer_auth(&tokens[1]).header("idempotency-key", "balancer").json(&post);
    assert_eq!(sent.send().await.expect("an answer").status(), StatusCode::CREATED);
    until("the stream tells of the post", async || {
        heard.lock().expect("a lock").contains(&format!("\"group\":\"{group}\""))
    })
    .await;

    cluster.nodes[0].kill();
    for turn in 0..60 {
        let path = if turn % 2 == 0 { "/".to_owned() } else { format!("/groups/{group}") };
        assert_eq!(person.get(&path).await.status(), StatusCode::OK, "turn {turn}");
    }
    listening.abort();
}
