//! The program's verbs. Long because the help of every verb stands beside it.

use clap::{ArgAction, Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tasuki::config::{self, Plan, Sources};
use tasuki::phrases::program::{HEADING_PLACE, HEADING_REST, HEADING_VERBS, HELP, VERB};
use tasuki::program::acts::around;
use tasuki::program::backup::typed::{Keep, Origin};
use tasuki::program::{self, SampleSize, backup, copy, keys, record};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// たすき: 在宅の医療・介護チームのための、閉じた連絡ノート
#[derive(Parser)]
#[command(
    name = "tasuki",
    version,
    arg_required_else_help = true,
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    subcommand_help_heading = HEADING_VERBS,
    subcommand_value_name = VERB,
    help_template = HELP
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// この説明を見る
    #[arg(short = 'h', long, global = true, action = ArgAction::Help, help_heading = HEADING_REST)]
    help: Option<bool>,
    /// 版を見る
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = HEADING_REST)]
    version: Option<bool>,
}

#[derive(Subcommand)]
enum Verb {
    /// 見本のネットワークを開く（だれでもすぐに試せます）
    #[command(help_template = HELP)]
    Demo(Place),
    /// 本番として動かす
    #[command(help_template = HELP)]
    Serve(Place),
    /// 負荷を試すための、架空の大勢の見本で空のフォルダを満たす
    ///
    /// 1段ごとに千人、150のグループ、2万件の投稿を作り、メールアドレス、パスワード、APIトークンを
    /// フォルダの people.json に書きます。本物の利用者がいるフォルダには作りません。
    #[command(help_template = HELP)]
    Sample {
        #[command(flatten)]
        place: Place,
        /// 何段作るか（書かなければ1段）
        #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, help_heading = HEADING_PLACE)]
        scale: u32,
        /// 段のかわりに、200人のチームを1つ作る（40人のグループを50、全員のグループを1つ、投稿は200文字）
        #[arg(long, conflicts_with = "scale", help_heading = HEADING_PLACE)]
        team: bool,
        /// ほかに、投稿がこれだけあるグループを1つ作る
        #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, help_heading = HEADING_PLACE)]
        long: u32,
    },
    /// データベースをいまの版に合わせる
    #[command(help_template = HELP)]
    Migrate {
        #[command(flatten)]
        place: Place,
        /// 何が変わるかを見るだけで、変えない
        #[arg(long, help_heading = HEADING_PLACE)]
        check: bool,
    },
    /// 動かしたまま、すべての控えを取る（データと鍵を別々の場所に）
    ///
    /// 場所は、フォルダか s3://バケット/名前 です（バケットの鍵は TASUKI_BACKUP_S3_KEY と
    /// TASUKI_BACKUP_S3_SECRET）。取ったあとで、残す決まりにない古い控えを整理します。
    #[command(help_template = HELP)]
    Backup {
        #[command(flatten)]
        place: Place,
        /// 控えを置く場所
        #[arg(long, value_name = "PLACE", help_heading = HEADING_PLACE)]
        to: String,
        /// 鍵の控えを置く場所（書かなければ PLACE.keys）
        #[arg(long, value_name = "PLACE", help_heading = HEADING_PLACE)]
        keys: Option<String>,
        #[command(flatten)]
        keep: Keep,
    },
    /// 控えをすべて開き、壊れていないことを確かめる
    #[command(help_template = HELP)]
    Verify {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        from: Origin,
    },
    /// 控えを、空のフォルダやデータベースに戻す
    ///
    /// マスター鍵のファイルは、保管してあるものを先に置いてください（書かなければ DIR.key）。
    /// SQLite で取った控えを PostgreSQL に戻すことも、その逆もできます。継続コピーは SQLite に戻します。
    #[command(help_template = HELP)]
    Restore {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        from: Origin,
        /// どの控えか（書かなければいちばん新しいもの）
        #[arg(long, value_name = "NAME", conflicts_with = "from_copy", help_heading = HEADING_PLACE)]
        generation: Option<String>,
    },
    /// 設定と保存先を調べ、直すところを言葉で伝える
    #[command(help_template = HELP)]
    Doctor(Place),
    /// 利用の記録が書き換えられていないかを調べる、戻した記録を認める
    #[command(
        help_template = HELP,
        disable_help_subcommand = true,
        subcommand_help_heading = HEADING_VERBS,
        subcommand_value_name = VERB
    )]
    Record {
        #[command(subcommand)]
        verb: RecordVerb,
    },
    /// 暗号の鍵を替える、紙に控える、紙から戻す
    #[command(
        help_template = HELP,
        disable_help_subcommand = true,
        subcommand_help_heading = HEADING_VERBS,
        subcommand_value_name = VERB
    )]
    Key {
        #[command(subcommand)]
        verb: KeyVerb,
    },
}

#[derive(Subcommand)]
enum RecordVerb {
    /// はじめから終わりまで、たすきの書いたままかを調べる
    #[command(help_template = HELP)]
    Check(Place),
    /// データベースを前の状態に戻したあとで、その終わりから続けることを認める（記録に残ります）
    #[command(help_template = HELP)]
    Accept(Place),
}

#[derive(Subcommand)]
enum KeyVerb {
    /// 鍵の世代と照合値、控えのようすを見る（秘密は出ません）
    #[command(help_template = HELP)]
    Status(KeyPlace),
    /// マスター鍵を新しくする（動かしたままでできます）
    #[command(help_template = HELP)]
    Rotate(KeyPlace),
    /// 鍵の世代を替え、消去した鍵の写しをどこからも開けなくする（動かしたままでできます）
    #[command(help_template = HELP)]
    Turn(KeyPlace),
    /// 鍵束を別の場所（フォルダか s3://バケット/名前）に移す（動かしたままでできます）
    ///
    /// バケットの鍵は TASUKI_KEYRING_S3_KEY と TASUKI_KEYRING_S3_SECRET です。移したあとで、どのノードも
    /// TASUKI_KEYRING を新しい場所にして、1つずつ起動し直してください。
    #[command(help_template = HELP)]
    Move {
        #[command(flatten)]
        place: KeyPlace,
        /// 移す先
        #[arg(long, value_name = "PLACE", help_heading = HEADING_PLACE)]
        to: String,
    },
    /// マスター鍵の復旧用紙を、印刷できるファイル（HTML）に書く
    #[command(help_template = HELP)]
    Sheet {
        #[command(flatten)]
        place: KeyPlace,
        /// 書くファイル
        #[arg(long, value_name = "FILE", help_heading = HEADING_PLACE)]
        to: PathBuf,
    },
    /// 復旧用紙を打ち込み、打ち間違いがないか、このたすきが開くかを確かめる（何も書きません）
    #[command(help_template = HELP)]
    Check(Paper),
    /// 復旧用紙を打ち込み、マスター鍵のファイルを作り直す（ある鍵には上書きしません）
    #[command(help_template = HELP)]
    Recover(Paper),
}

#[derive(Args)]
struct KeyPlace {
    #[command(flatten)]
    place: Place,
    /// 鍵の控えを置くフォルダ [TASUKI_KEYS_COPY]
    #[arg(long, value_name = "DIR", help_heading = HEADING_PLACE)]
    keys_copy: Option<PathBuf>,
}

#[derive(Args)]
struct Paper {
    #[command(flatten)]
    place: KeyPlace,
    /// 打ち込んだ4行のファイル（書かなければキーボードから）
    #[arg(long, value_name = "FILE", help_heading = HEADING_PLACE)]
    sheet: Option<PathBuf>,
}

/// どこで動かすか。環境変数や設定ファイルでも指定できます
#[derive(Args)]
struct Place {
    /// データを置くフォルダ [TASUKI_DATA]
    #[arg(long, value_name = "DIR", help_heading = HEADING_PLACE)]
    data: Option<PathBuf>,
    /// 待ち受けるアドレス [TASUKI_LISTEN]
    #[arg(long, value_name = "ADDR:PORT", help_heading = HEADING_PLACE)]
    listen: Option<String>,
    /// 設定ファイル（TOML）
    #[arg(long, value_name = "FILE", help_heading = HEADING_PLACE)]
    settings: Option<PathBuf>,
}

impl Place {
    fn plan(&self, demo: bool) -> Result<Plan, Vec<String>> {
        self.plan_with(demo, None)
    }

    fn plan_with(&self, demo: bool, keys_copy: Option<&Path>) -> Result<Plan, Vec<String>> {
        let data = self.data.clone().or_else(|| demo.then(|| PathBuf::from("tasuki-demo")));
        let flags = [
            // The sample network never falls into the folder of a real one.
            ("TASUKI_DATA", data.map(|path| path.display().to_string())),
            ("TASUKI_LISTEN", self.listen.clone()),
            ("TASUKI_KEYS_COPY", keys_copy.map(|path| path.display().to_string())),
        ];
        let environment = |name: &str| std::env::var(name).ok();
        let sources = Sources::gather(&flags, environment, self.settings.as_deref())?;
        config::plan(&sources, demo)
    }
}

fn main() -> ExitCode {
    tasuki_base::disk::for_owner_alone();
    let cli = Cli::parse();
    // Clients of TLS are built anywhere below; the provider must stand first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The demo speaks to a person, not to a log.
    let quiet = matches!(cli.verb, Verb::Demo(_));
    program::log_to_stderr(if quiet { "warn" } else { "warn,tasuki=info" });
    program::keep_to_itself();
    match done(&cli.verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            for words in wrong {
                eprintln!("{words}");
            }
            ExitCode::FAILURE
        }
    }
}

fn done(verb: &Verb) -> Result<(), Vec<String>> {
    match verb {
        Verb::Demo(place) => place.plan(true).and_then(|plan| run("demo", plan, program::demo)),
        Verb::Serve(place) => place.plan(false).and_then(|plan| run("serve", plan, program::serve)),
        Verb::Sample { place, scale, team, long } => {
            let size = SampleSize { scale: *scale, team: *team, long: *long };
            place.plan(false).and_then(|plan| run("sample", plan, |plan| program::sample(plan, size)))
        }
        Verb::Migrate { place, check } => {
            let verb = if *check { "migrate --check" } else { "migrate" };
            place.plan(false).and_then(|plan| run(verb, plan, |plan| program::migrate(plan, *check)))
        }
        Verb::Backup { place, to, keys, keep } => {
            let (to, wish) = (backup::Place::new(to, keys.as_deref()), keep.wish());
            let verb = if wish.only_prune { "backup --prune" } else { "backup" };
            place.plan(false).and_then(|plan| run(verb, plan, |plan| backup::backup(plan, to, wish)))
        }
        Verb::Verify { place, from } => place.plan(false).and_then(|plan| match from.place() {
            (from, true) => run("verify", plan, |plan| copy::verify(plan, from)),
            (from, false) => run("verify", plan, |plan| backup::verify(plan, from)),
        }),
        Verb::Restore { place, from, generation } => place.plan(false).and_then(|plan| match from.place() {
            (from, true) => run("restore", plan, |plan| copy::restore(plan, from)),
            (from, false) => run("restore", plan, |plan| backup::restore(plan, from, generation.clone())),
        }),
        Verb::Doctor(place) => place.plan(false).and_then(|plan| run("doctor", plan, program::doctor)),
        Verb::Record { verb } => recorded(verb),
        Verb::Key { verb } => key(verb),
    }
}

fn recorded(verb: &RecordVerb) -> Result<(), Vec<String>> {
    match verb {
        RecordVerb::Check(place) => run("record check", place.plan(false)?, record::check),
        RecordVerb::Accept(place) => run("record accept", place.plan(false)?, record::accept),
    }
}

fn key(verb: &KeyVerb) -> Result<(), Vec<String>> {
    let plan = |at: &KeyPlace| at.place.plan_with(false, at.keys_copy.as_deref());
    let typed = |paper: &Paper| paper.sheet.clone().map_or(keys::Typed::Keyboard, keys::Typed::File);
    match verb {
        KeyVerb::Status(at) => run("key status", plan(at)?, keys::status),
        KeyVerb::Rotate(at) => run("key rotate", plan(at)?, keys::rotate),
        KeyVerb::Turn(at) => run("key turn", plan(at)?, keys::turn),
        KeyVerb::Move { place, to } => run("key move", plan(place)?, |plan| keys::move_to(plan, to)),
        KeyVerb::Sheet { place, to } => run("key sheet", plan(place)?, |plan| keys::sheet(plan, to.clone())),
        KeyVerb::Check(paper) => {
            run("key check", plan(&paper.place)?, |plan| keys::check(plan, typed(paper)))
        }
        KeyVerb::Recover(paper) => {
            run("key recover", plan(&paper.place)?, |plan| keys::recover(plan, typed(paper)))
        }
    }
}

/// Every verb goes through here, and so onto the record.
fn run<W: Future<Output = Result<(), Vec<String>>>>(
    verb: &str,
    plan: Plan,
    work: impl FnOnce(Plan) -> W,
) -> Result<(), Vec<String>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| vec![error.to_string()])?.block_on(around(verb, plan, work))
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;
    use std::collections::BTreeSet;
    use tasuki::program::acts::VERBS;

    /// A verb that nobody gave a line, and a line whose verb is gone, both fail.
    #[test]
    fn every_verb_is_on_the_record_or_says_why_not() {
        let mut verbs = BTreeSet::new();
        for verb in Cli::command().get_subcommands() {
            let under: Vec<_> = verb.get_subcommands().map(|under| under.get_name().to_owned()).collect();
            if under.is_empty() {
                verbs.insert(verb.get_name().to_owned());
            }
            verbs.extend(under.iter().map(|under| format!("{} {under}", verb.get_name())));
        }
        assert!(verbs.len() > 15, "{verbs:?}");
        let known: BTreeSet<String> =
            VERBS.iter().map(|(name, _)| name.split(" --").next().unwrap_or_default().to_owned()).collect();
        assert_eq!(verbs, known);
    }
}
