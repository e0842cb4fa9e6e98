//! A small mail server on loopback that says what each test wants to hear.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What the server answers to a line, given how often this verb was heard before; `None`: as usual,
/// an empty text: nothing, ever.
type Rule = fn(&str, usize) -> Option<&'static str>;

#[derive(Default)]
struct Heard {
    lines: Vec<String>,
    letters: Vec<String>,
    connections: usize,
}

struct Server {
    port: u16,
    heard: Arc<Mutex<Heard>>,
}

impl Server {
    async fn start(rule: Rule) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let ears = heard.clone();
        tokio::spawn(async move {
            while let Ok((peer, _)) = listener.accept().await {
                ears.lock().unwrap().connections += 1;
                tokio::spawn(converse(peer, ears.clone(), rule));
            }
        });
        Self { port, heard }
    }

    fn mailer(&self) -> Mailer {
        self.mailer_at(&format!("smtp://127.0.0.1:{}", self.port))
    }

    fn mailer_at(&self, url: &str) -> Mailer {
        rustls::crypto::ring::default_provider().install_default().ok();
        Mailer::smtp(&settings(url)).unwrap()
    }

    fn letters(&self) -> Vec<String> {
        self.heard.lock().unwrap().letters.clone()
    }

    fn connections(&self) -> usize {
        self.heard.lock().unwrap().connections
    }
}

async fn converse(mut peer: TcpStream, heard: Arc<Mutex<Heard>>, rule: Rule) -> Option<()> {
    let (read, mut write) = peer.split();
    let mut lines = BufReader::new(read).lines();
    say(&mut write, rule("greeting", 0).unwrap_or("220 here")).await?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap().to_owned();
        let before = {
            let mut heard = heard.lock().unwrap();
            heard.lines.push(line.clone());
            heard.lines.iter().filter(|other| other.starts_with(&verb)).count() - 1
        };
        let usual = match verb.as_str() {
            "EHLO" => "250-here\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "DATA" => "354 go on",
            "AUTH" => "235 welcome",
            _ => "250 fine",
        };
        let answer = rule(&line, before).unwrap_or(usual);
        say(&mut write, answer).await?;
        if answer.starts_with("354") {
            let mut letter = String::new();
            while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                letter.push_str(&line);
                letter.push('\n');
            }
            heard.lock().unwrap().letters.push(letter);
            say(&mut write, rule("letter", 0).unwrap_or("250 taken")).await?;
        }
    }
    Some(())
}

async fn say(write: &mut (impl AsyncWriteExt + Unpin), answer: &str) -> Option<()> {
    if answer.is_empty() {
        std::future::pending::<()>().await;
    }
    write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()
}

fn settings(url: &str) -> SmtpSettings {
    SmtpSettings {
        url: url.to_owned(),
        from: "relay@tasuki.example.jp".into(),
        from_name: Some("たすき".into()),
        reply_to: Some("office@tasuki.example.jp".into()),
        timeout: Duration::from_millis(1500),
    }
}

fn letter(to: &str) -> Letter {
    Letter {
        to: to.into(),
        to_name: Some("佐藤 花子".into()),
        subject: "新しい投稿があります".into(),
        body: "こんにちは。\n\n新しい投稿があります。\n.\n以上".into(),
    }
}

const USUAL: Rule = |_, _| None;
const SATO: &str = "sato@clinic.example.jp";

#[tokio::test]
async fn a_letter_arrives_as_written() {
    let server = Server::start(USUAL).await;
    server.mailer().send(&letter(SATO)).await.unwrap();

    let letters = server.letters();
    let (head, body) = letters[0].split_once("\n\n").unwrap();
    for line in [
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "Reply-To: office@tasuki.example.jp",
    ] {
        assert!(head.contains(line), "{line} is missing in {head}");
    }
    assert!(head.contains("<relay@tasuki.example.jp>") && head.contains(&format!("<{SATO}>")), "{head}");
    assert!(head.contains("\nMessage-ID: <") && head.contains("\nDate: "), "{head}");
    assert!(head.is_ascii(), "headers are encoded words: {head}");
    let bytes = base64::engine::general_purpose::STANDARD.decode(body.replace('\n', "")).unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap().replace("\r\n", "\n"), letter(SATO).body);
}

#[tokio::test]
async fn a_connection_serves_the_next_letter_too() {
    let server = Server::start(USUAL).await;
    let mailer = server.mailer();
    for _ in 0..3 {
        mailer.send(&letter(SATO)).await.unwrap();
    }
    assert_eq!((server.letters().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn grey_listing_says_later_and_then_takes_it() {
    let server = Server::start(|line, before| {
        (line.starts_with("RCPT") && before == 0).then_some("451 4.7.1 grey-listed, sato@clinic.example.jp")
    })
    .await;
    let mailer = server.mailer();
    let error = mailer.send(&letter(SATO)).await.unwrap_err();
    assert_eq!(error, MailError::Later(451));
    assert!(error.retry());
    assert!(!format!("{error} {error:?}").contains('@'), "no address in errors");
    mailer.send(&letter(SATO)).await.unwrap();
    assert_eq!(server.letters().len(), 1);
}

#[tokio::test]
async fn an_unknown_recipient_is_final() {
    let server = Server::start(|line, _| line.starts_with("RCPT").then_some("550 5.1.1 no such user")).await;
    let error = server.mailer().send(&letter(SATO)).await.unwrap_err();
    assert_eq!(error, MailError::Refused(550));
    assert!(!error.retry());
}

#[tokio::test]
async fn a_letter_refused_after_its_last_line_is_not_sent() {
    let server = Server::start(|line, _| (line == "letter").then_some("554 5.7.1 looks like spam")).await;
    assert_eq!(server.mailer().send(&letter(SATO)).await, Err(MailError::Refused(554)));
}

#[tokio::test]
async fn a_server_that_hangs_is_left_in_time() {
    for hang in [(|line, _| (line == "greeting").then_some("")) as Rule, |line, _| {
        line.starts_with("RCPT").then_some("")
    }] {
        let server = Server::start(hang).await;
        let started = tokio::time::Instant::now();
        let error = server.mailer().send(&letter(SATO)).await.unwrap_err();
        assert_eq!(error, MailError::TimedOut);
        assert!(error.retry());
        assert!(started.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn a_connection_cut_short_is_never_used_again() {
    let server = Server::start(|line, before| (line.starts_with("RCPT") && before == 0).then_some("")).await;
    let mailer = server.mailer();
    assert_eq!(mailer.send(&letter(SATO)).await, Err(MailError::TimedOut));
    mailer.send(&letter("mori@clinic.example.jp")).await.unwrap();
    assert_eq!(server.connections(), 2);
    assert!(server.letters()[0].contains("mori@"), "the second letter, under its own address");
}

#[tokio::test]
async fn nobody_listening_is_worth_another_try() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Mailer::smtp(&settings(&url)).unwrap().send(&letter(SATO)).await.unwrap_err();
    assert_eq!(error, MailError::Unreachable);
    assert!(error.retry());
}

#[tokio::test]
async fn a_wrong_password_does_not_give_up_the_letter() {
    let server = Server::start(|line, _| line.starts_with("AUTH").then_some("535 5.7.8 no")).await;
    let mailer = server.mailer_at(&format!("smtp://us%40er:p%2Fw@127.0.0.1:{}", server.port));
    let error = mailer.send(&letter(SATO)).await.unwrap_err();
    assert_eq!(error, MailError::NotLetIn(535));
    assert!(error.retry());
    assert_eq!(mailer.check().await, Err(MailError::NotLetIn(535)));
    let heard = server.heard.lock().unwrap();
    let login = base64::engine::general_purpose::STANDARD.encode("\0us@er\0p/w");
    assert!(heard.lines.contains(&format!("AUTH PLAIN {login}")), "{:?}", heard.lines);
}

#[tokio::test]
async fn encryption_that_is_asked_for_is_never_given_up() {
    let server = Server::start(USUAL).await;
    let mailer = server.mailer_at(&format!("smtp://127.0.0.1:{}?tls=required", server.port));
    assert_eq!(mailer.send(&letter(SATO)).await, Err(MailError::Unsuited));
    assert!(server.letters().is_empty());
}

#[tokio::test]
async fn headers_cannot_be_smuggled_in() {
    let server = Server::start(USUAL).await;
    let mut bad = letter(SATO);
    bad.subject = "hello\r\nBcc: all@example.jp".into();
    bad.to_name = Some("a\r\nBcc: all@example.jp".into());
    server.mailer().send(&bad).await.unwrap();
    let head = server.letters()[0].split_once("\n\n").unwrap().0.to_owned();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");

    bad.to = "sato@clinic.example.jp>\r\nRCPT TO:<all@example.jp".into();
    assert_eq!(server.mailer().send(&bad).await, Err(MailError::Address));
}

#[tokio::test]
async fn a_held_mailer_leaves_the_letter_with_the_caller() {
    let mailer = Mailer::held();
    assert!(mailer.is_held());
    let error = mailer.send(&letter(SATO)).await.unwrap_err();
    assert_eq!(error, MailError::Held);
    assert!(!error.retry());
}

#[test]
fn settings_that_cannot_work_are_refused() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let refuse = |url: &str| Mailer::smtp(&settings(url)).err();
    for url in
        ["", "mail.example.jp", "http://mail.example.jp", "smtp://", "smtp://m.jp?tls=yes", "smtp://me@m.jp"]
    {
        assert_eq!(refuse(url), Some(SettingsError::Url), "{url}");
    }
    assert_eq!(refuse("smtp://me:secret@m.example.jp"), Some(SettingsError::PlainPassword));
    assert_eq!(refuse("smtp://me:secret@m.example.jp?tls=opportunistic"), Some(SettingsError::PlainPassword));
    assert_eq!(refuse("smtp://me:secret@localhost"), None);
    assert_eq!(refuse("smtp://me:secret@[::1]:2525"), None);

    let mut bad = settings("smtp://localhost");
    bad.from = "nobody".into();
    assert_eq!(Mailer::smtp(&bad).err(), Some(SettingsError::From));
    bad = settings("smtp://localhost");
    bad.reply_to = Some("nobody".into());
    assert_eq!(Mailer::smtp(&bad).err(), Some(SettingsError::ReplyTo));
    assert!(!format!("{:?}", settings("smtps://me:secret@m.jp")).contains("secret"));
}
