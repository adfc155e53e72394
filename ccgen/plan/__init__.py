"""From all that could be loaded to a complete site: references resolved, every URL fixed, every fact decided.

Order: what is published → URLs → routes → references and facts → what the whole site shares. A reference is resolved only
after all routes are known. Everything is found in one run; rendering begins only when there is no error.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from ccgen.commerce.offers import address_of
from ccgen.config import Config
from ccgen.errors import At
from ccgen.model.bodies import Bodies
from ccgen.model.facts import DigestGroup, Facts, Group, ProductOffers, SitemapIndexGroup, group_index
from ccgen.model.kept import Kept, nothing_kept
from ccgen.model.loaded import Loaded
from ccgen.model.parts import owner_kind, owner_of, ref
from ccgen.model.site import Plan, RouteKind
from ccgen.plan.articles import Articles
from ccgen.plan.assets import Assets
from ccgen.plan.calls import Calls, article_ref
from ccgen.plan.catalogue import Catalogue
from ccgen.plan.checked import check_group, sellers_of
from ccgen.plan.fields import check_fields
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.labels import Labels
from ccgen.plan.links import Links
from ccgen.plan.lists import Lists
from ccgen.plan.noting import Noting
from ccgen.plan.offers import Offers
from ccgen.plan.products import Records
from ccgen.plan.routes import Routes
from ccgen.plan.sitewide import Sitewide, sitemap_parts
from ccgen.plan.sold import Sales
from ccgen.plan.told import told
from ccgen.plan.twins import TwinRoutes
from ccgen.plan.urls import Urls
from ccgen.text.clock import Clock, iso

__all__ = ["plan"]

_OFFERS = group_index("product", ProductOffers)
_SITE = At(path="ccgen.yaml", field="site")


def plan(config: Config, loaded: Loaded, kept: Kept = nothing_kept) -> Plan:
    """Plan a site; `kept` holds bodies, and answers to dear questions.

    Never raises for what an author wrote: problems are in the result.
    """
    clock = Clock(config.clock, config.settings.site.timezone)
    index = Index(config, loaded, clock)
    urls = Urls(index)
    files = Files(index, urls)
    labels = Labels(index)
    lists = Lists(index, urls, files, labels)
    assets = Assets(loaded.theme.assets)
    routes = Routes()
    _add_routes(config, index, urls, files, lists, assets, routes)
    links = Links(index, urls, routes, files)
    calls = Calls(index, links, files, loaded.theme.directives)
    offers = Offers(index, links)
    sales = Sales(index, offers)
    articles = Articles(index, urls, files, links, calls, labels, sales, kept)
    records = Records(index, urls, files, links, calls, offers, sales)
    sitewide = Sitewide(index, urls, links, routes)
    groups: dict[str, tuple[Group, ...]] = {}
    bodies = Bodies(groups, kept.body)
    catalogue = Catalogue(index, urls, files, links, offers, bodies)

    groups |= articles.facts()
    groups |= records.facts(articles.mentions(), articles.ties)
    groups |= lists.facts(calls)
    groups |= sitewide.facts(assets)
    groups |= _file_facts(files)
    sellers = sellers_of(index)
    groups |= {"redirects": (sitewide.redirects(),), "check:pages": (check_group(index, sellers),)}
    groups |= catalogue.facts(routes)
    groups |= TwinRoutes(index, urls).facts(routes)
    _add_sitemaps(config, index, routes, groups)
    routes.check_folders()
    parts: tuple[Noting, ...] = (
        *(index, files, labels, assets, routes, links),
        *(calls, articles, offers, records, records.successors, sitewide, catalogue),
    )
    found = [problem for part in parts for problem in part.problems]
    addresses = _addresses(groups)
    found += check_fields(index, links, addresses)
    return Plan(
        facts=Facts(groups=groups),
        routes=tuple(routes.all),
        outputs={route.path: route for route in routes.all},
        bodies=bodies,
        assets=assets.data,
        files={path: files.info(path) for path in files.published},
        hopes=tuple(links.hopes),
        hidden=tuple(sorted(index.hidden.values(), key=lambda one: one.path)),
        previewed=tuple(sorted(index.previewed.values(), key=lambda one: one.path)),
        problems=tuple(dict.fromkeys((*loaded.problems, *told(found, index)))),
        sellers=sellers,
        addresses=addresses,
        next_change=clock.next_change,
        prices=tuple(offers.prices),
    )


def _add_routes(
    config: Config,
    index: Index,
    urls: Urls,
    files: Files,
    lists: Lists,
    assets: Assets,
    routes: Routes,
) -> None:
    for article in sorted(index.articles.values(), key=lambda one: (one.path, one.lang)):
        url = urls.articles.get((article.id, article.lang))
        if url:
            at = At(path=article.path, field="slug") if article.meta.slug else At(path=article.path)
            owner = article_ref(article).owner
            routes.add(
                "article",
                url,
                owner,
                article.lang,
                at,
                indexed=not article.meta.unlisted and article.path not in index.previewed,
            )
    kinds: tuple[RouteKind, ...] = ("product", "maker", "person")
    for kind in kinds:
        for (ident, lang), entry in sorted(index.table(kind).items()):
            at = At(path=entry.path, field=entry.field)
            owner = ref(kind, lang, ident).owner
            routes.add(kind, urls.record(kind, ident, lang), owner, lang, at, indexed=True)
    lists.add_routes(routes)
    lists.add_person_feeds(routes)
    for path, url in sorted(files.published.items()):
        routes.add("file", unicodedata.normalize("NFC", url), owner_of("file", path), config.language, At(path=path))
    for name, url in sorted(assets.urls.items()):
        routes.add("asset", url, owner_of("asset", name), config.language, At(path=f"themes/{name}"))
    for lang in config.languages:
        url = f"{urls.prefix(lang)}404.html"
        routes.add("404", url, owner_of("site", lang, "title"), lang, _SITE)
    if "/robots.txt" not in routes.by_url:
        routes.add("robots", "/robots.txt", "theme:styles", config.language, _SITE)
    for article, number, alias in index.aliases():
        at = At(path=article.path, field=f"aliases[{number}]")
        owner = article_ref(article).owner
        routes.add("alias", _alias_url(alias), owner, article.lang, at)
    routes.add("redirects", "/redirects.json", "redirects", config.language, _SITE)


def _file_facts(files: Files) -> dict[str, tuple[Group, ...]]:
    found: dict[str, tuple[Group, ...]] = {}
    for path in files.published:
        found[owner_of("image", path)] = (files.group(path),)
        found[owner_of("file", path)] = (DigestGroup(digest=files.info(path).digest),)
    return found


def _addresses(groups: Mapping[str, tuple[Group, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the addresses of offers, each with the products that are sold there."""
    found: dict[str, dict[str, None]] = {}
    for owner, several in groups.items():
        if owner_kind(owner) == "product":
            offers = several[_OFFERS]
            assert isinstance(offers, ProductOffers)
            for offer in offers.offers:
                found.setdefault(address_of(offer.base.target), {})[owner] = None
    return {address: tuple(owners) for address, owners in found.items()}


def _alias_url(alias: str) -> str:
    """Return an alias as a URL: one whose last part has no ending is a folder, as pages are."""
    url = unicodedata.normalize("NFC", alias)
    return url if url.endswith("/") or "." in url.rpartition("/")[2] else f"{url}/"


def _add_sitemaps(config: Config, index: Index, routes: Routes, groups: dict[str, tuple[Group, ...]]) -> None:
    dates = {
        article_ref(one).owner: max([iso(one.meta.date), *[iso(update.date) for update in one.meta.updates]])
        for one in index.articles.values()
    }
    parts = sitemap_parts(config, routes.all, dates)
    if len(parts) > 1:
        groups["sitemaps"] = (SitemapIndexGroup(sitemaps=len(parts)),)
        routes.add("sitemap", "/sitemap.xml", "sitemaps", config.language, _SITE)
    for number, part in enumerate(parts, start=1):
        name = "sitemap" if len(parts) == 1 else f"sitemap-{number}"
        owner = owner_of("sitemap", str(number))
        groups[owner] = (part,)
        routes.add("sitemap", f"/{name}.xml", owner, config.language, _SITE)
