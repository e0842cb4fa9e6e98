//! A real Chromium, driven through Debian's chromedriver.

use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tasuki_base::chance::Token;
use tasuki_law::nouns::AccountId;
use thirtyfour::prelude::*;

/// One browser window with its own driver process; closing it ends both.
pub struct Window {
    pub driver: WebDriver,
    url: String,
    _process: Process,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--lang=ja",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",
];

impl Window {
    /// A window on a served house.
    pub async fn open(url: &str) -> Self {
        Self::with_flags(url, &[]).await
    }

    /// A window in which scripts do not run.
    pub async fn without_scripts(url: &str) -> Self {
        Self::with_flags(url, &["--blink-settings=scriptEnabled=false"]).await
    }

    async fn with_flags(url: &str, more: &[&str]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = free_port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver: bin/test installs it");
        let process = Process(process);
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS.iter().chain(more) {
            capabilities.add_arg(flag).expect("a flag");
        }
        let server = format!("http://127.0.0.1:{port}");
        let mut tries = 0;
        let driver = loop {
            match WebDriver::new(&server, capabilities.clone()).await {
                Ok(driver) => break driver,
                Err(error) if tries > 100 => panic!("Chromium does not start: {error}"),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let window = Self { driver, url: url.to_owned(), _process: process };
        window.size(390, 844).await;
        window
    }

    /// The size of the page itself, in CSS pixels, whatever the window's frame.
    pub async fn size(&self, width: u32, height: u32) {
        let metrics = serde_json::json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false
        });
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Signs a person in by the cookie of a session made beforehand.
    pub async fn sign_in(&self, world: &tasuki::testing::World, account: AccountId) {
        let token: Token = world.begin_session(account).await;
        self.goto("/healthz").await;
        let mut cookie = Cookie::new("session", token.text());
        cookie.set_path("/");
        self.driver.add_cookie(cookie).await.expect("a cookie");
    }

    pub async fn goto(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.url)).await.expect("a page");
    }

    /// Runs a script in the page and hands back what it returns.
    pub async fn ask(&self, script: &str) -> serde_json::Value {
        let answer = self.driver.execute(script, Vec::new()).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// The text of the page, as a person sees it.
    pub async fn text(&self) -> String {
        for _ in 0..20 {
            if let Ok(body) = self.driver.find(By::Css("body")).await
                && let Ok(text) = body.text().await
            {
                return text;
            }
            // The page was just being left.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no page at {}", self.path().await);
    }

    /// Where the window is, without the host.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        url.path().to_owned()
    }

    /// Waits until the page shows some words.
    pub async fn until(&self, words: &str) {
        for _ in 0..200 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("「{words}」 never came: {} {}", self.path().await, self.text().await);
    }

    /// Waits until a script in the page answers true.
    pub async fn until_true(&self, script: &str) {
        for _ in 0..400 {
            // A page that is just being left answers nothing.
            if let Ok(answer) = self.driver.execute(script, Vec::new()).await
                && answer.json() == &serde_json::Value::Bool(true)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never so: {script} at {}: {}", self.path().await, self.text().await);
    }

    /// How many there are on the page.
    pub async fn count(&self, css: &str) -> usize {
        self.driver.find_all(By::Css(css)).await.map_or(0, |found| found.len())
    }

    /// Takes over what another browser holds.
    pub async fn take_cookies(&self, cookies: Vec<(String, String)>) {
        self.goto("/healthz").await;
        for (name, value) in cookies {
            let mut cookie = Cookie::new(name, value);
            cookie.set_path("/");
            self.driver.add_cookie(cookie).await.expect("a cookie");
        }
    }

    async fn tell(&self, command: &str, parameters: serde_json::Value) {
        let told = self.driver.cdp().send_raw(command, parameters).await;
        told.unwrap_or_else(|error| panic!("{command}: {error}"));
    }

    /// Types with a Japanese input method into the field that has the focus: letters, a choice, Enter to take it.
    pub async fn compose(&self, letters: &str, chosen: &str) {
        for text in [letters, chosen] {
            let end = text.encode_utf16().count();
            let whole = serde_json::json!({ "text": text, "selectionStart": end, "selectionEnd": end });
            self.tell("Input.imeSetComposition", whole).await;
        }
        for kind in ["rawKeyDown", "keyUp"] {
            let enter = serde_json::json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229 });
            self.tell("Input.dispatchKeyEvent", enter).await;
        }
        self.tell("Input.insertText", serde_json::json!({ "text": chosen })).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    /// Types keys into a field, behind what is there.
    pub async fn type_keys(&self, css: &str, keys: &str) {
        self.find(css).await.send_keys(keys).await.expect("typed keys");
    }

    /// Cuts the line, or mends it.
    pub async fn offline(&self, cut: bool) {
        let line = serde_json::json!({ "offline": cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.tell("Network.enable", serde_json::json!({})).await;
        self.tell("Network.emulateNetworkConditions", line).await;
    }

    pub async fn find(&self, css: &str) -> WebElement {
        match self.driver.query(By::Css(css)).first().await {
            Ok(element) => element,
            Err(_) => panic!("no {css} at {}: {}", self.path().await, self.text().await),
        }
    }

    /// As [`Self::fill`], into whatever this names.
    pub async fn fill_css(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("a typed text");
    }

    /// Types into a field, after emptying it.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("[name='{name}']")).await;
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("a typed text");
    }

    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        element.scroll_into_view().await.expect("in view");
        element.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Presses the button or link with these words.
    pub async fn press(&self, words: &str) {
        let path = format!("//button[contains(., '{words}')] | //a[contains(., '{words}')]");
        let Ok(found) = self.driver.query(By::XPath(&path)).and_displayed().first().await else {
            panic!("no 「{words}」 at {}: {}", self.path().await, self.text().await);
        };
        found.scroll_into_view().await.expect("in view");
        found.click().await.unwrap_or_else(|error| panic!("{words}: {error}"));
    }

    /// Keeps pictures of the page in `TASUKI_SHOTS`, if that names a folder: on a phone, on a desk, and on a
    /// phone in the largest letters.
    pub async fn shots(&self, name: &str) {
        let Ok(folder) = std::env::var("TASUKI_SHOTS") else { return };
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        for (kind, width, size) in [("desk", 1280, "m"), ("largest", 390, "xl"), ("phone", 390, "m")] {
            self.size(width, 844).await;
            self.ask(&format!("document.documentElement.dataset.size = '{size}'")).await;
            let bytes = self.driver.screenshot_as_png().await.expect("a picture");
            let tall = self.ask("return document.documentElement.scrollHeight").await.as_u64().unwrap_or(844);
            let bytes = if tall > 844 {
                self.size(width, u32::try_from(tall.min(4000)).unwrap_or(844)).await;
                self.driver.screenshot_as_png().await.expect("a picture")
            } else {
                bytes
            };
            std::fs::write(format!("{folder}/{name}.{kind}.png"), bytes).expect("a written picture");
        }
        self.size(390, 844).await;
    }

    pub async fn close(self) {
        let _ = self.driver.quit().await;
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
