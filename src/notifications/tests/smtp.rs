//! A mail server on this machine, small enough to read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tasuki_base::mail::{Mailer, SmtpSettings};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What one mail looked like on the wire, and who it was for.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: String,
    pub data: String,
}

#[derive(Clone)]
pub struct Server {
    port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// What it answers to the next letters before it takes any.
    moods: Arc<Mutex<Vec<&'static str>>>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, taken: Arc::default(), moods: Arc::default() };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(own.clone().talk(line));
            }
        });
        server
    }

    pub fn mailer(&self) -> Mailer {
        let settings = SmtpSettings {
            url: format!("smtp://127.0.0.1:{}", self.port),
            from: "noreply@tasuki.test".to_owned(),
            from_name: None,
            reply_to: None,
            timeout: Duration::from_secs(5),
        };
        Mailer::smtp(&settings).unwrap()
    }

    /// Answers so to the next letter, instead of taking it.
    pub fn answer_next(&self, line: &'static str) {
        self.moods.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn talk(self, line: TcpStream) {
        let (hears, mut says) = line.into_split();
        let mut hears = BufReader::new(hears).lines();
        let mut to = String::new();
        says.write_all(b"220 post.test\r\n").await.unwrap();
        while let Ok(Some(said)) = hears.next_line().await {
            let verb = said.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" | "HELO" => "250-post.test\r\n250 8BITMIME",
                "RCPT" => {
                    to = said.chars().skip_while(|c| *c != '<').skip(1).take_while(|c| *c != '>').collect();
                    self.moods.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or("250 ok")
                }
                "DATA" => {
                    says.write_all(b"354 go on\r\n").await.unwrap();
                    let mut data = String::new();
                    while let Ok(Some(text)) = hears.next_line().await {
                        if text == "." {
                            break;
                        }
                        data.push_str(&text);
                        data.push('\n');
                    }
                    let mail = Taken { to: to.clone(), data };
                    self.taken.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            says.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
    }
}
