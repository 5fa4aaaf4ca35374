"""Who we say we are, and whose wishes we obey."""

import pytest
from scrapy.settings import BaseSettings

from crawler.extensions.manners import check_agent, obeyed_opt_outs
from crawler.extraction import OPT_OUTS
from crawler.news.errors import ConfigurationError

PROJECT = "https://project.example/watch"


def check(agent: str | None, contact: str | None = None, *, required: bool = False) -> None:
    """Check the User-Agent of these settings."""
    known = {"PROJECT_URL": PROJECT, "CONTACT_REQUIRED": required}
    check_agent(BaseSettings({"USER_AGENT": agent, "CONTACT": contact, **known}))


@pytest.mark.parametrize(
    "contact",
    [
        "https://university.example/bot",
        "http://university.example/~news/watching?who=1",
        "newsdesk@university.example",
        "mailto:news+watch@university.example",
        "https://firefox.example/chrome/",
    ],
)
def test_a_contact_may_be_a_page_or_a_mailbox(contact: str) -> None:
    """Both name somebody, also where that is required."""
    check(f"Storywatch/0.1 (+{contact})", contact, required=True)


@pytest.mark.parametrize(
    "contact", ["me", "university.example", "me@university", "https://", "a b@c.example", "@x.example"]
)
def test_a_contact_that_reaches_nobody_is_named(contact: str) -> None:
    """In every profile, with what to write instead."""
    with pytest.raises(ConfigurationError, match=r"CONTACT: .* is no address\. Write an http"):
        check(f"Storywatch/0.1 (+{contact})", contact)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (compatible; Storywatch/0.1; +https://university.example/bot)",
        "Storywatch/0.1 Chrome/140.0.0.0 (+https://university.example/bot)",
        "chrome/140",
    ],
)
def test_no_browsers_name(agent: str) -> None:
    """Not even to say that it is compatible with one."""
    with pytest.raises(ConfigurationError, match="is a browser's, and we are none"):
        check(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        None,
        "Storywatch",
        "(+https://university.example/bot)",
        "News Watch/1.0",
        "Press24/1.0",
        "Storywatch/0.1 (a\r\nCookie: b)",
        "Störywatch/0.1",
    ],
)
def test_a_name_that_robots_txt_can_call(agent: str | None) -> None:
    """A product token of RFC 9309 and a version, in letters that a header may hold."""
    with pytest.raises(ConfigurationError, match="does not begin with a name and a version"):
        check(agent)


def test_the_project_is_nobodys_contact_where_one_is_required() -> None:
    """Its address alone is fine on a laptop; in production whoever runs the crawl must be named, in whichever way."""
    check(f"Storywatch/0.1 (+{PROJECT})")
    for agent in (f"Storywatch/0.1 (+{PROJECT})", "PressWatch/2"):
        with pytest.raises(ConfigurationError, match=r"CONTACT is not set\..*Set it to your URL or mailbox,"):
            check(agent, required=True)
    check("PressWatch/2 (+https://university.example/bot)", required=True)
    check(f"PressWatch/2 (+{PROJECT}; me@university.example)", required=True)


def test_a_contact_that_is_not_sent_is_no_contact() -> None:
    """CONTACT beside a USER_AGENT of one's own without it, or with -s, would never reach an outlet."""
    with pytest.raises(ConfigurationError, match="is not in the USER_AGENT"):
        check("PressWatch/2 (+https://other.example)", "me@university.example")


def test_opt_outs_to_obey() -> None:
    """A list or a text with commas, in any case; none by default."""
    for value in (["noai", "TDM-Reservation"], "noai, TDM-Reservation,", "NOAI,tdm-reservation"):
        assert obeyed_opt_outs(BaseSettings({"OBEY_OPT_OUTS": value})) == {"noai", "tdm-reservation"}
    assert obeyed_opt_outs(BaseSettings({"OBEY_OPT_OUTS": ""})) == frozenset()


def test_an_opt_out_that_there_is_not() -> None:
    """The error names it, and all that there are."""
    with pytest.raises(ConfigurationError, match='there is no opt-out "no-ai"') as caught:
        obeyed_opt_outs(BaseSettings({"OBEY_OPT_OUTS": "noindex,no-ai"}))
    assert [name for name in OPT_OUTS if name not in str(caught.value)] == []
