//! Reads a page as somebody without scripts meets it: words, links, forms.

/// A piece of a page.
#[derive(Debug)]
pub enum Token<'p> {
    Open(&'p str, Attributes),
    Close(&'p str),
    Text(&'p str),
}

/// What stands in a tag.
#[derive(Clone, Debug, Default)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

/// The pieces of a page, in order.
pub fn tokens(page: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        if start > 0 {
            found.push(Token::Text(&rest[..start]));
        }
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let end = tag_end(rest);
        let inside = &rest[1..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        if let Some(name) = inside.strip_prefix('/') {
            found.push(Token::Close(name.trim()));
        } else if !inside.starts_with('!') {
            let (name, attributes) = inside.split_once(|c: char| c.is_whitespace()).unwrap_or((inside, ""));
            found.push(Token::Open(name.trim_end_matches('/'), read_attributes(attributes)));
        }
    }
    found.push(Token::Text(rest));
    found
}

/// Where the tag ends: a `>` that stands in no quotes.
fn tag_end(tag: &str) -> usize {
    let mut quoted = None;
    for (at, letter) in tag.char_indices() {
        match (quoted, letter) {
            (None, '>') => return at,
            (None, '"' | '\'') => quoted = Some(letter),
            (Some(mark), _) if mark == letter => quoted = None,
            _ => {}
        }
    }
    tag.len()
}

fn read_attributes(mut text: &str) -> Attributes {
    let mut found = Vec::new();
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = text.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(text.len());
        let name = &text[..end];
        if name.is_empty() {
            return Attributes(found);
        }
        text = &text[end..];
        let mut value = "";
        if let Some(rest) = text.strip_prefix('=') {
            let mark = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (taken, left) = match mark {
                Some(mark) => rest[1..].split_once(mark).unwrap_or((&rest[1..], "")),
                None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
            };
            (value, text) = (taken, left);
        }
        found.push((name.to_owned(), plain(value)));
    }
}

/// Text without its escapes.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some(end) = rest.find(';').filter(|end| *end < 10) else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        match letter(&rest[1..end]) {
            Some(letter) => out.push(letter),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out + rest
}

fn letter(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?),
    }
}

/// The words of a page, one line for each block, without what is only for machines.
pub fn words(page: &str) -> String {
    const INLINE: &[&str] =
        &["b", "span", "a", "small", "i", "em", "strong", "mark", "sup", "wbr", "svg", "use", "path"];
    let mut out = String::new();
    let mut muted = 0;
    for token in tokens(page) {
        match token {
            Token::Open("script" | "style" | "head", _) => muted += 1,
            Token::Close("script" | "style" | "head") => muted -= 1,
            Token::Open(name, _) | Token::Close(name) if !INLINE.contains(&name) => out.push('\n'),
            Token::Text(text) if muted == 0 => out.push_str(&plain(text)),
            _ => {}
        }
    }
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Links: where to, and their words.
pub fn links(page: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for token in tokens(page) {
        match token {
            Token::Open("a", attributes) => {
                open = attributes.has("href");
                if open {
                    found.push((attributes.text("href"), attributes.text("aria-label")));
                }
            }
            Token::Close("a") => open = false,
            Token::Text(text) if open => {
                if let Some((_, words)) = found.last_mut() {
                    words.push_str(&plain(text));
                }
            }
            _ => {}
        }
    }
    found
}

/// A form with everything in it.
#[derive(Debug, Default)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub multipart: bool,
    pub fields: Vec<Field>,
    pub buttons: Vec<Button>,
}

/// A field: its choices where it has some.
#[derive(Debug, Default)]
pub struct Field {
    pub name: String,
    pub kind: String,
    pub value: String,
    /// Sent unless somebody changes it.
    pub on: bool,
}

#[derive(Debug, Default)]
pub struct Button {
    pub words: String,
    pub name: String,
    pub value: String,
    pub action: Option<String>,
}

/// The forms of a page.
pub fn forms(page: &str) -> Vec<Form> {
    let mut reader = Reader::default();
    tokens(page).into_iter().for_each(|token| reader.take(token));
    reader.forms
}

#[derive(Default)]
struct Reader {
    forms: Vec<Form>,
    inside: bool,
    button: bool,
    area: bool,
    select: String,
}

impl Reader {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Open("form", attributes) => self.open(&attributes),
            Token::Close("form") => self.inside = false,
            _ if !self.inside => {}
            Token::Open("input", attributes) => self.input(&attributes),
            Token::Open("textarea", attributes) => {
                self.area = true;
                self.field("textarea", &attributes, String::new(), true);
            }
            Token::Close("textarea") => self.area = false,
            Token::Open("select", attributes) => self.select = attributes.text("name"),
            Token::Open("option", attributes) => self.option(&attributes),
            Token::Open("button", attributes) if attributes.get("type") != Some("button") => {
                self.press(&attributes)
            }
            Token::Close("button") => self.button = false,
            Token::Text(text) => self.text(&plain(text)),
            _ => {}
        }
    }

    fn form(&mut self) -> &mut Form {
        self.forms.last_mut().expect("inside a form")
    }

    fn open(&mut self, attributes: &Attributes) {
        self.inside = true;
        self.forms.push(Form {
            action: attributes.text("action"),
            method: attributes.get("method").unwrap_or("get").to_owned(),
            multipart: attributes.get("enctype") == Some("multipart/form-data"),
            ..Form::default()
        });
    }

    fn input(&mut self, attributes: &Attributes) {
        let kind = attributes.get("type").unwrap_or("text").to_owned();
        let choice = kind == "checkbox" || kind == "radio";
        let on = if choice { attributes.has("checked") } else { kind != "file" };
        let value = attributes.get("value").unwrap_or(if choice { "on" } else { "" }).to_owned();
        self.field(&kind, attributes, value, on);
    }

    fn field(&mut self, kind: &str, attributes: &Attributes, value: String, on: bool) {
        let name = attributes.text("name");
        if !name.is_empty() && !attributes.has("disabled") {
            self.form().fields.push(Field { name, kind: kind.to_owned(), value, on });
        }
    }

    fn option(&mut self, attributes: &Attributes) {
        let name = self.select.clone();
        let first = !self.form().fields.iter().any(|field| field.name == name);
        let selected = attributes.has("selected");
        if selected {
            self.form()
                .fields
                .iter_mut()
                .filter(|field| field.name == name)
                .for_each(|field| field.on = false);
        }
        let value = attributes.text("value");
        self.form().fields.push(Field { name, kind: "select".to_owned(), value, on: first || selected });
    }

    fn press(&mut self, attributes: &Attributes) {
        self.button = true;
        let (name, value) = (attributes.text("name"), attributes.text("value"));
        let action = attributes.get("formaction").map(str::to_owned);
        self.form().buttons.push(Button { words: attributes.text("aria-label"), name, value, action });
    }

    fn text(&mut self, text: &str) {
        if self.area {
            let field = self.form().fields.last_mut().expect("a text field");
            field.value.push_str(text.strip_prefix('\n').unwrap_or(text));
        } else if self.button {
            self.form().buttons.last_mut().expect("a button").words.push_str(text);
        }
    }
}

#[test]
fn a_page_is_read_as_people_meet_it() {
    let page = r##"<p>患者<b>さん</b></p><a href="/x?a=1&amp;b=2">次<svg><path d="a>b"/></svg>へ</a>
        <form method="post" action="/y"><input type="hidden" name="h" value="1"><input type="checkbox" name="c" value="2">
        <select name="s"><option value="">選ぶ</option><option value="q" selected>九</option></select>
        <textarea name="t">
&lt;そのまま&gt;</textarea><button name="go" value="on" formaction="/z">送る</button></form>"##;
    assert!(words(page).starts_with("患者さん"));
    assert_eq!(links(page), [("/x?a=1&b=2".to_owned(), "次へ".to_owned())]);
    let form = &forms(page)[0];
    let sent: Vec<_> =
        form.fields.iter().filter(|f| f.on).map(|f| (f.name.as_str(), f.value.as_str())).collect();
    assert_eq!(sent, [("h", "1"), ("s", "q"), ("t", "<そのまま>")]);
    assert_eq!((form.buttons[0].words.as_str(), form.buttons[0].action.as_deref()), ("送る", Some("/z")));
}
