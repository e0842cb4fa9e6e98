mod group;
mod law;
mod staff;

use crate::testing::{Answer, Visitor, World};

/// The first invitation in a person's list, by its address.
async fn first(visitor: &mut Visitor) -> String {
    let list = visitor.get("/invitations").await.expect(200);
    let id = list.between("<a href=\"/invitations/", "\"").expect("an invitation in the list");
    format!("/invitations/{id}")
}

/// Writes addresses into the form and sends them.
async fn invite_by_mail(visitor: &mut Visitor, base: &str, emails: &[&str]) -> Answer {
    const NAMES: [&str; 5] = ["email_1", "email_2", "email_3", "email_4", "email_5"];
    let mut fields: Vec<(&str, &str)> = NAMES.into_iter().zip(emails.iter().copied()).collect();
    fields.push(("view", "mail"));
    visitor.post(&format!("{base}/confirmation"), &fields).await.expect(200);
    visitor.post(&format!("{base}/sent"), &fields).await.expect(303)
}

const STAFF: &str = "/staff/invitations/new";

/// Every page of this room, for those who must not see it.
async fn refused(world: &World, path: &str) {
    let mut outsider = world.visit("mori").await;
    outsider.get(path).await.expect(404);
    let nobody = world.stranger().get(path).await.expect(303);
    assert!(nobody.location().starts_with("/sign-in?next="), "{}", nobody.location());
}
