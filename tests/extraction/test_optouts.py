"""What a publisher does not want done with a page."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import OPT_OUT_HEADERS, OPT_OUTS, extract
from crawler.extraction.optouts import Headers, opt_outs
from crawler.extraction.page import parse
from crawler.extraction.selectors import Selectors
from crawler.news.revision import content_hash
from tests.extraction.test_article import URL, page

NOW = datetime(2031, 3, 14, 12, tzinfo=UTC)


def found(*tags: str, head: str = "", headers: Headers | None = None, agent: str = "Storywatch") -> str:
    """Return the opt-outs of a page with these X-Robots-Tag headers, as one text."""
    told = parse(f"<html><head>{head}<title>Lock</title></head></html>", URL, Selectors(None))
    return " ".join(opt_outs({"X-Robots-Tag": tags, **(headers or {})}, told, agent=agent, now=NOW))


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ([], ""),
        (["noindex"], "noindex"),
        (["NoIndex, NOARCHIVE"], "noarchive noindex"),
        (["noindex", "noai, noimageai"], "noai noimageai noindex"),
        (["none"], "noindex none"),
        (["nocache"], "noarchive"),
        (["max-snippet:0"], "nosnippet"),
        (["max-snippet: 50, max-image-preview:large"], ""),
        (["noindex nosnippet; noai"], "noai noindex nosnippet"),
        (["nofollow, notranslate, all, index, noindexing"], ""),
        (["", " , ,:,", "::"], ""),
    ],
)
def test_header_spellings(tags: list[str], names: str) -> None:
    """Repeated headers, comma lists, any case and synonyms; what is no opt-out is left out."""
    assert found(*tags) == names


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        (["googlebot: noindex"], ""),
        (["googlebot: noindex, noai"], ""),
        (["googlebot: noindex", "noai"], "noai"),
        (["noai, googlebot: noindex"], "noai"),
        (["googlebot: noindex, storywatch: noarchive"], "noarchive"),
        (["StoryWatch: noai"], "noai"),
        (["*: noai", "robots: noindex"], "noai noindex"),
        (["Ahrefs Bot/5.0: noindex"], ""),
        (["storywatcher: noindex"], ""),
    ],
)
def test_a_name_before_the_rules_says_whom_they_are_for(tags: list[str], names: str) -> None:
    """Only rules for everybody and for us count; a name holds for all that follows it in its header."""
    assert found(*tags) == names


def test_we_answer_to_the_name_of_our_user_agent() -> None:
    """Whoever runs this under another name is addressed by that, in headers and <meta>."""
    head = '<meta name="PressWatch" content="noarchive"><meta name="storywatch" content="noindex">'
    assert found("presswatch: noai", "storywatch: nosnippet", head=head, agent="PressWatch") == "noai noarchive"


@pytest.mark.parametrize(
    ("date", "past"),
    [
        ("25 Jun 2010 15:00:00 PST", True),
        ("Fri, 14 Mar 2031 11:59:00 GMT", True),
        ("Friday, 14-Mar-31 11:59:00 UTC", True),
        ("2031-03-14T12:30:00+01:00", True),
        ("Fri, 14 Mar 2031 12:01:00 GMT", False),
        ("2032-01-01", False),
        ("soon", False),
        ("", False),
    ],
)
def test_a_date_after_which_it_is_unavailable_counts_once_it_is_past(date: str, past: bool) -> None:
    """Whatever common format; one that is no date is ignored, and the rules beside it hold either way."""
    expected = "noai noindex unavailable_after" if past else "noai noindex"
    assert found(f"noai, unavailable_after: {date}, noindex") == expected


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ('<meta name="robots" content="noindex, nofollow">', "noindex"),
        ('<META NAME="Robots" CONTENT="NONE">', "noindex none"),
        ('<meta name="robots" content="index"><meta name="robots" content="noai">', "noai"),
        ('<meta name="storywatch" content="noarchive">', "noarchive"),
        ('<meta name="googlebot" content="noindex">', ""),
        ('<meta name="tdm-reservation" content="1">', "tdm-reservation"),
        ('<meta name="tdm-reservation" content=" 1 "><meta name="tdm-policy" content="/policy">', "tdm-reservation"),
        ('<meta name="tdm-reservation" content="0">', ""),
        ('<meta name="tdm-policy" content="/policy">', ""),
    ],
)
def test_the_page_itself_may_say_so(head: str, names: str) -> None:
    """In <meta> for all robots or for us, and by the TDM Reservation Protocol."""
    assert found(head=head) == names


@pytest.mark.parametrize(("value", "reserved"), [("1", True), (" 1 ", True), ("0", False), ("yes", False), ("", False)])
def test_a_reservation_of_text_and_data_mining(value: str, reserved: bool) -> None:
    """The header counts when its value is 1, and adds to the others; a policy alone reserves nothing."""
    names = "noai tdm-reservation" if reserved else "noai"
    headers = {"TDM-Reservation": value, "tdm-policy": "https://gazette.example/policy"}
    assert found("noai", headers=headers) == names


def test_the_article_carries_them_and_is_no_other_article() -> None:
    """Header and page add up on the article; its content hash is the same with and without."""
    body = page(head='<title>Lock</title><meta name="robots" content="noarchive">')
    told = extract(body, URL, now=NOW, headers={"x-robots-tag": ["noai", "otherbot: noindex"]})
    silent = extract(page(), URL, now=NOW)
    assert (told.optOuts, silent.optOuts) == (["noai", "noarchive"], [])
    assert content_hash(told) == content_hash(silent)


RULES = st.sampled_from([*sorted(OPT_OUTS), "unavailable_after: 2030-01-01", ":", ",", "bot:", "fri,", " "])
VALUES = st.lists(st.text() | st.lists(RULES).map("".join))


@given(st.dictionaries(st.sampled_from(OPT_OUT_HEADERS) | st.text(), VALUES), st.text())
def test_no_header_escapes(headers: dict[str, list[str]], agent: str) -> None:
    """Whatever stands in headers, and whatever we are called: a sorted list of known names."""
    names = opt_outs(headers, parse("<p>", URL, Selectors(None)), agent=agent, now=NOW)
    assert names == sorted(set(names) & OPT_OUTS)
