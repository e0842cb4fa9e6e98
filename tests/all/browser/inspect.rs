//! What every page is held to: axe, targets, no sideways scroll, spaced text.

use super::window::Window;

const AXE: &str = include_str!("axe.min.js");

/// Bars that float over content confuse the colour check; they are made to stand before it runs.
const STILL: &str = "for (const one of document.querySelectorAll('*')) {
  const position = getComputedStyle(one).position;
  if (position === 'sticky' || position === 'fixed') one.style.position = 'static';
}";

const RUN: &str = "return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(found => found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160)).join(' | ')));";

const SIDEWAYS: &str = "return document.documentElement.scrollWidth > innerWidth + 1
  ? [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 5).map(e => e.tagName + '.' + e.className) : [];";

/// 44 px, unless the link stands inside running text.
const SMALL: &str = "return [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(e => {
  const box = e.getBoundingClientRect();
  if (!box.width || !box.height || e.type === 'hidden' || e.closest('.vh, .skip, [hidden]')) return false;
  if (getComputedStyle(e).visibility === 'hidden') return false;
  const label = e.closest('label') || (e.id && document.querySelector(`label[for=\"${e.id}\"]`));
  const area = label && (e.type === 'checkbox' || e.type === 'radio') ? label.getBoundingClientRect() : box;
  const running = e.tagName === 'A' && e.parentElement && /^(P|LI|DD|TD|SPAN|DIV|SMALL|B)$/.test(e.parentElement.tagName)
    && getComputedStyle(e).display === 'inline';
  const after = getComputedStyle(e, '::after');
  const reach = after.position === 'absolute' ? parseFloat(after.height) || 0 : 0;
  return !running && (Math.max(area.height, reach) < 43.5 || area.width < 43.5);
}).slice(0, 8).map(e => e.outerHTML.slice(0, 140) + ' ' + Math.round(e.getBoundingClientRect().width) + 'x' + Math.round(e.getBoundingClientRect().height));";

/// Everything wrong with the page in the window, as sentences.
pub async fn faults(window: &Window) -> Vec<String> {
    let mut found = Vec::new();
    let title = window.ask("return document.title").await;
    let headings = window.ask("return document.querySelectorAll('h1').length").await;
    if headings != 1 {
        found.push(format!("{headings} h1 on {title}"));
    }
    found.extend(list(window.ask(SMALL).await).into_iter().map(|one| format!("small target: {one}")));
    for width in [320, 1280, 390] {
        window.size(width, 844).await;
        let wide = list(window.ask(SIDEWAYS).await);
        found.extend(wide.into_iter().map(|one| format!("sideways at {width}: {one}")));
    }
    window.ask("document.documentElement.dataset.big = document.documentElement.dataset.size; document.documentElement.dataset.size = 'xl'").await;
    let wide = list(window.ask(SIDEWAYS).await);
    found.extend(wide.into_iter().map(|one| format!("sideways in the largest letters: {one}")));
    window.ask("document.documentElement.dataset.size = document.documentElement.dataset.big").await;
    window.ask(AXE).await;
    window.ask(STILL).await;
    found.extend(list(window.ask(RUN).await).into_iter().map(|one| format!("axe: {one}")));
    found
}

fn list(value: serde_json::Value) -> Vec<String> {
    let items = value.as_array().cloned().unwrap_or_default();
    items.into_iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
}
