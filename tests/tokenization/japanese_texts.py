"""Texts that are hard to tokenize, and a small vocabulary that knows some."""

import random
import unicodedata

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

HARD = {
    "ordinary": "本種は子嚢胞子がより長いことで区別される。",
    "mixed": "Paranectria affinisとは異なり、ITS領域(545bp)が98.5%一致した",
    "half-width kana": "ｱｶﾊﾟﾝﾀｹ ﾊﾞﾁｬﾝ ｶﾞｷﾞｸﾞ ｳﾞ ﾟ",
    "full-width ASCII": "ＡＢＣ　１２３，４５６．７％　（ａ＋ｂ）［ＭＡＳＫ］",
    "iteration marks": "人々 こゝろ いすゞ バナヽ 学問のすゝめ 〻 々々 〱〲",
    "emoji": "きのこ🍄が好き😀👍🏽 ☺\ufe0f #\ufe0f\u20e3 🇯🇵",
    "joined emoji": "家族👩\u200d👩\u200d👧と👨\u200d🔬がいる",
    "rare kanji": "𠮷野家で𩸽を𠮟る 𠀋 \U0002f800 \U00030000 \U000e0100",
    "ideographic variants": "葛\U000e0100飾区 辻\ufe00 \uf900 神\ufa19",
    "combining marks": "か\u3099き\u3099は\u309aヴ\u3099 \u3099 e\u0301 ゙゚",
    "empty": "",
    "spaces": "   \u3000\u00a0 ",
    "whitespace": "\tきのこ\n\nたけのこ\r\n山 \u3000里\u2003の\u2028森\u2029",
    "controls": "a\x01b\x07茸\x0b\x0c\x1c\x1fき\x7fの\x85こ",
    "invisible": "き\u200bの\u200cこ\ufeff\u2060狩\u00adり\u180e",
    "null": "前\x00後",
    "null first": "\x00後",
    "replacement": "壊れ\ufffdた\ufffd\ufffd文",
    "1,000 characters": "子嚢菌類の分類" * 143,
    "1,000 letters": "a" * 1000,
    "100 letters": "a" * 100 + " " + "b" * 101,
    "1,000 long vowels": "きのこ" + "ー" * 1000,
    "digits": "1,234.5μm 12-34 ３．１４ 二〇二三年 ①②㊿ ½ x² 10⁻³",
    "squared": "㌔㍑㎡㏄㍻㈱№℡ﬁ ㍿ﷺ",
    "punctuation": "「茸」、『菌』。…‥〜～ー―‐－・！？!?",
    "ascii punctuation": "$1,000 it's-a_test~`^ a+b=c<d>e|f @me #1 {x}\\n",
    "special": "東北大学で[MASK]の研究を[SEP]する[CLS][PAD] [UNK]",
    "nearly special": "[[MASK]] [MASK [SEP[SEP]] [mask] [MA\x00SK] [ＭＡＳＫ]",
    "pieces": "##きのこ ## ##a",
    "capitals": "ΟΔΟΣ İstanbul STRASSE ẞ Ⅷ Ⓐ ｋｇ Å",
    "accents": "Café naïve jalapeño Vie\u0323\u0302t",
    "hangul": "한국어 \u1100\u1161\u11a8 각",
    "private use": "外\ue000字\uf8ff \U000f0000 \U0010fffd",
    "noncharacters": "a\ufdd0b \ufffe \U0010ffff 未\u0378定",
    "kana extension": "アィヌ ㇰㇱㇲ 𛀀 𛄢 ゟヿ",
}  # fmt: skip


def small_vocab(seed: int = 1) -> list[str]:
    """Returns tokens that spell most words of the texts, not all of them."""
    draw = random.Random(seed)
    tokens = dict.fromkeys((*SPECIAL, ""))
    for text in HARD.values():
        for form in ("NFKC", "NFD"):
            text = unicodedata.normalize(form, text[:200])
            for start in range(len(text)):
                for size in range(1, 5):
                    if draw.random() < 1 / size:
                        piece = "".join(text[start : start + size].split())
                        tokens[draw.choice(["", "##"]) + piece] = None
    kept = [token for token in tokens if "\r" not in token]
    # Of equal lines the last one counts.
    return [*kept, *draw.sample(kept[6:], 10)]
