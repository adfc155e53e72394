"""Plain English prose of a wished length from a seed: sentences of a small grammar; knows nothing of sites and shops."""

from __future__ import annotations

import random

__all__ = ["heading", "paragraph", "sentence", "title", "word_list"]

_WORDS = {
    "thing": "kettle|strap|jar|ladder|handle|lid|drawer|blade|needle|stove|basket|filter|seam|bottle|crate|bench|scale"
    "|brush|spoon|cup|board|hinge|cloth|pan|grinder|label|wallet|tin|shelf|knife".split("|"),
    "who": "the maker|my neighbour|a customer|the grower|our youngest tester|the woman at the stall|an old colleague"
    "|the man who repairs clocks|nobody in the house|the second reader".split("|"),
    "quality": "quiet|plain|heavy|sturdy|narrow|warm|brittle|steady|thin|rough|slow|patient|bright|dry|fair|loose"
    "|short|deep|stiff|clean".split("|"),
    "verb": "held|turned|opened|measured|carried|mended|washed|weighed|dropped|packed|polished|emptied|tightened"
    "|replaced|warmed|folded".split("|"),
    "place": "on the bench|by the window|in the cellar|at the market|under the stairs|beside the stove|in the orchard"
    "|behind the shop|on the second shelf|in the rain".split("|"),
    "time": "every morning|for eleven weeks|since last autumn|twice a day|on the third try|before breakfast"
    "|after the first frost|in the fourteenth month|all through the summer|once a year".split("|"),
    "cause": "the thread was cut too short|the glue had not set|the steam had nowhere to go|the wood was still green"
    "|somebody saved four cents on the screw|the drawing said otherwise|the cloth shrank|the scale drifts when it is cold"
    "|the peel was picked a week early|we had read the label too quickly".split("|"),
    "number": "two|three|four|five|six|seven|nine|twelve|fourteen|thirty".split("|"),
    "unit": "grams|minutes|millimetres|days|stitches|cups|degrees|pages".split("|"),
}
_SENTENCES = (
    "The {quality} {thing} stood {place} {time}, and {who} {verb} it without being asked.",
    "I {verb} the {thing} {number} times and wrote down {number} {unit} each time.",
    "What nobody says about a {thing} is that it becomes {quality} {time}.",
    "{Who} {verb} it {place}, because {cause}.",
    "There is a *{quality}* kind of {thing}, and there is this one.",
    "It lost {number} {unit} {time}; that is less than {who} had feared.",
    "A {thing} which is {quality} {place} may well be {quality} at home, but do not count on it.",
    "We kept the {thing} {place} {time}, and {cause}.",
    "If the {thing} feels {quality}, wait {number} {unit} and try again.",
    "The difference is **{number} {unit}**, which {who} noticed at once and I did not.",
    "Nothing about the {thing} is new; the {quality} part is how it was {verb}.",
    "{Who} said that {cause}, and for {number} {unit} I believed it.",
    "By the end the {thing} was {quality}, the {thing} beside it was not, and the receipt was {place}.",
    "So I {verb} the old {thing} again: {number} {unit}, as before, and no better.",
    "It costs more than a {quality} {thing} should, and it lasts longer than {who} would like.",
    "You can hear it {place}: a {quality} sound, like a {thing} being {verb} {time}.",
)
_HEADINGS = (
    "What the {thing} did {time}",
    "A {quality} {thing}, {verb} again",
    "Why {cause}",
    "The {thing} {place}",
    "How we {verb} the {thing}",
)
_TITLES = (
    "The {quality} {thing} {place}",
    "{Number} {unit} with a {quality} {thing}",
    "What {who} {verb} {time}",
    "A {thing} for {quality} days",
)


def sentence(random_: random.Random) -> str:
    """Return one sentence of inline Markdown."""
    return _filled(random_.choice(_SENTENCES), random_)


def paragraph(random_: random.Random, sentences: int) -> str:
    """Return a paragraph on one line."""
    return " ".join(sentence(random_) for _ in range(sentences))


def heading(random_: random.Random) -> str:
    """Return words for a heading."""
    return _filled(random_.choice(_HEADINGS), random_)


def title(random_: random.Random) -> str:
    """Return words for a title."""
    return _filled(random_.choice(_TITLES), random_)


def word_list(name: str) -> list[str]:
    """Return all words of one part of the grammar."""
    return list(_WORDS[name])


def _filled(pattern: str, random_: random.Random) -> str:
    parts = []
    for piece in pattern.split("{"):
        name, brace, rest = piece.partition("}")
        if not brace:
            parts.append(piece)
            continue
        word = random_.choice(_WORDS[name.lower()])
        parts.append((word[0].upper() + word[1:] if name[0].isupper() else word) + rest)
    return "".join(parts)
