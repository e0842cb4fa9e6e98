//! Reads every template: what the content security policy forbids, what shuts people out, and who may do
//! what (that is asked of the law, never in a template).

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Text that no template may hold, and why.
const NEVER: [(&str, &str); 9] = [
    (" style=", "the policy forbids inline style"),
    ("<style", "the policy forbids inline style"),
    (" hx-on", "the policy forbids inline code"),
    ("javascript:", "the policy forbids inline code"),
    (" hx-boost", "pages are loaded whole"),
    ("Role::", "a template never names a role"),
    ("Profession::", "a template never names a role"),
    ("is_manager", "a template never names a role"),
    ("is_nurse", "a template never names a role"),
];

/// A file that the operator prints: no policy of ours stands over it, and paper has a size.
const PRINTED: &str = "src/program/keys/sheet.html";

#[test]
fn templates_keep_the_rules() {
    let mut wrong = Vec::new();
    let files = templates(Path::new("src")).expect("src can be read");
    assert!(files.len() > 10, "the lint found only {} templates", files.len());
    for path in files {
        let mut text = fs::read_to_string(&path).expect("a template is UTF-8");
        if path.ends_with(PRINTED) {
            text = text.replacen("<style>", "", 1);
        }
        wrong.extend(mistakes(&text).into_iter().map(|words| format!("{}: {words}", path.display())));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn templates(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(templates(&path)?);
        } else if path.extension().is_some_and(|kind| kind == "html") {
            found.push(path);
        }
    }
    Ok(found)
}

fn mistakes(text: &str) -> Vec<String> {
    let mut wrong: Vec<String> = Vec::new();
    for (never, why) in NEVER.iter().filter(|(never, _)| text.contains(never)) {
        wrong.push(format!("{never:?}: {why}"));
    }
    if text.lines().count() > 120 {
        wrong.push("longer than 120 lines".to_owned());
    }
    for tag in tags(text) {
        wrong.extend(tag_mistake(tag).map(|words| format!("{words}: <{tag}>")));
    }
    for form in text.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or("");
        let head = form.split('>').next().unwrap_or("");
        if form.contains("f::") && head.contains("post") && !head.contains("novalidate") {
            wrong.push("a form with fields speaks our words: novalidate".to_owned());
        }
    }
    wrong
}

/// The inside of every opening tag. An expression may hold `>`; it is blanked first.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter(|part| part.starts_with(|first: char| first.is_ascii_lowercase())).map(
        |part| {
            let mut depth = 0_i32;
            let end = part.bytes().zip(part.bytes().skip(1).chain([0])).position(|(one, two)| {
                depth += i32::from(one == b'{' && matches!(two, b'{' | b'%'));
                depth -= i32::from(matches!(one, b'}' | b'%') && two == b'}');
                one == b'>' && depth <= 0
            });
            &part[..end.unwrap_or(part.len())]
        },
    )
}

fn tag_mistake(tag: &str) -> Option<&'static str> {
    if tag.starts_with("img") && !tag.contains(" alt=") {
        return Some("a picture without words");
    }
    if tag
        .split("tabindex=\"")
        .nth(1)
        .is_some_and(|value| value.starts_with(|n: char| ('1'..='9').contains(&n)))
    {
        return Some("the order of the page is the order of the keys");
    }
    let handler = tag.split(" on").skip(1).any(|rest| {
        let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        !name.is_empty() && rest[name.len()..].starts_with('=')
    });
    handler.then_some("the policy forbids inline code")
}

#[test]
fn the_lint_sees_what_it_is_for() {
    for bad in [
        "<p style=\"x\">",
        "<img src=\"a\">",
        "<a tabindex=\"2\">",
        "<button type=\"button\" onclick=\"x()\">",
        "<div hx-on:click=\"x\">",
        "{% if role == Role::Manager %}",
        "<form method=\"post\">{{ f::field(1) }}</form>",
    ] {
        assert!(!mistakes(bad).is_empty(), "{bad}");
    }
    for good in [
        "<img src=\"a\" alt=\"\">",
        "<main tabindex=\"-1\">",
        "<i{% if a > 1 %} hidden{% endif %}>",
        "<form method=\"post\" novalidate>{{ f::field(1) }}</form>",
    ] {
        assert_eq!(mistakes(good), Vec::<String>::new(), "{good}");
    }
}
