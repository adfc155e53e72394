"""What templates become: fields are asked for once where they cannot change, and text comes as one piece."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ccgen.model.source import digest_of
from ccgen.model.theme import Template
from ccgen.render.environment import Environment, make_environment


class Asked:
    """Stands for a view; counts what it is asked for."""

    def __init__(self, name: str) -> None:
        self.name, self.flag, self.asked = name, True, Counter[str]()

    def get(self, field: str) -> Any:
        self.asked[field] += 1
        return getattr(self, field)


def environment_of(**templates: str) -> Environment:
    made = make_environment(
        {
            name: Template(name=name, text=text, digest=digest_of(text.encode()), path=name)
            for name, text in templates.items()
        }
    )
    made.views = frozenset({Asked})
    return made


def drawn(text: str, **given: object) -> str:
    return environment_of(page=text, lib="{% macro name() %}{% endmacro %}").drawn("page", given)


def test_a_field_is_asked_for_once() -> None:
    one = Asked("pot")
    text = "{% if one.name %}{{ one.name }}{% for _ in (1, 2) %}{{ one.name }}{{ one.flag }}{% endfor %}{% endif %}"
    assert drawn(text, one=one) == "pot" + 2 * "potTrue"
    assert one.asked["name"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "{{ one.name }} {% set one = two %}{{ one.name }} {{ one.name }}",
        "{{ one.name }} {% for one in (two, two) %}{{ one.name }}{% if not loop.last %} {% endif %}{% endfor %}",
        "{{ one.name }} {% with one = two %}{{ one.name }} {{ one.name }}{% endwith %}",
        "{{ one.name }} {% macro shown(one) %}{{ one.name }} {{ one.name }}{% endmacro %}{{ shown(two) }}",
        "{{ one.name }} {% for x in (1, 2) if one.flag %}{{ two.name }}{% if not loop.last %} {% endif %}{% endfor %}",
        "{{ one.name }}{% for x in ((),) recursive %} {{ two.name }} {{ two.name }}{{ loop(x) }}{% endfor %}",
        "{% if one.name == two.name %}{% set one = two %}{% endif %}{{ one.name }} {{ two.name }} {{ two.name }}",
        "{{ one.name }} {{ two.name }} {% set both = namespace(one=one) %}{% set both.one = two %}{{ both.one.name }}",
    ],
)
def test_what_is_set_is_asked_for_anew(text: str) -> None:
    assert drawn(text, one=Asked("pot"), two=Asked("lid")) == "pot lid lid"


def test_an_imported_name_is_no_longer_the_view() -> None:
    text = "{{ one.name }}{% import 'lib' as one %}{{ one.name is callable }}"
    assert drawn(text, one=Asked("pot")) == "potTrue"


def test_each_block_asks_for_itself() -> None:
    made = environment_of(
        base="{{ one.name }}{% block a %}{{ one.name }}{% endblock %}{% block b %}{% endblock %}",
        page="{% extends 'base' %}{% block b %}{{ one.name }}{{ one.name }}{{ super() }}{% endblock %}",
    )
    one = Asked("x")
    assert made.drawn("page", {"one": one}) == "xxxx"
    assert one.asked["name"] == 3


def test_a_field_of_nothing_is_an_error() -> None:
    with pytest.raises(Exception, match="'one' is undefined"):
        drawn("{{ one.name }}{{ one.name }}")


def test_a_template_and_each_that_it_extends_yield_one_piece() -> None:
    made = environment_of(
        base="<a>{{ x }}{% block b %}{% endblock %}</a>",
        page="{% extends 'base' %}{% block b %}{% for i in range(9) %}{{ i }}, {% endfor %}{% include 'part' %}{% endblock %}",
        part="{{ x }}!",
    )
    template = made.get_template("page")
    pieces = list(template.root_render_func(template.new_context({"x": "&"})))
    assert pieces == ["", "<a>&amp;0, 1, 2, 3, 4, 5, 6, 7, 8, &amp;!</a>"]
