"""Pages that cost their square are told before they are parsed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import hazards
from crawler.extraction.hazards import refuse_costly
from crawler.news.errors import ExtractionError
from tests.extraction.golden import DATA
from tests.extraction.hostile import BOMBS, LETHAL, READ, SMALL, hostile, page


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    """Many are refused, and the message tells what there is too much of; a few are not."""
    refuse_costly(page(BOMBS[name](SMALL)))
    with pytest.raises(ExtractionError, match="of them open") as refusal:
        refuse_costly(page(BOMBS[name](LETHAL)))
    assert refusal.value.reason == "too-complex"


def test_whatever_can_be_read_is() -> None:
    """No page that is only large, broken or deep is refused."""
    for case in hostile():
        if case.expected == READ:
            refuse_costly(case.body.decode(errors="replace"))


@pytest.mark.parametrize("folder", sorted(DATA.iterdir()), ids=lambda folder: folder.name)
def test_real_pages_are_far_from_the_bounds(folder: object) -> None:
    """Ten times over, one after the other, they are read; and alone nothing is played through."""
    text = (DATA / str(folder) / "input.html").read_bytes().decode(errors="replace")
    refuse_costly(text * 10)
    assert not hazards._may_be_costly(text)


PIECES = """
<div> </div> <p> </p> <b> <b/id=1> </b> <a/href=x> </a> <table> <td> </td> </table> <li> <ul> </ul> <option> <select>
<svg> <path/> </svg> <!-- --> <script> </script> <br> <br/ </br> <p/a='>'> <x/a="<p>" <! </ < > x
"""
MARKUP = st.lists(st.sampled_from(PIECES.split()), max_size=60).map("".join)


@given(MARKUP | st.text(alphabet="<>/&;!-='\" ab\n", max_size=200))
def test_any_markup_can_be_played(markup: str) -> None:
    """Whatever small thing it is, it is no hazard, and nothing is closed that was not open."""
    hazards._play(markup)
    refuse_costly(markup)
