"""What templates become: fields are asked for once where they cannot change, and text comes as one piece."""

from __future__ import annotations

import html
from collections import Counter
from typing import Any

import pytest
from jinja2 import pass_context
from jinja2.runtime import Context

from ccgen.model.source import digest_of
from ccgen.model.theme import Template
from ccgen.render.environment import Environment, make_environment
from ccgen.render.functions import Function


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


@Function
@pass_context
def say(context: Context, *given: object, **named: object) -> str:
    return f"{context.name}:{given}{named}".replace("'", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ say(1, a=2) }}", "page:(1,){a: 2}"),
        ("{% for x in (1, 2) %}{{ say(x, *[3], **{'b': 4}) }}{% endfor %}", "page:(1, 3){b: 4}page:(2, 3){b: 4}"),
        ("{% block one %}{{ say() }}{% endblock %}", "page:(){}"),
        ("{{ say(say(say(1))) }}", "page:(page:(page:(1,){},){},){}"),
        ("{% set say = plain %}{{ say(1) }}{{ plain(2) }}", "1 plain2 plain"),
        (
            "{% macro twice(x) %}{{ say(x) }}{{ caller(x) }}{% endmacro %}{% call(y) twice(5) %}{{ y }}{% endcall %}",
            "page:(5,){}5",
        ),
        ("{{ one.words('pot') }}{{ one['words']('pot') }}", "words of potwords of pot"),
    ],
)
def test_functions_get_what_the_template_gives(text: str, said: str) -> None:
    assert html.unescape(drawn(text, say=say, plain="{} plain".format, one=Wordy())) == said


class Wordy:
    """No view, but has `words` too."""

    def words(self, name: str) -> str:
        return f"words of {name}"


def test_what_is_no_function_cannot_be_called() -> None:
    with pytest.raises(Exception, match="'nobody' is undefined"):
        drawn("{{ nobody(1) }}")
    with pytest.raises(Exception, match="not callable"):
        drawn("{{ one(1) }}", one=Asked("x"))


def test_a_call_in_calls_is_no_longer_code_than_it_must_be() -> None:
    def code_of(depth: int) -> int:
        text = "{{ " + "f(" * depth + ")" * depth + " }}"
        return len(make_environment({}).compile(text, raw=True))

    one, two, three = code_of(4), code_of(8), code_of(12)
    assert three - two < 2 * (two - one)


def test_a_template_and_each_that_it_extends_yield_one_piece() -> None:
    made = environment_of(
        base="<a>{{ x }}{% block b %}{% endblock %}</a>",
        page="{% extends 'base' %}{% block b %}{% for i in range(9) %}{{ i }}, {% endfor %}{% include 'part' %}{% endblock %}",
        part="{{ x }}!",
    )
    template = made.get_template("page")
    pieces = list(template.root_render_func(template.new_context({"x": "&"})))
    assert pieces == ["", "<a>&amp;0, 1, 2, 3, 4, 5, 6, 7, 8, &amp;!</a>"]
