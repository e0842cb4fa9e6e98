use super::*;

const PLACE: &[u8] = b"+35.6812+139.7671/";

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    contains(bytes, words)
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len() + 8).unwrap().to_be_bytes().to_vec();
    bytes.extend_from_slice(kind);
    bytes.extend_from_slice(body);
    bytes
}

/// A box of 32-bit numbers.
fn numbers(kind: &[u8; 4], numbers: &[u32]) -> Vec<u8> {
    boxed(kind, &numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<_>>())
}

fn header() -> Vec<u8> {
    let mut head = [0; 25];
    (head[3], head[4]) = (600, 1500);
    numbers(b"mvhd", &head)
}

fn handler(kind: &[u8; 4]) -> Vec<u8> {
    numbers(b"hdlr", &[0, 0, u32::from_be_bytes(*kind), 0, 0, 0])
}

/// A picture track of 640 × 480, turned on its side when asked.
fn picture_track(turned: bool, more: &[u8]) -> Vec<u8> {
    let one = 1 << 16;
    let matrix = if turned { [0, one, 0, one, 0, 0, 0, 0, one] } else { [one, 0, 0, 0, one, 0, 0, 0, one] };
    let mut head = vec![0; 10];
    head.extend(matrix);
    head.extend([640 << 16, 480 << 16]);
    let media = boxed(b"mdia", &handler(b"vide"));
    boxed(b"trak", &[numbers(b"tkhd", &head), media, more.to_vec()].concat())
}

/// A track of positions whose samples lie at `offset`, `sizes` long, all in one chunk.
fn position_track(offset: u32, sizes: &[u32]) -> Vec<u8> {
    let count = u32::try_from(sizes.len()).unwrap();
    let mut stsz = vec![0, 0, count];
    stsz.extend(sizes);
    let table =
        [numbers(b"stco", &[0, 1, offset]), numbers(b"stsc", &[0, 1, 1, count, 1]), numbers(b"stsz", &stsz)];
    let table = boxed(b"minf", &boxed(b"stbl", &table.concat()));
    boxed(b"trak", &boxed(b"mdia", &[handler(b"meta"), table].concat()))
}

/// A film with `mdat` in front, so that offsets into it are known: its body begins at 28.
fn film(mdat: &[u8], movie: &[Vec<u8>]) -> Vec<u8> {
    let first = boxed(b"ftyp", b"qt  \0\0\0\0qt  ");
    [first, boxed(b"mdat", mdat), boxed(b"moov", &movie.concat())].concat()
}

#[test]
fn phone_films_lose_their_place_and_keep_their_length() {
    for (original, millis) in [(fixture!("film.mp4"), 500), (fixture!("film.mov"), 500)] {
        assert!(holds(original, PLACE) && holds(original, b"Fixture"), "the fixture must have a place");
        let mut bytes = original.to_vec();
        let film = blank_locations(&mut bytes).unwrap();
        assert_eq!((film.millis, film.size), (Some(millis), Some((64, 48))));
        assert!(film.blanked >= 1);
        assert_eq!(bytes.len(), original.len());
        for words in [PLACE, b"Fixture", b"loci", b"\xA9xyz", b"ISO6709"] {
            assert!(!holds(&bytes, words), "{:?} remains", String::from_utf8_lossy(words));
        }
        let mdat = original.windows(4).position(|four| four == b"mdat").unwrap();
        let length = u32::from_be_bytes(original[mdat - 4..mdat].try_into().unwrap()) as usize;
        assert_eq!(bytes[mdat - 4..mdat - 4 + length], original[mdat - 4..mdat - 4 + length], "the pictures");

        let again = blank_locations(&mut bytes.clone()).unwrap();
        assert_eq!(again, Film { blanked: 0, ..film }, "twice is once");
    }
}

#[test]
fn places_are_found_at_every_level_and_in_free_space() {
    let user_data = boxed(b"udta", &boxed(b"\xA9xyz", &[b"\0\x12\x15\xC7", PLACE].concat()));
    let loci = boxed(b"udta", &boxed(b"loci", PLACE));
    let mut bytes =
        film(b"pictures", &[header(), picture_track(false, &loci), user_data, boxed(b"gps ", PLACE)]);
    bytes.extend(boxed(b"uuid", PLACE));
    bytes.extend(boxed(b"skip", PLACE));
    let before = bytes.clone();
    let found = blank_locations(&mut bytes).unwrap();
    assert_eq!(found, Film { blanked: 5, millis: Some(2500), size: Some((640, 480)) });
    assert!(!holds(&bytes, &PLACE[..4]));
    assert_eq!(bytes.len(), before.len());
    assert_eq!(bytes.windows(4).filter(|four| *four == b"free").count(), 4);
}

#[test]
fn a_track_of_positions_goes_with_its_samples() {
    let mdat = [b"picture one ", PLACE, PLACE, b" picture two"].concat();
    let length = u32::try_from(PLACE.len()).unwrap();
    let mut bytes =
        film(&mdat, &[header(), picture_track(false, b""), position_track(40, &[length, length])]);
    let found = blank_locations(&mut bytes).unwrap();
    assert_eq!(found.blanked, 2, "the track and its samples");
    assert!(!holds(&bytes, &PLACE[..4]) && !holds(&bytes, b"stco"));
    assert!(holds(&bytes, b"picture one \0") && holds(&bytes, b"\0 picture two"));
}

#[test]
fn a_film_on_its_side_is_measured_upright() {
    let mut bytes = film(b"", &[header(), picture_track(true, b"")]);
    assert_eq!(blank_locations(&mut bytes).unwrap().size, Some((480, 640)));
}

#[test]
fn broken_films_are_refused_and_left_as_they_were() {
    let place = boxed(b"udta", PLACE);
    let track = || picture_track(false, b"");
    let far = position_track(1_000_000, &[8]);
    let too_much = position_track(28, &[u32::MAX, u32::MAX]);
    let in_pieces = [header(), track(), position_track(28, &[4]), boxed(b"mvex", b"")];
    let two_movies = [film(b"", &[header()]), boxed(b"moov", &header())].concat();
    let no_handler = boxed(b"trak", &boxed(b"mdia", b""));
    for bytes in [
        boxed(b"ftyp", b"qt  "),
        [boxed(b"ftyp", b"qt  "), b"\0\0\0\x40moov".to_vec()].concat(),
        film(b"pictures", &[place.clone(), header(), far]),
        film(b"pictures", &[place.clone(), header(), too_much]),
        film(b"pictures", &in_pieces),
        film(b"", &[place, header(), no_handler]),
        film(b"", &[boxed(b"mvhd", b"")]),
        film(b"", &[header(), b"\0\0\0\x07udta".to_vec()]),
        two_movies,
    ] {
        let mut changed = bytes.clone();
        assert_eq!(blank_locations(&mut changed), Err(Refusal::Broken));
        assert_eq!(changed, bytes);
    }
}

#[test]
fn long_boxes_and_open_ended_ones_are_understood() {
    let mut long = 1_u32.to_be_bytes().to_vec();
    long.extend_from_slice(b"uuid");
    long.extend_from_slice(&(16 + PLACE.len() as u64).to_be_bytes());
    long.extend_from_slice(PLACE);
    let mut bytes = [film(b"", &[header(), picture_track(false, b"")]), long].concat();
    bytes.extend_from_slice(b"\0\0\0\0XMP_");
    bytes.extend_from_slice(PLACE);
    assert_eq!(blank_locations(&mut bytes).unwrap().blanked, 2);
    assert!(!holds(&bytes, &PLACE[..4]));
}

#[test]
fn damaged_films_never_panic_or_change_when_refused() {
    let mdat = [PLACE, PLACE].concat();
    let whole =
        film(&mdat, &[header(), picture_track(true, &boxed(b"udta", PLACE)), position_track(28, &[18, 18])]);
    let mut dice = Dice(0xDEAD_BEEF_CAFE_F00D);
    let (mut taken, mut refused) = (0, 0);
    for original in [whole.as_slice(), fixture!("film.mp4"), fixture!("film.mov")] {
        for _ in 0..3000 {
            let damaged = dice.damage(original);
            let mut bytes = damaged.clone();
            if blank_locations(&mut bytes).is_err() {
                assert_eq!(bytes, damaged);
                refused += 1;
            } else {
                assert_eq!(bytes.len(), damaged.len());
                taken += 1;
            }
        }
    }
    assert!(taken > 100 && refused > 100, "{taken} taken and {refused} refused prove little");
}

#[test]
fn tracks_that_tell_of_the_same_samples_cost_what_one_costs() {
    let mdat = vec![7; 8 << 20];
    let track = || position_track(100, &[4 << 20]);
    let honest = film(&mdat, &[header(), picture_track(false, &[]), track()]);
    let sly = film(
        &mdat,
        &[header(), picture_track(false, &[])]
            .into_iter()
            .chain((0..60).map(|_| track()))
            .collect::<Vec<_>>(),
    );
    let time = |file: &[u8]| {
        let mut bytes = file.to_vec();
        let begun = std::time::Instant::now();
        blank_locations(&mut bytes).unwrap();
        begun.elapsed()
    };
    let (one, sixty) = (time(&honest), time(&sly));
    assert!(sixty < 8 * one + std::time::Duration::from_millis(200), "{sixty:?}, honestly {one:?}");
}

#[test]
fn more_tracks_than_any_film_has_are_refused_before_they_are_looked_at() {
    for count in [65, 9000] {
        let tracks = (0..count).map(|_| position_track(100, &[1000]));
        let parts = [header(), picture_track(false, &[])].into_iter().chain(tracks).collect::<Vec<_>>();
        let mut bytes = film(&[7; 5000], &parts);
        let before = bytes.clone();
        assert!(blank_locations(&mut bytes).is_err());
        assert!(bytes == before);
    }
}
