from __future__ import annotations

import pytest

REVIEW = """---
title: A kettle
date: 2025-10-02
product: harrow
evidence: {obtained: bought, price_paid: 149.00, summary: 31 boils}
tags: [tea]
---
Prose of the review.
"""
STORY = "---\ntitle: S\ndate: 2025-10-02\n---\nText.\n"


def test_articles_of_all_kinds(shop) -> None:
    loaded = shop(
        {
            "content/reviews/kettle.md": REVIEW,
            "content/stories/orchard/index.md": STORY,
            "content/guides/2025/pour.md": STORY,
            "content/notes/rain.md": "---\ndate: 2025-10-02\n---\nRain.\n",
            "content/pages/about.md": "---\ntitle: About\n---\nMe.\n",
        }
    ).loaded()
    assert loaded.problems == ()
    assert [(one.id, one.kind, one.folder, one.bundle) for one in loaded.articles] == [
        ("reviews/kettle", "review", "content/reviews", False),
        ("stories/orchard", "story", "content/stories/orchard", True),
        ("guides/2025/pour", "guide", "content/guides/2025", False),
        ("notes/rain", "note", "content/notes", False),
        ("pages/about", "page", "content/pages", False),
    ]
    assert {one.lang for one in loaded.articles} == {"en"}
    assert loaded.articles[0].meta.evidence.price_paid == "149.00"
    assert loaded.articles[0].body.first_paragraph == "Prose of the review."
    assert loaded.articles[0].path == "content/reviews/kettle.md"


def test_the_order_does_not_depend_on_the_disk(shop) -> None:
    names = ["z", "a", "m", "B", "月"]
    loaded = shop({f"content/stories/{name}.md": STORY for name in names}).loaded()
    assert [one.id.partition("/")[2] for one in loaded.articles] == sorted(names)


def test_the_digest_is_of_the_prose_only(shop) -> None:
    first = shop({"content/stories/a.md": STORY}).loaded().articles[0]
    again = shop({"content/stories/a.md": STORY.replace("title: S", "title: T")}).loaded().articles[0]
    other = shop({"content/stories/a.md": STORY + "More.\n"}).loaded().articles[0]
    assert first.digest == again.digest != other.digest


def test_line_ends_and_marks_make_no_difference(shop) -> None:
    plain = shop({"content/stories/a.md": STORY}).loaded().articles[0]
    odd = shop({"content/stories/a.md": b"\xef\xbb\xbf" + STORY.replace("\n", "\r\n").encode()}).loaded().articles[0]
    assert odd == plain


# --- languages -------------------------------------------------------------------------------------------------------


def test_a_translation_has_words_and_inherits_the_rest(shop) -> None:
    chinese = "---\ntitle: 一把壶\nevidence: {summary: 烧了 31 次}\ntags: [茶]\n---\n正文。\n"
    loaded = shop({"content/reviews/kettle.md": REVIEW, "content/reviews/kettle.zh-CN.md": chinese}).loaded()
    assert loaded.problems == ()
    english, made = loaded.articles
    assert (made.id, made.lang, made.path) == (english.id, "zh-CN", "content/reviews/kettle.zh-CN.md")
    assert (made.meta.title, made.meta.tags, made.meta.evidence.summary) == ("一把壶", ("茶",), "烧了 31 次")
    assert (made.meta.date, made.meta.product, made.meta.evidence.price_paid) == ("2025-10-02", "harrow", "149.00")
    assert made.body.first_paragraph == "正文。"
    assert made.fallback == frozenset()


def test_a_missing_word_falls_back_and_is_named(shop) -> None:
    loaded = shop(
        {"content/reviews/kettle.md": REVIEW, "content/reviews/kettle.zh-CN.md": "---\ntitle: 一把壶\n---\n\n"}
    ).loaded()
    assert loaded.problems == ()
    made = loaded.articles[1]
    assert made.fallback == {"evidence.summary", "tags", "body"}
    assert made.meta.evidence.summary == "31 boils"
    assert made.body == loaded.articles[0].body


def test_bundles_have_languages_too(shop) -> None:
    loaded = shop(
        {"content/stories/a/index.md": STORY, "content/stories/a/index.zh-CN.md": "---\ntitle: 故\n---\n文\n"}
    ).loaded()
    assert [(one.id, one.lang, one.bundle) for one in loaded.articles] == [
        ("stories/a", "en", True),
        ("stories/a", "zh-CN", True),
    ]


def test_an_article_may_stand_in_another_language_alone(shop) -> None:
    loaded = shop({"content/stories/a.zh-CN.md": STORY}).loaded()
    assert loaded.problems == ()
    assert [(one.id, one.lang, one.fallback) for one in loaded.articles] == [("stories/a", "zh-CN", frozenset())]


@pytest.mark.parametrize(
    ("front", "field"),
    [
        ("date: 2025-10-03", "date"),
        ("product: other", "product"),
        ("draft: yes", "draft"),
        ("slug: other", "slug"),
        ("evidence: {price_paid: 150.00}", "evidence.price_paid"),
        ("evidence: {obtained: gift}", "evidence.obtained"),
        ("extra: {brew: 3 minutes}", "extra.brew"),
    ],
)
def test_a_translation_must_not_change_what_is_no_word(shop, front: str, field: str) -> None:
    site = shop(
        {
            "content/reviews/kettle.md": REVIEW.replace("tags: [tea]", "extra: {brew: 4 minutes, tip: slow}"),
            "content/reviews/kettle.zh-CN.md": f"---\ntitle: 壶\n{front}\n---\n文\n",
        }
    )
    loaded = site.loaded({"brew": "duration", "tip": "text"})
    assert [(one.code, one.at.path, one.at.field) for one in loaded.problems] == [
        ("translation-differs", "content/reviews/kettle.zh-CN.md", field)
    ]
    assert len(loaded.articles) == 2  # what else is wrong is found in the same run


def test_repeating_the_same_value_is_fine(shop) -> None:
    front = (
        "title: 壶\ndate: 2025-10-02\nproduct: harrow\nevidence: {obtained: bought, price_paid: '149.00'}\ndraft: off\n"
    )
    site = shop(
        {
            "content/reviews/kettle.md": REVIEW.replace("tags: [tea]", "draft: no"),
            "content/reviews/kettle.zh-CN.md": f"---\n{front}---\n文\n",
        }
    )
    assert site.codes() == []


def test_entries_of_lists_are_translated_one_by_one(shop) -> None:
    guide = "---\ntitle: G\ndate: 2025-10-02\npicks:\n  - {product: a, badge: Best, verdict: v}\n  - {product: b, badge: Cheap}\n---\nx\n"
    chinese = "---\ntitle: 指南\npicks:\n  - {badge: 最好}\n  - {product: b, badge: 便宜}\n---\n文\n"
    loaded = shop({"content/guides/g.md": guide, "content/guides/g.zh-CN.md": chinese}).loaded()
    assert loaded.problems == ()
    assert [(one.product, one.badge, one.verdict) for one in loaded.articles[1].meta.picks] == [
        ("a", "最好", "v"),
        ("b", "便宜", None),
    ]
    assert loaded.articles[1].fallback == {"picks[0].verdict"}
    short = chinese.replace("  - {badge: 最好}\n", "")
    code, _, field, _ = shop({"content/guides/g.zh-CN.md": short}).problem()
    assert (code, field) == ("translation-differs", "picks")


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("cons: [一]", "`cons` has 1 entries here and 2 in the default language"),
        ("cons: 一", "`cons` has 1 entries here and 2 in the default language"),
        ("cons: [一, 二, 三]", "`cons` has 3 entries here and 2 in the default language"),
        ("pros: [一]", "`pros` has 1 entries here and 0 in the default language"),
        ("tags: [一, 二]", "`tags` has 2 entries here and 1 in the default language"),
    ],
)
def test_a_list_of_words_has_as_many_entries_as_the_originals(shop, front: str, message: str) -> None:
    original = REVIEW.replace("tags: [tea]", "tags: [tea]\ncons: [One, Two]")
    site = shop(
        {
            "content/reviews/kettle.md": original,
            "content/reviews/kettle.zh-CN.md": f"---\ntitle: 壶\n{front}\n---\n文\n",
        }
    )
    (problem,) = site.loaded().problems
    assert (problem.code, problem.at.field, problem.message) == (
        "translation-differs",
        front.partition(":")[0],
        message,
    )
    site.write({"content/reviews/kettle.zh-CN.md": "---\ntitle: 壶\ncons: [一, 二]\n---\n文\n"})
    assert site.loaded().problems == ()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("a.fr.md", "add `fr` to `site.languages` in ccgen.yaml, or write the name without the dot"),
        ("a.zh-cn.md", "rename it: content/stories/a.zh-CN.md"),
        ("a.zh-TW.md", "add `zh-TW` to `site.languages` in ccgen.yaml, or write the name without the dot"),
    ],
)
def test_a_language_that_the_site_does_not_have(shop, name: str, hint: str) -> None:
    assert shop({f"content/stories/{name}": STORY}).problem() == (
        "unknown-language",
        f"content/stories/{name}",
        "",
        hint,
    )


def test_other_dots_belong_to_the_name(shop) -> None:
    loaded = shop({"content/stories/v1.2.md": STORY, "content/stories/notes.old.md": STORY}).loaded()
    assert loaded.problems == ()
    assert [one.id for one in loaded.articles] == ["stories/notes.old", "stories/v1.2"]


def test_faults_of_the_default_language_are_not_repeated(shop) -> None:
    site = shop(
        {
            "content/stories/a.md": STORY.replace("date: 2025-10-02", "date: soon\ntitel: x"),
            "content/stories/a.zh-CN.md": "---\ntitle: [x]\n---\n文\n",
        }
    )
    assert [(one.code, one.at.path.rpartition("/")[2]) for one in site.loaded().problems] == [
        ("bad-date", "a.md"),
        ("unknown-key", "a.md"),
        ("wrong-type", "a.zh-CN.md"),
    ]


# --- faults ----------------------------------------------------------------------------------------------------------


def test_two_files_for_one_article(shop) -> None:
    site = shop({"content/stories/a.md": STORY, "content/stories/a/index.md": STORY})
    loaded = site.loaded()
    assert [one.code for one in loaded.problems] == ["two-sources"]
    assert "`content/stories/a.md` and `content/stories/a/index.md`" in loaded.problems[0].message


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (REVIEW.replace("product: harrow\n", ""), "missing-field", ""),
        (REVIEW.replace("title: A kettle\n", ""), "missing-field", "title"),
        (REVIEW.replace("title: A kettle\n", "title: ' '\n"), "missing-field", "title"),
        (REVIEW.replace("date: 2025-10-02\n", ""), "missing-field", "date"),
        (REVIEW.replace("tags: [tea]", "rating: 4\nbut: b\ncons: c"), "missing-field", "rating"),
        (REVIEW.replace("tags: [tea]", "rating: 4\nverdict: b\ncons: c"), "TR-01", "rating"),
        (REVIEW.replace("tags: [tea]", "rating: 4\nverdict: b\nbut: c\ncons: []"), "TR-01", "rating"),
        (REVIEW.replace("tags: [tea]", "rating: 5.1\nverdict: b\nbut: c\ncons: d"), "bad-rating", "rating"),
        (REVIEW.replace("tags: [tea]", "scores: {pour: 6}"), "bad-rating", "scores.pour"),
        (REVIEW.replace("tags: [tea]", "expires: 2025-10-01"), "bad-period", "expires"),
        (REVIEW.replace("tags: [tea]", "updates: {date: 2024-01-01, note: x}"), "SD-18", "updates[0].date"),
        (REVIEW.replace("tags: [tea]", "series: {name: x, part: 0}"), "bad-number", "series.part"),
        (REVIEW.replace("summary: 31 boils", "since: 2025-02-01, until: 2025-01-01"), "bad-period", "evidence.until"),
        (
            REVIEW.replace("bought", "untested").replace("summary: 31 boils", "photos: a.jpg"),
            "bad-evidence",
            "evidence.photos",
        ),
        ("Just prose.\n", "no-front-matter", ""),
        ("---\ntitle: x\n", "unclosed-front-matter", ""),
        ("---js\nx\n---\n", "foreign-front-matter", ""),
        ("---\ntitle:x\n---\n", "wrong-type", ""),
        ("---\na: [\n---\n", "yaml-syntax", ""),
        (b"---\ntitle: \xff\n---\n", "not-utf8", ""),
        (b"---\ntitle: \0\n---\n", "nul-character", ""),
        (b"x" * 1_000_001, "file-too-large", ""),
    ],
)
def test_what_a_review_lacks(shop, text: str | bytes, code: str, field: str) -> None:
    site = shop({"content/reviews/a.md": text})
    found = site.problem()
    assert found[:3] == (code, "content/reviews/a.md", field)
    assert found[3]
    loaded = site.loaded()
    if isinstance(text, str) and "evidence: {" in text and "product: " in text:  # its needed keys have values
        assert [one.path for one in loaded.articles] == ["content/reviews/a.md"]
    else:
        assert loaded.articles == ()
        assert {"reviews/a", "content/reviews/a.md"} <= loaded.failed


def test_guides_name_each_product_once(shop) -> None:
    text = "---\ntitle: G\ndate: 2025-10-02\npicks: [{product: a}, {product: a}]\nconsidered:\n  - {reason: x}\n  - {product: a, name: b, reason: x}\n---\n"
    problems = shop({"content/guides/g.md": text}).loaded().problems
    assert [(one.code, one.at.field) for one in problems] == [
        ("bad-considered", "considered[0]"),
        ("bad-considered", "considered[1]"),
        ("duplicate-pick", "picks[1].product"),
    ]


def test_free_keys_have_the_types_that_a_theme_declares(shop) -> None:
    extra = {"brew": "duration", "serves": "int", "hot": "flag", "links": "[url]", "note": "markdown"}
    text = STORY.replace(
        "---\nText", "extra: {brew: 4 minutes, serves: 2, hot: yes, links: 'https://a.example/', own: 007}\n---\nText"
    )
    loaded = shop({"content/stories/a.md": text}).loaded(extra)
    assert loaded.problems == ()
    assert loaded.articles[0].meta.extra == {
        "brew": "4 minutes",
        "serves": 2,
        "hot": True,
        "links": ["https://a.example/"],
        "own": "007",
    }
    bad = shop({"content/stories/a.md": text.replace("4 minutes", "soon").replace("serves: 2", "serves: two")}).loaded(
        extra
    )
    assert [(one.code, one.at.field) for one in bad.problems] == [
        ("bad-duration", "extra.brew"),
        ("bad-number", "extra.serves"),
    ]
    assert bad.articles[0].meta.extra.keys() == {"hot", "links", "own"}


def test_texts_of_sections_and_of_the_home_page(shop) -> None:
    loaded = shop(
        {
            "content/_index.md": "Welcome.\n",
            "content/_index.zh-CN.md": "---\ntitle: 首页\n---\n欢迎。\n",
            "content/reviews/_index.md": "---\ntitle: Reviews\nsummary: All.\n---\n",
        }
    ).loaded()
    assert loaded.problems == ()
    assert [(one.section, one.lang, one.meta.title) for one in loaded.sections] == [
        ("", "en", None),
        ("", "zh-CN", "首页"),
        ("reviews", "en", "Reviews"),
    ]
    assert shop({"content/reviews/_index.md": "---\ndate: 2025-01-01\n---\n"}).problem()[:3] == (
        "unknown-key",
        "content/reviews/_index.md",
        "date",
    )


@pytest.mark.parametrize(
    ("path", "code", "hint"),
    [
        ("content/reviws/a.md", "unknown-folder", "did you mean `reviews`?"),
        ("content/a.md", "stray-file", "move it into a section's folder, or to static/"),
        ("content/stories/a.yml", "stray-file", "rename it to `a.yaml`"),
        ("content/stories/a.markdown", "stray-file", "rename it to `a.md`"),
        ("content/stories/a.MD", "stray-file", "rename it to `a.md`"),
        ("content/stories/a.yaml", "stray-file", "write the values as front matter, between lines of `---`"),
        ("content/products/_index.md", "stray-file", "move it to content/SECTION/"),
        ("content/products/list.csv", "stray-file", None),
        ("content/products/prodcts.csv", "stray-file", "did you mean `products.csv`?"),
        ("content/makers/x/y.yaml", "stray-file", "move it to content/makers/y.yaml"),
        ("content/stories/a.png", "unpublished-file", None),
    ],
)
def test_files_that_belong_nowhere(shop, path: str, code: str, hint: str | None) -> None:
    found = shop({path: STORY}).problem()
    assert found[0] == code
    assert found[3] == hint or (hint is None and found[3])


def test_one_problem_for_an_unknown_folder(shop) -> None:
    assert shop({f"content/reviws/{name}.md": STORY for name in "abc"}).codes() == ["unknown-folder"]


def test_a_bundle_has_one_article(shop) -> None:
    site = shop({"content/stories/a/index.md": STORY, "content/stories/a/more.md": STORY})
    assert site.problem()[:2] == ("stray-file", "content/stories/a/more.md")


def test_what_editors_leave_behind_is_not_read(shop) -> None:
    names = [".#a.md", "a.md~", ".a.md.swp", "4913", ".DS_Store", "a.md___jb_tmp___", "#a.md#", ".hidden.md", "._a.md"]
    loaded = shop({"content/stories/a.md": STORY, **{f"content/stories/{name}": b"\xff" for name in names}}).loaded()
    assert loaded.problems == ()
    assert len(loaded.articles) == 1


def test_an_empty_site_loads(shop) -> None:
    loaded = shop({}).loaded()
    assert (loaded.articles, loaded.files, loaded.problems) == ((), {}, ())


@pytest.mark.parametrize(
    "front",
    ["draft: yes\nproduct:\n", "draft: true\nrating: 4\nverdict: x\n", "draft: yes # later\nbut:The lid\n"],
)
def test_a_draft_that_is_not_finished_stops_nothing(shop, front: str) -> None:
    made = shop({"content/reviews/a.md": f"---\ntitle: A\n{front}---\n::nothing\n"})
    loaded = made.loaded()
    assert loaded.problems
    assert {problem.severity for problem in loaded.problems} == {"warning"}
    assert [(one.path, one.meta.draft) for one in loaded.articles] == [("content/reviews/a.md", True)]
    assert not loaded.failed


def test_a_draft_that_is_shown_must_be_finished(shop) -> None:
    made = shop({"content/reviews/a.md": "---\ntitle: A\ndraft: yes\n---\nText.\n"})
    assert {problem.severity for problem in made.loaded(drafts=True).problems} == {"error"}


def test_doubtful_prose_is_told_and_code_is_not(shop) -> None:
    text = "---\ntitle: A\ndate: 2026-11-01\n---\n```\n# no\n```\n\n![](/a.png) `![](b.png)`\n\n# Again\n"
    found = shop({"content/stories/a.md": text}).loaded().problems
    assert [(one.code, text[one.at.start :].split("\n")[0][:7]) for one in found] == [
        ("second-title", "# Again"),
        ("missing-alt", "/a.png)"),
    ]
