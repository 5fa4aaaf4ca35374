"""Description, publisher, section, keywords, access and breadcrumbs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import facts
from crawler.extraction.address import read_address
from crawler.news.article import Breadcrumb
from tests.extraction.pages import URL, linked, meta, page

WHOLE = "The harbour board widens the northern lock by four metres, after two years of quarrel."
SLOGAN = "News from the quay since 1911"


@pytest.mark.parametrize(
    ("head", "description"),
    [
        (meta(og_description="The harbour board widens the northern…", description=WHOLE), WHOLE),
        (linked(description="The harbour board widens...") + meta(description=WHOLE), WHOLE),
        (meta(og_description="The harbour board widens it.", description=WHOLE), "The harbour board widens it."),
        (linked({"@type": "WebSite", "description": SLOGAN}) + meta(og_description=SLOGAN, description=WHOLE), WHOLE),
        (meta(og_title="Lock grows", og_description="Lock grows!", description=WHOLE), WHOLE),
        (linked(description=f"<p>{WHOLE}</p>"), WHOLE),
        (meta(og_description=" "), None),
    ],
    ids=["cut", "cut-json-ld", "complete", "slogan", "title-again", "tags", "blank"],
)
def test_description(head: str, description: str | None) -> None:
    """A whole summary rather than a cut one; never the site's slogan or the title."""
    assert facts.read_description(page(head)) == description


@pytest.mark.parametrize(
    ("head", "body", "publisher"),
    [
        (linked(publisher={"name": "Tidewatch"}) + meta(og_site_name="tw"), "", "Tidewatch"),
        (meta(og_site_name="Tidewatch"), "", "Tidewatch"),
        (
            "",
            '<div itemprop="publisher" itemscope><meta itemprop="logo"><b itemprop="name">Tidewatch</b></div>',
            "Tidewatch",
        ),
        ("", "", None),
    ],
)
def test_publisher(head: str, body: str, publisher: str | None) -> None:
    """From JSON-LD, OpenGraph or microdata."""
    assert facts.read_publisher(page(head, body)) == publisher


def test_section() -> None:
    """The outlet's own word; without it the last step of the path that is neither home nor the article."""
    path = [Breadcrumb(name, URL) for name in ("Home", "News", "Harbour", "Lock grows")]
    silent = page("<title>Lock grows</title>", "<h1>Lock grows</h1>")
    assert facts.read_section(page(linked(articleSection=["Local", "News"])), path) == "Local"
    assert facts.read_section(page(meta(article_section="Local"))) == "Local"
    assert facts.read_section(silent, path) == "Harbour"
    assert facts.read_section(silent, path[:1]) is None
    filed = page(body='<a rel="category tag" href="/c">Local</a> <a rel="category tag" href="/d">Sea</a>')
    assert facts.read_section(filed) == "Local"


@pytest.mark.parametrize(
    ("head", "body", "keywords"),
    [
        (linked(keywords=["Lock", "lock", "Harbour, ferries"]), "", ["lock", "Harbour", "ferries"]),
        (meta(news_keywords="lock; harbour"), "", ["lock", "harbour"]),
        (meta(keywords="x" * 101 + ",lock"), "", ["lock"]),
        ("", '<a rel="category tag" href="/c">Local</a> <a rel="tag" href="/t/1">Lock</a>', ["Lock"]),
        ("", '<a rel="tag" href="/t/1">Lock</a> <a rel="tag nofollow" href="/t/2">Harbour</a>', ["Lock", "Harbour"]),
        ("", "", []),
    ],
)
def test_keywords(head: str, body: str, keywords: list[str]) -> None:
    """Each once, of the first source that has any; a sentence is no keyword."""
    assert facts.read_keywords(page(head.replace("news:keywords", "news_keywords"), body)) == keywords


@pytest.mark.parametrize(
    ("head", "free"),
    [
        (linked(isAccessibleForFree=False), False),
        (linked(isAccessibleForFree="False"), False),
        (linked(isAccessibleForFree="https://schema.org/True"), True),
        (linked(hasPart={"@type": "WebPageElement", "isAccessibleForFree": "false", "cssSelector": ".wall"}), False),
        ('<meta itemprop="isAccessibleForFree" content="false">', False),
        (meta(article_content_tier="locked"), False),
        (linked(isAccessibleForFree={"@id": "?"}), None),
        ("", None),
    ],
)
def test_access(head: str, free: bool | None) -> None:
    """However a page spells it, of itself or of the part behind its wall."""
    assert facts.read_access(page(head)) is free


def test_breadcrumbs() -> None:
    """JSON-LD in order of position, else the visible trail; a class on the whole page is no trail."""
    items = [
        {"position": 2, "item": {"@id": "https://tidewatch.example/local", "name": "Local"}},
        {"position": 1, "name": "Home", "item": "/"},
    ]
    path = [
        Breadcrumb("Home", "https://www.tidewatch.example/"),
        Breadcrumb("Local", "https://tidewatch.example/local"),
    ]
    assert facts.read_breadcrumbs(page(linked({"@type": "BreadcrumbList", "itemListElement": items}))) == path
    links = '<a href="/">Home</a> &gt; <a href="https://tidewatch.example/local">Local</a>'
    assert facts.read_breadcrumbs(page(body=f'<div class="c-Breadcrumbs">{links}</div>')) == path
    many = "".join(f'<p><a href="/{number}">{number}</a></p>' for number in range(30))
    assert facts.read_breadcrumbs(page(body=f'<main class="has-breadcrumb">{many}</main>')) == []


@pytest.mark.parametrize(
    ("link", "canonical", "based_on"),
    [
        ("https://tidewatch.example/a?utm_source=x", "https://tidewatch.example/a", None),
        ("/a", "https://www.tidewatch.example/a", None),
        ("http://www.tidewatch.example/a", "http://www.tidewatch.example/a", None),
        ("https://wire.example/a", URL, "https://wire.example/a"),
        ("https://www.tidewatch.example/", URL, None),
        ("https://wire.example/", URL, None),
        ("javascript:void(0)", URL, None),
    ],
)
def test_identity(link: str, canonical: str, based_on: str | None) -> None:
    """A canonical link on the own site is the identity; elsewhere it names the original; a home page is nothing."""
    address = read_address(page(f'<link rel="canonical" href="{link}">'), URL)
    assert (address.canonical, address.based_on) == (canonical, based_on)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["@id", "@type", "name", "item", "position"]), inner)
    ),
)
FIELDS = ["publisher", "articleSection", "keywords", "isAccessibleForFree", "hasPart", "description", "isBasedOn"]


def test_a_position_beyond_all_numbers_is_none() -> None:
    """JSON has no largest number, floating point has."""
    items = [{"position": 10**400, "name": "Lock"}, {"position": -1, "name": "Home"}]
    told = page(linked({"@type": "BreadcrumbList", "itemListElement": items}))
    assert [crumb.name for crumb in facts.read_breadcrumbs(told)] == ["Home", "Lock"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), JSON)
def test_no_linked_data_escapes(fields: dict[str, object], items: object) -> None:
    """Whatever stands in a property, it is a value or none."""
    told = page(linked({"@type": "NewsArticle", **fields}, {"@type": "BreadcrumbList", "itemListElement": items}))
    for read in (facts.read_description, facts.read_publisher, facts.read_section, facts.read_access):
        assert read(told) is None or read(told) != ""
    assert all(facts.read_keywords(told))
    assert isinstance(facts.read_breadcrumbs(told), list)
    assert read_address(told, URL).canonical == URL
