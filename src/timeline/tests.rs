use crate::testing::World;
use tasuki_law::nouns::PostId;
use tasuki_value::{DAY, HOUR, MINUTE};

#[tokio::test]
async fn a_post_is_written_confirmed_and_shown() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("まだ投稿はありません") && page.has("投稿を書く"), "{}", page.text());

    let (draft, digest) = nurse.confirmed(group, "14時訪問。体温36.8℃。\n皮膚は落ち着いています。").await;
    let confirm = nurse.get(&format!("{draft}/confirmation")).await.expect(200);
    assert!(confirm.has("この内容で投稿する") && confirm.has("体温36.8℃"));
    assert!(world.posts("saeki", group).await.is_empty(), "nothing is posted before the confirmation");

    let posted = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303);
    assert!(posted.location().starts_with(&format!("/groups/{group}?done=posted#p-")));

    let mut doctor = world.visit("saeki").await;
    let page = doctor.get(&format!("/groups/{group}")).await.expect(200);
    for words in [
        "森山 みどり",
        "看護師・あおぞら在宅クリニック",
        "体温36.8℃",
        "令和8年11月20日（金）",
        "09:00",
        "0人が了解",
    ] {
        assert!(page.has(words), "{words} in {}", page.text());
    }
    assert!(page.has("ここから新しい投稿") && page.has("id=\"unread\""));
    assert!(
        doctor.get(&format!("/groups/{group}")).await.expect(200).has("ここから新しい投稿"),
        "a look reads nothing"
    );
    assert_eq!(world.unread("saeki", group).await, 1);
    let told = doctor.read_on(group).await;
    assert!(told.has("ここまで読んだことを記録しました") && !told.has("ここから新しい投稿"));
    assert_eq!(world.unread("saeki", group).await, 0);
    world.close().await;
}

#[tokio::test]
async fn outsiders_and_nobody_find_nothing() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let post = nurse.write_post(group, "申し送り").await;
    let (draft, digest) = nurse.confirmed(group, "下書き").await;
    let timeline = world.posts("moriyama", group).await[0].id;
    assert_eq!(timeline, post);

    let mut mori = world.visit("mori").await;
    let mut nobody = world.stranger();
    for path in [
        format!("/groups/{group}"),
        format!("/groups/{group}/compose"),
        draft.clone(),
        format!("{draft}/confirmation"),
        format!("/posts/{post}"),
        format!("/posts/{post}/edit"),
        format!("/posts/{post}/history"),
        format!("/posts/{post}/removal"),
        format!("/posts/{post}/acknowledgements"),
    ] {
        assert!(!mori.get(&path).await.expect(404).has("申し送り"), "{path}");
        assert!(nobody.get(&path).await.expect(303).location().starts_with("/sign-in"), "{path}");
    }
    for (path, fields) in [
        (draft.clone(), vec![("body", "x")]),
        (format!("{draft}/post"), vec![("digest", digest.as_str())]),
        (format!("/posts/{post}/edit"), vec![("body", "x")]),
        (format!("/posts/{post}/removal"), vec![]),
        (format!("/posts/{post}/acknowledgement"), vec![]),
    ] {
        let _ = mori.post(&path, &fields).await.expect(404);
        let _ = nobody.post(&path, &fields).await.expect(401);
    }
    // A colleague reads the post, yet not another's draft.
    let mut doctor = world.visit("saeki").await;
    let _ = doctor.get(&format!("/posts/{post}")).await.expect(200);
    let _ = doctor.get(&draft).await.expect(404);
    let _ = doctor.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(404);
    let unknown = PostId(uuid::Uuid::from_u128(1));
    let _ = mori.get(&format!("/posts/{unknown}")).await.expect(404);
    let _ = mori.get("/posts/nonsense").await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn the_same_draft_posted_twice_is_one_post() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let (draft, digest) = nurse.confirmed(group, "一度だけ").await;
    let url = format!("{draft}/post");
    let (mut phone, mut desk) = (world.visit("moriyama").await, world.visit("moriyama").await);
    let fields = [("digest", digest.as_str())];
    let (one, two) = tokio::join!(phone.post(&url, &fields), desk.post(&url, &fields));
    let one = one.expect(303).location();
    assert_eq!(one, two.expect(303).location());
    assert_eq!(one, nurse.post(&url, &fields).await.expect(303).location());
    assert_eq!(world.posts("saeki", group).await.len(), 1);

    // Other words under the same key are refused, and the draft does not come to life again.
    let other = [("digest", &*"0".repeat(64))];
    let _ = nurse.post(&url, &other).await.expect(403);
    let _ = nurse.post(&draft, &[("body", "あとから")]).await.expect(204);
    assert!(nurse.get(&draft).await.expect(303).location().contains("#p-"));
    assert_eq!(world.posts("saeki", group).await[0].text, "一度だけ");
    world.close().await;
}

#[tokio::test]
async fn what_was_confirmed_is_what_is_posted() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let (draft, digest) = nurse.confirmed(group, "見て確かめた内容").await;
    let _ = nurse.post(&draft, &[("body", "ほかの画面で変えた内容")]).await.expect(204);
    let again = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303);
    assert_eq!(again.location(), format!("{draft}/confirmation?done=draft_changed"));
    let page = nurse.get(&again.location()).await.expect(200);
    assert!(page.has("下書きがほかの画面で変わりました") && page.has("ほかの画面で変えた内容"));
    assert!(world.posts("moriyama", group).await.is_empty());
    let _ = nurse.post(&format!("{draft}/post"), &[("digest", "nonsense")]).await.expect(400);
    world.close().await;
}

#[tokio::test]
async fn the_script_gets_the_post_itself() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let (draft, digest) = nurse.confirmed(group, "<b>そのまま</b>").await;
    let body = format!("digest={digest}").into_bytes();
    let form = [("content-type", "application/x-www-form-urlencoded"), ("hx-request", "true")];
    let answer = nurse.send_with(axum::http::Method::POST, &format!("{draft}/post"), &form, body).await;
    let answer = answer.expect(200);
    let text = answer.text();
    assert!(text.trim_start().starts_with("<article class=\"post\" id=\"p-"), "{text}");
    assert!(text.contains("data-own") && text.contains("&#60;b&#62;そのまま"), "{text}");
    world.close().await;
}

#[tokio::test]
async fn two_people_post_at_once() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (mut one, mut two) = (world.visit("moriyama").await, world.visit("kiyono").await);
    let (draft_one, digest_one) = one.confirmed(group, "一人目").await;
    let (draft_two, digest_two) = two.confirmed(group, "二人目").await;
    let (url_one, url_two) = (format!("{draft_one}/post"), format!("{draft_two}/post"));
    let (fields_one, fields_two) = ([("digest", digest_one.as_str())], [("digest", digest_two.as_str())]);
    let (a, b) = tokio::join!(one.post(&url_one, &fields_one), two.post(&url_two, &fields_two));
    let _ = (a.expect(303), b.expect(303));
    let posts = world.posts("saeki", group).await;
    assert_eq!(posts.iter().map(|post| post.seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(world.unread("saeki", group).await, 2);
    assert_eq!((world.unread("moriyama", group).await, world.unread("kiyono", group).await), (1, 1));
    world.close().await;
}

#[tokio::test]
async fn ones_own_posts_are_never_unread() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    nurse.write_post(group, "1").await;
    nurse.write_post(group, "2").await;
    assert_eq!((world.unread("moriyama", group).await, world.unread("saeki", group).await), (0, 2));
    // The doctor answers without having read: one's own is not counted, the nurse's two still are.
    doctor.write_post(group, "3").await;
    assert_eq!((world.unread("moriyama", group).await, world.unread("saeki", group).await), (1, 2));
    nurse.write_post(group, "4").await;
    assert_eq!((world.unread("moriyama", group).await, world.unread("saeki", group).await), (1, 3));
    doctor.write_post(group, "5").await;
    assert_eq!(world.unread("saeki", group).await, 3);
    // The line stands above the first post of somebody else, and saying so reads all.
    let page = doctor.get(&format!("/groups/{group}")).await.expect(200).text();
    let line = page.find("ここから新しい投稿").expect("a line");
    assert!(line < page.find("data-seq=\"1\"").expect("the first"));
    doctor.read_on(group).await;
    assert_eq!(world.unread("saeki", group).await, 0);
    assert_eq!(world.unread("moriyama", group).await, 2);
    // Read up to a post in the middle: own ones behind it stay uncounted.
    doctor.write_post(group, "6").await;
    nurse.write_post(group, "7").await;
    let timeline = nurse.get(&format!("/groups/{group}")).await.expect(200);
    let timeline = timeline.between("data-read-url=\"", "\"").expect("an address");
    world.later(MINUTE);
    doctor.write_post(group, "8").await;
    let _ = nurse.post(&timeline, &[("seq", "99999")]).await.expect(303);
    assert_eq!(world.unread("moriyama", group).await, 0);
    doctor.write_post(group, "9").await;
    assert_eq!(world.unread("moriyama", group).await, 1, "reading ahead of the newest post reads nothing");
    let _ = nurse.post(&timeline, &[("seq", "1")]).await.expect(303);
    assert_eq!(world.unread("moriyama", group).await, 1, "reading never goes back");
    let _ = world.visit("mori").await.post(&timeline, &[("seq", "9")]).await.expect(404);
    let _ = nurse.post(&timeline, &[("seq", "x")]).await.expect(400);
    world.close().await;
}

#[tokio::test]
async fn a_newcomer_reads_back_and_has_nothing_unread() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "多職種の会", &["moriyama"]).await;
    let mut doctor = world.visit("saeki").await;
    for number in 1..=65 {
        doctor.write_post(group, &format!("投稿{number}です")).await;
    }
    let (account, seat) = (world.account("tsuda"), world.seat("tsuda"));
    world
        .house
        .write(move |tx| {
            let role = tasuki_law::nouns::MemberRole::Member;
            crate::groups::actions::lock(tx, group)?;
            crate::groups::actions::join(tx, group, account, seat, role, None)
        })
        .await
        .expect("joins");
    let mut tsuda = world.visit("tsuda").await;
    assert_eq!(world.unread("tsuda", group).await, 0);
    let page = tsuda.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("投稿65です") && page.has("投稿36です") && !page.has("投稿35です"));
    assert!(page.has(&format!("/groups/{group}?before=36")) && page.has("前の投稿を見る（30件）"));
    let page = tsuda.get(&format!("/groups/{group}?before=36")).await.expect(200);
    assert!(
        page.has("投稿35です") && page.has("投稿6です") && !page.has("投稿36です") && !page.has("投稿5です")
    );
    assert!(page.has("前の投稿を見る（5件）") && !page.has("data-stream"));
    let page = tsuda.get(&format!("/groups/{group}?before=6")).await.expect(200);
    assert!(page.has("投稿1です") && !page.has("id=\"older\""));

    // Sixty-five unread: the page begins before the first of them and goes on with a button.
    let mut nurse = world.visit("moriyama").await;
    assert_eq!(world.unread("moriyama", group).await, 65);
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("投稿1です") && page.has("ここから新しい投稿") && page.has("続きの投稿を見る（30件）"));
    assert!(!page.has("data-stream"), "a page that does not reach the end hears nothing new");
    assert_eq!(world.unread("moriyama", group).await, 65);
    // Without script the next page is what says that this one was read.
    let url = page.between("class=\"more\" method=\"post\" action=\"", "\"").expect("a form");
    let on = nurse.post(&url, &[("seq", "25"), ("on", "1")]).await.expect(303).location();
    assert_eq!(on, format!("/groups/{group}?after=25"));
    assert_eq!(world.unread("moriyama", group).await, 40);
    let page = nurse.get(&on).await.expect(200);
    assert!(page.has("投稿26です") && page.has("投稿55です"));
    world.close().await;
}

#[tokio::test]
async fn bad_text_comes_back_with_words() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    assert_eq!(nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location(), draft);
    for (body, words) in [
        (" \n ".to_owned(), "本文を書くか"),
        ("外字\u{e000}".to_owned(), "外字は使えません"),
        ("あ".repeat(10_001), "10,000文字まで"),
    ] {
        let answer = nurse.post(&draft, &[("body", &body), ("go", "confirmation")]).await.expect(422);
        assert!(answer.has(words) && answer.has(body.trim()), "{words}");
        assert_eq!(nurse.get(&format!("{draft}/confirmation")).await.expect(303).location(), draft);
    }
    // Kept by itself, without a word about what is wrong: nothing typed is lost.
    let _ = nurse.post(&draft, &[("body", "とちゅうまで①½錠")]).await.expect(204);
    assert!(nurse.get(&draft).await.expect(200).has("とちゅうまで①½錠"));
    assert!(nurse.get(&format!("/groups/{group}")).await.expect(200).has("下書きの続きを書く"));
    let family = "👨‍👩‍👧".repeat(5_000);
    let saved = nurse.post(&draft, &[("body", &family), ("go", "confirmation")]).await;
    let _ = saved.expect(303);
    world.close().await;
}

#[tokio::test]
async fn a_correction_keeps_what_stood_before() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let post = nurse.write_post(group, "往診は11月28日です").await;
    world.later(10 * MINUTE);
    let form = nurse.get(&format!("/posts/{post}/edit")).await.expect(200);
    assert!(form.has("往診は11月28日です</textarea>"));
    let answer = nurse.post(&format!("/posts/{post}/edit"), &[("body", " ")]).await.expect(422);
    assert!(answer.has("本文を書くか"));
    let _ = nurse.post(&format!("/posts/{post}/edit"), &[("body", "往診は11月29日です")]).await.expect(303);
    let page = doctor.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("29日です") && !page.has("28日です") && page.has("編集済み 09:10"));
    let history = doctor.get(&format!("/posts/{post}/history")).await.expect(200);
    assert!(history.has("29日です") && history.has("28日です") && history.has("令和8年11月20日（金） 09:10"));
    assert!(!history.has("post-foot") && !history.has("履歴を見る"), "the post is quoted");
    // Nobody corrects another's words, an administrator neither.
    let _ = doctor.get(&format!("/posts/{post}/edit")).await.expect(403);
    let _ = doctor.post(&format!("/posts/{post}/edit"), &[("body", "x")]).await.expect(403);
    // The same words again change nothing.
    let rev = world.posts("saeki", group).await[0].rev;
    let _ = nurse.post(&format!("/posts/{post}/edit"), &[("body", "往診は11月29日です")]).await.expect(303);
    assert_eq!(world.posts("saeki", group).await[0].rev, rev);
    world.later(DAY);
    let _ = nurse.post(&format!("/posts/{post}/edit"), &[("body", "往診は中止です")]).await;
    world.close().await;
}

#[tokio::test]
async fn a_post_taken_back_leaves_a_mark() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama", "kiyono"]).await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let (mine, also) =
        (nurse.write_post(group, "まちがい一つ目").await, nurse.write_post(group, "まちがい二つ目").await);
    let theirs = doctor.write_post(group, "先生の投稿").await;
    let page = nurse.get(&format!("/posts/{mine}/removal")).await.expect(200);
    assert!(!page.has("取り違え"), "only an administrator erases");
    assert!(page.has("まちがい一つ目") && !page.has("post-foot") && !page.has("post-menu"), "a quotation");
    let _ = nurse.post(&format!("/posts/{mine}/removal"), &[("reason", "書き間違い")]).await.expect(303);
    let _ = nurse.post(&format!("/posts/{theirs}/removal"), &[]).await.expect(403);
    let _ = nurse.post(&format!("/posts/{also}/removal"), &[("how", "wrong_patient")]).await.expect(403);
    let _ = world.visit("kiyono").await.post(&format!("/posts/{also}/removal"), &[]).await.expect(403);
    let _ = doctor.post(&format!("/posts/{also}/removal"), &[("how", "hide")]).await.expect(303);
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("この投稿は取り消されました（森山 みどり、11/20 09:00）"));
    assert!(page.has("この投稿は取り消されました（佐伯 健一、11/20 09:00）"));
    assert!(!page.has("まちがい") && page.has("先生の投稿"));
    for gone in [mine, also] {
        assert!(!doctor.get(&format!("/posts/{gone}")).await.expect(200).has("まちがい"));
        assert!(!doctor.get(&format!("/posts/{gone}/history")).await.expect(200).has("まちがい"));
        let _ = nurse.post(&format!("/posts/{gone}/edit"), &[("body", "x")]).await.expect(403);
        let _ = nurse.post(&format!("/posts/{gone}/acknowledgement"), &[]).await.expect(403);
        let _ = nurse.post(&format!("/posts/{gone}/removal"), &[]).await.expect(403);
    }
    let answer = doctor.post(&format!("/posts/{theirs}/removal"), &[("reason", &"あ".repeat(201))]).await;
    assert!(answer.expect(422).has("200文字まで"));
    world.close().await;
}

#[tokio::test]
async fn the_wrong_patients_post_is_erased() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let post = nurse.write_post(group, "別の方の様子").await;
    let _ = nurse.post(&format!("/posts/{post}/edit"), &[("body", "別の方の様子、追記")]).await.expect(303);
    let page = doctor.get(&format!("/posts/{post}/removal")).await.expect(200);
    assert!(page.has("患者さんの取り違え"));
    // Hidden first, erased then: an administrator may do so later too.
    let _ = nurse.post(&format!("/posts/{post}/removal"), &[]).await.expect(303);
    let _ = doctor.post(&format!("/posts/{post}/removal"), &[("how", "wrong_patient")]).await.expect(303);
    let _ = doctor.post(&format!("/posts/{post}/removal"), &[("how", "wrong_patient")]).await.expect(403);
    let (body, versions) = world
        .house
        .read(move |tx| Ok((super::store::body(tx, post)?, super::store::versions(tx, post)?)))
        .await
        .expect("a look");
    assert!(body.is_empty() && versions.is_empty());
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("この投稿は取り消されました（佐伯 健一"));
    world.close().await;
}

#[tokio::test]
async fn nothing_is_accepted_from_who_was_taken_out() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let mut nurse = world.visit("moriyama").await;
    let earlier = nurse.write_post(group, "前の投稿").await;
    let (draft, digest) = nurse.confirmed(group, "間に合わない投稿").await;
    world.take_out("saeki", group, "moriyama").await;
    let _ = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(404);
    let _ = nurse.get(&draft).await.expect(404);
    let _ = nurse.get(&format!("/groups/{group}")).await.expect(404);
    let _ = nurse.post(&format!("/posts/{earlier}/removal"), &[]).await.expect(404);
    // What was posted before stays, with the name.
    let mut doctor = world.visit("saeki").await;
    let page = doctor.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("前の投稿") && page.has("森山 みどり") && !page.has("間に合わない"));
    world.close().await;
}

#[tokio::test]
async fn consent_opens_and_shuts_a_patients_place() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let group = world.group_of(patient).await;
    let mut nurse = world.visit("moriyama").await;
    // Nothing is shared before consent: the page says what is missing, and nothing is taken.
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(
        page.has("患者さんの同意を記録してください")
            && page.has(&format!("/patients/{patient}/consents/new"))
    );
    assert!(!page.has(&format!("/groups/{group}/compose")));
    assert!(page.has("急ぎのときは電話してください") && page.has(&format!("/patients/{patient}/phones")));
    let refused = nurse.get(&format!("/groups/{group}/compose")).await.expect(403);
    assert!(refused.has("同意がまだ記録されていません"));

    world.consent("saeki", patient).await;
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("投稿を書く") && !page.has("同意がまだ"));
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    assert!(nurse.get(&draft).await.expect(200).has("患者さん・ご家族には見えません"));
    let post = nurse.write_post(group, "14時訪問").await;
    let (draft, digest) = nurse.confirmed(group, "撤回のあとに送る投稿").await;

    world.withdraw_consent("saeki", patient).await;
    let refused = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(403);
    assert!(refused.has("同意が撤回された"));
    let _ = nurse.get(&format!("{draft}/confirmation")).await.expect(403);
    let _ = nurse.post(&format!("/posts/{post}/edit"), &[("body", "x")]).await.expect(403);
    let files = [("draft", draft.trim_start_matches("/drafts/")), ("name", "a.jpg"), ("size", "10")];
    let _ = nurse.post(&format!("/groups/{group}/uploads"), &files).await.expect(403);
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("同意が撤回された") && page.has("14時訪問") && !page.has("撤回のあと"));
    // What was typed is not lost, only not posted; and a mistake can still be mended.
    let kept = nurse.get(&draft).await.expect(200);
    assert!(kept.has("撤回のあとに送る投稿") && !kept.has("確認へ進む</button>"));
    let _ = nurse.post(&draft, &[("body", "続き")]).await.expect(204);
    let _ = nurse.post(&format!("/posts/{post}/removal"), &[]).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn members_of_other_facilities_read_only_with_consent() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let group = world.group_of(patient).await;
    world.consent("saeki", patient).await;
    let (account, seat) = (world.account("yamada"), world.seat("yamada"));
    let joined = world.house.write(move |tx| {
        crate::groups::actions::lock(tx, group)?;
        let role = tasuki_law::nouns::MemberRole::Member;
        crate::groups::actions::join(tx, group, account, seat, role, None)
    });
    joined.await.expect("joins");
    let (mut nurse, mut manager) = (world.visit("moriyama").await, world.visit("yamada").await);
    nurse.write_post(group, "左かかとの発赤").await;
    assert!(manager.get(&format!("/groups/{group}")).await.expect(200).has("左かかとの発赤"));
    nurse.write_post(group, "軟膏を続けます").await;
    let home = manager.get("/").await.expect(200);
    assert!(home.has("岡田 久恵さん") && home.has("森山: 軟膏を続けます"), "{}", home.text());

    world.withdraw_consent("saeki", patient).await;
    let _ = manager.get(&format!("/groups/{group}")).await.expect(403);
    let home = manager.get("/").await.expect(200);
    assert!(home.has("同意撤回") && !home.has("軟膏"), "{}", home.text());
    assert!(!manager.get("/?unread").await.expect(200).has("岡田"));
    // The originating facility goes on reading.
    assert!(world.visit("saeki").await.get(&format!("/groups/{group}")).await.expect(200).has("軟膏"));
    world.close().await;
}

#[tokio::test]
async fn a_look_at_a_patients_timeline_is_on_the_record() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let group = world.group_of(patient).await;
    world.settle().await;
    let mut nurse = world.visit("moriyama").await;
    let count = async || {
        let read = world.house.read(|tx| {
            let nil = tasuki_law::nouns::EventId(uuid::Uuid::nil());
            Ok(crate::audit::store::unchained(tx, nil, 1000)?)
        });
        read.await.expect("events").len()
    };
    let before = count().await;
    let _ = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert_eq!(count().await, before + 1, "written before the answer");
    let _ = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert_eq!(count().await, before + 1, "and once in a while only");
    let _ = world.visit("mori").await.get(&format!("/groups/{group}")).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn photos_come_along_and_are_shown_to_members_alone() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    let photo =
        nurse.send_file(group, &draft, "kakato.jpg", include_bytes!("../../tests/fixtures/photo.jpg")).await;
    let page = nurse.get(&draft).await.expect(200);
    assert!(page.has("kakato.jpg") && page.has(&format!("data-uploads=\"/groups/{group}/uploads\"")));
    let _ = nurse.get(&format!("{draft}/files/{photo}")).await.expect(200);
    let _ = world.visit("saeki").await.get(&format!("{draft}/files/{photo}")).await.expect(404);

    // A photo alone is a post; the digest covers it.
    let saved = nurse.post(&draft, &[("body", ""), ("go", "confirmation")]).await.expect(303);
    let confirm = nurse.get(&saved.location()).await.expect(200);
    assert!(confirm.has(&format!("{draft}/files/{photo}")));
    let digest = confirm.between("name=\"digest\" value=\"", "\"").expect("a digest");
    let more =
        nurse.send_file(group, &draft, "ato.jpg", include_bytes!("../../tests/fixtures/photo.jpg")).await;
    let again = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303);
    assert!(again.location().ends_with("done=draft_changed"), "one more file than was confirmed");
    let _ = nurse.post(&draft, &[("body", ""), ("remove", &more.to_string())]).await.expect(303);
    let posted = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303).location();
    let post = posted.split_once("#p-").expect("a post").1.to_owned();

    let mut doctor = world.visit("saeki").await;
    let page = doctor.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has(&format!("/posts/{post}/files/{photo}/thumb")));
    assert!(page.has("写真1/1（森山 みどり、11月20日 09:00）"));
    assert!(doctor.get("/").await.expect(200).has("森山: 写真・ファイル1件"));
    let file = format!("/posts/{post}/files/{photo}");
    for path in [file.clone(), format!("{file}/thumb")] {
        let answer = doctor.get(&path).await.expect(200);
        assert_eq!(answer.headers["content-type"], "image/jpeg");
        let _ = world.visit("mori").await.get(&path).await.expect(404);
        let _ = nurse.get(&path.replace(&post, &photo.to_string())).await.expect(404);
    }
    assert!(doctor.get(&format!("{file}/view")).await.expect(200).has("写真1/1"));
    let _ = nurse.post(&draft, &[("body", "あとから")]).await.expect(204);
    let form = [("draft", draft.trim_start_matches("/drafts/")), ("name", "b.jpg"), ("size", "9")];
    let _ = nurse.post(&format!("/groups/{group}/uploads"), &form).await.expect(403);

    // Taken back, the photo is gone from sight with the words.
    let _ = nurse.post(&format!("/posts/{post}/removal"), &[]).await.expect(303);
    let _ = doctor.get(&file).await.expect(404);
    world.settle().await;
    world.close_with_leftovers();
}

#[tokio::test]
async fn a_form_without_script_brings_its_files() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    let mut body = Vec::new();
    for (name, value) in [("go", "confirmation"), ("body", "写真を添えます")] {
        body.extend(
            format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, bytes) in [
        ("a.jpg", include_bytes!("../../tests/fixtures/photo.jpg").as_slice()),
        ("b.heic", include_bytes!("../../tests/fixtures/photo.heic").as_slice()),
    ] {
        let head = "--cut\r\ncontent-disposition: form-data; name=\"files\"; filename=";
        body.extend(format!("{head}\"{name}\"\r\ncontent-type: image/jpeg\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--cut--\r\n");
    let kind = "multipart/form-data; boundary=cut";
    let answer = nurse.send(axum::http::Method::POST, &draft, kind, body).await;
    let answer = answer.expect(422);
    assert!(
        answer.has("b.heic") && answer.has("写真を添えます"),
        "the bad file is named, nothing typed is lost"
    );
    assert!(answer.has("<b>a.jpg</b>"));
    let saved = nurse.post(&draft, &[("body", "写真を添えます"), ("go", "confirmation")]).await.expect(303);
    assert!(nurse.get(&saved.location()).await.expect(200).has("写真を添えます"));
    world.settle().await;
    world.close_with_leftovers();
}

#[tokio::test]
async fn the_line_of_new_posts_stays_where_it_was_and_nothing_is_read_by_looking() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    for number in 1..=4 {
        nurse.write_post(group, &format!("投稿{number}です")).await;
    }
    let here = format!("/groups/{group}");
    for _ in 0..3 {
        // The line breaks before it is shown, or the page is opened by something that is no person.
        assert!(doctor.get(&here).await.expect(200).has("ここから新しい投稿"));
        assert_eq!(world.unread("saeki", group).await, 4);
    }
    world.settle().await;
    world.later(10 * MINUTE);
    world.settle().await;
    assert_eq!(
        world.mails().await.iter().filter(|letter| letter.to == "saeki@example.jp").count(),
        1,
        "told by mail"
    );
    // Seen by the page's script; loaded again, the line is where it was.
    let page = doctor.get(&here).await.expect(200);
    let url = page.between("data-read-url=\"", "\"").expect("an address");
    assert_eq!(page.between("data-read=\"", "\"").as_deref(), Some("0"));
    let body = b"seq=4".to_vec();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-requested-with", "fetch")];
    doctor.send_with(axum::http::Method::POST, &url, &headers, body).await.expect(204);
    assert_eq!(world.unread("saeki", group).await, 0);
    let again = doctor.get(&format!("{here}?new=0")).await.expect(200);
    assert!(again.has("ここから新しい投稿") && !again.has("ここまで読みました"));
    assert!(!doctor.get(&here).await.expect(200).has("ここから新しい投稿"));
    world.later(2 * HOUR);
    let late = world.visit("saeki").await.get(&format!("{here}?new=0")).await.expect(200);
    assert!(!late.has("ここから新しい投稿"), "an address of this morning shows what is new now");
    world.close().await;
}

#[tokio::test]
async fn without_script_an_acknowledgement_says_that_it_was_read() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let mut posts = Vec::new();
    for number in 1..=3 {
        posts.push(nurse.write_post(group, &format!("投稿{number}です")).await);
    }
    let url = format!("/posts/{}/acknowledgement", posts[1]);
    doctor.post(&url, &[("want", "on")]).await.expect(303);
    assert_eq!(world.unread("saeki", group).await, 1);
    world.close().await;
}

#[tokio::test]
async fn a_draft_that_would_be_cut_is_not_said_to_be_kept() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    let whole = format!("{}末尾", "あ".repeat(19_998));
    nurse.post(&draft, &[("body", &whole)]).await.expect(204);
    assert!(nurse.get(&draft).await.expect(200).has("末尾"));
    for letters in [20_001, 25_000, 47_000] {
        let told = nurse.post(&draft, &[("body", &"い".repeat(letters))]).await.expect(422);
        assert!(told.has("長すぎて"));
        assert!(nurse.get(&draft).await.expect(200).has("末尾"), "what was kept stays");
    }
    world.close().await;
}
