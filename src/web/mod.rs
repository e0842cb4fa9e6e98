//! The hall: page shell, components and the files a browser needs.

pub mod assets;
pub mod errors;
pub mod hall;
#[cfg(debug_assertions)]
pub mod parts;
#[cfg(test)]
mod template_lint;
