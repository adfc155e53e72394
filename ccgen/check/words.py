"""Words that rules look for, by language, as data; knows no rule and no site.

A language without a list is not looked at: a rule over words finds what it knows, and proves nothing by its silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ccgen.text.patterns import late

__all__ = [
    "AMOUNT",
    "BEST",
    "BLAME",
    "DEADLINE",
    "INDEPENDENT",
    "OVERALL",
    "PRAISE",
    "STARS",
    "TESTED",
    "Words",
    "words_in",
]


class Words:
    """Words as a pattern. `hints` are texts of which each find holds one, in lower case and apart by `|`: to look for these
    is much quicker than the pattern, and few articles hold any.
    """

    __slots__ = ("hints", "pattern")

    def __init__(self, hints: str, pattern: str) -> None:
        self.hints = tuple(hints.split("|"))
        self.pattern = late(pattern, re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first find."""
        return self.pattern.search(text) if self.may_hold(text.lower()) else None

    def may_hold(self, lowered: str) -> bool:
        """Say whether a text, given in lower case, is worth the pattern."""
        return any(hint in lowered for hint in self.hints)


def words_in(lists: Mapping[str, Words], lang: str) -> Words | None:
    """Return a language's list (`zh-CN` has that of `zh`), None where there is none."""
    return lists.get(lang.partition("-")[0].lower())


# Claims that somebody tried the product.
TESTED: Mapping[str, Words] = {
    "en": Words(
        "hands-on|hands on|lab |lab-|tested|-test|field test|road test|bench test|tried out|put it|put them|our test|my test"
        "|our own test|my own test|test bench|days of|weeks of|months of|years of|days with|weeks with|months with|years with",
        r"\bhands[- ]on\b"
        r"|\b(?:lab|field|bench|road)[- ]test(?:ed|s|ing)?\b"
        r"|\b(?:we|i)(?:['’]ve| have)? (?:\w+ly |both |all )?(?:tested|tried out|put (?:it|them) (?:to|through))\b"
        r"|\b(?:our|my) (?:own )?(?:lab tests?|test bench|tests?|testing)\b"
        r"|\bafter (?:[\w-]+ ){1,2}(?:days|weeks|months|years) (?:of|with)\b"
        r"|(?<!not )(?<!n't )(?<!n’t )(?<!never )(?<!be )\btested(?: by| for| over| and\b|$)",
    ),
    "zh": Words(
        "测|试|上手",
        r"(?<!没有)(?<!未经)(?<!未)(?<!没)(?:实测|亲测|亲自测试|上手体验|(?:我|我们)(?:测试|试用|测|试)了|实验室(?:测试|检测))",
    ),
    "de": Words(
        "test",
        r"\b(?:wir|ich) haben? [^.!?]{0,40}\bgetestet\b|\b(?:Praxis|Langzeit|Labor)test\b|\b(?:von uns|selbst) getestet\b",
    ),
    "fr": Words(
        "test|prise", r"\b(?:nous avons|j['’]ai) (?:longuement )?test[ée]|\btesté par nos soins\b|\bprise en main\b"
    ),
    "es": Words("probado", r"\b(?:hemos|he) probado\b|\bprobado en laboratorio\b"),
    "ja": Words("実機|検証|実際", r"実機レビュー|検証しました|実際に試し|実際に使って"),
}

# A review that says it has no side.
INDEPENDENT: Mapping[str, Words] = {
    "en": Words(
        "independent|unbiased|impartial",
        r"(?<!\bno )(?<!\bnot )(?<!\bnot an )(?<!n't )(?<!n’t )(?<!\bnever )"
        r"\b(?:independent(?:ly)?(?= (?:review|test|opinion|advice|verdict|and|of))|unbiased|impartial)\b",
    ),
    "zh": Words(
        "独立|公正|中立|偏见", r"(?<!不是)(?<!并非)(?:独立(?:评测|测评|评价)|客观公正|中立(?:评测|评价)|毫无偏见)"
    ),
    "de": Words(
        "unabhängig|unparteiisch", r"\bunabhängige[rnms]? (?:Test|Bewertung|Urteil|Meinung)\w*|\bunparteiisch\w*"
    ),
    "fr": Words("indépendant|impartia", r"\b(?:avis|test) indépendants?\b|\bimpartia(?:l|ux|le)\b"),
    "es": Words("independiente|imparcial", r"\b(?:opinión|análisis|reseñas?) independientes?\b|\bimparcial(?:es)?\b"),
    "ja": Words("独立|公平", r"独立した(?:レビュー|評価)|公平なレビュー"),
}

# Titles of guides to the best.
BEST: Mapping[str, Words] = {
    "en": Words("best|top", r"\bbest\b|\btop \d"),
    "zh": Words("最好|最佳|首选", r"最好|最佳|首选"),
    "de": Words("best|top", r"\bbesten?r?s?\b|\btop \d"),
    "fr": Words("meilleur", r"\bmeilleure?s?\b"),
    "es": Words("mejor", r"\bmejor(?:es)?\b"),
    "ja": Words("ベスト|最高|おすすめ", r"ベスト|最高の|おすすめ"),
}

# Badges that only one product of a guide can bear.
OVERALL: Mapping[str, Words] = {
    "en": Words(
        "overall|pick|best|winner",
        r"\bbest overall\b|\boverall (?:best|winner|pick)\b|\b(?:top|our) pick\b|^(?:the )?best$|\bwinner\b",
    ),
    "zh": Words("最佳|首选|最好", r"(?:总体|综合|整体)最佳|^(?:首选|最佳|最好)$"),
    "de": Words(
        "sieger|insgesamt", r"\b(?:Testsieger|Gesamtsieger)\b|\binsgesamt (?:am besten|der beste|die beste|das beste)\b"
    ),
    "fr": Words("choix|favori", r"\bmeilleur choix\b|\bnotre (?:choix|favori)\b"),
    "es": Words("mejor|elección", r"\bmejor en general\b|\bnuestra elección\b"),
    "ja": Words("総合|ベスト", r"総合(?:1位|一位|ベスト)|^ベスト$"),
}

# Words for what could not be better, and for what should not be bought.
PRAISE: Mapping[str, Words] = {
    "en": Words(
        "perfect|flawless|superb|outstanding|unbeatable",
        r"(?<!not )(?<!less than )(?<!far from )\b(?:perfect|flawless|superb|outstanding|unbeatable)\b",
    ),
    "zh": Words("完美|无可|无与", r"(?<!不)完美|无可挑剔|无与伦比"),
    "de": Words("perfekt|makellos|unschlagbar|überragend", r"\b(?:perfekt|makellos|unschlagbar|überragend)\w*"),
}
BLAME: Mapping[str, Words] = {
    "en": Words(
        "terrible|awful|avoid|buy|useless|waste",
        r"\b(?:terrible|awful|avoid it|do not buy|don['’]t buy|useless|a waste of)\b",
    ),
    "zh": Words("买|糟糕|一无是处", r"千万别买|不要买|糟糕|一无是处"),
    "de": Words("furchtbar|unbrauchbar|finger|miserabel", r"\b(?:furchtbar|unbrauchbar|Finger weg|miserabel)\w*"),
}

# Words that hurry a buyer.
DEADLINE: Mapping[str, Words] = {
    "en": Words(
        "today only|only today|last chance|hurry|limited time|limited-time|countdown|supplies last|stock last|stocks last"
        "|deal end|deals end|offer end|offers end|sale end|sales end|discount end|discounts end|ends to|ends soon",
        r"\b(?:today only|only today|last chance|hurry|limited[- ]time|countdown|while (?:stocks?|supplies) lasts?"
        r"|(?:deal|offer|sale|discount)s? ends?|ends (?:tonight|today|soon))\b",
    ),
    "zh": Words(
        "限时|仅限|今日|最后|倒计时|售完",
        r"限时(?:优惠|特价|抢购|折扣)|仅限今[日天]|今日截止|(?:优惠|活动|特价|折扣)的?最后一天|倒计时|售完即止",
    ),
    "de": Words(
        "nur heute|letzte chance|vorrat reicht|countdown|angebot endet",
        r"\bnur heute\b|\bletzte Chance\b|\bsolange (?:der )?Vorrat reicht\b|\bCountdown\b|\bAngebot endet\b",
    ),
    "fr": Words(
        "seulement|dernière chance|limite des stocks",
        r"\baujourd['’]hui seulement\b|\bdernière chance\b|\bdans la limite des stocks\b",
    ),
    "es": Words(
        "solo hoy|oportunidad|existencias", r"\bsolo hoy\b|\búltima oportunidad\b|\bhasta agotar existencias\b"
    ),
    "ja": Words("本日|期間|売り切れ|残り", r"本日限り|期間限定|売り切れ次第終了|残りわずか"),
}

# Amounts of money and stars of customers, in any language; looked for beside Amazon's name.
AMOUNT = Words(
    "0|1|2|3|4|5|6|7|8|9",
    r"(?:[$€£¥￥]|\b(?:USD|EUR|GBP|CNY|JPY|US\$))\s?\d[\d.,]*|\d[\d.,]*\s?(?:(?:USD|EUR|GBP|CNY|JPY|dollars|euros?)\b|元)",
)
STARS = Words(
    "star|★|星|5",
    r"\b\d(?:[.,]\d)?(?: out of (?:5|five))? stars?\b|\b\d[.,]\d (?:out of|von|/) ?5\b|★|\d(?:\.\d)?\s?星",
)
