"""What is taken many lines at once, or past many tags, comes out as if each had been looked at."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from md_helpers import DECLARED
from test_md_property import FRAGMENTS, blocks, texts

from ccgen.load.markdown import Text, read_bodies
from ccgen.load.markdown.blocks import Scanner
from ccgen.load.markdown.engine import ENGINES, load_engine
from ccgen.load.markdown.layout import write_blocks
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.signs import Signs
from ccgen.load.markdown.split import Split, split
from ccgen.model.limits import Limits

MORE = [
    "Plain words, as they come. ", "and a *fair* kind\n", "\n\n", "A line.\n\nAnother.\n\n", "- one\n- two\n", "1. one\n2. two\n\n",
    "a\nb\nc\n\n", "## Head\n", "## Head ##\n", "* a\n\n  b\n", "::product{x}\n", "> quote\n", " trailing \n\n", "x | y\n--|--\n1 | 2\n",
    "Term\n: what it is\n", "- one\n- two\n\n", "> a\n> b\n\n", "It has:\n1. one\n2) two\n\n", "    deep\n", "  in\n", ": no term\n\n", ">b\n",
    "under\n---\n", "[a link](x.md) ", "\u202e", "\x0b", "é ",
]  # fmt: skip
shop_texts = st.lists(st.sampled_from(FRAGMENTS + MORE), max_size=24).map("".join)


def session_of(text: str, engine: str) -> Session:
    converter = load_engine(engine)
    return Session(
        text,
        path="a.md",
        directives=DECLARED,
        limits=Limits(),
        layout=converter.layout,
        begin=converter.begin,
        wall=converter.wall,
    )


def written(text: str, engine: str, *, by_line: bool) -> tuple[str, Session]:
    session = session_of(text, engine)
    scanner = Scanner(session, Signs(text, 0))
    if by_line:
        offset = 0
        for line in text.split("\n"):
            scanner.line(line, offset)
            offset += len(line) + 1
        scanner.finish(len(text))
    else:
        scanner.read(0)
    return write_blocks(session, scanner.boxes.blocks), session


def noted(session: Session) -> tuple[object, ...]:
    return session.targets, session.calls, sorted(session.anchors), sorted(map(repr, session.problems)), session.marks


@settings(max_examples=300)
@given(st.one_of(shop_texts, texts, blocks))
@example("* a\n\n  b\n- one\n- two\n\n")
@example(": - one\n- two\n\n")
@example("- one\n- two\n\n: what it is\n")
@example("- one\n- two\n\n::product{x}Term\n: what it is\n")
def test_lines_taken_together_are_those_taken_one_by_one(text: str) -> None:
    for engine in ENGINES:
        quick, session = written(text, engine, by_line=False)
        slow, other = written(text, engine, by_line=True)
        assert quick == slow
        assert noted(session) == noted(other)


@settings(max_examples=300)
@given(st.one_of(shop_texts, texts, blocks))
@example("First.\n\n## Of [a link](x.md) and `code`\n\n## Of *a* [link](z.md)\n\n- item\n")
@example("First.\n\n::buy[a]{x}\n\nThen :buy[b]{x} and\n\n:::note[label]\ninner\n:::\n\nlast [l](y.md)\n")
@example("First.\n\n- a\n\n  :::note\n  b\n  :::\n\n<b>c\n\nd [`e`](x.md) </b> <https://x.example>\n")
@example("First.\n\n> quote\n>\n> ```\n> code\n> ```\n> <i>x\n\n## {#a}\n\n[^1] x\n\n[^1]: note\n")
def test_tags_that_are_passed_by_change_nothing(text: str) -> None:
    for engine in ENGINES:
        made: list[tuple[Split, tuple[object, ...]]] = []
        for sound in (True, False):
            source, session = written(text, engine, by_line=False)
            html = load_engine(engine).convert(source, ())
            made.append((split(session, html, sound=sound), noted(session)))
        assert made[0] == made[1]


@settings(max_examples=100)
@given(st.lists(st.one_of(shop_texts, texts, blocks, st.sampled_from(["> " * 40 + "x", "\x02"])), max_size=4))
def test_texts_read_together_are_those_read_one_by_one(given: list[str]) -> None:
    asked = [Text(text, f"{number}.md", min(number, len(text))) for number, text in enumerate(given)]
    for engine in ENGINES:
        way = {"directives": DECLARED, "engine": engine, "limits": Limits()}
        assert read_bodies(asked, **way) == [read_bodies([one], **way)[0] for one in asked]


@given(st.text(alphabet="ab\\`<[]{|【\u2067é\n", max_size=40), st.integers(0, 20), st.integers(0, 45))
def test_the_next_sign_is_the_first_there_is(text: str, start: int, offset: int) -> None:
    expected = next(
        (at for at, sign in enumerate(text) if at >= max(start, offset) and sign in "\\`<[]{|【\u2067"), len(text)
    )
    assert Signs(text, start).after(max(start, offset)) == expected
