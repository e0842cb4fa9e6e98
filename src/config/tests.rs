use super::{Database, Sources, plan};

fn with(pairs: &[(&str, &str)]) -> Sources {
    let flags: Vec<_> = pairs.iter().map(|(name, value)| (*name, Some((*value).to_owned()))).collect();
    Sources::gather(&flags, |_| None, None).unwrap()
}

#[test]
fn a_data_folder_is_enough() {
    let plan = plan(&with(&[("TASUKI_DATA", "/srv/tasuki")]), false).unwrap_or_else(|w| panic!("{w:?}"));
    assert!(matches!(&plan.database, Database::Lite(file) if file.starts_with("/srv/tasuki")));
    assert_eq!(plan.keyring.to_string(), "/srv/tasuki.keyring");
    assert_eq!(plan.master.to_str(), Some("/srv/tasuki.key"));
    assert!(!plan.config.secure);
}

#[test]
fn contradictions_stop_the_start_all_at_once() {
    let sources = with(&[
        ("TASUKI_SMTP_URL", "smtp://localhost"),
        ("TASUKI_LISTEN", "0.0.0.0:80"),
        ("DATABASE_URL", "mysql://x"),
        ("TASUKI_NATS_URL", "http://x"),
    ]);
    let wrong = plan(&sources, false).err().unwrap();
    assert_eq!(wrong.len(), 4, "{wrong:?}");
}

#[test]
fn a_keyring_in_a_bucket_wants_a_key_of_its_own() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ring = ("TASUKI_KEYRING", "s3://keys/tasuki");
    let door = [("TASUKI_KEYRING_S3_KEY", "a"), ("TASUKI_KEYRING_S3_SECRET", "b")];
    let backups = [("TASUKI_BACKUP_S3_KEY", "a"), ("TASUKI_BACKUP_S3_SECRET", "b")];
    let place = |pairs: &[(&str, &str)]| plan(&with(pairs), false).map(|plan| plan.keyring.to_string());
    assert_eq!(place(&[ring, door[0], door[1]]), Ok("s3://keys/tasuki".to_owned()));
    for wrong in [&[ring][..], &[ring, door[0]], &[ring, backups[0], backups[1]]] {
        assert_eq!(place(wrong).map_err(|wrong| wrong.len()), Err(1), "{wrong:?}");
    }
}

#[test]
fn the_epoch_turns_by_night_only_beside_a_copy_of_the_keys() {
    let nightly = |more: &[(&str, &str)]| {
        let pairs = [&[("TASUKI_DATA", "/srv/tasuki")], more].concat();
        plan(&with(&pairs), false).map(|plan| plan.config.nightly_turn)
    };
    assert_eq!(nightly(&[]), Ok(false));
    let copy = ("TASUKI_KEYS_COPY", "/mnt/keys");
    assert_eq!(nightly(&[copy]), Ok(false));
    assert_eq!(nightly(&[copy, ("TASUKI_NIGHTLY_TURN", "on")]), Ok(true));
    assert_eq!(nightly(&[copy, ("TASUKI_NIGHTLY_TURN", "off")]), Ok(false));
    for wrong in [
        &[("TASUKI_NIGHTLY_TURN", "on")][..],
        &[copy, ("TASUKI_NIGHTLY_TURN", "yes")],
        &[("TASUKI_KEYS_COPY", "/srv/tasuki/keys")],
        &[("TASUKI_KEYS_COPY", "/srv/tasuki.keyring")],
        &[("TASUKI_KEYS_COPY", "s3://copies/keys")],
        &[copy, ("TASUKI_COPY_TO", "/mnt/far"), ("TASUKI_COPY_KEYS_TO", "/mnt/keys")],
    ] {
        assert_eq!(nightly(wrong).map_err(|wrong| wrong.len()), Err(1), "{wrong:?}");
    }
}

#[test]
fn the_command_line_comes_before_the_environment() {
    let flags = [("TASUKI_NAME", Some("a".to_owned())), ("TASUKI_URL", None)];
    let environment = |name: &str| (name != "TASUKI_DATA").then(|| "https://b".to_owned());
    let sources = Sources::gather(&flags, environment, None).unwrap();
    assert_eq!((sources.get("TASUKI_NAME"), sources.get("TASUKI_URL")), (Some("a"), Some("https://b")));
}
