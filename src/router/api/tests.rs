mod account;
mod document;
mod files;
mod places;
mod posts;
mod stream;
