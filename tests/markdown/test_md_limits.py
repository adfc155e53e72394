"""Limits: hostile texts end in time, with a problem that names the limit; nothing of the process stays changed."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from ccgen.load.markdown.engine import load_engine
from ccgen.model.limits import Limits
from ccgen.text.timelimit import Overtime, at_most

HOSTILE = {
    "declaration": "<![" * 20_000,
    "tags": "<a <a" * 12_000,
    "attributes": '<a b="' * 30_000,
    "comments": "<!--" * 30_000,
    "stars": "*" * 50_000,
    "emphasis": "*a**b" * 10_000,
    "quotes": ">" * 10_000,
    "brackets": "[" * 50_000 + "]" * 50_000,
    "pairs": "[]" * 50_000,
    "open links": "[a](" * 20_000,
    "images": "![" * 20_000,
    "parentheses": "(" * 10_000,
    "backticks": "`" * 10_000,
    "runs of backticks": " ".join("`" * length for length in range(1, 600)),
    "line": "a" * 900_000,
    "words": "a b " * 200_000,
    "open labels": ":price[" * 30_000,
    "open braces": ":price{" * 30_000,
    "containers": ":::note\n" * 5_000,
    "items": "- " * 5_000 + "x",
    "deep list": "\n".join("  " * depth + "- a" for depth in range(200)),
    "headings": "# a\n" * 2_000,
    "references": "[a]: x\n" * 10_000,
    "footnotes": "[^a]" * 10_000,
    "pipes": "a|" * 2_000 + "\n" + "-|" * 2_000 + "\n",
    "candidates": '<img srcset="' + "," * 50_000 + '">',
    "escapes": "\\" * 100_000,
    "definitions": "a\n: b\n" * 10_000,
    "links": "[x](y) " * 30_000,
}


def replace_engine(monkeypatch, convert):
    def load(name):
        return load_engine(name)._replace(convert=convert)

    monkeypatch.setattr("ccgen.load.markdown.reader.load_engine", load)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end_in_time(read, name):
    began = time.process_time()
    got = read(HOSTILE[name], limits=Limits(conversion_seconds=2))
    assert time.process_time() - began < 8
    assert "conversion-failed" not in got.codes
    assert "\ufdd0" not in got.html


def test_the_time_limit_is_an_error_that_names_it(read, monkeypatch):
    def slow(text, extensions):
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            pass
        return text

    replace_engine(monkeypatch, slow)
    got = read("text", limits=Limits(conversion_seconds=1))
    assert got.codes == ["article-too-complex"]
    assert "limits.conversion_seconds" in got.problems[0].hint
    assert got.body.pieces == ()


def test_nesting_and_size_are_errors_that_name_the_limit(read):
    deep = read("> " * 40 + "x")
    assert deep.codes == ["article-too-complex"]
    assert "limits.nesting" in deep.problems[0].hint
    long = read("字" * 400, limits=Limits(article_bytes=1_000))
    assert long.codes == ["article-too-long"]
    assert "limits.article_bytes" in long.problems[0].hint
    assert read("a" * 1_000, limits=Limits(article_bytes=1_000)).problems == ()


@pytest.mark.parametrize("error", [RecursionError, AssertionError, ValueError, KeyError])
def test_any_failure_of_the_engine_is_a_problem_of_the_article(read, monkeypatch, error):
    def fails(text, extensions):
        raise error("no")

    replace_engine(monkeypatch, fails)
    assert len(read("text").problems) == 1
    monkeypatch.undo()
    assert read("text").html == "<p>text</p>"


def test_a_parser_that_failed_is_not_used_again(read, monkeypatch):
    convert = load_engine("markdown").convert

    class Breaking(str):
        """A text that stops the engine on its way, as running out of time does."""

        def strip(self, *_: object) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(Breaking("- a"), ())
    assert convert("- a\n- b", ()) == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"


def test_timer_and_handler_are_put_back():
    calls = []
    before = signal.signal(signal.SIGALRM, lambda *_: calls.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 60)
        with at_most(5):
            time.sleep(0.05)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < 60
        signal.raise_signal(signal.SIGALRM)
        assert calls == [1]
        signal.setitimer(signal.ITIMER_REAL, 0)
        with pytest.raises(Overtime), at_most(0.02):
            time.sleep(1)
        assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_another_thread_reads_without_a_timer(read):
    results = []
    thread = threading.Thread(target=lambda: results.append(read("*a*").html))
    thread.start()
    thread.join()
    assert results == ["<p><em>a</em></p>"]
