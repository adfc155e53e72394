"""Lines that begin with `::` and do not read as a directive: what is wrong with them, and the line as it should be."""

from __future__ import annotations

import re

from ccgen.load.markdown.directives import FULL_WIDTH, NAME, WIDE_MARKS, label_end, read_line
from ccgen.load.markdown.session import Session
from ccgen.text.unseen import find_unseen, without_unseen

__all__ = ["report_bad_line"]

_BRACKETS = str.maketrans("｛｝［］【】「」", "{}[][][]")
_HEAD = re.compile(rf":{{2,}}{NAME}")
_PARTS = re.compile(r"\"[^\"]*\"|'[^']*'|[\"'{}]")


def report_bad_line(session: Session, line: str, start: int) -> None:
    """Report a line that begins with `::` or `：：` and does not read as a directive."""
    shown = line.rstrip()
    unseen, fixed = find_unseen(shown), _corrected(shown)
    if unseen is not None and not fixed:
        bare = without_unseen(shown)
        fixed = bare if read_line(bare) is not None else _corrected(bare)
        if fixed:
            session.report("bad-directive", unseen[1], start + unseen[0], 1, fixed)
            return
    if "：" in shown[:2] or (fixed and WIDE_MARKS.search(shown)):
        message = "a directive is written with ASCII colons, brackets and quotes"
    elif not fixed and (opened := _unclosed(shown)) is not None:
        index, fixed = opened
        session.report("bad-directive", f"`{shown[index]}` is not closed", start + index, 1, fixed)
        return
    else:
        message = "this line begins with `::` and does not read as a directive"
    hint = fixed or r"write `::name[label]{records key=value}` alone on its line, or `\:` for a plain colon"
    session.report("bad-directive", message, start, len(shown), hint)


def _corrected(line: str) -> str:
    """Return the line with ASCII punctuation and no space behind the colons; '' if it still reads wrong."""
    fixed = re.sub(r"^[:：]+", lambda found: ":" * len(found[0]), line.rstrip().translate(_BRACKETS))
    fixed = re.sub(r"\{[^{}]*\}$", lambda found: found[0].translate(FULL_WIDTH), fixed)
    fixed = re.sub(r"^(:{2,})[ \t]+(?=[A-Za-z])", r"\1", fixed)
    fixed = re.sub(r"(?<=[\]a-z0-9]) +(?=\{[^{}]*\}$)", "", fixed)
    fixed = re.sub(r"^:{2,}[A-Za-z][A-Za-z0-9-]*", lambda found: found[0].lower(), fixed)
    return fixed if fixed != line.rstrip() and read_line(fixed) is not None else ""


def _unclosed(line: str) -> tuple[int, str] | None:
    """Return where the bracket or the quote stands that nothing closes, and the line with its end; None for any other line."""
    head = _HEAD.match(line)
    index = head.end() if head else len(line)
    if line.startswith("[", index):
        end = label_end(line, index)
        if end < 0:
            braces = line.rfind("{")
            before = braces if braces > index else len(line)
            fixed = f"{line[:before]}]{line[before:]}"
            return (index, fixed) if read_line(fixed) is not None else None
        index = end + 1
    if not line.startswith("{", index):
        return None
    quote = next((found for found in _PARTS.finditer(line, index) if found[0] in {'"', "'"}), None)
    if quote is not None and line[quote.start() - 1] != "=":
        return None  # it begins no value
    whole = line if line.endswith("}") else f"{line}}}"
    fixed = whole.removesuffix("{}") if quote is None else f"{whole[:-1]}{quote[0]}}}"
    return (index if quote is None else quote.start(), fixed) if read_line(fixed) is not None else None
