"""The command line as people and programs meet it: exit codes, texts, JSON, signals."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support import CLOCK, Shop, ShopMaker, article, ccgen_command, environment, here, review, run

from ccgen import __version__

HANGING_UP = """
import os, signal
from ccgen import cli
build = cli.cli.main
def hung_up(**given):
    os.kill(os.getpid(), signal.SIGHUP)
    return build(**given)
cli.cli.main = hung_up
cli.run()
"""
VERBS = ["new", "build", "check", "list", "explain", "clean", "schema", "doctor"]


def broken(shop: ShopMaker) -> Shop:
    return shop(
        {
            "content/notes/a.md": article("[x](gone.md)\n\n::product{pto}\n"),
            "content/notes/b.md": "---\ntitle: [\n---\n",
        }
    )


def warned(shop: ShopMaker) -> Shop:
    return shop({"content/notes/a.md": article(), "content/notes/stray.txt": "x"})


# --- help and usage ---


def test_version_and_help() -> None:
    assert run("--version") == (0, f"ccgen {__version__}\n", "")
    done = run("--help")
    assert done.code == 0
    for verb in VERBS:
        assert verb in done.out
        told = here(verb, "--help")
        assert told.code == 0
        assert "Usage: ccgen" in told.out


def test_the_version_is_quick() -> None:
    """It imports nothing that it does not need."""
    code = "import sys; sys.argv = ['ccgen', '--version']; from ccgen.cli import main\ntry: main()\nexcept SystemExit: print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    for name in ("jinja2", "markdown", "babel", "PIL", "yaml", "rich", "selectolax"):
        assert f"'{name}'" not in done.stdout, name


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["biuld"], "Did you mean `build`?"),
        (["build", "--nothing"], "--nothing"),
        (["list", "things"], "things"),
        (["new"], "site"),
        (["explain"], "URL"),
        (["schema", "nothing"], "nothing"),
    ],
)
def test_what_cannot_be_asked_is_2(args: list[str], words: str) -> None:
    done = here(*args)
    assert done.code == 2
    assert words in done.out + done.err
    assert "Traceback" not in done.err


def test_a_folder_that_is_no_site_is_2(tmp_path: Path) -> None:
    done = here("build", "-s", tmp_path)
    assert done.code == 2
    assert done.err.startswith("error[no-settings]")
    assert "ccgen new site" in done.err


def test_settings_that_do_not_fit_are_2_and_the_only_problem(shop: ShopMaker) -> None:
    site = broken(shop).set(thme="plain")
    done = here("build", "-s", site.root)
    assert done.code == 2
    assert "error[unknown-key]" in done.err
    assert "did you mean `theme`?" in done.err or "theme:" in done.err
    assert "gone.md" not in done.err


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (["--clock", "soon"], "bad-clock"),
        (["-b", "example.org"], ""),
        (["-o", "content/x"], "unsafe-output"),
        (["-o", "."], "unsafe-output"),
        (["-o", "/"], "unsafe-output"),
    ],
)
def test_flags_that_cannot_be_are_2(shop: ShopMaker, flags: list[str], code: str) -> None:
    site = shop()
    before = sorted(site.root.rglob("*"))
    done = here("build", *flags, cwd=site.root)
    assert done.code == 2
    assert f"error[{code}" in done.err
    assert sorted(path for path in site.root.rglob("*") if ".ccgen" not in path.parts) == before


# --- build ---


def test_a_good_build_is_0_and_sums_up_on_stderr(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article(), "content/reviews/r.md": review()})
    done = run("build", "-s", site.root)
    assert (done.code, done.out) == (0, "")
    assert "2 articles, 1 product, 1 person" in done.err
    assert "no problems" in done.err
    again = here("build", "-s", site.root).err
    assert " outputs: 0 rendered, " in again
    assert " fresh; 0 written, " in again
    assert here("build", "-q", "-s", site.root) == (0, "", "")
    site.edit("content/notes/a.md", "Text.", "Changed.")
    assert "  rendered notes/a/index.html\n" in here("build", "-v", "-s", site.root).err


def test_a_bad_site_is_1_and_all_is_told_in_order(shop: ShopMaker) -> None:
    site = broken(shop)
    done = run("build", "-s", site.root)
    assert done.code == 1
    assert done.out == ""
    places = [line.strip() for line in done.err.splitlines() if line.startswith("  content/")]
    assert places[:2] == ["content/notes/a.md:5:5", "content/notes/a.md:7:11"]
    assert [place.partition(":")[0] for place in places[2:]] == ["content/notes/b.md"]
    assert "  5 | [x](gone.md)\n    |     ^^^^^^^\n" in done.err
    assert "hint: did you mean `pot`?" in done.err
    assert "3 errors; nothing was written" in done.err
    assert not site.output.exists()


def test_warnings_are_0_and_with_strict_1(shop: ShopMaker) -> None:
    site = warned(shop)
    done = here("build", "-s", site.root)
    assert done.code == 0
    assert "warning[unpublished-file]" in done.err
    assert "1 warning" in done.err
    assert here("build", "--strict", "-s", site.root).code == 1
    assert here("check", "--strict", "-s", site.root).code == 1
    assert here("check", "-s", site.root).code == 0
    assert "warning[unpublished-file]" in here("build", "-q", "-s", site.root).err


def test_json_of_a_build(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article(),
            "content/notes/later.md": article(date="2026-07-01"),
            "content/notes/s.txt": "x",
        }
    )
    done = here("build", "--json", "-s", site.root)
    assert (done.code, done.err) == (0, "")
    value = done.json
    assert value["ok"] is True
    assert value["outputs"]["article"] == 1
    assert "notes/a/index.html" in value["rendered"]
    assert "notes/a/index.html" in value["written"]
    assert value["removed"] == []
    assert value["hidden"] == [
        {"path": "content/notes/later.md", "reason": "scheduled", "date": "2026-07-01", "flag": "--future"}
    ]
    assert [one["code"] for one in value["problems"]] == ["unpublished-file"]
    assert isinstance(value["seconds"], float)
    assert here("build", "--json", "--strict", "-s", site.root).json["ok"] is False


def test_json_of_what_failed(shop: ShopMaker) -> None:
    site = broken(shop)
    for verb in ("build", "check"):
        done = here(verb, "--json", "-s", site.root)
        assert (done.code, done.err) == (1, "")
        assert done.json["ok"] is False
        first = done.json["problems"][0]
        assert first == {
            "severity": "error",
            "code": "broken-link",
            "message": first["message"],
            "path": "content/notes/a.md",
            "line": 5,
            "column": 5,
            "length": 7,
            "excerpt": "[x](gone.md)",
            "hint": first["hint"],
        }
    done = here("build", "--json", "-s", shop({}, settings={"thme": "x"}, name="two").root)
    assert done.code == 2
    assert done.json["problems"][0]["path"] == "ccgen.yaml"


def test_the_text_of_a_problem_is_that_of_its_json(shop: ShopMaker) -> None:
    site = broken(shop)
    text = here("check", "-s", site.root).err
    for problem in here("check", "--json", "-s", site.root).json["problems"]:
        assert f"{problem['severity']}[{problem['code']}]: {problem['message']}\n" in text
        assert f"  {problem['path']}:{problem['line']}:{problem['column']}\n" in text
        assert f"hint: {problem['hint']}\n" in text or not problem["hint"]


def test_no_colour_in_a_pipe_and_no_control_characters_from_a_source(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("[x](gone\x1b[31m.md) \u202e\n")})
    done = here("build", "-s", site.root)
    assert done.code == 1
    assert "\x1b" not in done.err
    assert "\u202e" not in done.err


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_on_a_terminal_unless_asked_not_to(shop: ShopMaker, no_color: str, coloured: bool) -> None:
    pty = pytest.importorskip("pty")
    site = broken(shop)
    mother, child = pty.openpty()
    env = environment({"NO_COLOR": no_color, "TERM": "xterm"})
    process = subprocess.Popen(
        [ccgen_command(), "build", "-s", site.root], stderr=child, stdout=subprocess.DEVNULL, env=env
    )
    os.close(child)
    told = b""
    while True:
        try:
            part = os.read(mother, 65_536)
        except OSError:
            break
        if not part:
            break
        told += part
    os.close(mother)
    assert process.wait() == 1
    assert (b"\x1b[1;31m" in told) is coloured


def test_flags_reach_the_build(shop: ShopMaker, tmp_path: Path) -> None:
    site = shop({"content/notes/d.md": article(draft=True), "content/notes/f.md": article(date="2027-01-01")})
    out, state = tmp_path / "out", tmp_path / "state"
    done = here(
        "build",
        "-s",
        site.root,
        "-o",
        out,
        "--state",
        state,
        "-b",
        "https://example.org/x",
        "-D",
        "-F",
        "--clock",
        CLOCK,
    )
    assert done.code == 0, done.err
    assert (out / "notes/d/index.html").is_file()
    assert (out / "notes/f/index.html").is_file()
    assert 'href="https://example.org/x/' in (out / "index.html").read_text()
    assert state.is_dir()
    assert not (site.root / ".ccgen").exists()


def test_the_clock_of_the_environment(shop: ShopMaker) -> None:
    site = shop({"content/notes/f.md": article(date="2027-01-01")})
    assert here("build", "-s", site.root, env={"SOURCE_DATE_EPOCH": "1798761600"}).code == 0  # 2027-01-01
    assert site.has("/notes/f/")
    assert here("build", "-s", site.root, env={"SOURCE_DATE_EPOCH": "soon"}).code == 2


# --- environment, faults, signals ---


def test_a_locked_site_is_3(shop: ShopMaker) -> None:
    from ccgen.write import lock

    site = shop({"content/notes/a.md": article()})
    with lock(site.state):
        done = run("build", "-s", site.root)
    assert done.code == 3
    assert "error[locked]" in done.err
    assert here("build", "-s", site.root).code == 0


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/self").exists(), reason="root may write anywhere")
def test_an_output_that_cannot_be_written_is_3(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article()})
    done = here("build", "-s", site.root, "-o", "/proc/ccgen-site")
    assert done.code == 3
    assert done.err.startswith("error[")
    assert "Traceback" not in done.err


FAULTY = """
import sys
import ccgen.cli.build as verb
def fault(*_, **__): raise ZeroDivisionError("of ours")
verb.build = fault
from ccgen.cli import main
sys.argv = ["ccgen", "build", *sys.argv[1:]]
main()
"""


def test_a_fault_of_ours_is_70_one_line_and_a_trace_in_a_file(shop: ShopMaker) -> None:
    site = shop()
    command = [sys.executable, "-c", FAULTY]
    done = subprocess.run(command, cwd=site.root, capture_output=True, encoding="utf-8")
    assert done.returncode == 70
    assert done.stderr.splitlines()[0] == "error[internal]: ZeroDivisionError: of ours"
    assert "Traceback" not in done.stderr
    assert "Traceback" in (site.root / ".ccgen" / "fault.txt").read_text()
    done = subprocess.run([*command, "--debug"], cwd=site.root, capture_output=True, encoding="utf-8")
    assert done.returncode == 70
    assert "Traceback" in done.stderr


SLOW = """
import sys, time
import ccgen.render
real = ccgen.render.Renderer.render
def slow(self, route):
    made = real(self, route)
    if route.url == "/notes/b/":
        print("drawing", flush=True)
        time.sleep(60)
    return made
ccgen.render.Renderer.render = slow
from ccgen.cli import main
sys.argv = ["ccgen", "build", *sys.argv[1:]]
main()
"""


def test_ctrl_c_is_130_and_leaves_the_last_good_site(shop: ShopMaker) -> None:
    site = shop({f"content/notes/{name}.md": article() for name in "abc"}).build()
    before = site.outputs()
    site.write({f"content/notes/{name}.md": article("Changed.") for name in "abc"})
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "-s", site.root],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "drawing\n"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert told.strip().startswith("stopped")
    assert len(told.strip().splitlines()) == 1
    assert site.outputs() == before
    site.build()
    assert "Changed." in site.text("/notes/c/")


def test_a_closed_pipe_is_no_fault(shop: ShopMaker) -> None:
    site = shop({f"content/notes/n{number}.md": article() for number in range(50)})
    command = f"'{ccgen_command()}' list urls -s '{site.root}' | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8", env=environment())
    assert done.stdout.startswith("/notes/")
    assert done.stderr == ""


@pytest.mark.parametrize("broken", ["stdout", "stderr"])
def test_a_reader_that_went_away_is_no_success(shop: ShopMaker, broken: str) -> None:
    site = shop({"content/notes/a.md": article("[x](nowhere.md)")})
    reading, writing = os.pipe()
    os.close(reading)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, broken: writing}
    verb = "check" if broken == "stderr" else "list"
    command = [ccgen_command(), verb, *(["urls"] if verb == "list" else []), "-s", str(site.root)]
    if verb == "list":
        site.write({"content/notes/a.md": article()})
    done = subprocess.run(command, **streams, encoding="utf-8", env=environment(), check=False)
    os.close(writing)
    assert done.returncode == 141
    assert done.stderr in {None, ""}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here that is always full")
def test_a_full_disk_below_what_is_printed_is_no_fault_of_ours(shop: ShopMaker) -> None:
    site = shop({})
    command = [ccgen_command(), "list", "urls", "-s", str(site.root)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", env=environment(), check=False
        )
    assert done.returncode == 3
    assert done.stderr.startswith("error[disk-full]")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here that is always full")
@pytest.mark.parametrize(("given", "code"), [(["--no-such"], 2), (["-s", "/no/such"], 2), (["--state", "a-file"], 3)])
def test_what_cannot_be_told_ends_with_the_code_that_it_has(shop: ShopMaker, given: list[str], code: int) -> None:
    site = shop({"content/notes/a.md": article()})
    (site.root / "a-file").write_bytes(b"")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [ccgen_command(), "build", *given], stderr=full, cwd=site.root, env=environment(), check=False
        )
    assert done.returncode == code


def test_a_build_goes_on_under_nohup_when_the_terminal_is_closed(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article()})
    kept = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")
    command = [*kept, sys.executable, "-c", HANGING_UP, "build", "-s", str(site.root)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment(), check=False)
    assert done.returncode == 0, done.stderr
    assert (site.output / "notes/a/index.html").is_file()


# --- the other verbs ---


def test_check_writes_nothing(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article()})
    before = sorted(site.root.rglob("*"))
    done = here("check", "-s", site.root)
    assert done.code == 0
    assert "no problems" in done.err
    assert sorted(site.root.rglob("*")) == before
    assert here("check", "-s", broken(shop).root).code == 1


def test_list(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article(title="A"),
            "content/notes/d.md": article(draft=True),
            "content/notes/s.md": article(date="2026-07-01"),
            "content/notes/e.md": article(expires="2026-05-15"),
        }
    )
    rows = {}
    for what in ("articles", "products", "makers", "people", "drafts", "scheduled", "expired", "urls"):
        done = here("list", what, "--json", "-s", site.root)
        assert done.code == 0
        assert done.json["ok"] is True
        rows[what] = done.json[what]
        text = here("list", what, "-s", site.root)
        assert (text.code, text.err) == (0, "")
        assert len(text.out.splitlines()) == len(rows[what])
    (one,) = rows["articles"]
    assert one == {
        "url": "/notes/a/",
        "lang": "en",
        "source": "content/notes/a.md",
        "kind": "note",
        "date": "2026-05-01",
        "title": "A",
    }
    assert rows["products"][0]["id"] == "pot"
    assert [one["path"] for one in rows["drafts"]] == ["content/notes/d.md"]
    assert [one["path"] for one in rows["scheduled"]] == ["content/notes/s.md"]
    assert [one["path"] for one in rows["expired"]] == ["content/notes/e.md"]
    assert {"/", "/notes/a/", "/sitemap.xml"} <= {one["url"] for one in rows["urls"]}
    assert here("list", "-s", site.root).out.startswith("/notes/a/")
    assert here("list", "-s", broken(shop).root).code == 1


def test_explain(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("::product{pot}"), "content/notes/b.md": article()})
    site.build()
    done = here("explain", "/notes/a/", "-s", site.root)
    assert done.code == 0
    assert "state:  fresh" in done.out
    assert "reads:" not in done.out
    assert "reads:  product:en:pot offers" in here("explain", "/notes/a/", "-v", "-s", site.root).out
    site.edit("content/products/pot.yaml", '"Pot"', '"Pan"')
    for target in (
        "/notes/a/",
        "content/notes/a.md",
        "notes/a/index.html",
        "site/notes/a/index.html",
        "https://shop.example/notes/a/",
    ):
        (found,) = here("explain", target, "--json", "-s", site.root).json["outputs"]
        assert found["path"] == "notes/a/index.html"
        assert found["fresh"] is False
        assert [one["key"] for one in found["changed"]] == ["product:en:pot name"]
    (found,) = here("explain", "/notes/b/", "--json", "-s", site.root).json["outputs"]
    assert found["fresh"] is True
    done = here("explain", "/gone/", "-s", site.root)
    assert done.code == 2
    assert "error[unknown-target]" in done.err


def test_clean_removes_what_is_ours_and_nothing_else(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article()}).build()
    (site.output / "mine.txt").write_text("mine")
    (site.output / "notes" / "mine.txt").write_text("mine")
    (site.output / ".nojekyll").touch()
    done = here("clean", "--json", "-s", site.root)
    assert done.code == 0
    assert "notes/a/index.html" in done.json["removed"]
    assert {path.relative_to(site.output).as_posix() for path in site.output.rglob("*") if path.is_file()} == {
        "mine.txt",
        "notes/mine.txt",
        ".nojekyll",
    }
    done = here("clean", "-s", site.root)
    assert done.code == 0
    assert "0 files removed" in done.err
    assert here("build", "-q", "-s", site.root).code == 0
    assert site.has("/notes/a/")


def test_schema() -> None:
    for name in (
        "settings",
        "review",
        "story",
        "guide",
        "note",
        "page",
        "product",
        "maker",
        "person",
        "merchant",
        "category",
    ):
        done = here("schema", name)
        assert done.code == 0
        value = json.loads(done.out)
        assert value["$schema"].startswith("https://json-schema.org/")
        assert value["type"] == "object"
    assert "offers" in json.loads(here("schema", "product").out)["properties"]
    assert here("schema").out == here("schema", "settings").out


def test_doctor(shop: ShopMaker, tmp_path: Path) -> None:
    site = shop({"content/notes/a.md": article(expires="2026-08-01")})
    done = here("doctor", "-s", site.root)
    assert done.code == 0, done.out
    assert f"ccgen {__version__}" in done.out
    assert "plain" in done.out
    assert "2026-08-01" in done.out
    assert here("doctor", "-s", tmp_path / "none").code == 0
    done = here("doctor", "--json", "-s", broken(shop).root)
    assert done.code == 3
    assert done.json["ok"] is False
    assert any(one["level"] == "bad" for one in done.json["findings"])


def test_new_article_and_product(shop: ShopMaker) -> None:
    site = shop()
    titles = ['A "quoted" title', "Back\\slash #hash: colon", "壶 and more", "  spaces  "]
    for title in titles:
        done = here("new", "article", "notes", title, "-s", site.root)
        assert done.code == 0, done.err
        assert (site.root / done.out.strip()).is_file()
    for name in ('The "Best" Pan', "C:\\pan"):
        assert here("new", "product", name, "-s", site.root).code == 0
    shown = {" ".join(title.split()) for title in titles}
    listed = here("list", "articles", "-D", "--json", "-s", site.root)
    assert listed.code == 0, listed.out
    assert {one["title"] for one in listed.json["articles"]} == shown
    assert all(one["date"] == CLOCK for one in listed.json["articles"])
    names = {one["name"] for one in here("list", "products", "--json", "-s", site.root).json["products"]}
    assert {'The "Best" Pan', "C:\\pan"} <= names
    assert here("build", "-q", "-s", site.root).code == 0
    assert not site.has("/notes/spaces/")  # a new article is a draft


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["article", "nots", "x"], "unknown-section"),
        (["article", "notes", "…"], "empty-slug"),
        (["article", "notes", "a"], "file-exists"),
        (["product", "pot"], "file-exists"),
    ],
)
def test_new_changes_nothing_that_is_there(shop: ShopMaker, args: list[str], code: str) -> None:
    site = shop({"content/notes/a.md": article()})
    before = {path: path.stat().st_mtime_ns for path in site.root.rglob("*")}
    done = here("new", *args, "-s", site.root)
    assert done.code == 2
    assert f"error[{code}]" in done.err
    assert {path: path.stat().st_mtime_ns for path in site.root.rglob("*")} == before


def test_new_review_says_what_is_missing(shop: ShopMaker) -> None:
    site = shop()
    done = here("new", "article", "reviews", "Pot", "-s", site.root)
    assert done.code == 0
    text = (site.root / done.out.strip()).read_text()
    assert "product:" in text
    assert "evidence:" in text
    done = here("check", "-D", "-s", site.root)
    assert done.code == 1
    assert "`product`" in done.err


def test_what_a_new_review_proposes_is_a_whole_one(shop: ShopMaker) -> None:
    site = shop()
    path = site.root / here("new", "article", "reviews", "Pot", "-s", site.root).out.strip()
    text = path.read_text().replace("\n# ", "\n").replace("product: ", "product: pot")
    path.write_text(text.replace("since: , summary: ", "summary: A week of soup"))
    assert all(f"\n{key}: " in path.read_text() for key in ("rating", "verdict", "but", "pros", "cons"))
    done = here("build", "-D", "-s", site.root)
    assert done.code == 0, done.err


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_new_site(tmp_path: Path, language: str) -> None:
    done = here(
        "new", "site", "shop", "--language", language, "--title", 'Ada\'s "Shop"', "--currency", "EUR", cwd=tmp_path
    )
    assert done.code == 0, done.err
    assert "cd shop && ccgen serve" in done.out
    site = tmp_path / "shop"
    assert here("build", "--strict", cwd=site).err.count("no problems") == 1
    assert 'Ada\'s "Shop"' in (site / "site/index.html").read_text().replace("&#39;", "'").replace("&#34;", '"')
    assert (site / ".gitignore").read_text() == "site/\n.ccgen/\n"
    settings = json.loads((site / ".vscode/settings.json").read_text())
    for schema in settings["yaml.schemas"]:
        assert (site / schema).is_file()
    done = here("new", "site", "shop", cwd=tmp_path)
    assert done.code == 2
    assert "error[folder-exists]" in done.err


def test_what_a_new_site_must_not_be_published_with_is_told_by_check_and_doctor(tmp_path: Path) -> None:
    assert here("new", "site", "shop", cwd=tmp_path).code == 0
    site = tmp_path / "shop"
    done = here("check", "--json", cwd=site)
    found = sorted((one["code"], one["path"], one["line"]) for one in done.json["problems"])
    assert done.code == 0
    assert found == [
        ("GO-01", "ccgen.yaml", 4),
        ("GO-02", "content/_index.md", 2),
        ("GO-02", "content/_index.md", 5),
        ("GO-02", "content/pages/about.md", 5),
        ("GO-02", "content/people/me.md", 2),
        ("GO-02", "content/people/me.md", 5),
    ]
    told = here("doctor", cwd=site).out
    assert told.count("note  content/people/me.md: ") == 2
    assert "note  ccgen.yaml: `https://example.org/` is an example's address" in told
    done = here("doctor", "-b", "https://a.example/", cwd=site)
    assert (done.code, "an example's" in done.out) == (0, False)


def test_new_site_under_a_mask(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"umask 077; '{ccgen_command()}' new site shop && cd shop && '{ccgen_command()}' build -q"],
        cwd=tmp_path,
        env=environment(),
    )
    assert done.returncode == 0
    for path in (tmp_path / "shop/site").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)
