"""What an element says of itself: by tag, role, names, and the title that it opens with."""

import pytest

from crawler.extraction.layout import Box
from crawler.extraction.signs import is_standfirst, zone_of, zone_of_title
from crawler.extraction.zones import Zone
from tests.extraction.pages import page


def box_of(element: str) -> Box:
    """Return the box of an element, the last of a page."""
    return page(body=element).layout.boxes[-1]


@pytest.mark.parametrize(
    ("element", "zone"),
    [
        ("<nav>Home</nav>", Zone.NAVIGATION),
        ("<aside>Also</aside>", Zone.RELATED),
        ('<div role="dialog">Accept</div>', Zone.APPEAL),
        ('<div class="c-articleFooter__newsletter-box">Get it</div>', Zone.APPEAL),
        ('<div id="disqus_thread">Hello</div>', Zone.COMMENTS),
        ('<section class="komentar-wrap">Halo</section>', Zone.COMMENTS),
        ('<div class="box-tinlienquan">Xem</div>', Zone.RELATED),
        ('<p class="wp-caption-text">The quay</p>', Zone.CAPTION),
        ('<div style="display: none">Later</div>', Zone.OTHER),
        ('<div class="entry-content">Text</div>', None),
        ('<div class="paywall">Text</div>', None),
        ('<h2 id="comments-on-the-budget">Comments</h2>', None),
        ('<div class="embed related">Video</div>', None),
        ("<p>Text</p>", None),
    ],
)
def test_what_a_box_says_that_it_is(element: str, zone: Zone | None) -> None:
    """Words of class names in many languages, roles and tags tell; an <h2>'s id is its text and tells nothing."""
    assert zone_of(box_of(element)) == zone


def test_the_first_kind_that_is_named_counts() -> None:
    """A comment form in a footer is of the comments."""
    assert zone_of(box_of('<div class="footer comments related">x</div>')) == Zone.COMMENTS


def test_names_of_any_length_are_read_to_a_bound() -> None:
    """Ten thousand names cost what the first of them cost."""
    names = "x" * 500 + " comments " * 10_000
    assert zone_of(box_of(f'<div class="{names}">x</div>')) is None


@pytest.mark.parametrize(
    ("title", "zone"),
    [
        ("Comments (2)", Zone.COMMENTS),
        ("3 Kommentare", Zone.COMMENTS),
        ("댓글 2", Zone.COMMENTS),
        ("תגובות (2)", Zone.COMMENTS),
        ("Most read", Zone.RELATED),
        ("Mehr zum Thema:", Zone.RELATED),
        ("Baca juga", Zone.RELATED),
        ("About the author", Zone.BYLINE),
        ("Comments on the budget", None),
        ("What the herons read", None),
        ("", None),
        ("Comments " * 1_000, None),
    ],
)
def test_the_title_that_a_box_opens_with(title: str, zone: Zone | None) -> None:
    """The words alone, with a number at most: a subheading with one more word is the article's."""
    assert zone_of_title(title) == zone


def test_a_standfirst_by_its_names() -> None:
    """Whatever the outlet's language calls it."""
    for name in ("standfirst", "article__lead", "entradilla", "articleDek", "chapo", "sub-headline"):
        assert is_standfirst(box_of(f'<div class="{name}">x</div>')), name
    assert not is_standfirst(box_of('<div class="leader-board">x</div>'))
    assert not is_standfirst(box_of("<p>x</p>"))
