from __future__ import annotations

import pytest

MERCHANT = "name: Etsy\nrole: affiliate\nurl: https://www.etsy.example/\n"
PRODUCT = """name: Yueya
line: Eight cards.
maker: mei
images: [yueya-1.jpg, {src: yueya-2.jpg, alt: Inside, ours: yes}]
specs: {cards: 8, weight: 62 g}
gtin: "0012345678905"
care: [{after: 90 days, do: Oil it.}]
checked: 2026-11-20
offers:
  - https://meiji.example/item/30418
  - {merchant: amazon, asin: B0EXAMPLE1}
"""


def test_records_of_all_kinds(shop) -> None:
    loaded = shop(
        {
            "content/products/yueya.yaml": PRODUCT,
            "content/products/qiao/index.md": "---\nname: Qiao\n---\nA strap.\n",
            "content/makers/mei.yaml": "name: Mei\nours: yes\n",
            "content/people/tom.md": "---\nname: Tom\n---\nTests kettles.\n",
            "content/merchants/etsy.yaml": MERCHANT,
            "content/categories/wallets.yaml": "name: Wallets\nspecs: {weight: {label: Weight, unit: g, better: lower}}\n",
        }
    ).loaded()
    assert loaded.problems == ()
    yueya = loaded.products["yueya", "en"]
    assert (yueya.path, yueya.field, yueya.folder, yueya.bundle) == (
        "content/products/yueya.yaml",
        "",
        "content/products",
        False,
    )
    assert [image.src for image in yueya.record.images] == ["yueya-1.jpg", "yueya-2.jpg"]
    assert yueya.record.specs == {"cards": "8", "weight": "62 g"}
    assert [offer.asin for offer in yueya.record.offers] == [None, "B0EXAMPLE1"]
    assert yueya.body is None
    qiao = loaded.products["qiao", "en"]
    assert (qiao.folder, qiao.bundle) == ("content/products/qiao", True)
    assert qiao.body is not None
    assert qiao.body.first_paragraph == "A strap."
    assert loaded.makers["mei", "en"].record.ours is True
    assert loaded.people["tom", "en"].body is not None
    assert loaded.merchants["etsy", "en"].record.role == "affiliate"
    assert loaded.categories["wallets", "en"].record.specs["weight"].better == "lower"


def test_an_untranslated_record_stands_for_every_language(shop) -> None:
    loaded = shop({"content/products/yueya.yaml": PRODUCT}).loaded()
    chinese = loaded.products["yueya", "zh-CN"]
    assert chinese.lang == "zh-CN"
    assert chinese.record == loaded.products["yueya", "en"].record
    assert chinese.fallback == {"name", "line", "images[1].alt", "specs.cards", "specs.weight", "care[0].do"}


def test_a_translated_record(shop) -> None:
    loaded = shop(
        {
            "content/products/yueya.yaml": PRODUCT,
            "content/products/yueya.zh-CN.yaml": "name: 月牙\nspecs: {weight: 62 克}\ncare: [{after: 90 days, do: 擦油}]\n"
            "images: [yueya-1.jpg, {alt: 内侧}]\n",
        }
    ).loaded()
    assert loaded.problems == ()
    chinese = loaded.products["yueya", "zh-CN"]
    assert chinese.path == "content/products/yueya.zh-CN.yaml"
    assert chinese.folder == "content/products"
    assert chinese.record.name == "月牙"
    assert chinese.record.specs == {"cards": "8", "weight": "62 克"}
    assert (chinese.record.images[1].src, chinese.record.images[1].alt, chinese.record.images[1].ours) == (
        "yueya-2.jpg",
        "内侧",
        True,
    )
    assert chinese.record.offers == loaded.products["yueya", "en"].record.offers
    assert chinese.fallback == {"line", "specs.cards"}


@pytest.mark.parametrize(
    ("own", "field"),
    [
        ("offers: https://other.example/1\n", "offers"),
        ("specs: {wieght: 62 克}\n", "specs.wieght"),
        ("maker: other\n", "maker"),
        ("gtin: '4006381333931'\n", "gtin"),
        ("care: [{after: 91 days, do: 擦油}]\n", "care[0].after"),
        ("images: [other.jpg, yueya-2.jpg]\n", "images[0].src"),
        ("status: gone\n", "status"),
    ],
)
def test_a_translated_record_inherits_what_is_no_word(shop, own: str, field: str) -> None:
    site = shop({"content/products/yueya.yaml": PRODUCT, "content/products/yueya.zh-CN.yaml": "name: 月牙\n" + own})
    assert site.problem()[:3] == ("translation-differs", "content/products/yueya.zh-CN.yaml", field)
    loaded = site.loaded()
    assert loaded.failed == set()  # what else is wrong with it is found in the same run
    assert set(loaded.products) == {("yueya", "en"), ("yueya", "zh-CN")}


def test_prose_in_two_languages(shop) -> None:
    site = {
        "content/products/a.md": "---\nname: A\n---\nEnglish.\n",
        "content/products/a.zh-CN.md": "---\nname: 甲\n---\n中文。\n",
        "content/products/b.md": "---\nname: B\n---\nEnglish.\n",
        "content/products/b.zh-CN.yaml": "name: 乙\ndescription: 一句话\n",
        "content/products/c.md": "---\nname: C\n---\nEnglish.\n",
        "content/products/c.zh-CN.yaml": "name: 丙\n",
        "content/products/d.yaml": "name: D\ndescription: English\n",
        "content/products/d.zh-CN.md": "---\nname: 丁\n---\n中文。\n",
    }
    loaded = shop(site).loaded()
    assert loaded.problems == ()
    made = {name: loaded.products[name, "zh-CN"] for name in "abcd"}
    prose = {name: entry.body.first_paragraph if entry.body else None for name, entry in made.items()}
    assert prose == {"a": "中文。", "b": None, "c": "English.", "d": "中文。"}
    assert {name: entry.record.description for name, entry in made.items()} == {
        "a": None,
        "b": "一句话",
        "c": None,
        "d": None,
    }
    assert {name: set(entry.fallback) for name, entry in made.items()} == {
        "a": set(),
        "b": set(),
        "c": {"body"},
        "d": set(),
    }


def test_choices_may_be_named_anew(shop) -> None:
    loaded = shop(
        {
            "content/products/a.yaml": "name: A\nchoices: {colour: [brown, green], engraving: six letters}\n",
            "content/products/a.zh-CN.yaml": "name: 甲\nchoices: {颜色: [栗色, 墨绿], 刻字: 六个字母}\n",
        }
    ).loaded()
    assert loaded.problems == ()
    assert loaded.products["a", "zh-CN"].record.choices == {"颜色": ("栗色", "墨绿"), "刻字": ("六个字母",)}


def test_categories_translate_their_labels(shop) -> None:
    loaded = shop(
        {
            "content/categories/a.yaml": "name: A\nspecs: {weight: {label: Weight, unit: g}, cards: {label: Cards}}\n",
            "content/categories/a.zh-CN.yaml": "name: 甲\nspecs: {weight: {label: 重量}}\n",
        }
    ).loaded()
    assert loaded.problems == ()
    chinese = loaded.categories["a", "zh-CN"]
    assert {key: (one.label, one.unit) for key, one in chinese.record.specs.items()} == {
        "weight": ("重量", "g"),
        "cards": ("Cards", None),
    }
    assert chinese.fallback == {"specs.weight.unit", "specs.cards.label"}


@pytest.mark.parametrize(
    ("files", "code", "field"),
    [
        ({"products/a.zh-CN.yaml": "name: x\n"}, "translation-alone", ""),
        ({"products/a.yaml": "line: x\n"}, "missing-field", ""),
        ({"products/a.yaml": "- name: x\n"}, "wrong-type", ""),
        ({"products/a.yaml": "name: x\nstatus: gon\n"}, "unknown-choice", "status"),
        ({"products/a.yaml": "name: x\nbrand: y\n"}, "unknown-key", "brand"),
        ({"products/a.yaml": "name: x\nreplaced_by: y\n"}, "bad-status", "replaced_by"),
        ({"products/a.yaml": "name: x\noffers: [{merchant: a, price: 3}]\n"}, "missing-field", "offers[0]"),
        ({"products/a.yaml": "name: x\noffers: [{asin: a}]\n"}, "missing-field", "offers[0]"),
        (
            {"products/a.yaml": "name: x\noffers: [{url: 'https://a.example/', was: {price: 3, seen: 2026-01-01}}]\n"},
            "missing-field",
            "offers[0].was",
        ),
        ({"products/a.md": "---\nname: x\ndescription: y\n---\nz\n"}, "two-descriptions", ""),
        ({"merchants/a.md": "---\nname: x\nrole: none\nurl: https://a.example/\n---\nz\n"}, "stray-prose", ""),
        ({"merchants/a.yaml": MERCHANT.replace("affiliate", "partner")}, "unknown-choice", "role"),
        ({"products/a{b.yaml": "name: x\n"}, "bad-id", ""),
        ({"products/a.yaml": "name: x\nname: y\n"}, "duplicate-key", ""),
        ({"products/a.yaml": "name: &a [*a]\n"}, "yaml-cycle", ""),
        ({"products/a.yaml": "name: !!python/name:os.system x\n"}, "yaml-tag", ""),
    ],
)
def test_records_with_a_fault(shop, files: dict[str, str], code: str, field: str) -> None:
    site = shop({f"content/{path}": text for path, text in files.items()})
    found = site.problem()
    path = next(iter(files))
    assert (found[0], found[1], found[2]) == (code, f"content/{path}", field)
    loaded = site.loaded()
    kept = code not in {"translation-alone", "wrong-type", "bad-id", "yaml-cycle", "yaml-tag"}
    kept = kept and field != "role" and files != {"products/a.yaml": "line: x\n"}  # a needed key has no value
    assert loaded.failed == (set() if kept else {path.split(".")[0]})
    assert len(loaded.products) + len(loaded.merchants) == (2 if kept else 0)  # once for each language


def test_an_empty_record_lacks_its_name(shop) -> None:
    assert shop({"content/makers/a.yaml": ""}).problem()[0] == "missing-field"


def test_one_record_in_two_files(shop) -> None:
    loaded = shop({"content/products/a.yaml": "name: x\n", "content/products/a.md": "---\nname: y\n---\n"}).loaded()
    assert [one.code for one in loaded.problems] == ["two-sources"]
    assert "content/products/a.md" in loaded.problems[0].message
    assert "content/products/a.yaml" in loaded.problems[0].message


def test_where_a_field_was_written(shop) -> None:
    entry = shop({"content/products/yueya.yaml": PRODUCT}).loaded().products["yueya", "en"]
    at = entry.at("offers[0].price")
    assert (at.path, at.field, at.on_key) == ("content/products/yueya.yaml", "offers[0].price", False)
    assert entry.at().field == ""
