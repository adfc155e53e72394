"""Fields of records: inline Markdown as safe HTML."""

from __future__ import annotations

import pytest

from ccgen.text.inline import inline


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Pours like a faucet you can aim.", "Pours like a faucet you can aim."),
        ("*a* **b** `c<d`", "<em>a</em> <strong>b</strong> <code>c&lt;d</code>"),
        ("[a](https://x.example/?a=1&b=2)", '<a href="https://x.example/?a=1&amp;b=2">a</a>'),
        ("[a *b*](../x.md)", "a <em>b</em>"),
        ("[a](javascript:alert(1))", "a"),
        ("![a](https://x.example/p.jpg)", "a"),
        ("<https://x.example>", '<a href="https://x.example">https://x.example</a>'),
        ("<script>x</script> <b>", "&lt;script&gt;x&lt;/script&gt; &lt;b&gt;"),
        ("- not a list", "- not a list"),
        ("1. not a list", "1. not a list"),
        ("# no heading", "# no heading"),
        ("> no quote", "&gt; no quote"),
        ("a\n\n    b", "a b"),
        ("[^1] :price{x}", "[^1] :price{x}"),
        ("a | b", "a | b"),
        (": x", ": x"),
        ("***", "***"),
        ("", ""),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ("\ufdd0", ""),
    ],
)
def test_inline(text, html):
    assert inline(text) == html
