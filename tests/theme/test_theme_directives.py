"""Declarations of directives, their templates, and the built-in ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from theme_site import codes, load

from ccgen.model.theme import Records

MINE = "themes/mine/theme.yaml"
RECIPE = """\
doc: A recipe.
form: container
label: required
records: product?
params: {serves: {type: int, default: 2, min: 1}, time: {type: duration, required: yes}, tags: {type: [text]}}
styles: [recipe.css]
plain: body
"""

BUILT_IN = {
    "inline": "product buy price rating",
    "leaf": "product products compare picks considered verdict evidence audience pros cons method updates offers"
    " maker video",
    "container": "note tip caution quote figure gallery steps timeline",
}


def test_every_built_in_directive_is_declared_and_drawn(tmp_path: Path) -> None:
    theme, problems = load(tmp_path, {}, name="plain")
    assert problems == ()
    forms = {(form, name) for form, names in BUILT_IN.items() for name in names.split()}
    assert {(form, name) for name, one in theme.directives.items() for form in one.forms} == forms
    for name, directive in theme.directives.items():
        assert directive.doc
        assert f"directives/{name}.html" in theme.templates
        assert (directive.plain == "template") == (f"directives/{name}.plain.html" in theme.templates)


def test_leaf_directives_say_something_in_feeds(tmp_path: Path) -> None:
    theme, _ = load(tmp_path, {}, name="plain")
    assert {one.name for one in theme.directives.values() if one.plain == "body"} == {"gallery", "steps", "timeline"}


@pytest.mark.parametrize("folder", ["directives", "themes/mine/directives"])
def test_a_site_or_a_theme_adds_one(tmp_path: Path, folder: str) -> None:
    style = "themes/mine/assets/recipe.css" if folder.startswith("themes") else "directives/recipe.css"
    files = {
        MINE: "version: 1.0",
        f"{folder}/recipe.yaml": RECIPE,
        f"{folder}/recipe.html": "{{ content }}",
        style: "a{}",
    }
    theme, problems = load(tmp_path, dict(files))
    assert problems == ()
    recipe = theme.directives["recipe"]
    assert (recipe.forms, recipe.label, recipe.origin) == (("container",), "required", f"{folder}/recipe.yaml")
    assert recipe.records == Records(kind="product", least=0, most=1)
    assert (recipe.params["serves"].type, recipe.params["serves"].default, recipe.params["serves"].min) == (
        "int",
        "2",
        "1",
    )
    assert (recipe.params["time"].required, recipe.params["tags"].type) == (True, "[text]")
    assert "recipe.css" in theme.assets
    assert theme.templates["directives/recipe.html"].text == "{{ content }}"


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("", None),
        ("links: none\n", ()),
        ("links: inline\n", ("inline",)),
        ("links: [leaf, inline]\n", ("leaf", "inline")),
    ],
)
def test_links_are_the_forms_that_may_lead_to_a_shop(
    tmp_path: Path, written: str, links: tuple[str, ...] | None
) -> None:
    files = {"directives/x.yaml": f"doc: X.\nform: [inline, leaf]\n{written}", "directives/x.html": "x"}
    theme, problems = load(tmp_path, dict(files), name="plain")
    assert problems == ()
    assert theme.directives["x"].links == links
    assert {name: one.links for name, one in theme.directives.items() if one.links is not None and name != "x"} == {
        "product": ("leaf",),
        "price": (),
        "rating": (),
    }


def test_the_sites_own_is_the_nearest(tmp_path: Path) -> None:
    theme, problems = load(
        tmp_path, {"directives/note.html": "mine {% include 'plain/directives/note.html' %}"}, name="plain"
    )
    assert problems == ()
    assert theme.templates["directives/note.html"].text.startswith("mine")
    assert theme.templates["site/directives/note.html"].path == "directives/note.html"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ("none", Records()),
        ("maker", Records(kind="maker", least=1, most=1)),
        ("person?", Records(kind="person", least=0, most=1)),
        ("merchant*", Records(kind="merchant", least=0, most=-1)),
        ("article+", Records(kind="article", least=1, most=-1)),
    ],
)
def test_records(tmp_path: Path, records: str, expected: Records) -> None:
    files = {"directives/x.yaml": f"form: leaf\nrecords: {records}", "directives/x.html": ""}
    theme, problems = load(tmp_path, dict(files), name="plain")
    assert problems == ()
    assert theme.directives["x"].records == expected


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("", "missing-field", ""),
        ("doc: x", "missing-field", ""),
        ("form: []", "missing-field", "form"),
        ("form: block", "unknown-choice", "form"),
        ("form: leaf\nlabel: maybe", "unknown-choice", "label"),
        ("form: leaf\nrecords: products", "bad-records", "records"),
        ("form: leaf\nrecords: product??", "bad-records", "records"),
        ("form: leaf\nplain: html", "unknown-choice", "plain"),
        ("form: leaf\nrecord: product", "unknown-key", "record"),
        ("form: leaf\nparams: {Serves: {}}", "bad-name", "params.Serves"),
        ("form: leaf\nparams: {a: {type: integer}}", "unknown-type", "params.a.type"),
        ("form: leaf\nparams: {a: {kind: int}}", "unknown-key", "params.a.kind"),
        ("form: leaf\nparams: {a: {type: int, default: two}}", "bad-default", "params.a.default"),
        ("form: leaf\nparams: {a: {type: int, default: 0, min: 1}}", "bad-default", "params.a.default"),
        ("form: leaf\nparams: {a: {type: int, min: one}}", "bad-declaration", "params.a.min"),
        ("form: leaf\nparams: {a: {type: choice}}", "missing-field", "params.a"),
        ("form: leaf\nparams: {a: {required: yes, default: b}}", "bad-declaration", "params.a.default"),
        ("form: leaf\nstyles: [no.css]", "missing-asset", "styles[0]"),
        ("form: leaf\nplain: template", "missing-template", "plain"),
        ("form: leaf\nlinks: inline", "bad-declaration", "links"),
        ("form: leaf\nlinks: [none, leaf]", "bad-declaration", "links"),
        ("form: leaf\nlinks: no", "unknown-choice", "links"),
        ("form: leaf\nform: inline", "duplicate-key", ""),
        ("form: [leaf", "yaml-syntax", ""),
    ],
)
def test_faults_of_a_declaration(tmp_path: Path, text: str, code: str, field: str) -> None:
    _, problems = load(tmp_path, {"directives/x.yaml": text, "directives/x.html": ""}, name="plain")
    assert codes(problems) == [(code, "directives/x.yaml", field)]


@pytest.mark.parametrize(
    ("files", "code", "path"),
    [
        ({"directives/x.html": ""}, "missing-declaration", "directives/x.html"),
        ({"directives/x.yaml": "form: leaf"}, "missing-template", "directives/x.yaml"),
        ({"directives/Big.yaml": "form: leaf"}, "bad-name", "directives/Big.yaml"),
        ({"directives/2nd.html": ""}, "bad-name", "directives/2nd.html"),
        ({"directives/steps.plain.html": ""}, "unused-template", "directives/steps.plain.html"),
    ],
)
def test_declarations_and_templates_go_together(tmp_path: Path, files: dict[str, str], code: str, path: str) -> None:
    _, problems = load(tmp_path, dict(files), name="plain")
    assert codes(problems) == [(code, path, "")]


def test_a_child_may_change_the_declaration_or_the_template_alone(tmp_path: Path) -> None:
    theme, problems = load(
        tmp_path,
        {
            MINE: "version: 1.0",
            "themes/mine/directives/tip.html": "mine",
            "themes/mine/directives/note.yaml": "form: [container, leaf]\nlabel: optional\nplain: template",
        },
    )
    assert problems == ()
    assert theme.templates["directives/tip.html"].text == "mine"
    assert theme.directives["note"].forms == ("container", "leaf")
