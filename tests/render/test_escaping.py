"""Printed values: the same as Jinja's own way, whatever they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from ccgen.render.escaping import escaped, printed


class Emphasis:
    """Something that says itself how it looks as HTML."""

    def __html__(self) -> str:
        return "<em>&amp;</em>"


@given(st.text("&<>'\"a é壶") | st.integers() | st.floats() | st.booleans() | st.none() | st.lists(st.text("<'")))
def test_a_printed_value_is_the_escaped_one(value: object) -> None:
    assert str(printed(value)) == str(escape(value))


@given(st.text("&<>'\"a é壶"))
def test_escaped_text_is_plain_text(text: str) -> None:
    assert escaped(text) == str(escape(text))
    assert type(escaped(text)) is str


def test_finished_html_is_printed_as_it_is() -> None:
    assert printed(Markup("<b>&amp;</b>")) == "<b>&amp;</b>"
    assert printed(Emphasis()) == "<em>&amp;</em>"
