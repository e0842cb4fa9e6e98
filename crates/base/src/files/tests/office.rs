use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn types(kind: &str) -> String {
    format!("<Types><Override PartName='/word/document.xml' ContentType='{kind}'/></Types>")
}

fn with_relationship(relationship: &str) -> Result<Kind, Refusal> {
    let list = format!("<Relationships>{relationship}</Relationships>");
    let parts = [("[Content_Types].xml", types(WORD)), ("word/_rels/settings.xml.rels", list)];
    sniff(&package(&parts.each_ref().map(|(name, text)| (*name, text.as_bytes()))))
}

#[test]
fn macros_are_refused_under_any_name() {
    assert_eq!(sniff(fixture!("macro.docm")), Err(Refusal::Macros));
    assert_eq!(sniff(fixture!("macro-renamed.docx")), Err(Refusal::Macros));

    let plain = types(WORD);
    for part in
        ["word/VBAPROJECT.BIN", "word\\vbaProject.bin", "xl/macrosheets/sheet1.xml", "word/activeX/a.bin"]
    {
        let bytes = package(&[("[Content_Types].xml", plain.as_bytes()), (part, b"x")]);
        assert_eq!(sniff(&bytes), Err(Refusal::Macros), "{part}");
    }
    let declared = types("application/vnd.ms-word.document.macroEnabled.main+xml");
    assert_eq!(sniff(&package(&[("[Content_Types].xml", declared.as_bytes())])), Err(Refusal::Macros));
    let hidden = "<Relationship Type='http://schemas.microsoft.com/office/2006/relationships/vbaProject' Target='x.bin'/>";
    assert_eq!(with_relationship(hidden), Err(Refusal::Macros));
}

#[test]
fn templates_from_elsewhere_are_refused() {
    assert_eq!(sniff(fixture!("template.docx")), Err(Refusal::ExternalTemplate));
    let attached = |kind: &str, target: &str| {
        with_relationship(&format!(
            "<r:Relationship Target='{target}' TargetMode='external' Type='x/{kind}'/>"
        ))
    };
    for target in [
        "https://evil.example/t.dotm",
        "file://server/share/t.dotm",
        r"\\server\share\t.dotm",
        r"file:///\\server\t.dotm",
        "mhtml:https://evil.example",
        "",
    ] {
        assert_eq!(attached("attachedTemplate", target), Err(Refusal::ExternalTemplate), "{target}");
    }
    assert_eq!(attached("oleObject", "https://evil.example/x"), Err(Refusal::ExternalTemplate));
    assert_eq!(
        attached("attached&#84;emplate", "&#104;ttps://evil.example/t"),
        Err(Refusal::ExternalTemplate),
        "spelt in character numbers"
    );
}

#[test]
fn links_and_templates_on_the_writers_disk_are_let_through() {
    assert_eq!(sniff(fixture!("link.docx")), Ok(Kind::Docx));
    assert_eq!(sniff(fixture!("local-template.docx")), Ok(Kind::Docx));
    assert_eq!(
        with_relationship("<Relationship Type='x/attachedTemplate' Target='t.dotx'/>"),
        Ok(Kind::Docx)
    );
}

#[test]
fn lists_that_hide_something_are_refused() {
    let entity =
        "<!DOCTYPE r [<!ENTITY t 'attachedTemplate'>]><Relationship Type='x/&t;' TargetMode='External'/>";
    assert_eq!(with_relationship(entity), Err(Refusal::Broken));
    assert_eq!(with_relationship("<Relationship Type='x/&t;' TargetMode='External'/>"), Err(Refusal::Broken));
    assert_eq!(with_relationship("<Relationship Type="), Err(Refusal::Broken));
    let utf16: Vec<u8> = types(WORD).encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(sniff(&package(&[("[Content_Types].xml", &utf16)])).is_err());
}

#[test]
fn other_packed_files_are_refused() {
    assert_eq!(sniff(&package(&[("holiday.jpg", b"x")])), Err(Refusal::Unknown));
    let template = types("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml");
    assert_eq!(sniff(&package(&[("[Content_Types].xml", template.as_bytes())])), Err(Refusal::Unknown));
    let whole = fixture!("plain.docx");
    assert_eq!(sniff(&whole[..whole.len() - 30]), Err(Refusal::Broken));
}

#[test]
fn what_unpacks_to_far_more_is_refused_unopened() {
    let plain = types(WORD);
    let zeroes = vec![0; 65 << 20];
    let bomb = package(&[("[Content_Types].xml", plain.as_bytes()), ("word/media/image1.png", &zeroes)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(sniff(&bomb), Err(Refusal::Bomb));

    let long = format!("{plain}{}", " ".repeat(5 << 20));
    assert_eq!(sniff(&package(&[("[Content_Types].xml", long.as_bytes())])), Err(Refusal::Bomb));

    let many: Vec<String> = (0..10_001).map(|number| number.to_string()).collect();
    let mut parts: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", plain.as_bytes())];
    parts.extend(many.iter().map(|name| (name.as_str(), b"".as_slice())));
    assert_eq!(sniff(&package(&parts)), Err(Refusal::Bomb));
}

#[test]
fn structure_is_counted_before_it_is_worked_through() {
    let begun = std::time::Instant::now();
    // An element of a hundred thousand attributes: each would be compared with all before it.
    let many = (0..100_000).map(|number| format!(" a{number}=\"\"")).collect::<String>();
    let relations = format!("<Relationships><Relationship{many} Type=\"x\"/></Relationships>");
    let types = types(WORD);
    let parts = [("[Content_Types].xml", types.as_bytes()), ("_rels/.rels", relations.as_bytes())];
    assert_eq!(sniff(&package(&parts)), Err(Refusal::Bomb));
    // A list of a million parts, of which none is there.
    let mut listed = package(&[("[Content_Types].xml", types.as_bytes())]);
    listed.extend(b"PK\x01\x02".repeat(1_000_000));
    assert_eq!(sniff(&listed), Err(Refusal::Bomb));
    // Ends of packages, each of which would be tried.
    let mut ended = package(&[("[Content_Types].xml", types.as_bytes())]);
    ended.extend(b"PK\x05\x06".repeat(100_000));
    assert_eq!(sniff(&ended), Err(Refusal::Bomb));
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
}
