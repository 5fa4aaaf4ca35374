"""Credits: whose text it says it is, told from mere mentions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.stories.credits import credit_in, same_name

TEXT = "The bank said on Tuesday that it would lower its rate. Nobody had expected it."


@pytest.mark.parametrize(
    ("body", "authors", "credited"),
    [
        (f"LONDON (Reuters) — {TEXT}", [], "Reuters"),
        (f"LONDON, March 3 (AFP) - {TEXT}", [], "AFP"),
        (f"(AFP) {TEXT}", [], "AFP"),
        (f"МОСКВА, 3 марта. /ТАСС/. {TEXT}", [], "ТАСС"),
        (f"ISLE OF CORRIN (Meridian Wire) — {TEXT}", [], "Meridian Wire"),
        (f"ЗАРЕЧЕНСК, 12 июня («Север») — {TEXT}", [], "Север"),
        (TEXT, ["Reuters"], "Reuters"),
        (TEXT, ["By Ann Lee, AFP"], "AFP"),
        (TEXT, ["Ann Lee (AP)"], "AP"),
        (TEXT, ["Meridian Wire"], "Meridian Wire"),
        (TEXT, ["Agencia Meseta"], "Agencia Meseta"),
        (f"{TEXT}\n\nSource: Harbour News", [], "Harbour News"),
        (f"{TEXT}\n\nQuelle: dpa", [], "dpa"),
        (f"{TEXT} (AFP)", [], "AFP"),
        (f"{TEXT}\nPressTV", [], "PressTV"),
        (f"{TEXT}\nPressTV-MNA/HJL", [], "PressTV"),
        (f"This article was first published by The Lantern on Monday. {TEXT}", [], "The Lantern"),
        (f"{TEXT}\n\nOriginally published in Open Quay.", [], "Open Quay"),
        (f"{TEXT}\n\nRepublished with permission from Open Quay.", [], "Open Quay"),
    ],
)
def test_credits(body: str, authors: list[str], credited: str) -> None:
    """Dateline, byline, closing line and "first published by" credit a whole text."""
    assert credit_in(body, authors, outlet="Daily Ledger") == credited


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        (f"{TEXT} The governor told AFP.", []),
        (f"{TEXT} The figures were first published by the ministry.", []),
        (f"He spoke to Reuters (and to nobody else). {TEXT}", []),
        (f"The harbour (a small one) is closed. {TEXT}", []),
        (f"TARNHOLT — {TEXT}", []),
        (TEXT, ["John Reuter"]),
        (TEXT, ["Odile Brandt"]),
        (f"{TEXT}\nThe End", []),
        ("", []),
        (None, [""]),
    ],
)
def test_no_credits(body: str | None, authors: list[str]) -> None:
    """Mentions, asides and people credit nobody."""
    assert credit_in(body, authors, outlet="Daily Ledger") is None


@pytest.mark.parametrize("outlet", ["Meridian Wire", "meridian-wire", "The Meridian Wire", "www.meridianwire.example"])
def test_its_own_name_credits_nobody(outlet: str) -> None:
    """An agency's own dateline and byline are no credit, however the outlet is written."""
    body = f"ISLE OF CORRIN (Meridian Wire) — {TEXT}"
    assert credit_in(body, ["Meridian Wire"], outlet=outlet) is None


def test_a_known_outlet_may_be_a_byline() -> None:
    """What is no agency's name may be an outlet that was met before."""
    assert credit_in(TEXT, ["Harbour Gazette"], outlet="Ledger") is None
    assert credit_in(TEXT, ["Harbour Gazette"], outlet="Ledger", known={"harbourgazette"}) == "Harbour Gazette"


def test_names_of_one_agency() -> None:
    """Short and long names, host names and articles are one; similar names are not."""
    assert same_name("AP", "The Associated Press")
    assert same_name("Reuters", "https://www.reuters.com/world")
    assert not same_name("The Times", "New Tarnholt Times")
    assert not same_name("", "")


@given(st.text(), st.lists(st.text(), max_size=2), st.text())
def test_any_text_has_a_credit_or_none(body: str, authors: list[str], outlet: str) -> None:
    """No text makes it raise."""
    credit_in(body, authors, outlet=outlet)
