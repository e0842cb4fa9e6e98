//! The letters of a test house: nothing is sent, everything is kept.

use super::World;
use crate::notifications;
use std::time::Duration;
use tasuki_base::mail::Letter;

impl World {
    /// Every letter so far, oldest first. Lets what is due happen first.
    ///
    /// # Panics
    /// When the house does not settle.
    pub async fn mails(&self) -> Vec<Letter> {
        self.settle().await;
        let kept = self.house.read(|tx| notifications::held_newest(tx, i64::MAX)).await;
        let newest_first = kept.expect("the letters open");
        newest_first.into_iter().rev().map(|held| held.letter).collect()
    }

    /// The newest letter to an address.
    ///
    /// # Panics
    /// When there is none.
    pub async fn mail_to(&self, email: &str) -> Letter {
        // A house that is served has a worker of its own, which may hold the letter in hand just now.
        for _ in 0..100 {
            let all = self.mails().await;
            if let Some(letter) = all.into_iter().rev().find(|letter| letter.to == email) {
                return letter;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no letter to {email}")
    }

    /// The path of the link in a letter: what stands alone on a line.
    ///
    /// # Panics
    /// When the letter has none, or more than one.
    #[must_use]
    pub fn link(&self, letter: &Letter) -> String {
        let links: Vec<&str> =
            letter.body.lines().filter_map(|line| line.strip_prefix(&self.house.config.url)).collect();
        assert_eq!(links.len(), 1, "one link, alone on its line: {}", letter.body);
        links[0].to_owned()
    }
}
