# Pelican's settings for the benchmark: the same pages, lists and feeds that ccgen makes by itself, and nothing that it does not.
import json
from pathlib import Path

SITENAME = "The Long Shelf"
SITEURL = "https://bench.example"
AUTHOR = ""
PATH = "content"
OUTPUT_PATH = "site"
THEME = "theme"
PLUGINS: list[str] = []
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DEFAULT_DATE_FORMAT = "%b %-d, %Y"
FORMATTED_FIELDS: list[str] = []  # a summary is plain text for both
WITH_FUTURE_DATES = True
DELETE_OUTPUT_DIRECTORY = False
STATIC_PATHS = ["robots.txt"]
BIOS, MAKERS = json.loads(Path(__file__).with_name("records.json").read_text(encoding="utf-8"))

# the default's `codehilite` is left out (the corpus has no code), heading ids are put in, as ccgen has them
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.extra": {},
        "markdown.extensions.meta": {},
        "markdown.extensions.toc": {},
    },
    "output_format": "html5",
}

ARTICLE_URL = "{category}/{slug}/"
ARTICLE_SAVE_AS = "{category}/{slug}/index.html"
TAG_URL = "tags/{slug}/"
TAG_SAVE_AS = "tags/{slug}/index.html"
AUTHOR_URL = "people/{slug}/"
AUTHOR_SAVE_AS = "people/{slug}/index.html"
CATEGORY_URL = "{slug}/"
CATEGORY_SAVE_AS = "{slug}/index.html"
INDEX_SAVE_AS = "index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
DIRECT_TEMPLATES = ["index", "sitemap", "404"]
PAGINATED_TEMPLATES = {"category": 20, "tag": 20}
PAGINATION_PATTERNS = (
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)

FEED_MAX_ITEMS = 20
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = "{slug}/feed.xml"
AUTHOR_FEED_ATOM = "people/{slug}/feed.xml"
AUTHOR_FEED_RSS = None
TRANSLATION_FEED_ATOM = None
