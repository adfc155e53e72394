"""Write the corpus as the sites that are compared, to look at them or to profile one program; measures nothing.

`python -m benchmarks.write FOLDER --articles 1000 --only hugo,ccgen-markdown` makes a folder for each below FOLDER.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.corpus import make_corpus
from benchmarks.programs import NAMES, build_reference, prepare


def main() -> None:
    """Write the sites, and say how each is built."""
    parser = argparse.ArgumentParser(prog="benchmarks.write", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="ccgen-markdown", help=f"some of: {','.join(NAMES)}")
    given = parser.parse_args()
    if given.folder.exists():
        parser.error(f"{given.folder} exists")
    names = tuple(given.only.split(","))
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such name: {', '.join(sorted(unknown))}")
    corpus, work = make_corpus(given.articles, given.seed), given.folder.resolve()
    reference = build_reference(corpus, work / "reference") if any(one.startswith("pelican") for one in names) else None
    for program in prepare(corpus, work, names, reference):
        print(f"{program.folder}: {' '.join(program.command)}")


if __name__ == "__main__":
    main()
