//! Names every file under `static/` by its content and packs it, so that the binary can serve it for a year.
//!
//! `static/css/app.css` becomes `/static/app-3f9c01ab24.css` and the constant `assets::CSS_APP`.
//! A release packs as small as it can (brotli 11, gzip 9); a debug build packs quickly. Packs the postal codes too.

#[path = "data/pack.rs"]
mod postal;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=data");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    postal::pack(Path::new("data/postal.csv.gz"), &out.join("postal.bin"))?;
    let small = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let mut constants = String::new();
    let mut rows = String::new();
    for path in files(Path::new("static"))? {
        println!("cargo::rerun-if-changed={}", path.display());
        let Some(media) = media_type(&path) else { continue };
        let asset = Asset::pack(&path, &out, small)?;
        asset.write_constant(&mut constants);
        asset.write_row(media, &mut rows);
    }
    let text = format!("{constants}\npub(super) static FILES: &[File] = &[\n{rows}];\n");
    fs::write(out.join("assets.rs"), text)
}

/// All files below `folder`, in a steady order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `None` for files that stand in the folder but are not served (licences).
fn media_type(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        // Not the licences beside the scripts of others.
        "txt" if shelf(path) == "text" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

struct Asset {
    /// `CSS_APP`: folder and stem.
    constant: String,
    /// `app-3f9c01ab24.css`
    name: String,
    raw: PathBuf,
    gzip: Option<PathBuf>,
    brotli: Option<PathBuf>,
}

impl Asset {
    fn pack(path: &Path, out: &Path, small: bool) -> io::Result<Asset> {
        let bytes = fs::read(path)?;
        let hash = ring::digest::digest(&ring::digest::SHA256, &bytes);
        let hash = hash.as_ref().iter().take(5).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        let part = |name: Option<&std::ffi::OsStr>| name.and_then(|n| n.to_str()).unwrap_or("").to_owned();
        let (stem, kind) = (part(path.file_stem()), part(path.extension()));
        let stem = stem.trim_end_matches(".min");
        let name = format!("{stem}-{hash}.{kind}");
        let packable = kind != "png";
        let gzip = packable.then(|| gzip(&bytes, &out.join(format!("{name}.gz")), small)).transpose()?;
        let brotli =
            (packable && small).then(|| brotli(&bytes, &out.join(format!("{name}.br")))).transpose()?;
        let constant = format!("{}_{stem}", shelf(path)).to_uppercase().replace(['-', '.'], "_");
        Ok(Asset { constant, name, raw: fs::canonicalize(path)?, gzip, brotli })
    }

    fn write_constant(&self, text: &mut String) {
        let (constant, name) = (&self.constant, &self.name);
        let _ = writeln!(
            text,
            "/// Where a page finds this file.\npub const {constant}: &str = \"/static/{name}\";"
        );
    }

    fn write_row(&self, media: &str, text: &mut String) {
        let packed = |path: &Option<PathBuf>| match path {
            Some(path) => format!("Some(include_bytes!({path:?}))"),
            None => "None".to_owned(),
        };
        let (name, raw) = (&self.name, &self.raw);
        let (gzip, brotli) = (packed(&self.gzip), packed(&self.brotli));
        let _ = writeln!(
            text,
            "File {{ name: {name:?}, media: {media:?}, raw: include_bytes!({raw:?}), gzip: {gzip}, brotli: {brotli} }},"
        );
    }
}

/// The first word of the constant: scripts of others count as scripts.
fn shelf(path: &Path) -> &'static str {
    match path.parent().and_then(|folder| folder.file_name()).and_then(|name| name.to_str()) {
        Some("css") => "css",
        Some("js" | "vendor") => "js",
        Some("text") => "text",
        _ => "icon",
    }
}

fn gzip(bytes: &[u8], to: &Path, small: bool) -> io::Result<PathBuf> {
    let level = if small { flate2::Compression::best() } else { flate2::Compression::fast() };
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), level);
    packer.write_all(bytes)?;
    fs::write(to, packer.finish()?)?;
    Ok(to.to_owned())
}

fn brotli(bytes: &[u8], to: &Path) -> io::Result<PathBuf> {
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &settings)?;
    fs::write(to, packed)?;
    Ok(to.to_owned())
}
