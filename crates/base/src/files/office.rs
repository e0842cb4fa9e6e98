//! Office documents: zip files of XML parts. Only the list of parts, the list of types and the
//! relationships are read, each within a limit; nothing else is ever unpacked.

use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{Kind, Refusal};

const MAX_PARTS: usize = 10_000;
const MAX_UNPACKED: u64 = 512 << 20;
/// Below this a high ratio is only a table with many empty cells.
const SMALL: u64 = 64 << 20;
const MAX_RATIO: u64 = 200;
/// Of one list that is read.
const MAX_LIST: u64 = 4 << 20;
/// Of all lists that are read.
const MAX_LISTS: u64 = 16 << 20;
/// Of one element in them; a relation has four, a type two.
const MAX_ATTRIBUTES: usize = 32;
/// Ends of packages inside the package, laid in unpacked; each may be tried as its own.
const MAX_ENDS: usize = 256;

type Package<'a> = ZipArchive<Cursor<&'a [u8]>>;

pub(super) fn sniff(whole: &[u8]) -> Result<Kind, Refusal> {
    count(whole)?;
    let mut package = ZipArchive::new(Cursor::new(whole)).map_err(|_| Refusal::Broken)?;
    let types = package.index_for_name("[Content_Types].xml").ok_or(Refusal::Unknown)?;
    check_size(&mut package, whole.len() as u64)?;
    check_names(&package)?;
    let mut budget = MAX_LISTS;
    let kind = kind_by_types(&read(&mut package, types, &mut budget)?)?;
    for index in relationship_lists(&package) {
        check_relationships(&read(&mut package, index, &mut budget)?)?;
    }
    Ok(kind)
}

/// The list of parts is counted before it is read: reading a million of them takes long, and much memory.
fn count(whole: &[u8]) -> Result<(), Refusal> {
    let (mut parts, mut ends) = (0, 0);
    for four in whole.windows(4) {
        match four {
            [b'P', b'K', 1, 2] => parts += 1,
            [b'P', b'K', 5, 6] | [b'P', b'K', 6, 6 | 7] => ends += 1,
            _ => {}
        }
    }
    // Packages laid in unpacked have lists of their own.
    if parts > 2 * MAX_PARTS || ends > MAX_ENDS { Err(Refusal::Bomb) } else { Ok(()) }
}

fn check_size(package: &mut Package<'_>, packed: u64) -> Result<(), Refusal> {
    if package.len() > MAX_PARTS {
        return Err(Refusal::Bomb);
    }
    let (mut unpacked, mut lying): (u64, u64) = (0, 0);
    for index in 0..package.len() {
        let part = package.by_index_raw(index).map_err(|_| Refusal::Broken)?;
        unpacked = unpacked.saturating_add(part.size());
        lying = lying.saturating_add(part.compressed_size());
    }
    // Parts that lie over each other would be unpacked as often as they are named.
    let bomb =
        lying > packed || unpacked > MAX_UNPACKED || (unpacked > SMALL && unpacked / packed > MAX_RATIO);
    if bomb { Err(Refusal::Bomb) } else { Ok(()) }
}

fn check_names(package: &Package<'_>) -> Result<(), Refusal> {
    let active = |name: &str| {
        let name = name.to_ascii_lowercase().replace('\\', "/");
        let last = name.rsplit('/').next().unwrap_or_default();
        last.starts_with("vbaproject")
            || last == "vbadata.xml"
            || name.contains("/macrosheets/")
            || name.contains("/activex/")
    };
    if package.file_names().any(active) { Err(Refusal::Macros) } else { Ok(()) }
}

fn relationship_lists(package: &Package<'_>) -> Vec<usize> {
    let is_list = |name: &str| name.to_ascii_lowercase().ends_with(".rels");
    (0..package.len()).filter(|&index| package.name_for_index(index).is_some_and(is_list)).collect()
}

fn read(package: &mut Package<'_>, index: usize, budget: &mut u64) -> Result<String, Refusal> {
    let part = package.by_index(index).map_err(|_| Refusal::Broken)?;
    let limit = MAX_LIST.min(*budget);
    let mut bytes = Vec::new();
    // The size written in the file may lie; what comes out is counted.
    part.take(limit + 1).read_to_end(&mut bytes).map_err(|_| Refusal::Broken)?;
    if bytes.len() as u64 > limit {
        return Err(Refusal::Bomb);
    }
    *budget -= bytes.len() as u64;
    String::from_utf8(bytes).map_err(|_| Refusal::Broken)
}

fn kind_by_types(xml: &str) -> Result<Kind, Refusal> {
    let mut kind = Err(Refusal::Unknown);
    each_element(xml, |element| {
        let Some(declared) = attribute(element, "ContentType")? else { return Ok(()) };
        let declared = declared.to_ascii_lowercase();
        if ["macroenabled", "vbaproject", "macrosheet", "activex"].iter().any(|word| declared.contains(word))
        {
            return Err(Refusal::Macros);
        }
        let main = declared.strip_prefix("application/vnd.openxmlformats-officedocument.");
        match main {
            Some("wordprocessingml.document.main+xml") => kind = Ok(Kind::Docx),
            Some("spreadsheetml.sheet.main+xml") => kind = Ok(Kind::Xlsx),
            Some("presentationml.presentation.main+xml" | "presentationml.slideshow.main+xml") => {
                kind = Ok(Kind::Pptx);
            }
            _ => {}
        }
        Ok(())
    })?;
    kind
}

fn check_relationships(xml: &str) -> Result<(), Refusal> {
    each_element(xml, |element| {
        let Some(relation) = attribute(element, "Type")? else { return Ok(()) };
        let relation = relation.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        if relation.starts_with("vbaproject") || relation == "xlmacrosheet" || relation == "control" {
            return Err(Refusal::Macros);
        }
        let outside =
            attribute(element, "TargetMode")?.is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
        let fetched =
            ["attachedtemplate", "oleobject", "frame", "subdocument", "afchunk"].contains(&relation.as_str());
        if outside && fetched && !is_on_own_disk(&attribute(element, "Target")?.unwrap_or_default()) {
            return Err(Refusal::ExternalTemplate);
        }
        Ok(())
    })
}

/// Word notes the template on the writer's own disk in every document made from one: on the
/// reader's machine that is at most a missing file, and refusing it would refuse every care plan.
fn is_on_own_disk(target: &str) -> bool {
    let path = target.strip_prefix("file:///").unwrap_or(target).as_bytes();
    matches!(path, [b'a'..=b'z' | b'A'..=b'Z', b':', b'\\' | b'/', ..])
}

fn each_element(
    xml: &str,
    mut look: impl FnMut(&BytesStart<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|_| Refusal::Broken)? {
            Event::Start(element) | Event::Empty(element) => look(&element)?,
            // Entities of its own could spell words that are looked for here.
            Event::DocType(_) => return Err(Refusal::Broken),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refusal> {
    let mut found = None;
    // Each attribute is compared with all before it.
    for (count, attribute) in element.attributes().enumerate() {
        let attribute = attribute.map_err(|_| Refusal::Broken)?;
        if count >= MAX_ATTRIBUTES {
            return Err(Refusal::Bomb);
        }
        if attribute.key.as_ref() == name.as_bytes() {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Refusal::Broken)?;
            found = Some(value.into_owned());
        }
    }
    Ok(found)
}
