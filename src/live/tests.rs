use super::desk::Desk;
use super::line::{Call, Line, Story};
use super::look::{Ask, look};
use crate::events::Topic;
use crate::testing::{Heard, World};
use crate::web::handover::Heir;
use std::sync::Arc;
use tasuki_law::nouns::{EventKind, GroupId, TimelineId};
use tasuki_value::HOUR;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn an_open_page_hears_posts_corrections_removals_and_acknowledgements() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let (mut heard, ..) = doctor.opened(group).await;
    assert!(heard.is_silent().await);

    let post = nurse.write_post(group, "14時訪問").await;
    world.settle().await;
    let told = heard.next().await.expect("a post");
    assert_eq!((told.event.as_str(), told.id.as_str()), ("post", "1"));
    assert!(told.data.starts_with(&format!("<article class=\"post\" id=\"p-{post}\"")), "{}", told.data);
    assert!(told.data.contains("14時訪問") && !told.data.contains("data-own"));
    assert!(told.data.contains("data-day-words=\"令和8年11月20日（金）\""));

    let _ =
        world.visit("kiyono").await.post(&format!("/posts/{post}/acknowledgement"), &[("want", "on")]).await;
    world.settle().await;
    let told = heard.next().await.expect("an acknowledgement");
    assert!(
        told.id == "2" && told.data.contains("1人が了解") && told.data.contains("aria-pressed=\"false\"")
    );

    let _ = nurse.post(&format!("/posts/{post}/edit"), &[("body", "15時訪問")]).await.expect(303);
    world.settle().await;
    assert!(heard.next().await.expect("a correction").data.contains("編集済み"));

    let _ = nurse.post(&format!("/posts/{post}/removal"), &[]).await.expect(303);
    world.settle().await;
    let told = heard.next().await.expect("a removal");
    assert!(told.data.contains("post-gone") && !told.data.contains("15時"));
    assert!(heard.is_silent().await);
    world.close().await;
}

#[tokio::test]
async fn a_broken_line_goes_on_where_it_was() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let first = nurse.write_post(group, "一つ目").await;
    let (heard, stream, rev) = doctor.opened(group).await;
    assert_eq!(rev, "1");
    drop(heard);
    nurse.write_post(group, "二つ目").await;
    let gone = nurse.write_post(group, "三つ目").await;
    let _ = nurse.post(&format!("/posts/{first}/edit"), &[("body", "一つ目、直し")]).await.expect(303);
    let _ = nurse.post(&format!("/posts/{gone}/removal"), &[]).await.expect(303);
    world.settle().await;
    // By what the page was drawn with, and by what the browser heard last.
    for (path, headers) in
        [(format!("{stream}?rev=1"), vec![]), (format!("{stream}?rev=0"), vec![("last-event-id", "1")])]
    {
        let mut heard = doctor.listen(&path, &headers).await;
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(heard.next().await.expect("what was missed"));
        }
        assert_eq!(all.iter().map(|told| told.id.as_str()).collect::<Vec<_>>(), ["2", "4", "5"]);
        assert!(all[0].data.contains("二つ目") && all[1].data.contains("一つ目、直し"));
        assert!(all[2].data.contains("post-gone"));
        assert!(heard.is_silent().await);
    }
    // Who missed a great deal draws the page anew.
    for number in 0..101 {
        nurse.write_post(group, &format!("{number}")).await;
    }
    let told = doctor.listen(&format!("{stream}?rev=1"), &[]).await.next().await.expect("a word");
    assert_eq!((told.event.as_str(), told.id.as_str()), ("reload", "106"));
    world.close().await;
}

#[tokio::test]
async fn outsiders_and_nobody_never_hear_a_stream() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut doctor = world.visit("saeki").await;
    let (_heard, stream, _) = doctor.opened(group).await;
    let (status, _) = world.visit("mori").await.stream(&stream, &[]).await;
    assert_eq!(status.as_u16(), 404);
    let (status, _) = world.stranger().stream(&stream, &[]).await;
    assert_eq!(status.as_u16(), 401);
    let (status, _) = world.stranger().stream("/events", &[]).await;
    assert_eq!(status.as_u16(), 401);
    // Mori's own stream hears nothing of the other workplace.
    let mut mori = world.visit("mori").await.listen("/events", &[]).await;
    assert_eq!(mori.next().await.expect("counts").event, "count");
    while !mori.is_silent().await {}
    doctor.write_post(group, "院内の話").await;
    world.settle().await;
    assert!(mori.is_silent().await);
    world.close().await;
}

#[tokio::test]
async fn the_stream_of_who_is_taken_out_ends_at_once() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama", "kiyono"]).await;
    world.settle().await;
    let (mut nurse, mut other) = (world.visit("moriyama").await, world.visit("kiyono").await);
    let (mut heard, stream, _) = nurse.opened(group).await;
    let (mut stays, ..) = other.opened(group).await;
    let mut home = nurse.listen("/events", &[]).await;
    while !home.is_silent().await {}
    world.take_out("saeki", group, "moriyama").await;
    let mut doctor = world.visit("saeki").await;
    doctor.write_post(group, "あとの話").await;
    world.settle().await;
    assert_eq!(heard.next().await.expect("a word").event, "gone");
    assert_eq!(heard.next().await, None);
    let lost = home.next().await.expect("a place lost").json();
    assert_eq!((lost["group"].as_str(), lost["gone"].as_bool()), (Some(&*group.to_string()), Some(true)));
    let (status, _) = nurse.stream(&stream, &[]).await;
    assert_eq!(status.as_u16(), 404);
    assert!(stays.next().await.expect("the post").data.contains("あとの話"));
    // Nothing is left listening for a page that went.
    drop((heard, stays, home));
    assert_eq!(world.house.relay.hub().listeners(Topic::Page(group)), 0);
    world.close().await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let (mut heard, ..) = nurse.opened(group).await;
    let mut home = nurse.listen("/events", &[]).await;
    while !home.is_silent().await {}
    let _ = nurse.post("/sign-out", &[]).await.expect(303);
    world.settle().await;
    assert_eq!(heard.next().await.expect("a word").event, "gone");
    assert_eq!(home.next().await, None);

    // And when the session has grown old, however busy the stream is.
    let mut doctor = world.visit("saeki").await;
    let (mut heard, ..) = doctor.opened(group).await;
    world.later(9 * HOUR);
    world.visit("kiyono").await.write_post(group, "夕方の話").await;
    world.settle().await;
    assert_eq!(heard.next().await.expect("a word").event, "gone");
    world.close().await;
}

#[tokio::test]
async fn lists_hear_of_new_posts_in_every_place() {
    let world = World::with_cast().await;
    let (work, group) =
        (world.workplace("aozora").await, world.free_group("saeki", "勉強会", &["moriyama"]).await);
    world.settle().await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let mut heard = doctor.listen("/events", &[]).await;
    let first = heard.next().await.expect("counts");
    assert_eq!((first.event.as_str(), first.json()["unread"].as_i64()), ("count", Some(0)));
    while !heard.is_silent().await {}

    nurse.write_post(group, "資料を見てください").await;
    world.settle().await;
    let told = heard.next().await.expect("a place");
    let news = told.json();
    assert_eq!(told.event, "place");
    assert_eq!(news["group"].as_str(), Some(&*group.to_string()));
    assert_eq!(
        (news["seq"].as_i64(), news["unread"].as_i64(), news["total"].as_i64()),
        (Some(1), Some(1), Some(1))
    );
    let row = news["html"].as_str().expect("a row");
    assert!(
        row.starts_with(&format!("<li class=\"row\" id=\"row-{group}\">"))
            && row.contains("資料を見てください")
    );
    assert_eq!(heard.next().await.expect("counts").json()["unread"].as_i64(), Some(1));

    // 了解 changes no list.
    let post = world.posts("moriyama", group).await[0].id;
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("hx-request", "true")];
    let path = format!("/posts/{post}/acknowledgement");
    let pressed = doctor.send_with(axum::http::Method::POST, &path, &headers, b"want=on".to_vec()).await;
    let _ = pressed.expect(200);
    world.settle().await;
    assert!(heard.is_silent().await);

    // After a broken line: the present state of what changed since.
    drop(heard);
    world.later(HOUR / 2);
    nurse.write_post(work, "朝礼は8時20分からです").await;
    let since = world.house.now().minus(HOUR / 4).0.to_string();
    let mut heard = doctor.listen("/events", &[("last-event-id", &since)]).await;
    assert_eq!(heard.next().await.expect("counts").json()["unread"].as_i64(), Some(2));
    let news = heard.next().await.expect("a place").json();
    assert_eq!(news["group"].as_str(), Some(&*work.to_string()));
    assert!(news["html"].as_str().is_some_and(|row| row.contains("data-pinned") && row.contains("朝礼")));
    assert!(heard.is_silent().await);
    world.close().await;
}

#[tokio::test]
async fn a_new_place_appears_on_an_open_list() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    world.later(HOUR / 2);
    let mut nurse_again = world.visit("moriyama").await;
    let mut heard = nurse_again.listen("/events", &[]).await;
    while !heard.is_silent().await {}
    let group = world.free_group("saeki", "新しい会", &["moriyama"]).await;
    world.settle().await;
    let news = heard.next().await.expect("a place").json();
    assert_eq!(news["group"].as_str(), Some(&*group.to_string()));
    assert!(news["html"].as_str().is_some_and(|row| row.contains("新しい会")));
    while !heard.is_silent().await {}
    world.visit("saeki").await.write_post(group, "はじめまして").await;
    world.settle().await;
    assert!(heard.next().await.expect("its first post").data.contains("はじめまして"));
    let _ = nurse.get("/").await;
    world.close().await;
}

#[test]
fn looks_ring_nobody() {
    assert_eq!(super::reach(EventKind::TimelineOpened), super::Reach::Nowhere);
    assert_eq!(super::reach(EventKind::PostAcknowledged), super::Reach::Page);
    assert_eq!(super::reach(EventKind::PostPublished), super::Reach::Lists);
    assert!(
        !super::is_about_rights(EventKind::PostPublished) && super::is_about_rights(EventKind::SeatEnded)
    );
}

#[tokio::test]
async fn what_is_read_elsewhere_counts_no_longer_on_an_open_page() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    world.settle().await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let mut heard = doctor.listen("/events", &[]).await;
    while !heard.is_silent().await {}
    nurse.write_post(group, "資料です").await;
    world.settle().await;
    assert_eq!(heard.next().await.expect("a place").json()["total"].as_i64(), Some(1));
    assert_eq!(heard.next().await.expect("counts").json()["unread"].as_i64(), Some(1));
    // On the phone.
    world.visit("saeki").await.read_on(group).await;
    assert_eq!(heard.next().await.expect("counts").json()["unread"].as_i64(), Some(0));
    world.close().await;
}

/// Everybody's turn comes at once.
fn beat(world: &World) {
    let desk: Arc<Desk> = world.house.relay.hub().shared();
    desk.call_all(&desk.all());
}

#[tokio::test]
async fn a_silent_stream_ends_with_its_session_and_lives_with_it() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let (mut page, ..) = doctor.opened(group).await;
    let (mut list, mut other) = (doctor.listen("/events", &[]).await, nurse.listen("/events", &[]).await);
    for heard in [&mut page, &mut list, &mut other] {
        while !heard.is_silent().await {}
    }
    for _ in 0..5 {
        beat(&world);
        assert!(page.is_silent().await && list.is_silent().await && other.is_silent().await);
    }
    world.later(9 * HOUR);
    beat(&world);
    assert_eq!(page.next().await.expect("a word").event, "gone");
    assert_eq!((page.next().await, list.next().await, other.next().await), (None, None, None));
    world.close().await;
}

/// As another node's change that nobody here was told of.
#[tokio::test]
async fn a_membership_that_ended_in_silence_is_found_at_the_next_turn() {
    const END: &str = "UPDATE members SET ended_at = 1 WHERE group_id = $1 AND account = $2";
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let account = world.account("moriyama");
    world.settle().await;
    let mut nurse = world.visit("moriyama").await;
    let (mut page, ..) = nurse.opened(group).await;
    let mut list = nurse.listen("/events", &[]).await;
    for heard in [&mut page, &mut list] {
        while !heard.is_silent().await {}
    }
    let ended =
        world.house.db.write::<_, tasuki_base::db::Error>(move |tx| tx.exec(END, &[&group, &account]));
    assert_eq!(ended.await.unwrap(), 1);
    assert!(page.is_silent().await && list.is_silent().await);
    beat(&world);
    assert_eq!(page.next().await.expect("a word").event, "gone");
    assert_eq!(page.next().await, None);
    let lost = list.next().await.expect("a word").json();
    assert_eq!((lost["group"].as_str(), lost["gone"].as_bool()), (Some(&*group.to_string()), Some(true)));
    world.close_with_leftovers();
}

/// All lines that rest: none has its turn just now, none has anything unsent.
async fn resting(world: &World, open: &mut [Heard]) -> Vec<Call> {
    let desk: Arc<Desk> = world.house.relay.hub().shared();
    loop {
        // All at once: somebody's turn comes every second.
        let _ = futures_util::future::join_all(open.iter_mut().map(Heard::is_silent)).await;
        let idle = desk.all().into_iter().filter(|line| line.beat());
        let calls: Vec<_> = idle.filter_map(Line::take_up).collect();
        if calls.len() == open.len() {
            return calls;
        }
        calls.into_iter().for_each(give_back);
    }
}

fn give_back(call: Call) {
    call.line.put_back(call.story);
    call.line.tell(&[], false);
}

/// Statements for one look for so many open lists, or pages, that heard this.
async fn statements(
    world: &World,
    open: &mut [Heard],
    (count, lists): (usize, bool),
    heard: &[Topic],
) -> u64 {
    let mut calls = resting(world, open).await;
    let of_kind = calls.iter_mut().filter(|call| matches!(call.story, Story::Person(_)) == lists);
    let ask = |call: &mut Call| {
        call.heard = heard.to_vec();
        Ask::of(call)
    };
    let asks: Vec<_> = of_kind.take(count).map(ask).collect();
    assert_eq!(asks.len(), count);
    let spent = world.house.read(move |tx| {
        let found = look(tx, &asks)?;
        assert!(found.iter().all(Result::is_ok));
        Ok(tx.spent().statements)
    });
    let spent = spent.await.expect("a look");
    calls.into_iter().for_each(give_back);
    spent
}

#[tokio::test]
async fn many_are_looked_for_with_as_many_statements_as_two() {
    let world = World::with_cast().await;
    let people = ["moriyama", "kiyono", "mori", "saeki"];
    let group = world.free_group("saeki", "勉強会", &people[..3]).await;
    world.visit("saeki").await.write_post(group, "資料です").await;
    world.settle().await;
    let mut open = Vec::new();
    for person in people {
        let mut visitor = world.visit(person).await;
        let page = visitor.opened(group).await.0;
        open.extend([page, visitor.listen("/events", &[]).await]);
    }
    for (lists, heard) in
        [(true, vec![Topic::Place(group)]), (true, vec![]), (false, vec![Topic::Page(group)])]
    {
        let two = statements(&world, &mut open, (2, lists), &heard).await;
        assert_eq!(statements(&world, &mut open, (4, lists), &heard).await, two, "{heard:?}");
        assert!((2..=5).contains(&two), "{two}");
    }
    world.close().await;
}

/// Two ends of a line.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let far = TcpStream::connect(listener.local_addr().unwrap());
    let (near, far) = tokio::join!(listener.accept(), far);
    (near.unwrap().0, far.unwrap())
}

/// A line that has been taken over, with more to tell than fits, and the other end of it.
async fn full(world: &World, group: GroupId) -> (tokio::task::JoinHandle<()>, TcpStream) {
    let line = Line::new(&world.house, &world.who("saeki"));
    let mut cord = world.house.relay.hub().cord(&line);
    cord.add(Topic::Page(group));
    let story = super::timeline::Story::new(TimelineId(world.house.chance.uuid(world.house.now())), 0, cord);
    line.begin(&world.house, Story::Timeline(story), &vec![b'x'; MUCH]);
    let (near, far) = pair().await;
    (tokio::spawn(line.inherit(near, b"head\r\n\r\n".to_vec())), far)
}

/// More than a line takes at once.
const MUCH: usize = 16 << 20;

#[tokio::test]
async fn who_does_not_read_is_cut_and_holds_nothing() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (telling, far) = full(&world, group).await;
    for _ in 0..3 {
        assert!(!telling.is_finished());
        beat(&world);
        tokio::task::yield_now().await;
    }
    telling.await.unwrap();
    assert_eq!(world.house.relay.hub().listeners(Topic::Page(group)), 0);
    assert!(!world.house.presence.is_listening(world.account("saeki")));
    drop(far);
    world.close().await;
}

#[tokio::test]
async fn who_reads_slowly_gets_every_byte_and_then_what_was_rung_meanwhile() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (telling, mut far) = full(&world, group).await;
    world.house.relay.hub().ring(Topic::Page(group));
    let mut all = Vec::new();
    far.read_to_end(&mut all).await.unwrap();
    telling.await.unwrap();
    // Whose session is none hears that there is nothing for them.
    let tail = "event: gone\ndata: -\n\n";
    let mut expected = format!("head\r\n\r\n{MUCH:x}\r\n").into_bytes();
    expected.extend(std::iter::repeat_n(b'x', MUCH));
    expected.extend(format!("\r\n{:x}\r\n{tail}\r\n0\r\n\r\n", tail.len()).into_bytes());
    assert!(all == expected, "{}", String::from_utf8_lossy(&all[MUCH..]));
    world.close().await;
}

#[tokio::test]
async fn who_goes_away_is_heard_to_go() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (telling, mut far) = full(&world, group).await;
    far.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    drop(far);
    telling.await.unwrap();
    assert_eq!(world.house.relay.hub().listeners(Topic::Page(group)), 0);
    world.close().await;
}

#[tokio::test]
async fn who_opens_too_many_pages_loses_their_oldest_and_nobody_elses() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let mut others = doctor.listen("/events", &[]).await;
    let mut nurse = world.visit("moriyama").await;
    let most = world.house.config.streams_each;
    let mut open = Vec::new();
    for _ in 0..=most {
        open.push(nurse.listen("/events", &[]).await);
    }
    let ended = async { while open[0].next().await.is_some() {} };
    tokio::time::timeout(std::time::Duration::from_secs(10), ended).await.expect("the oldest ends");
    for heard in [&mut others].into_iter().chain(open.iter_mut().skip(1)) {
        while heard.soon().await.is_some() {}
        assert!(heard.is_silent().await, "the others go on: an end would be heard at once");
    }
    world.close().await;
}

#[tokio::test]
async fn a_page_that_gave_its_line_back_asks_from_where_it_was() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    world.settle().await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let mut heard = doctor.listen("/events", &[]).await;
    let last = heard.next().await.expect("counts").id;
    drop(heard);
    nurse.write_post(group, "見ていないあいだの投稿").await;
    world.settle().await;
    world.later(HOUR / 2);
    for (since, told) in [(last.as_str(), true), ("", false), ("x", false)] {
        let mut heard = doctor.listen(&format!("/events?since={since}"), &[]).await;
        let mut places = 0;
        while let Some(told) = heard.soon().await {
            places += usize::from(told.event == "place" && told.data.contains("見ていないあいだの投稿"));
        }
        assert_eq!(places > 0, told, "{since}");
    }
    world.close().await;
}
