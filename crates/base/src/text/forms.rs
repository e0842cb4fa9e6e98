//! Old and variant forms of kanji, each with the form under which it is searched.
//!
//! Only for keys: 斎藤 and 斉藤 are different families and stay so wherever a name is shown.
//! Forms that NFKC already unites (神 福 塚 …) are not listed.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The form under which a character is searched: itself, unless it is an old one.
pub(super) fn modern(c: char) -> char {
    static FORMS: LazyLock<HashMap<char, char>> = LazyLock::new(|| pairs().collect());
    // Almost all text is kana, Latin or new forms: spare the kana and Latin the look-up.
    if c < '\u{3400}' { c } else { FORMS.get(&c).copied().unwrap_or(c) }
}

/// Every (old, new).
pub(super) fn pairs() -> impl Iterator<Item = (char, char)> {
    TABLE.split_whitespace().flat_map(|group| {
        let mut forms = group.chars();
        let new = forms.next();
        forms.filter_map(move |old| new.map(|new| (old, new)))
    })
}

/// Groups, the searched form first.
const TABLE: &str = "
高髙 崎﨑嵜 浜濱濵 辺邊邉 斉齊斎齋 沢澤 広廣 恵惠 徳德 真眞 吉𠮷 島嶋嶌 富冨 館舘 峰峯 桑桒 柳栁 橋槗
秋穐龝 園薗 船舩 松枩柗 野埜 淵渕 昇曻 隣鄰 涼凉 姉姊 栃杤 喜㐂 巌巖 熙煕凞 岳嶽 晃晄 凛凜 槙槇 萌萠
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 悦悅 閲閱 円圓 塩鹽 縁緣 艶艷 応應 欧歐
奥奧 横橫 鴎鷗 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷 拡擴 殻殼 覚覺 学學 楽樂 勧勸 巻卷 寛寬
歓歡 観觀 関關 陥陷 顔顏 帰歸 気氣 既旣 亀龜 偽僞 戯戲 旧舊 拠據 挙擧 虚虛 峡峽 狭狹 郷鄕 尭堯 暁曉
区區 駆驅 勲勳 薫薰 径徑 渓溪 経經 茎莖 蛍螢 軽輕 鶏鷄 繋繫 芸藝 欠缺 県縣 倹儉 剣劍劒劔 圏圈 検檢
権權 献獻 研硏 顕顯 験驗 厳嚴 戸戶 呉吳 娯娛 効效 恒恆 黄黃 鉱鑛 号號 国國圀 黒黑 歳歲 済濟 砕碎 桜櫻
雑雜 参參 桟棧 蚕蠶 賛贊 残殘 産產 糸絲 児兒 歯齒 辞辭 湿濕 実實 舎舍 写寫 釈釋 寿壽 収收 従從 渋澁澀
獣獸 縦縱 粛肅 処處 叙敍敘 尚尙 将將 奨獎 焼燒 称稱 証證 醤醬 乗乘 条條 浄淨 状狀 畳疊 壌壤 嬢孃 穣穰
譲讓 醸釀 嘱囑 触觸 寝寢 慎愼 晋晉 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 清淸 静靜 青靑
声聲 税稅 絶絕 説說 摂攝 窃竊 専專 戦戰 浅淺 潜潛 繊纖 銭錢 禅禪 双雙 壮壯 荘莊 捜搜 挿插 掻搔 巣巢
争爭 曽曾 総總 聡聰 装裝 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 体體 対對 帯帶 滞滯 台臺 滝瀧 択擇
脱脫 担擔 単單 胆膽 団團 弾彈 断斷 痴癡 遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵 聴聽 鎮鎭 鉄鐵銕 転轉 点點 填塡
伝傳 党黨 灯燈 当當 盗盜 稲稻 闘鬪 祷禱 独獨 読讀 届屆 内內 弐貳 祢禰 悩惱 脳腦 廃廢 拝拜 売賣 麦麥
剥剝 発發 髪髮 抜拔 蛮蠻 秘祕 彦彥 姫姬 桧檜 瓶甁 払拂 仏佛 並竝 餅餠 変變 弁辨瓣辯 歩步 宝寶寳 豊豐
褒襃 翻飜 頬頰 毎每 万萬 満滿 弥彌 黙默 麺麵 戻戾 訳譯 薬藥 薮藪 与與 予豫 余餘 誉譽 揺搖 様樣 謡謠
遥遙 瑶瑤 来來 頼賴 莱萊 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 塁壘 涙淚 励勵 礼禮 霊靈 齢齡 暦曆 歴歷 恋戀
炉爐 労勞 楼樓 録錄 禄祿 篭籠 湾灣 鋭銳 屏屛 蝉蟬 煙烟 裏裡 杯盃 兎兔
";
