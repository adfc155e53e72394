"""The reader of Markdown, with each engine in turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from md_helpers import Read, read_text

from ccgen.load.markdown import Engine
from ccgen.load.markdown.engine import ENGINES


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn: what is ours is the same with all of them."""
    name: Engine = request.param
    return name


@pytest.fixture(scope="session")
def read(engine: Engine) -> Callable[..., Read]:
    return partial(read_text, engine=engine)
