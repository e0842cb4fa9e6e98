mod account;
mod document;
