"""Writes rules.md beside this file, from the rules themselves."""

from pathlib import Path

from ccgen.check.document import document

if __name__ == "__main__":
    Path(__file__).with_name("rules.md").write_text(document(), encoding="utf-8")
