//! A page of ours, with what was typed before in the fields of its form.

use super::Kept;
use crate::{Outcome, Trouble};
use askama::Template;
use lol_html::html_content::{ContentType, Element};
use lol_html::{HandlerResult, RewriteStrSettings, element, rewrite_str};
use std::cell::RefCell;
use std::collections::HashSet;

/// What stands above a page whose form was filled in.
#[derive(Template)]
#[template(path = "accounts/kept/notice.html")]
struct Notice<'k> {
    /// Where all of it can be read, if not everything found its field.
    alone: Option<&'k str>,
}

#[derive(Default)]
struct Filling {
    /// Inside the form that was sent: the first of its kind.
    inside: bool,
    found: bool,
    select: Option<String>,
    /// Which of the fields have found their place.
    placed: HashSet<usize>,
}

impl Filling {
    /// Whether this is the form that was sent; of several the first.
    fn form(&mut self, kept: &Kept, form: &Element) {
        let page = || kept.from.split('?').next().unwrap_or_default().to_owned();
        let action = form.get_attribute("action").unwrap_or_else(page);
        let post = form.get_attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        self.inside = post && !self.found && action.split('?').next() == Some(&kept.path);
        self.found |= self.inside;
    }

    /// The next value of a field of this name.
    fn next<'k>(&mut self, kept: &'k Kept, name: &str) -> Option<&'k str> {
        let mut same = kept.fields.iter().enumerate().filter(|(_, (own, _))| own == name);
        let (place, (_, value)) = same.find(|(place, _)| !self.placed.contains(place))?;
        self.placed.insert(place);
        Some(value)
    }

    /// Whether this value of a choice was sent.
    fn chosen(&mut self, kept: &Kept, name: &str, value: &str) -> bool {
        let found = kept.fields.iter().position(|(own, sent)| own == name && sent == value);
        self.placed.extend(found);
        found.is_some()
    }

    /// What the page brings itself: it is not typed.
    fn own(&mut self, kept: &Kept, name: &str) {
        let same = kept.fields.iter().enumerate().filter(|(_, (own, _))| own == name);
        self.placed.extend(same.map(|(place, _)| place));
    }

    fn input(&mut self, kept: &Kept, field: &mut Element) -> HandlerResult {
        let name = field.get_attribute("name").unwrap_or_default();
        let kind = field.get_attribute("type").unwrap_or_default();
        match kind.as_str() {
            "hidden" => self.own(kept, &name),
            "password" | "submit" | "button" | "image" | "file" | "reset" => {}
            "checkbox" | "radio" => {
                let value = field.get_attribute("value").unwrap_or_else(|| "on".to_owned());
                if self.chosen(kept, &name, &value) {
                    field.set_attribute("checked", "")?;
                } else {
                    field.remove_attribute("checked");
                }
            }
            _ => {
                if let Some(value) = self.next(kept, &name) {
                    field.set_attribute("value", value)?;
                }
            }
        }
        Ok(())
    }

    fn textarea(&mut self, kept: &Kept, field: &mut Element) {
        let name = field.get_attribute("name").unwrap_or_default();
        if let Some(value) = self.next(kept, &name) {
            // The first line break of a text field is not part of it.
            field.set_inner_content(&format!("\n{value}"), ContentType::Text);
        }
    }

    fn option(&mut self, kept: &Kept, field: &mut Element) -> HandlerResult {
        let (Some(name), Some(value)) = (self.select.clone(), field.get_attribute("value")) else {
            return Ok(());
        };
        if !kept.fields.iter().any(|(own, _)| *own == name) {
            return Ok(());
        }
        if self.chosen(kept, &name, &value) {
            field.set_attribute("selected", "")?;
        } else {
            field.remove_attribute("selected");
        }
        Ok(())
    }

    /// Whether something typed has found no field.
    fn is_short(&self, kept: &Kept) -> bool {
        let left = kept.fields.iter().enumerate().filter(|(place, _)| !self.placed.contains(place));
        left.into_iter().any(|(_, (_, value))| !value.trim().is_empty())
    }
}

/// The page filled in; `None` when the form does not stand there. `alone`: where all that was typed can be read.
pub fn fill(html: &str, kept: &Kept, alone: &str) -> Outcome<Option<String>> {
    let state = RefCell::new(Filling::default());
    let filled = filled(html, kept, &state)?;
    let state = state.into_inner();
    if !state.found {
        return Ok(None);
    }
    let notice = Notice { alone: state.is_short(kept).then_some(alone) }.render().map_err(Trouble::broken)?;
    let place = element!("#status", |place| {
        place.prepend(&notice, ContentType::Html);
        Ok(())
    });
    let settings = RewriteStrSettings::new().append_element_content_handler(place);
    rewrite_str(&filled, settings).map(Some).map_err(Trouble::broken)
}

fn filled(html: &str, kept: &Kept, state: &RefCell<Filling>) -> Outcome<String> {
    let within = |act: &mut dyn FnMut(&mut Filling) -> HandlerResult| {
        let mut state = state.borrow_mut();
        if state.inside { act(&mut state) } else { Ok(()) }
    };
    let handlers = [
        element!("form", |form| {
            state.borrow_mut().form(kept, form);
            Ok(())
        }),
        element!("input", |field| within(&mut |state| state.input(kept, field))),
        element!("button[name]", |field| within(&mut |state| {
            state.own(kept, &field.get_attribute("name").unwrap_or_default());
            Ok(())
        })),
        element!("textarea", |field| within(&mut |state| {
            state.textarea(kept, field);
            Ok(())
        })),
        element!("select", |field| within(&mut |state| {
            state.select = field.get_attribute("name");
            Ok(())
        })),
        element!("option", |field| within(&mut |state| state.option(kept, field))),
    ];
    let settings = handlers
        .into_iter()
        .fold(RewriteStrSettings::new(), RewriteStrSettings::append_element_content_handler);
    rewrite_str(html, settings).map_err(Trouble::broken)
}
