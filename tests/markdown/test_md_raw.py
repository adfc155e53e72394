"""Raw HTML pairs within the text: nothing swallows the rest of the page, and nothing ends what the theme began."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

UNCLOSED = {
    "<textarea>\n\nx\n": "<textarea>",
    "a <textarea> b\n": "<textarea>",
    "<title>x\n\nrest\n": "<title>",
    "<!-- a\n\nb\n": "<!--",
    "a <!-- b\n\nc -->\n": "<!--",
    "<div>\n<!-- a\n\nb -->\n</div>\n": "<!--",
    "<script>\nx\n\ny\n": "<script>",
    "<style>\nx\n": "<style>",
    "<pre>\nx\n\ny\n": "<pre>",
    "a <script> b\n": "<script>",
    "<div>\n<script>\na\n\nb\n</script>\n</div>\n": "<script>",
    "<div>\n\nx\n": "<div>",
    "- <div>\n\n</div>\n": "<div>",
    "> <div>\n\n</div>\n": "<div>",
    "[^1]\n\n[^1]: <div>\n": "<div>",
    "|a|b|\n|-|-|\n|<b>x|y</b>|\n": "<b>",
    "*a <b> c* </b>\n": "<b>",
    "<b><i>x</b></i>\n": "<i>",
    "<div>:buy[<i>a]{x}</div>\n": "<i>",
    'x <a id="top"/> y\n': '<a id="top"/>',
    '<iframe src="https://a.example"/>\n\nx\n': '<iframe src="https://a.example"/>',
}
STRAY = {
    "a </main> b\n": "</main>",
    "</div>\n": "</div>",
    "x\n\n</article>\n": "</article>",
    "</body>\n": "</body>",
    "a\n\n</html>\n": "</html>",
    "<ul><li>a</li></ul></li>\n": "</li>",
    "<b>x</b></b>\n": "</b>",
    "<pre></div></pre>\n": "</div>",
    "<div>:buy[</div>]{x}</div>\n": "</div>",
    "<div>\n:::note\n</div>\n:::\n": "</div>",
    "<span>\n\ntext\n</span>\n": "</span>",
}
FINE = [
    "<div>\n\n*x*\n\n</div>\n",
    "<ul><li>a<li>b</ul>\n",
    "<dl><dt>a<dd>b<dt>c</dl>\n",
    "<table><tr><td>a<td>b<tr><td>c</table>\n",
    "<table>\n<tr><td>a</td></tr></tbody></table>\n",
    "<select><option>a<option>b</select>\n",
    "<p>a\n\nb\n",
    '<p align="center">\n\n*x*\n\n</p>\n',
    "a <br> b <br/> c <wbr> <img src=x.png alt=''> <hr>\n",
    '<svg viewBox="0 0 1 1"><path d="M0"/><g><circle r="1"/></g></svg>\n',
    "<a href=https://x.example/>t</a>\n",
    "<DIV>x</Div>\n",
    "<details>\n<summary>S</summary>\n\n- a\n\n</details>\n",
    "- <div>\n\n  x\n\n  </div>\n",
    "<script>\nconst a = '</div>';\n\nb();\n</script>\n",
    "<pre>\n<b>a</b>\n\n</pre>\n",
    "<my-element>\n\nx\n\n</my-element>\n",
    "<!-- a\n\n</div> -->\n\nx <!-- </main> --> y\n",
    "`</div>` \\</div> &lt;/div> a < b\n\n```\n</main>\n```\n",
    ":::note[<b>x</b>]\n<div>\n\na\n\n</div>\n:::\n",
    "<video controls><source src=a.mp4></video>\n",
]


@pytest.mark.parametrize("text", [*UNCLOSED, *STRAY])
def test_what_does_not_pair_is_one_error_at_its_place(read, text):
    got = read(text)
    assert got.codes == ["unbalanced-html"]
    assert got.at() == (UNCLOSED | STRAY)[text]
    assert got.problems[0].hint
    assert got.problems[0].severity == "error"


@pytest.mark.parametrize("text", FINE)
def test_what_pairs_is_kept(read, text):
    assert read(text).codes == []


def test_a_tag_closed_by_itself_is_told_how_it_is_written(read):
    assert read('x <a id="top" /> y').problems[0].hint == '<a id="top"></a>'


def test_elements_of_the_page_are_not_for_prose(read):
    for name in ("html", "head", "body", "plaintext"):
        assert read(f"<{name}>\n\nx\n\n</{name}>\n").codes == ["html-not-allowed"]


def test_a_directive_that_an_element_crosses_is_told_once(read):
    assert read(":::note\n<div>\n\nx\n\n:::\n\n</div>\n").codes == ["crossing-directive"]
    assert read(":buy[a <b>c]{x} d</b>\n").codes == ["crossing-directive"]
    # What was told there excuses one end tag, not two.
    assert read(":buy[a <b>c]{x} d</b> </b>\n").codes == ["crossing-directive", "unbalanced-html"]


def test_labels_and_preformatted_text_are_looked_into(read):
    assert read("<div>:buy[<a href='javascript:x'>a</a>]{x}</div>\n").codes == ["unsafe-link"]
    assert read("a <pre><a href='javascript:x'>a</a></pre>\n").codes == ["unsafe-link"]
    assert read("<pre>a \\: :price{k} <c</pre>\n").html == "<pre>a \\: :price{k} &lt;c</pre>"


def test_what_a_browser_would_take_for_a_comment_is_text(read):
    assert read("<div>\n<? x\n</ div>\n</div>\n").html == "<div>\n&lt;? x\n&lt;/ div>\n</div>"


PARTS = [
    "word ", "\n", "\n\n", "- ", "> ", "  ", "<div>", "</div>", "<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<ul>", "<li>", "</li>",
    "</ul>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<br>", "<!-- x -->", "<!--", "-->", "<script>", "</script>", "<textarea>",
    "</textarea>", "<pre>", "</pre>", "<title>", "</title>", "</main>", "</article>", "</section>", "</body>", "<a/>", "<span>", "</span>",
    "*", "**", "[l](x.md)", "\n:::note\n", "\n:::\n", ":buy[", "]{x}", "`", "[^1]", "\n[^1]: ", "\n| a | b |\n|--|--|\n| ", " | ", "# ",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_a_text_without_errors_leaves_the_page_around_it_whole(read, text):
    got = read(text)
    if any(problem.severity == "error" for problem in got.problems):
        return
    html = got.html.replace("‹", "").replace("›", "")
    page = LexborHTMLParser(
        f"<body><main><article><section id=text>{html}</section><p id=after>x</p></article></main><footer>y</footer>"
    )
    for selector, parent in (("#after", "article"), ("article", "main"), ("footer", "body")):
        found = page.css(selector)[-1]
        assert found.parent is not None
        assert found.parent.tag == parent, page.html
