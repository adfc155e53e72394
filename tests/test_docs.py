"""Docs and program say the same: what exists is documented, what is documented exists, examples work."""

from __future__ import annotations

import ast
import re
import typing
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import jinja2.defaults
import msgspec
import pytest
from click.testing import CliRunner

from ccgen.check import decide_hopes
from ccgen.check.registry import RULES
from ccgen.cli import VERBS, cli
from ccgen.config import read_config
from ccgen.errors import Problem
from ccgen.load.theme import REQUIRED, load_theme
from ccgen.load.theme.declarations import _Written as DeclarationRecord
from ccgen.load.theme.manifest import _Written as ManifestRecord
from ccgen.load.theme.values import PARAM_TYPES, TYPES, ParamRecord
from ccgen.model import facts, parts
from ccgen.model.records import ARTICLE_KINDS, RECORD_KINDS, ArticleMeta, OfferRecord, SectionMeta
from ccgen.model.settings import Settings
from ccgen.pipeline.checking import check
from ccgen.pipeline.project import plan_project
from ccgen.plan.index import _PLURAL
from ccgen.render.environment import make_environment
from ccgen.text.annotations import bare, struct_in, values_in
from ccgen.text.yaml import parse

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*DOCS, *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md"))]

# Owners that templates see through other names (`site.title`, `t(…)`, `menu`), or not at all.
NO_VIEWS = {
    "asset", "catalogue", "check", "directive", "feed", "file", "llms", "menu", "option", "outputs", "redirects", "site", "sitemap", "sitemaps", "string", "template", "theme",
}  # fmt: skip


@cache
def doc(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def outside_code(text: str) -> str:
    """The text without fenced code, line numbers kept."""
    return re.sub(
        r"^(`{3,}).*?^\1[ ]*$", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL | re.MULTILINE
    )


def section(name: str, title: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    text = outside_code(doc(name))
    found = re.search(rf"^(#+) {re.escape(title)}\n", text, re.MULTILINE)
    assert found, f"{name} has no heading {title!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def first_cells(text: str) -> set[str]:
    """Everything in backticks in the first cells of a text's tables."""
    cells = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def blocks(name: str) -> Iterator[tuple[str, str]]:
    """Fenced blocks: what follows the fence, and the text."""
    for found in re.finditer(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ ]*$", doc(name), re.DOTALL | re.MULTILINE):
        yield found[2].strip(), found[3]


def field_paths(struct: type[msgspec.Struct], prefix: str = "") -> Iterator[tuple[str, msgspec.structs.FieldInfo]]:
    """Every key of a struct, with those of structs inside: `series.part`, `offers[].price`, `specs.NAME.unit`."""
    for info in msgspec.structs.fields(struct):
        name = prefix + info.encode_name
        inner, entries = struct_in(info.type), values_in(info.type)
        if inner is not None:
            yield name, info
            yield from field_paths(inner, f"{name}.")
        elif entries is not None and struct_in(entries) is not None:
            each = "[]" if typing.get_origin(bare(info.type)) is tuple else ".NAME"
            yield name, info
            yield from field_paths(struct_in(entries), f"{name}{each}.")  # type: ignore[arg-type]
        else:
            yield name, info


# --- the command line ------------------------------------------------------------------------------------------------


def commands(command: click.Command = cli, name: str = "ccgen") -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for verb in command.list_commands(context):
            inner = command.get_command(context, verb)
            assert inner is not None
            yield f"{name} {verb}", inner
            yield from commands(inner, f"{name} {verb}")


def flags_of(command: click.Command) -> set[str]:
    options = [param for param in command.params if isinstance(param, click.Option)]
    return {flag for option in options for flag in (*option.opts, *option.secondary_opts)}


def shared_flags() -> set[str]:
    return flags_of(dict(commands())["ccgen clean"])


def test_every_verb_and_flag_is_documented() -> None:
    assert {f"ccgen {verb}" for verb in VERBS} <= dict(commands()).keys()
    shared = section("docs/cli.md", "Flags that verbs share")
    assert shared_flags() == {one.split()[0] for one in first_cells(shared)}
    for name, command in commands():
        text = section("docs/cli.md", f"`{name}`").partition("\n#")[0]
        own = flags_of(command) - shared_flags()
        assert own == {one.split()[0] for one in first_cells(text) if one.startswith("-")}, name
        for param in command.params:
            if isinstance(param, click.Argument) and isinstance(param.type, click.Choice):
                assert all(f"`{choice}`" in text for choice in param.type.choices), name
        if name in {"ccgen new article", "ccgen new product"}:
            assert flags_of(command) == {"-s", "--source", "--clock", "--debug"}, name
        elif name == "ccgen serve":
            missing = {"-o", "--output", "-D", "--drafts", "-F", "--future", "--strict", "--json"}
            assert shared_flags() - flags_of(command) == missing, name
        elif not isinstance(command, click.Group) and name not in {"ccgen schema", "ccgen new site"}:
            assert shared_flags() <= flags_of(command), f"docs/cli.md says that {name} has the shared flags"


def test_defaults_of_flags_are_documented() -> None:
    text = section("docs/cli.md", "`ccgen new site`")
    for option in dict(commands())["ccgen new site"].params:
        if isinstance(option, click.Option):
            assert f"Default: `{option.default}`" in next(line for line in text.splitlines() if option.opts[0] in line)


def test_commands_in_the_docs_exist() -> None:
    known = dict(commands())
    targets = set(re.findall(r"^([a-z]+):", doc("Makefile"), re.MULTILINE))
    written = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.MULTILINE):
            assert target in targets, f"{page.name}: make {target}"
        for line in re.findall(r"(?:`|^|&& )(ccgen [a-z][^`\n&|]*)", text, re.MULTILINE):
            if line.startswith(("ccgen new site", "ccgen new article", "ccgen new product")):
                name = " ".join(line.split()[:3])
            else:
                whole = " ".join(line.split()[:3])  # a verb of a group
                name = whole if whole in known else " ".join(line.split()[:2])
            if name == "ccgen turns":  # the first sentence of README
                continue
            assert name in known, f"{page.name}: {line}"
            for flag in re.findall(r"\s(--?[a-zA-Z][a-z-]*)", line):
                assert flag in {*flags_of(known[name]), "--help", "-h"}, f"{page.name}: {line}"
            written += 1
    assert written > 20
    assert {"site", "test"} <= set(re.findall(r"^make ([a-z]+)$", doc("README.md"), re.MULTILINE))


# --- settings, records, articles --------------------------------------------------------------------------------------


def shown_default(info: msgspec.structs.FieldInfo) -> str:
    if info.required:
        return "needed"
    default = info.default if info.default is not msgspec.NODEFAULT else info.default_factory()
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, tuple) and default:
        return ", ".join(default)
    return "–" if default is None or default == () or default == {} else str(default)


def test_every_setting_is_documented_with_its_default() -> None:
    rows = {}
    for line in doc("docs/settings.md").splitlines():
        found = re.match(r"\| `([^`]+)` \| .*? \| (.*?) \| .*\|$", line)
        if found:
            rows[found[1]] = found[2]
    expected = {}
    for path, info in field_paths(Settings):
        if struct_in(info.type) is not None:
            continue  # a block: its keys are listed
        entries = values_in(info.type)
        inside_list = entries is not None and struct_in(entries) is not None
        if not inside_list:
            expected[path if path not in {"urls", "extra"} else f"{path}.NAME"] = shown_default(info)
    expected["urls.NAME"] = expected["extra.NAME"] = "–"
    assert rows.keys() == expected.keys()
    assert rows == expected


@pytest.mark.parametrize("kind", ["products", "merchants", "categories", "makers", "people"])
def test_every_record_field_is_documented(kind: str) -> None:
    wanted = {path for path, _ in field_paths(RECORD_KINDS[kind])}
    text = section("docs/formats.md", kind.capitalize())
    images = {path for path in wanted if path.startswith("image.")}  # a picture is explained once
    listed = first_cells(text)
    assert listed == wanted - images
    assert set(RECORD_KINDS) == {"products", "merchants", "categories", "makers", "people"}


def test_every_article_field_is_documented() -> None:
    shared = {path for path, _ in field_paths(ArticleMeta)}
    assert first_cells(section("docs/formats.md", "All kinds")) == shared
    for kind, title in {"review": "Reviews", "guide": "Guides", "note": "Notes"}.items():
        own = {path for path, _ in field_paths(ARTICLE_KINDS[kind])} - shared
        own -= {path for path in own if path.startswith("picks[].evidence.")}  # as in a review
        assert first_cells(section("docs/formats.md", title)) == own, kind
    for kind in ("story", "page"):
        assert {path for path, _ in field_paths(ARTICLE_KINDS[kind])} == shared
    texts = {path for path, _ in field_paths(SectionMeta) if not path.startswith("image.")}
    assert first_cells(section("docs/formats.md", "Section texts")) == texts


def test_choices_of_fields_are_documented() -> None:
    text = doc("docs/formats.md")
    structs = [*ARTICLE_KINDS.values(), *RECORD_KINDS.values(), OfferRecord]
    for struct in structs:
        for path, info in field_paths(struct):
            if typing.get_origin(bare(info.type)) is typing.Literal:
                assert all(f"`{choice}`" in text for choice in typing.get_args(bare(info.type))), path
    for name in TYPES:
        assert f"`{name}`" in section("docs/formats.md", "Free keys"), name
    for name in PARAM_TYPES:
        assert re.search(rf"^\| [^|]*\b{name}\b", section("docs/directives.md", "Values"), re.MULTILINE), name


# --- directives and themes -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("plain")
    (root / "ccgen.yaml").write_text("site: {title: A, url: 'https://a.example/', language: en}\n", encoding="utf-8")
    config, _ = read_config(root, clock="2026-11-21", environ={})
    theme, problems = load_theme(config)
    assert not problems
    return theme


def test_every_directive_and_parameter_is_documented(plain) -> None:
    text = section("docs/directives.md", "Directives that ship with ccgen")
    assert set(re.findall(r"^### `([a-z-]+)`$", text, re.MULTILINE)) == set(plain.directives)
    examples = [text for info, text in blocks("docs/directives.md") if info == "markdown example"]
    for name, declaration in plain.directives.items():
        own = section("docs/directives.md", f"`{name}`")
        listed = set(re.findall(r"^- `([a-z_]+)`:", own, re.MULTILINE))
        assert listed == set(declaration.params), name
        for key, param in declaration.params.items():
            line = next(line for line in own.splitlines() if line.startswith(f"- `{key}`:"))
            assert all(f"`{choice}`" in line for choice in param.choices), f"{name} {key}"
            assert param.default is None or f"`{param.default}` (default)" in line, f"{name} {key}"
        assert any(re.search(rf":{name}[\[{{\n]", example) for example in examples), f"{name} has no example"
        assert f"(#{name})" in doc("docs/directives.md"), f"{name} is not in the list at the top"


def test_declarations_are_documented() -> None:
    listed = first_cells(section("docs/directives.md", "Directives of your own"))
    assert listed == {path for path, _ in field_paths(DeclarationRecord)}
    assert {f"params.NAME.{info.name}" for info in msgspec.structs.fields(ParamRecord)} <= listed
    assert first_cells(section("docs/themes.md", "theme.yaml")) == {
        info.name for info in msgspec.structs.fields(ManifestRecord)
    }


@pytest.mark.parametrize("kind", sorted(facts.GROUPS))
def test_every_template_field_is_documented(kind: str) -> None:
    if kind in NO_VIEWS:
        return
    wanted = {field for group in facts.GROUPS[kind] for field in group.__struct_fields__}
    assert first_cells(section("docs/themes.md", kind)) == wanted


def test_every_value_inside_fields_is_documented() -> None:
    text = outside_code(doc("docs/themes.md"))
    hidden = {"base"}  # of an offer: what its link is made of
    internal = {"TargetFact", "FeedItem", "LinkBase"}
    for value in vars(parts).values():
        if isinstance(value, type) and issubclass(value, parts.Fact) and value.__name__ not in internal:
            missing = [field for field in value.__struct_fields__ if f"`{field}`" not in text and field not in hidden]
            assert not missing, value.__name__


def test_site_and_page_are_documented(plain, tmp_path: Path) -> None:
    (tmp_path / "ccgen.yaml").write_text(
        "site: {title: A, url: 'https://a.example/', language: en}\n", encoding="utf-8"
    )
    config, warnings = read_config(tmp_path, clock="2026-11-21", environ={})
    project = plan_project(config, warnings)
    keys = {f"site.{owner.split(':')[2]}" for owner in project.plan.facts.groups if owner.startswith("site:en:")}
    assert first_cells(section("docs/themes.md", "site")) == keys
    text = section("docs/themes.md", "What a page's template sees")
    used = {name for template in plain.templates.values() for name in re.findall(r"\bpage\.([a-z]+)", template.text)}
    assert used
    assert all(f"`page.{name}`" in text for name in used)


def test_every_filter_and_function_is_documented() -> None:
    environment = make_environment({})
    own = set(environment.filters) - set(jinja2.defaults.DEFAULT_FILTERS)
    assert first_cells(section("docs/themes.md", "Filters")) == own
    listed = {re.match(r"\w+", name)[0] for name in first_cells(section("docs/themes.md", "Functions"))}  # type: ignore[index]
    assert listed == {*environment.globals, "directive", "part"}  # these know the page, or what was drawn of others


def test_templates_and_blocks_are_documented(plain) -> None:
    text = section("docs/themes.md", "Templates")
    for name in REQUIRED:
        assert f"`{name}`" in text, name
    for name in ("base.html", "article/base.html"):
        for block in re.findall(r"{% block (\w+) %}", plain.templates[name].text):
            assert f"`{block}`" in text, block
    named = set(re.findall(r"`([a-z0-9/-]+\.html)`", text)) - {"article/interview.html"}
    assert named <= set(plain.templates) | {"product.html"}
    for name, value in plain.options.items():
        assert f"`{name}`" in section("docs/settings.md", "theme"), f"{name} = {value}"


# --- problems --------------------------------------------------------------------------------------------------------

CODE = re.compile(r"[a-z]+[a-z0-9]*(?:-[a-z0-9]+)+")


class Codes:
    """Problem codes in the source: every `code=…`, and every argument of a function that has a parameter `code`."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.unseen: list[str] = []
        self.takers: dict[str, set[int]] = defaultdict(set)
        trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "ccgen").rglob("*.py"))}
        for tree in trees.values():
            self._find_takers(tree)
        for path, tree in trees.items():
            self._visit(tree, None, path, tree)

    def _find_takers(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            body = node.body if isinstance(node, ast.ClassDef | ast.Module) else []
            for one in body:
                if not isinstance(one, ast.FunctionDef):
                    continue
                names = [argument.arg for argument in one.args.args]
                names = names[1:] if names[:1] == ["self"] else names
                if "code" in names:
                    name = node.name if one.name == "__init__" and isinstance(node, ast.ClassDef) else one.name
                    self.takers[name].add(names.index("code"))

    def _visit(self, node: ast.AST, function: ast.FunctionDef | None, path: Path, tree: ast.Module) -> None:
        function = node if isinstance(node, ast.FunctionDef) else function
        if isinstance(node, ast.Call):
            keyword = next((one.value for one in node.keywords if one.arg == "code"), None)
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            if keyword is not None:
                self._take(keyword, function, tree, place, sure=True)
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for index in self.takers.get(name, ()):
                if index < len(node.args):
                    self._take(node.args[index], function, tree, place, sure=False)
        for child in ast.iter_child_nodes(node):
            self._visit(child, function, path, tree)

    def _take(
        self, node: ast.AST, function: ast.FunctionDef | None, tree: ast.Module, place: str, *, sure: bool
    ) -> None:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and (CODE.fullmatch(node.value) or (sure and node.value.isalpha())):
                self.found.setdefault(node.value, place)
        elif isinstance(node, ast.IfExp):
            self._take(node.body, function, tree, place, sure=sure)
            self._take(node.orelse, function, tree, place, sure=sure)
        elif isinstance(node, ast.JoinedStr) and sure:
            assert ast.unparse(node) == "f'unknown-{kind}'", place
            self.found |= dict.fromkeys((f"unknown-{kind}" for kind in _PLURAL), place)
        elif isinstance(node, ast.Attribute) and node.attr == "code":
            pass  # of a problem or fault that was made elsewhere
        elif isinstance(node, ast.Name | ast.Subscript) and function is not None:
            self._follow(node, function, tree, place, sure=sure)
        elif sure:
            self.unseen.append(place)

    def _follow(
        self, node: ast.Name | ast.Subscript, function: ast.FunctionDef, tree: ast.Module, place: str, *, sure: bool
    ) -> None:
        """Look where a variable gets its value, in the function or, for a table, in the module."""
        name = node.id if isinstance(node, ast.Name) else getattr(node.value, "id", "")
        if any(argument.arg == name for argument in (*function.args.args, *function.args.kwonlyargs)):
            return
        seen = False
        for one in ast.walk(function):
            targets = one.targets if isinstance(one, ast.Assign) else []
            for target in targets:
                value = getattr(one, "value", None)
                if isinstance(target, ast.Name) and target.id == name and isinstance(value, ast.expr):
                    if isinstance(node, ast.Subscript) and isinstance(value, ast.Tuple):
                        value = value.elts[ast.literal_eval(node.slice)]
                    seen = True
                    self._value(value, 0, function, tree, place, sure=sure)
                elif isinstance(target, ast.Tuple):
                    for index, element in enumerate(target.elts):
                        if isinstance(element, ast.Name) and element.id == name:
                            seen = True
                            self._value(value, index, function, tree, place, sure=sure)
        if sure and not seen:
            self.unseen.append(place)

    def _value(
        self, value: ast.AST | None, index: int, function: ast.FunctionDef, tree: ast.Module, place: str, *, sure: bool
    ) -> None:
        if isinstance(value, ast.Tuple):
            self._take(value.elts[index], function, tree, place, sure=sure)
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "get":
            table = getattr(value.func.value, "id", "")
            for one in tree.body:
                if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == table:
                    assert isinstance(one.value, ast.Dict)
                    for entry in one.value.values:
                        self._value(entry, index, function, tree, place, sure=sure)
            for default in value.args[1:]:
                self._value(default, index, function, tree, place, sure=sure)
        elif isinstance(value, ast.Constant):
            self._take(value, function, tree, place, sure=sure)


@cache
def codes_in_source() -> Codes:
    return Codes()


# `content` and `error` are never shown: the problems of a ContentError are, and every other error is given a code.
NEVER_SHOWN = {"content", "error"}


def test_every_problem_is_documented() -> None:
    codes = codes_in_source()
    assert not codes.unseen, "the test cannot see which codes these have"
    documented = first_cells(outside_code(doc("docs/errors.md")))
    rows = [line for line in doc("docs/errors.md").splitlines() if line.startswith("| `")]
    source = {code: place for code, place in codes.found.items() if code not in NEVER_SHOWN}
    assert not {code: place for code, place in source.items() if code not in documented}
    assert documented <= source.keys()
    assert len(rows) == len(documented), "a code stands in two tables"
    assert all(line.count(" | ") == 2 for line in rows)


def test_the_collector_of_codes_sees_what_it_should() -> None:
    found = codes_in_source().found
    for code in ("unknown-product", "yaml-lost-text", "disk-full", "dangling-link", "repeated-parameter", "bad-money"):
        assert code in found, code


# --- examples --------------------------------------------------------------------------------------------------------

REVIEW = """---
title: "Example {number}"
date: 2026-01-01
product: harrow-gooseneck
evidence: {{obtained: bought}}
---
{text}"""
SUPPORT = {
    "content/pages/about.md": "---\ntitle: About\n---\nI am Tom.\n",
    "content/pages/how-i-test.md": "---\ntitle: How I test\n---\nSlowly.\n",
    "content/pages/returns.md": "---\ntitle: Returns\n---\nThirty days.\n",
    "content/pages/shipping.md": "---\ntitle: Shipping\n---\nBy post.\n",
    "static/gooseneck.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>\n',
}


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_yaml_in_the_docs_is_yaml() -> None:
    count = 0
    for page in PAGES:
        for info, text in blocks(str(page.relative_to(ROOT))):
            if info.startswith("yaml"):
                _, problems = parse(text, path=page.name)
                assert not problems, f"{page.name}: {text}"
                count += 1
    assert count > 10


def told(problems: tuple[Problem, ...]) -> list[str]:
    # Examples are short: what a rule would only warn of is not what they show.
    kept = (one for one in problems if one.code not in RULES or one.severity == "error")
    return [f"{one.at.path}: {one.code}: {one.message}" for one in kept]


@pytest.mark.parametrize("theme", ["plain", "tisane"])
def test_examples_in_the_docs_make_a_site(tmp_path: Path, theme: str) -> None:
    files = dict(SUPPORT)
    number = 0
    for page in DOCS:
        for info, text in blocks(str(page.relative_to(ROOT))):
            kind, _, rest = info.partition(" ")
            if rest == "example":
                number += 1
                files[f"content/reviews/example-{number}.md"] = REVIEW.format(number=number, text=text)
            elif rest:
                assert rest not in files, f"{page.name}: two examples for {rest}"
                files[rest] = text
            assert kind in {"", "css", "csv", "html", "markdown", "sh", "yaml"}, f"{page.name}: {info}"
    assert number >= 27
    files["ccgen.yaml"] = files["ccgen.yaml"].replace(
        "theme: {name: plain, options: {scheme: light}}", f"theme: {{name: {theme}, options: {{scheme: light}}}}"
    )
    write(tmp_path, files)
    config, warnings = read_config(tmp_path, environ={})
    problems = check(config, warnings)
    assert not told(problems)
    assert decide_hopes((), {}) == ()


def test_the_first_article_of_the_readme_works(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    made = CliRunner(env={"SOURCE_DATE_EPOCH": "1795219200"}).invoke(
        cli, ["new", "site", str(shop)], standalone_mode=False
    )
    assert made.exception is None, made.output
    for args, name in (
        (["new", "product", "Blue mug"], "content/products/blue-mug.yaml"),
        (["new", "article", "reviews", "A month with the blue mug"], "content/reviews/a-month-with-the-blue-mug.md"),
    ):
        made = CliRunner().invoke(cli, [*args, "-s", str(shop)], standalone_mode=False)
        assert made.exception is None, made.output
        assert (shop / name).is_file()
    files = {info.split()[1]: text for info, text in blocks("README.md") if " " in info}
    assert len(files) == 3
    write(shop, files)
    config, warnings = read_config(shop, clock="2026-11-21", environ={})
    assert not told(check(config, warnings))
    project = plan_project(config, warnings)
    urls = {route.url for route in project.plan.routes}
    assert {"/reviews/a-month-with-the-blue-mug/", "/products/blue-mug/"} <= urls


# --- the pages themselves --------------------------------------------------------------------------------------------


def anchors_of(text: str) -> set[str]:
    """Ids of headings as code hosts make them."""
    titles = re.findall(r"^#+ (.*)$", outside_code(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_docs_lead_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", outside_code(page.read_text(encoding="utf-8")))
    for target in [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'src="([^"]+)"', text)]:
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_file(), target
        if anchor:
            assert anchor in anchors_of(file.read_text(encoding="utf-8")), target


def test_every_page_of_docs_is_reached_from_the_readme() -> None:
    for page in DOCS:
        assert f"(docs/{page.name})" in doc("README.md"), page.name


def test_architecture_is_short_and_names_what_is_there() -> None:
    text = doc("ARCHITECTURE.md")
    assert len(text.splitlines()) <= 150
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "ccgen").rglob("*.py")))
    for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", text):
        assert any((base / name).exists() for base in (ROOT, ROOT / "ccgen")), name
    for name in re.findall(r"`([A-Z][A-Za-z]+(?:\.[a-z_]+)?|[A-Z]+|[a-z]+_[a-z_]+)`", text):
        last = name.rpartition(".")[2]
        pattern = rf"(?:def|class) {last}\b|^ *{last}\b *[:=]|import {last}\b|, {last}\b"
        assert re.search(pattern, source, re.MULTILINE), name
    for folder in sorted((ROOT / "ccgen").iterdir()):
        if folder.is_dir() and not folder.name.startswith("__"):
            assert f"  {folder.name}/" in text, folder.name


def test_nothing_of_a_machine_is_in_the_docs() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"/(?:root|tmp|usr)/|\bTODO\b|\bFIXME\b", text), page.name
