"""The painted page: every passage with its zone, and nothing of the page taken for markup."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.article import Study, study
from crawler.extraction.page import parse
from crawler.extraction.painting import COLOURS, paint
from crawler.extraction.selectors import Selectors
from crawler.extraction.zones import Passage, Zone
from tests.extraction.golden import DATA, NOW, cases

URL = "https://www.tidewatch.example/2026/lock"
TAGS = {"html", "meta", "title", "style", "header", "h1", "p", "bdi", "fieldset", "legend", "label", "input", "b"}
TAGS |= {"main", "section", "small", "div"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "name", "content", "dir", "class", "type", "id", "checked", "title"}


class Painted(HTMLParser):
    """What a browser sees in a painted page: elements, attributes that do something, the text of each zone."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[tuple[str, str]] = []
        self._zone = ""
        self._inside = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "section":
            self._zone = (dict(attrs)["class"] or "").removeprefix("run ")
        self._inside = tag == "p" and bool(self._zone)

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts.append((self._zone, data))
            self._inside = False


def golden(case: str) -> tuple[Study, str]:
    """The study of a golden page, and its address."""
    meta = json.loads((DATA / case / "meta.json").read_text("utf-8"))
    arguments = {key: value for key, value in meta.items() if key not in {"about", "url", "entry", "known"}}
    return study((DATA / case / "input.html").read_bytes(), meta["url"], now=NOW, **arguments), meta["url"]


def one(text: str, why: str) -> Study:
    """A study of one passage."""
    (block,) = parse("<p>A passage.", URL, Selectors(None)).layout.blocks
    return Study([Passage(replace(block, text=text), Zone.BODY, why)])


@pytest.mark.parametrize("case", cases())
def test_every_passage_is_painted_in_its_zone(case: str) -> None:
    """In page order, with its text as it is; articles and refused pages alike."""
    found, url = golden(case)
    painted = Painted(paint(found, url=url))
    assert painted.texts == [(str(passage.zone), passage.block.text) for passage in found.passages]


def test_each_zone_has_a_colour_a_name_and_a_switch() -> None:
    """And its count; zones that the page lacks have no switch."""
    found, url = golden("agency-copy-comments")
    painted = paint(found, url=url)
    assert set(COLOURS) == set(Zone)
    for zone in Zone:
        count = sum(passage.zone == zone for passage in found.passages)
        switch = f'<label class="run {zone}"><input type="checkbox" id="show-{zone}" checked> <b>{zone}</b> {count}'
        assert (switch in painted) is bool(count)
        assert (f"#show-{zone}:not(:checked)" in painted) is bool(count)
        assert f".{zone} {{ --hue:" in painted


def test_a_refused_page_says_why() -> None:
    """With its reason and mend, under what stands there as a headline."""
    found, url = golden("paywall-stub-english-piano")
    painted = paint(found, url=url)
    assert "<b>No article (paywall-stub):</b> the free part of a paid article" in painted
    assert '<h1 dir="auto">The dredging contract nobody read</h1>' in painted


def test_right_to_left_text_runs_right_to_left() -> None:
    """Each run takes the direction of its first letter."""
    found, url = golden("arabic-rtl")
    assert '<div dir="auto">\n<p>قرر مجلس ميناء' in paint(found, url=url)


def test_nothing_is_loaded_and_no_script_may_run() -> None:
    """The page forbids it itself, and asks for nothing."""
    found, url = golden("lazy-images-vietnamese")
    painted = paint(found, url=url)
    assert "default-src 'none'; style-src 'unsafe-inline'" in painted
    assert not {"link", "img", "script", "iframe"} & Painted(painted).tags
    assert "url(" not in painted


def test_a_hostile_page_stays_text() -> None:
    """Whatever stands in its title, text and address."""
    attack = "</p></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'$runs ${title} &lt;b&gt;"
    markup = f"<title>{attack}</title><h1>&lt;script&gt;alert(2)&lt;/script&gt; '\"</h1><p>&lt;/section&gt;{attack}</p>"
    url = f"{URL}?<script>alert(3)</script>\"'"
    found = study((f"{markup}<article>" + "<p>A long sentence stands here for the words of it.</p>" * 9).encode(), url)
    painted = Painted(paint(found, url=url))
    assert painted.tags <= TAGS
    assert painted.attributes <= ATTRIBUTES
    assert ("headline", "<script>alert(2)</script> '\"") in painted.texts


@given(text=st.text(min_size=1), why=st.text(), url=st.text())
def test_any_text_stays_text(text: str, why: str, url: str) -> None:
    """A property: no text makes an element or an attribute of its own."""
    painted = Painted(paint(one(f"x{text}", f"y{why}"), url=url))
    assert painted.tags <= TAGS
    assert painted.attributes <= ATTRIBUTES
    assert len(painted.texts) == 1
