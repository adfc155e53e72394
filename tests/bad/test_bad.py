"""Each broken site of `cases/` gets exactly its text and exit code, and nothing under its output changes.

`ACCEPT=1 pytest tests/bad` writes what ccgen says into the cases: read every line of the difference before you keep it.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_case import CASES, Case, accept, lay_out, read_case

from ccgen.cli import main

Output = dict[str, tuple[bytes, int, int]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One folder for all cases: its output is that of the good site, and must stay that."""
    root = tmp_path_factory.mktemp("bad") / "site"
    root.mkdir()
    yield root
    lay_out(root, None)


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No clock from outside, the handler of SIGTERM as it was, and no rights that only root has."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    really_open = os.open

    def as_a_user(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if str(path).endswith("locked.md"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return really_open(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", as_a_user)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def _run(root: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", ["ccgen", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def _output(root: Path) -> Output:
    files = sorted(file for file in (root / "site").rglob("*") if file.is_file())
    return {
        str(file.relative_to(root)): (file.read_bytes(), (found := file.stat()).st_mtime_ns, found.st_ino)
        for file in files
    }


def _good_output(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Output:
    if not (root / "site").exists():
        lay_out(root, None)
        code = _run(root, ("build",), monkeypatch)
        assert code == 0, capsys.readouterr().err
        capsys.readouterr()
    return _output(root)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_says_exactly(
    path: Path, site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case: Case = read_case(path)
    before = _good_output(site, monkeypatch, capsys)
    assert "site/index.html" in before
    lay_out(site, case)
    code = _run(site, case.command, monkeypatch)
    out, err = capsys.readouterr()
    changed = _output(site) != before
    if changed:
        shutil.rmtree(site / "site")
        shutil.rmtree(site / ".ccgen")
    said = err.rstrip("\n")
    if os.environ.get("ACCEPT"):
        accept(case, code, said)
        return
    assert said == case.says
    assert code == case.exit_code
    assert out == ""
    assert not changed, "the output changed"


def test_cases_are_errors_that_point_somewhere() -> None:
    for path in CASES:
        case = read_case(path)
        assert case.intro.strip(), f"{path.name} does not say what it shows"
        assert case.exit_code in {1, 2, 3}, path.name
        assert "error[" in case.says, path.name
        blocks = case.says.split("\n\n")
        assert all("\nhint: " in block for block in blocks if block.startswith("error[")), f"{path.name}: no hint"
        assert "internal" not in case.says, path.name
