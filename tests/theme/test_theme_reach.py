"""What a template can reach, against what Jinja itself finds, and templates that lack or need each other."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta
from theme_site import load

from ccgen.load.theme.reach import TemplateText, find_uses, link_templates

MINE = "themes/mine/theme.yaml"
ENVIRONMENT = jinja2.Environment(autoescape=True)


def by_jinja(text: str) -> set[str | None]:
    return set(meta.find_referenced_templates(ENVIRONMENT.parse(text)))


def assert_covers(text: str) -> None:
    uses = find_uses(text)
    found = by_jinja(text)
    assert uses.computed or None not in found
    assert uses.computed or uses.named >= found - {None}


def test_templates_of_plain(tmp_path: Path) -> None:
    theme, problems = load(tmp_path, {}, name="plain")
    assert problems == ()
    for template in theme.templates.values():
        uses = find_uses(template.text)
        assert not uses.computed, f"{template.path} would be drawn again with every other template"
        assert {name.text for tag in uses.tags if not tag.may_recur for name in tag.names} == by_jinja(template.text)


@pytest.mark.parametrize(
    "text",
    [
        "{% extends 'a.html' %}",
        '{%- include "a.html" -%}',
        "{%+ include 'a.html' ignore missing without context %}",
        "{% include ['a.html', 'b.html'] %}{% include ('c.html', 'd.html',) ignore missing %}",
        "{% import 'a.html' as a with context %}{% from 'b.html' import c, d as e without context %}",
        "{% include 'a.html' if x else 'b.html' %}",
        "{% include 'a' ~ x ~ '.html' %}",
        "{% include 'a' '.html' %}",
        "{% include name %}",
        r"{% include 'a\x2ehtml' %}",
        "{% include '%}a.html' %}{% include \"a'b.html\" %}",
        "{{ {'a': {'b': '}}'}}['a'] }}{% include 'a.html' %}",
        "{# {% include 'no.html' %} #}{% include 'a.html' %}",
        "{% raw %}{% include 'no.html' %}{% endraw %}{% include 'a.html' %}",
        "{%- raw -%}{# {%- endraw -%}{% include 'a.html' %}",
        "{% if x %}{% include 'a.html' %}{% else %}{% include 'b.html' %}{% endif %}",
        "{% set a = 'x.html' %}{% include a %}",
        "{%\ninclude\n'a.html'\nwith\ncontext\n%}",
        "{ % include 'no.html' %}{% include 'a.html' %}",
        "{{ '{% include \"no.html\" %}' }}{% include 'a.html' %}",
        "{% include x['a.html'] %}{% include ('a.html') %}",
    ],
)
def test_covers_what_jinja_finds(text: str) -> None:
    assert_covers(text)


NAMES = st.sampled_from(["a.html", "b/c.html", "%}", "}}", "{#", "ü", "it's"])
QUOTED = NAMES.map(lambda name: f'"{name}"')
EXPRESSIONS = st.one_of(
    QUOTED,
    st.lists(QUOTED, min_size=1, max_size=3).map(lambda names: f"[{', '.join(names)}]"),
    st.tuples(QUOTED, QUOTED).map(lambda two: f"{two[0]} if x else {two[1]}"),
    st.sampled_from(["x", "x.y", "'a' ~ x", "'a' 'b'", "{'k': 'a.html'}['k']", "x or 'a.html'"]),
)
TAGS = st.one_of(
    EXPRESSIONS.map(lambda one: f"{{% include {one} %}}"),
    EXPRESSIONS.map(lambda one: f"{{%- include {one} ignore missing with context -%}}"),
    QUOTED.map(lambda one: f"{{% from {one} import a, b with context %}}"),
    EXPRESSIONS.map(lambda one: f"{{% import {one} as a %}}"),
    EXPRESSIONS.map(lambda one: f"{{{{ {one} }}}}"),
    EXPRESSIONS.map(lambda one: f"{{% set a = {one} %}}"),
    EXPRESSIONS.map(lambda one: f"{{% if {one} %}}{{% include 'in.html' %}}{{% endif %}}"),
    QUOTED.map(lambda one: f"{{% raw %}}{{% include {one} %}}{{# {{% endraw %}}"),
    QUOTED.filter(lambda one: "{#" not in one).map(lambda one: f"{{# include {one} {{{{ #}}"),
    st.sampled_from(["text ", "{ ", "} ", "% ", "# ", "'", '"', "\n", "{{ {'a': {}}.a }}"]),
)


@given(st.lists(TAGS, max_size=8).map("".join))
def test_covers_what_jinja_finds_in_any_template(text: str) -> None:
    try:
        by_jinja(text)
    except jinja2.TemplateSyntaxError:
        return
    assert_covers(text)


def digests(texts: dict[str, str]) -> dict[str, bytes]:
    return link_templates({name: TemplateText(name, text) for name, text in texts.items()})[0]


def test_a_digest_changes_with_everything_in_reach_and_with_nothing_else() -> None:
    texts = {
        "a.html": "{% include 'b.html' %}",
        "b.html": "{% include 'c.html' ignore missing %}",
        "d.html": "d",
        "e.html": "{% include x %}",
    }
    before = digests(texts)
    changed = {
        "an included one": ({"b.html": "{% include 'c.html' ignore missing %}!"}, {"a.html", "b.html", "e.html"}),
        "one that was not there": ({"c.html": "c"}, {"a.html", "b.html", "e.html"}),
        "one out of reach": ({"d.html": "D"}, {"d.html", "e.html"}),
    }
    for what, (edit, expected) in changed.items():
        after = digests(texts | edit)
        assert {name for name in texts if after[name] != before[name]} == expected, what


def test_a_childs_template_is_in_the_reach_of_its_parents(tmp_path: Path) -> None:
    base = {MINE: "version: 1.0"}
    before, _ = load(tmp_path / "a", dict(base), name="mine")
    after, _ = load(tmp_path / "b", {**base, "themes/mine/templates/parts/offer.html": "mine"}, name="mine")
    assert before.templates["product.html"].digest != after.templates["product.html"].digest
    assert before.templates["404.html"].digest == after.templates["404.html"].digest


def test_a_name_that_no_template_has(tmp_path: Path) -> None:
    text = (
        "a line\n{% include 'parts/teasr.html' %}{% include ['x.html', 'base.html'] %}{% include 'y' ignore missing %}"
    )
    _, problems = load(tmp_path, {MINE: "version: 1.0", "themes/mine/templates/404.html": text})
    [problem] = problems
    assert (problem.code, problem.at.path) == ("missing-template", "themes/mine/templates/404.html")
    assert text[problem.at.start : problem.at.start + problem.at.length] == "parts/teasr.html"
    assert problem.hint == "did you mean `parts/teaser.html`?"


def test_a_list_of_which_none_is_there(tmp_path: Path) -> None:
    text = "{% include ['x.html', 'y.html'] %}"
    _, problems = load(tmp_path, {MINE: "version: 1.0", "themes/mine/templates/404.html": text})
    assert [problem.code for problem in problems] == ["missing-template"]


def test_templates_that_need_each_other(tmp_path: Path) -> None:
    files = {
        "404.html": "{% extends 'parts/one.html' %}",
        "parts/one.html": "{% extends 'parts/two.html' %}",
        "parts/two.html": "{% if x %}{% include 'parts/one.html' %}{% endif %}",
        "parts/self.html": "{% import 'parts/self.html' as me %}",
    }
    _, problems = load(
        tmp_path, {MINE: "version: 1.0", **{f"themes/mine/templates/{name}": text for name, text in files.items()}}
    )
    places = {(problem.code, problem.at.path.rpartition("templates/")[2]) for problem in problems}
    assert places == {("template-cycle", "parts/self.html"), ("template-cycle", "parts/one.html")}
    ring = next(problem for problem in problems if "one" in problem.at.path)
    assert "`parts/one.html` → `parts/two.html` → `parts/one.html`" in ring.message


def test_a_child_extends_the_parents_file_of_the_same_name(tmp_path: Path) -> None:
    good = {MINE: "version: 1.0", "themes/mine/templates/base.html": "{% extends 'plain/base.html' %}"}
    assert load(tmp_path / "good", dict(good))[1] == ()
    bad = {MINE: "version: 1.0", "themes/mine/templates/base.html": "{% extends 'base.html' %}"}
    [problem] = load(tmp_path / "bad", dict(bad))[1]
    assert (problem.code, problem.message) == ("template-cycle", "`base.html` needs itself")
    assert "plain/base.html" in problem.hint
