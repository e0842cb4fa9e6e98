//! From a [`Letter`] to the bytes of a mail.

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};

use crate::text;

use super::{Letter, MailError, SettingsError, SmtpSettings};

/// Who writes all the letters.
pub(super) struct Sender {
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Sender {
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        let from = text::envelope(&settings.from).parse().map_err(|_| SettingsError::From)?;
        let from = Mailbox::new(name(settings.from_name.as_deref()), from);
        let reply_to = match &settings.reply_to {
            Some(address) => {
                Some(Mailbox::new(None, text::envelope(address).parse().map_err(|_| SettingsError::ReplyTo)?))
            }
            None => None,
        };
        Ok(Self { from, reply_to })
    }

    pub(super) fn message(&self, letter: &Letter) -> Result<Message, MailError> {
        let to = text::envelope(&letter.to).parse().map_err(|_| MailError::Address)?;
        let mut builder: MessageBuilder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name(letter.to_name.as_deref()), to))
            .subject(one_line(&letter.subject))
            .message_id(None)
            .header(ContentType::TEXT_PLAIN);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let mut message = builder.body(letter.body.clone()).map_err(|_| MailError::Unfit)?;
        // Keeps holiday answers from coming back, and from being answered in turn.
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(auto, "auto-generated".to_owned()));
        Ok(message)
    }
}

fn name(name: Option<&str>) -> Option<String> {
    name.map(one_line).filter(|name| !name.is_empty())
}

/// A line break in a header would begin another header.
fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(blank).collect::<String>().trim().to_owned()
}
