"""Which date is the article's: evidence weighed, and where it stood."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.dates import Dates, read_dates
from crawler.extraction.page import parse
from crawler.extraction.selectors import Selectors
from crawler.news.entry import Entry
from crawler.news.errors import ExtractionError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://www.tidewatch.example/lock"
TEXT = "<p>The harbour board voted on Tuesday evening to widen the northern lock by four metres for the ferries.</p>"


def read(head: str = "", byline: str = "", *, after: str = "", url: str = URL, lang: str = "en") -> Dates:
    """Return the dates of a page with a head, a byline under the headline, and what stands after the text."""
    markup = (
        f'<html lang="{lang}"><head><title>The lock grows by four metres</title>{head}</head><body>'
        f"<header><div>Today is 21 November 2026</div></header><main><h1>The lock grows by four metres</h1>{byline}"
        f"<div>{TEXT * 9}</div></main>{after}<footer>© 2009-2026 Tidewatch</footer></body></html>"
    )
    return read_dates(parse(markup, url, Selectors(None)), now=NOW, entry=None, selected=[])


def day(found: datetime | None) -> str | None:
    return found.date().isoformat() if found else None


def linked(**fields: str) -> str:
    properties = "".join(f', "{name}": "{value}"' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle"{properties}}}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("lang", "byline"),
    [
        ("en-US", "Published 03/04/2026"),
        ("en-GB", "<p>By Ann Roe</p><p>4 March 2026, 10:15 GMT</p>"),
        ("en", "<p>By Ann Roe | March 4th, 2026 | 3 min read</p>"),
        ("de", "<p>Von Ann Roe, veröffentlicht am 4. März 2026</p>"),
        ("de", "<div class='meta'>04.03.26</div>"),
        ("fr", "<p>Publié le 4 mars 2026 à 10h15</p>"),
        ("fr", "<p>04/03/2026</p>"),
        ("es", "<span>Publicado el 4 de marzo de 2026</span>"),
        ("it", "<p>Pubblicato il 04/03/2026</p>"),
        ("pl", "<p>4 marca 2026, 10:15</p>"),
        ("ru", "<p>Опубликовано 4 марта 2026 г.</p>"),
        ("fi", "<p>Julkaistu 4.3.2026</p>"),
        ("hu", "<p>2026. március 4.</p>"),
        ("el", "<p>4 Μαρτίου 2026</p>"),
        ("tr", "<p>Yayınlanma: 4 Mart 2026</p>"),
        ("ar", "<p>نشر في ٤ مارس ٢٠٢٦</p>"),
        ("fa", "<p>تاریخ انتشار: ۱۳ اسفند ۱۴۰۴</p>"),
        ("he", "<p>פורסם ב-4 במרץ 2026</p>"),
        ("hi", "<p>प्रकाशित: 4 मार्च 2026</p>"),
        ("th", "<p>เผยแพร่: 4 มีนาคม 2569</p>"),
        ("vi", "<p>Đăng ngày 4 tháng 3, 2026</p>"),
        ("ja", "<p>公開日：2026年3月4日</p>"),
        ("zh", "<p>发布时间：2026-03-04 10:15</p>"),
        ("ko", "<p>입력 2026.03.04 10:15</p>"),
    ],
)
def test_a_date_that_readers_see_near_the_headline(lang: str, byline: str) -> None:
    """With nothing for machines on the page the byline is read, in the language and order of the page."""
    found = read(byline=byline, lang=lang)
    assert (day(found.published), found.published_from) == ("2026-03-04", "text")


@pytest.mark.parametrize(
    ("lang", "byline"),
    [
        ("en", "Updated 4 March 2026"),
        ("en", "Last updated: March 4, 2026 at 5 p.m."),
        ("de", "Stand: 04.03.2026"),
        ("de", "Zuletzt aktualisiert am 4. März 2026"),
        ("fr", "Mis à jour le 4 mars 2026"),
        ("es", "Actualizado: 4 de marzo de 2026"),
        ("it", "Aggiornato il 4 marzo 2026"),
        ("ru", "Обновлено 4 марта 2026"),
        ("zh", "更新时间：2026年3月4日"),
        ("ja", "最終更新日：2026年3月4日"),
        ("ko", "수정 2026.03.04"),
        ("ar", "آخر تحديث 4 مارس 2026"),
        ("da", "Opdateret 4. marts 2026"),
        ("no", "Sist endret 04.03.2026"),
        ("cs", "Poslední změna: 4. 3. 2026"),
        ("sk", "Zmenené 4. marca 2026"),
        ("hr", "Zadnja izmjena 4. ožujka 2026."),
        ("sl", "Posodobljeno 4. marca 2026"),
        ("lt", "Atnaujinta 2026 m. kovo 4 d."),
        ("lv", "Atjaunots 2026. gada 4. martā"),
        ("et", "Uuendatud 4. märts 2026"),
        ("bg", "Обновена: 4 март 2026"),
        ("bg", "Последна промяна: 4 март 2026"),
        ("sr", "Последња измена: 4. март 2026"),
        ("ja", "2026年3月4日更新"),
        ("en", "4 March 2026 (updated)"),
    ],
)
def test_a_modification_date_is_never_the_publication_date(lang: str, byline: str) -> None:
    """After a label of change a date fills `modified`, and `published` stays empty rather than false."""
    found = read(byline=f"<p>{byline}</p>", lang=lang)
    assert (found.published, day(found.modified), found.modified_from) == (None, "2026-03-04", "text")


@pytest.mark.parametrize(
    "byline",
    [
        "<p>Updated <time datetime='2026-03-04T10:00Z'>4 March 2026</time></p>",
        "<p>Last updated <time datetime='2026-03-04T10:00Z'>2 hours ago</time></p>",
        "<p><time datetime='2026-03-04T10:00Z'>2 hours ago</time> (updated)</p>",
        "<div>Last updated</div><div><time datetime='2026-03-04T10:00Z'>Wed 4 Mar</time></div>",
    ],
    ids=["before", "before-words", "behind", "block-before"],
)
def test_a_time_element_has_the_label_that_readers_see(byline: str) -> None:
    """ "Updated" beside a <time> makes it a date of change, whatever the <time> itself says."""
    found = read(byline=byline)
    assert (found.published, day(found.modified)) == (None, "2026-03-04")


def test_each_time_element_has_its_own_label() -> None:
    """The label before the first <time> says nothing of the second."""
    byline = (
        "<p>Updated <time datetime='2026-03-06'>2 hours ago</time> "
        "Published <time datetime='2026-03-04'>2 days ago</time></p>"
    )
    found = read(byline=byline)
    assert (day(found.published), day(found.modified)) == ("2026-03-04", "2026-03-06")


def test_a_time_element_of_the_day_of_change_is_not_of_publication() -> None:
    """An unlabelled <time> that repeats what machines are told of the last change may be either."""
    found = read(linked(dateModified="2026-03-04T10:00:00Z"), "<time datetime='2026-03-04T10:00Z'>2 hours ago</time>")
    assert (found.published, day(found.modified)) == (None, "2026-03-04")


@pytest.mark.parametrize(
    "after",
    [
        "<div class='comments'><time datetime='2026-03-04'>2 hours ago</time><p>Fine.</p></div>",
        "<div class='related'><time datetime='2026-03-04'>2 hours ago</time></div>",
        "<p>The fair is at the old lock on <time datetime='2026-03-04'>4 March</time> again.</p>",
        f"{f'<p>{TEXT[3:-4] * 2}</p>' * 4}<ul><li>Bo <time datetime='2026-03-04'>4 March</time></li></ul>",
    ],
    ids=["comment", "related", "sentence", "after-the-text"],
)
def test_time_elements_of_other_things(after: str) -> None:
    """Comments, other articles and sentences have <time> elements, too."""
    assert read(after=after).published is None


def test_labels_behind_their_dates() -> None:
    """Where nothing stands before the first date and a label ends the block, each label is of the date before it."""
    found = read(byline="<p>2026年3月4日公開 2026年3月6日更新</p>", lang="ja")
    assert (day(found.published), day(found.modified)) == ("2026-03-04", "2026-03-06")


@pytest.mark.parametrize(
    ("lang", "byline"),
    [
        ("en", "<p>On 4 March 2026 the lock broke.</p>"),
        ("en", "<p>The lock will be opened on 4 March 2026</p>"),
        ("ja", "<p>2026年3月4日、水門が壊れた。</p>"),
        ("en", "<p>Ann Roe (born 4 March 1996)</p>"),
        ("de", "<p>Ann Roe (* 4. März 1996)</p>"),
        ("de", "<p class='info'>Now only 04.03.26 EUR</p>"),
        ("en", "<p>Version 1.2.26</p>"),
        ("en", "<div class='event-info'><p>When: 4 March 2026</p></div>"),
        ("en", "<figure><figcaption>The lock on 4 March 2026</figcaption></figure>"),
    ],
)
def test_dates_near_the_headline_that_are_of_something_else(lang: str, byline: str) -> None:
    """Without a label: what happened, a birth, a price, a version, an event, a photograph."""
    assert read(byline=byline, lang=lang).published is None


@pytest.mark.parametrize(
    "byline",
    [
        "Mittwoch, 04.03.26, 10:15 Uhr",
        "04.03.26 | Ann Roe",
        "Ann Roe · 04.03.26",
        "Von Ann Roe am Mittwoch, 4. März 2026",
        "Stadt: 4. März 2026.",
    ],
)
def test_what_bylines_write_beside_a_date_is_no_sentence(byline: str) -> None:
    """Weekdays, "by Ann Roe on" and a full stop."""
    assert day(read(byline=f"<p>{byline}</p>", lang="de").published) == "2026-03-04"


@pytest.mark.parametrize(
    ("lang", "head", "host", "expected"),
    [
        ("en", meta("og:locale", "en_GB"), "tidewatch.example", "2026-10-03"),
        ("en", linked(inLanguage="en-GB"), "tidewatch.example", "2026-10-03"),
        ("en", meta("og:locale", "en_US"), "tidewatch.example", "2026-03-10"),
        ("en", "", "tidewatch.example.uk", "2026-10-03"),
        ("en", "", "tidewatch.example.us", "2026-03-10"),
        ("en", "", "tidewatch.example.io", None),
        ("en", "", "tidewatch.example", None),
        ("", "", "tidewatch.example", None),
    ],
)
def test_whether_days_come_first(lang: str, head: str, host: str, expected: str | None) -> None:
    """English goes by the first region on the page, else by the domain; a date that may be two days is none."""
    found = read(head, "<p class='date'>03/10/2026</p>", url=f"https://{host}/lock", lang=lang)
    assert day(found.published) == expected


@pytest.mark.parametrize("topic", ["Climate change", "Revista", "Länder", "Актуальное", "Czech Republic"])
def test_topics_are_no_labels(topic: str) -> None:
    """Words that begin like a label of change but name a section leave the date what it is."""
    assert day(read(byline=f"<p>{topic} | 4 March 2026</p>").published) == "2026-03-04"


def test_both_dates_in_one_line() -> None:
    """Each date has the label before it."""
    found = read(byline="<p>Published: 4 March 2026 at 10:15 | Updated: 6 March 2026</p>")
    assert (day(found.published), day(found.modified)) == ("2026-03-04", "2026-03-06")
    assert found.published_raw == "4 March 2026 at 10:15"


def test_first_published_counts_more_than_the_place() -> None:
    """A republished article says so at its end."""
    note = "<p>This article was originally published on 26 September 2019 and has been republished since.</p>"
    assert day(read(byline="<p>30 September 2022</p>", after=note).published) == "2019-09-26"


@pytest.mark.parametrize(
    "after",
    [
        "<aside><p>4 March 2026</p></aside>",
        '<div class="related-articles"><h3>Gulls return</h3><span>4 March 2026</span></div>',
        '<div class="comments"><p>Posted by Bo, 4 March 2026</p></div>',
        "<figure><figcaption>The lock, seen from the quay on 4 March 2026 (Ann Roe)</figcaption></figure>",
        "<p>Copyright 4 March 2026</p>",
    ],
    ids=["aside", "related", "comment", "caption", "copyright"],
)
def test_dates_of_other_things(after: str) -> None:
    """Other articles, comments, photographs, rights and the head of the page (today's) have dates, too."""
    assert read(after=after).published is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.tidewatch.example/2026/03/04/lock", "2026-03-04"),
        ("https://www.tidewatch.example/2026/mar/04/lock", "2026-03-04"),
        ("https://www.tidewatch.example/news/20260304-lock.html", "2026-03-04"),
        ("https://www.tidewatch.example/news/lock-2026-03-04", "2026-03-04"),
        ("https://www.tidewatch.example/meldungen/04-03-2026", "2026-03-04"),
        ("https://www.tidewatch.example/2026/03/lock", None),
        ("https://www.tidewatch.example/uploads/2026/13/44/lock", None),
        ("https://www.tidewatch.example/id/920260304177", None),
    ],
)
def test_the_day_in_the_url(url: str, expected: str | None) -> None:
    """Whole days alone, in the spellings of addresses."""
    found = read(url=url)
    assert (day(found.published), found.published_from) == (expected, "url" if expected else None)


def test_the_url_chooses_among_visible_dates() -> None:
    """The visible date that agrees with the URL is the article's, and has the hour."""
    byline = "<p>Ferry week: 9 May 2026</p><p>4 March 2026, 10:15</p>"
    found = read(byline=byline, url="https://www.tidewatch.example/2026/03/04/lock")
    assert (found.published, found.published_from) == (datetime(2026, 3, 4, 10, 15, tzinfo=UTC), "text")


@pytest.mark.parametrize(
    ("head", "expected", "source"),
    [
        (linked(datePublished="2026-03-04") + meta("article:published_time", "2026-01-01"), "2026-03-04", "json-ld"),
        (meta("article:published_time", "2026-03-04T08:00+01:00"), "2026-03-04", "meta article:published_time"),
        (linked(datePublished="0001-01-01T00:00:00Z") + meta("pubdate", "20260304"), "2026-03-04", "meta pubdate"),
        (linked(datePublished="1970-01-01") + meta("pubdate", "2026-03-04"), "2026-03-04", "meta pubdate"),
        (linked(datePublished="2999-01-01"), "2026-03-01", "text"),
        (linked(dateModified="2026-03-05"), "2026-03-01", "text"),
        (meta("date", "2026-11-20"), "2026-03-01", "text"),
    ],
    ids=["json-ld", "meta", "year-1", "1970", "future", "modified-only", "weak"],
)
def test_what_machines_are_told(head: str, expected: str, source: str) -> None:
    """JSON-LD, then <meta>, if it can be true; a bare "date" may be the page's, so a visible one goes before it."""
    found = read(head, byline="<p class='byline'>Ann Roe, 1 March 2026</p>")
    assert (day(found.published), found.published_from) == (expected, source)


def test_two_witnesses_overrule_the_time_of_building() -> None:
    """A JSON-LD date counts unless URL and visible text agree on another day."""
    head = linked(datePublished="2026-11-21T03:00:00+01:00", dateModified="2026-11-21T03:00:00+01:00")
    url = "https://www.tidewatch.example/2026/03/04/lock"
    assert day(read(head, byline="<p>4 March 2026</p>", url=url).published) == "2026-03-04"
    assert day(read(head, byline="<p>4 March 2026</p>").published) == "2026-11-21"
    assert day(read(head, url=url).published) == "2026-11-21"


def test_the_outlets_own_clock() -> None:
    """The instant is what machines are told in UTC; the raw text has the day that readers see."""
    head = linked(datePublished="2026-03-05T01:48:19Z")
    found = read(head, byline="<p>Published: March 4, 2026 at 8:48 p.m.</p>")
    assert found.published == datetime(2026, 3, 5, 1, 48, 19, tzinfo=UTC)
    assert (found.published_raw, found.published_from) == ("March 4, 2026 at 8:48 p.m.", "json-ld")
    exact = read(head, byline="<p><time datetime='2026-03-04 20:48:19'>March 4, 2026</time></p>")
    assert (exact.published_raw, exact.published) == ("2026-03-04 20:48:19", found.published)
    assert read(head, byline="<p>1 March 2026</p>").published_raw == "2026-03-05T01:48:19Z"


def test_a_time_element_makes_a_visible_date_exact() -> None:
    """The <time> for the day that readers see is the raw text; one in a list of others is not."""
    others = '<ul><li><time datetime="2025-01-01T10:00Z">1 January 2025</time></li></ul>'
    found = read(byline='<p><time datetime="2026-03-04T10:15:00+01:00">4 March 2026</time></p>', after=others)
    assert (found.published, found.published_from) == (datetime(2026, 3, 4, 9, 15, tzinfo=UTC), "time")


def test_a_time_element_in_words_counts_where_no_date_is_visible() -> None:
    """ "Thursday 1:23 PM" tells readers enough and us nothing; the attribute does."""
    found = read(byline='<time datetime="2026-03-04T13:23:00Z">Thursday 1:23 PM</time>')
    assert (day(found.published), found.published_from) == ("2026-03-04", "time")


def test_hatom() -> None:
    """Old blogs keep the moment in the title of an <abbr>; "updated" stands on every post and means nothing there."""
    old = read(byline='<abbr class="published" title="2026-03-04T10:15:00+01:00">Wednesday, 4 March</abbr>')
    assert (old.published, old.published_from) == (datetime(2026, 3, 4, 9, 15, tzinfo=UTC), "microdata")
    theme = read(byline='<time class="entry-date published updated" datetime="2026-03-04T10:15Z">4 March 2026</time>')
    assert (day(theme.published), theme.modified) == ("2026-03-04", None)


def test_the_raw_text_is_the_pages_own() -> None:
    """From the day to the time of day, with the marks that belong to them, and nothing after."""
    japanese = read(byline="<p>2026年3月4日 14時05分 更新情報</p>", lang="ja")
    assert (japanese.published_raw, japanese.published) == (
        "2026年3月4日 14時05分",
        datetime(2026, 3, 4, 14, 5, tzinfo=UTC),
    )
    assert read(byline="<p>4 marca 2026 r. | Ann Roe</p>", lang="pl").published_raw == "4 marca 2026 r."


def test_an_unlabelled_date_that_is_also_the_day_of_change_is_dropped() -> None:
    """It may be either: old news with today's date would alert again."""
    head = meta("article:modified_time", "2026-03-04T10:00:00Z")
    assert read(head, byline="<p>4 March 2026</p>").published is None
    assert day(read(head, byline="<p>Published 4 March 2026</p>").published) == "2026-03-04"


def test_the_feed_goes_before_the_visible_text_and_the_selector_before_all() -> None:
    """What the outlet announced is exact; what the user chose is right."""
    page = parse(f"<h1>Lock</h1><p>4 March 2026</p>{TEXT}", URL, Selectors(None))
    entry = Entry(URL, published=datetime(2026, 3, 3, 8, tzinfo=UTC))
    announced = read_dates(page, now=NOW, entry=entry, selected=[])
    assert (announced.published, announced.published_from) == (entry.published, "feed")
    chosen = read_dates(page, now=NOW, entry=entry, selected=["no date", "2 March 2026"])
    assert (day(chosen.published), chosen.published_from) == ("2026-03-02", "selector")


LINKED = '<script type="application/ld+json">{"@type":"Article","datePublished":'
PIECES = (
    "<time datetime='|'>|<meta name=date content='|2026-03-04|4 May 2026|<h1>|</h1>|<p>|Updated |©|<aside>|}</script>"
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.one_of(st.sampled_from([LINKED, "9" * 500, *PIECES.split("|")]), st.text(max_size=12)), max_size=40
    ).map("".join)
)
def test_any_page_has_dates_or_none(markup: str) -> None:
    """Whatever the page: aware dates, neither before 1990 nor over a day ahead, or None, or an `ExtractionError`."""
    try:
        found = read_dates(parse(markup, URL, Selectors(None)), now=NOW, entry=None, selected=[])
    except ExtractionError:
        return
    for instant, raw, source in (
        (found.published, found.published_raw, found.published_from),
        (found.modified, found.modified_raw, found.modified_from),
    ):
        assert (instant is None) == (raw is None) == (source is None)
        assert instant is None or 1990 <= instant.year <= 2026
