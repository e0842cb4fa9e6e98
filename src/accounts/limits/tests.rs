use super::{mailbox, table};

#[test]
fn a_line_is_shared_by_none_but_the_steps_of_one_stair() {
    for (number, one) in table::ALL.iter().enumerate() {
        for other in &table::ALL[..number] {
            let stair = one.window == other.window && other.most < one.most;
            assert!(one.bucket != other.bucket || stair, "{}", one.bucket);
        }
    }
}

#[test]
fn one_mailbox_is_one_however_it_is_written() {
    for written in ["midori@example.jp", "midori+1@example.jp", "midori+a+b@example.jp"] {
        assert_eq!(mailbox(written), "midori@example.jp");
    }
    assert_eq!(mailbox("+x@example.jp"), "+x@example.jp");
    assert_eq!(mailbox("nothing"), "nothing");
}
