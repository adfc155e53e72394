"""ccgen as users get it: built, installed into a clean environment, and used outside the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from output_tree import faults
from support import REPOSITORY, alone, environment

WHAT_SHIPS = {
    "ccgen/__init__.py",
    "ccgen/py.typed",
    "ccgen/scaffold/site/ccgen.yaml",
    "ccgen/themes/plain/theme.yaml",
    "ccgen/themes/plain/assets/plain.css",
    "ccgen/themes/plain/directives/product.yaml",
    "ccgen/themes/plain/i18n/zh-CN.yaml",
    "ccgen/themes/plain/templates/base.html",
}


def done(*command: object, cwd: Path | None = None) -> str:
    """Run a command that must succeed; return what it printed."""
    env = {
        key: value for key, value in environment().items() if not key.startswith(("PYTHON", "COVERAGE", "VIRTUAL_ENV"))
    }
    ran = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def built(common: Path) -> Path:
    """A folder with the sdist and the wheel that is made from it."""
    folder = common / "dist"
    with alone(common / "dist.lock"):
        if not list(folder.glob("*.whl")):
            done(sys.executable, "-m", "build", "--installer", "pip", "--outdir", folder, REPOSITORY, cwd=common)
    return folder


@pytest.fixture(scope="module")
def clean(built: Path, common: Path) -> Path:
    """A clean environment's folder of commands, with the wheel installed."""
    commands = common / "clean" / "bin"
    with alone(common / "clean.lock"):
        if not (commands / "ccgen").exists():
            venv.create(common / "clean", with_pip=True)
            (wheel,) = built.glob("*.whl")
            done(commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    return commands


def test_the_wheel_holds_what_is_needed_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert names >= WHAT_SHIPS
    ours = [path.relative_to(REPOSITORY / "themes") for path in (REPOSITORY / "themes").rglob("*") if path.is_file()]
    assert {f"ccgen/themes/{path.as_posix()}" for path in ours} <= names
    strange = [
        one for one in names if not one.startswith(("ccgen/", "ccgen-")) or "__pycache__" in one or one.endswith(".pyc")
    ]
    assert strange == []


def test_the_sdist_can_be_built_from(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "ccgen/__init__.py", "themes/plain/theme.yaml"} <= names
    assert not [name for name in names if name.startswith(("content/", "site/", "tests/", ".venv"))]


def test_a_new_shop_builds_outside_the_repository(clean: Path, tmp_path: Path) -> None:
    ccgen = clean / "ccgen"
    assert done(ccgen, "--version").startswith("ccgen ")
    done(ccgen, "new", "site", "shop", cwd=tmp_path)
    shop = tmp_path / "shop"
    told = done(ccgen, "build", "--strict", cwd=shop)
    assert "no problems" in told
    assert faults(shop / "site", "https://example.org/", str(tmp_path), str(clean)) == []
    page = (shop / "site/reviews/example-kettle/index.html").read_text()
    assert 'class="buy' in page
    assert 'href="https://shop.example/kettle"' in page
    assert "0 rendered" in done(ccgen, "build", cwd=shop)
    assert "plain" in done(ccgen, "doctor", cwd=shop)


def test_pip_installs_the_folder_itself(tmp_path: Path) -> None:
    folder, commands = tmp_path / "copy", tmp_path / "venv" / "bin"
    folder.mkdir()
    for path in REPOSITORY.iterdir():
        if path.name.startswith(".") or path.name == "site":
            continue  # what other tests keep there may go meanwhile
        if path.is_dir():
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, folder)
    venv.create(tmp_path / "venv", with_pip=True)
    done(commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ".", cwd=folder)
    shutil.rmtree(folder)  # what is installed needs nothing of it
    assert done(commands / "ccgen", "--version", cwd=tmp_path).startswith("ccgen ")
    done(commands / "ccgen", "new", "site", "shop", cwd=tmp_path)
    done(commands / "ccgen", "build", cwd=tmp_path / "shop")
    assert (tmp_path / "shop/site/index.html").is_file()


def test_the_installed_package_does_not_see_the_repository(clean: Path, tmp_path: Path) -> None:
    code = "import ccgen.packaged as p; print(p.packaged_themes())"
    assert str(REPOSITORY) not in done(clean / "python", "-c", code, cwd=tmp_path)


def test_a_checkout_finds_its_own_themes(tmp_path: Path) -> None:
    code = "import ccgen.packaged as p; print(p.packaged_themes())"
    assert done(sys.executable, "-c", code, cwd=tmp_path).strip() == str(REPOSITORY / "themes")
