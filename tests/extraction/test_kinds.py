"""Pages that are no article are recognised and named; no article is."""

import json
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import extract
from crawler.extraction.decode import decode
from crawler.extraction.kinds import Kind, kind_of, with_appeals
from crawler.extraction.kinds import telltales as known
from crawler.extraction.page import parse
from crawler.extraction.selectors import Selectors
from crawler.extraction.zones import Passage, Zone
from crawler.news.errors import ExtractionError
from tests.extraction.golden import DATA, cases, expected

WALLS = ["bot-challenge", "consent-wall", "login", "paywall-stub"]
KINDS = [*WALLS, "live-blog-index", "section-page", "soft-404", "video-player"]
URL = "https://saltmere-gazette.example/news/lock"
SENTENCE = "The harbour board voted on Tuesday evening to widen the northern lock by four metres for the ferries."


def judged(html: str, body: Sequence[str] = (), url: str = URL) -> Kind | None:
    """What a page is, when this was taken for its body."""
    lines = [line for line in body if line]
    page = parse(html, url, Selectors(None))
    return kind_of(page, lines, source=html)


def named(html: str, body: Sequence[str] = (), url: str = URL) -> str:
    """The name of what it is, "" for an article."""
    kind = judged(html, body, url)
    return kind.reason if kind else ""


def page(title: str, *lines: str, head: str = "", tag: str = "p") -> str:
    """A page with these lines."""
    text = "".join(f"<{tag}>{line}</{tag}>" for line in lines)
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{text}</body></html>"


def golden(name: str) -> tuple[str, str]:
    """A golden page and its address."""
    meta = json.loads((DATA / name / "meta.json").read_text("utf-8"))
    return decode((DATA / name / "input.html").read_bytes(), meta.get("content_type")), meta["url"]


REFUSED = [name for name in cases() if expected(name).get("error") in KINDS]
ARTICLES = [name for name in cases() if "error" not in expected(name)]


@pytest.mark.parametrize("name", REFUSED)
def test_golden_pages_are_named(name: str) -> None:
    """Whatever the engine took for a body: nothing, or the page's paragraphs. The error says why, and what helps."""
    html, url = golden(name)
    paragraphs = [element.text(strip=True) for element in parse(html, url, Selectors(None)).tree.css("p")]
    for body in ([], paragraphs):
        kind = judged(html, body, url)
        assert kind is not None and kind.reason == expected(name)["error"]
        assert kind.message(url).startswith(f"{url}: ") and kind.message(url).endswith(".")
        assert len(kind.evidence) > 10


@pytest.mark.parametrize("name", ARTICLES)
def test_golden_articles_are_articles(name: str) -> None:
    """With their own text none is refused, not the ones about cookies, captchas, paywalls and error pages either."""
    html, url = golden(name)
    assert judged(html, expected(name)["articleBody"].split("\n"), url) is None


def test_there_are_three_of_each() -> None:
    """In different languages and from different systems, and an article that looks like each."""
    assert {kind: sum(name.startswith(kind) for name in REFUSED) >= 3 for kind in KINDS} == dict.fromkeys(KINDS, True)
    assert {kind for kind in KINDS if not any(name.startswith(f"{kind}-not-") for name in ARTICLES)} == set()


# -- phrases


@pytest.mark.parametrize("form", ["{}", "{} | Saltmere Gazette", "404 - {}", "Saltmere Gazette – {}"])
def test_titles_of_missing_pages(form: str) -> None:
    """Alone, beside the outlet's name or a number."""
    pages = {title: page(form.format(title), "Try the search, or begin anew.") for title in known.MISSING_TITLES}
    assert [title for title, html in pages.items() if named(html) != "soft-404"] == []


@pytest.mark.parametrize(
    "title", ["404", "Error 404", "404 Not Found", "HTTP 410", "Fehler 404", "Erreur 404 | Gazette"]
)
def test_numbers_of_missing_pages(title: str) -> None:
    """A number and words for "error", in any order."""
    assert named(page(title)) == "soft-404"


@pytest.mark.parametrize(
    "title", ["Bus 404 is back", "Peugeot 404", "Room 410", "Error of judgement", "The 404 metres"]
)
def test_numbers_in_titles(title: str) -> None:
    """A number beside anything else is no error."""
    assert named(page(title, SENTENCE), [SENTENCE]) == ""


def test_sentences_of_missing_pages() -> None:
    """Where nothing else is said."""
    for phrase in known.MISSING:
        lines = [f"Oh! {phrase} …", "Saltmere Gazette"]
        assert (phrase, named(page("Saltmere Gazette", *lines), lines)) == (phrase, "soft-404")


def test_sentences_of_bot_challenges() -> None:
    """On a page without other text; to readers without scripts, too."""
    for phrase in known.CHALLENGES:
        hidden = f'<noscript><div class="h2"><b>… {phrase} …</b></div></noscript>'
        pages = [page("saltmere-gazette.example", f"… {phrase} …"), page("saltmere-gazette.example", hidden, tag="div")]
        assert (phrase, [*map(named, pages)]) == (phrase, ["bot-challenge"] * 2)


def test_marks_of_bot_guards() -> None:
    """A script of theirs in an empty page; in an article it tells nothing: such guards watch over comments as well."""
    for mark in known.CHALLENGE_MARKS:
        script = f'<script>var guard = "{mark.upper()}"</script>'
        assert (mark, named(page("saltmere-gazette.example", head=script))) == (mark, "bot-challenge")
        assert (mark, named(page("Lock", SENTENCE * 2, head=script), [SENTENCE * 2])) == (mark, "")


def test_titles_of_bot_challenges() -> None:
    """With nearly nothing below them; with a report below them they are its title."""
    for title in known.CHALLENGE_TITLES:
        assert (title, named(page(title, "saltmere-gazette.example"))) == (title, "bot-challenge")
        assert (title, named(page(title, *[SENTENCE] * 12), [SENTENCE] * 12)) == (title, "")


def test_titles_of_login_pages() -> None:
    """Beside a field for a password, or at an address that says so."""
    form = '<form><input name="user"><input type="password" name="pass"></form>'
    for title in known.LOGIN_TITLES:
        assert (title, named(page(f"{title} | Saltmere Gazette", form, tag="div"))) == (title, "login")
        assert (title, named(page(title), url="https://id.g.example/login?to=/news/lock")) == (title, "login")


def test_sentences_of_paywalls() -> None:
    """Below a sentence of the text, on a page that says that it is not free; without them it is a short article."""
    head = '<meta property="og:type" content="article"><meta property="article:content_tier" content="locked">'
    for phrase in known.PAYWALL:
        lines = [SENTENCE, f"… {phrase} …"]
        assert (phrase, named(page("Lock", *lines, head=head), lines)) == (phrase, "paywall-stub")
    assert named(page("Lock", SENTENCE, head=head), [SENTENCE]) == ""


def test_offers_elsewhere_on_the_page() -> None:
    """Far below a short text, or hidden, an offer to subscribe is not what the text stops at."""
    head = '<meta property="article:content_tier" content="locked">'
    offer = ["Subscribe to continue reading.", "Already a subscriber?"]
    between = [f"Line {number} of the harbour's timetable" for number in range(20)]
    hidden = "<div hidden>" + "".join(f"<p>{line}</p>" for line in offer) + "</div>"
    assert named(page("Lock", SENTENCE, *offer, head=head), [SENTENCE]) == "paywall-stub"
    assert named(page("Lock", SENTENCE, *between, *offer, head=head), [SENTENCE]) == ""
    assert named(page("Lock", SENTENCE, head=head) + hidden, [SENTENCE]) == ""


def test_appeals_in_the_box_of_the_body_are_weighed_with_it() -> None:
    """Those around it are not: a banner beside an article makes no wall of it."""
    lines = "<h2>Part one</h2><p>We use cookies.</p><ul><li>One</li></ul><p>Reject all.</p>"
    told = parse(f"<p>Join us.</p><div>{lines}</div><p>Accept all.</p>", URL, Selectors(None))
    zones = {"One": Zone.BODY, "Part one": Zone.OTHER}
    passages = [Passage(block, zones.get(block.text, Zone.APPEAL), "") for block in told.layout.blocks]
    assert with_appeals(passages) == ["We use cookies.", "One", "Reject all."]
    assert with_appeals([passage for passage in passages if passage.zone != Zone.BODY]) == []


@pytest.mark.parametrize("name", [path.stem for path in sorted(known.FOLDER.glob("*.txt"))])
def test_phrases_are_written_alike(name: str) -> None:
    """Each once; sentences as `plain` makes them, for they are looked for as they stand."""
    lines = known.read_lines(name)
    assert len(lines) == len(set(lines)) > 10
    if not name.endswith("titles"):
        assert [line for line in lines if line != known.plain(line).strip()] == []


# -- short articles that look like one


def article(title: str, *lines: str, beside: str = "", head: str = "") -> str:
    """A page that says that it is an article, with something beside its text."""
    said = '<meta property="og:type" content="article"><meta property="og:site_name" content="Saltmere Gazette">'
    dated = '<meta property="article:published_time" content="2025-05-30T08:00:00Z">'
    text = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<!doctype html><html><head><title>{title} | Saltmere Gazette</title>{said}{dated}{head}</head>"
        f"<body><main><article><h1>{title}</h1>{text}</article>{beside}</main></body></html>"
    )


def refused(html: str) -> str:
    """Why the whole extraction refuses a page, "" for an article."""
    try:
        extract(html.encode(), URL)
    except ExtractionError as error:
        return error.reason
    return ""


FLASH = (SENTENCE, "Work begins in May, the harbour master said, and the ferries go from the old pier until then.")


@pytest.mark.parametrize(
    "line",
    [
        "El Atlético Lun ha sido eliminado de la Copa tras perder el viernes en los penaltis ante el Salado.",
        "È stato rimosso venerdì mattina il relitto dell'auto caduta nel porto di Lun dopo l'incidente di martedì.",
        "A vacina contra a gripe não está mais disponível nos postos de Lun, informou na sexta a secretaria.",
    ],
)
def test_news_of_what_is_removed(line: str) -> None:
    """Players, wrecks and vaccines go, too; what a missing page misses is a page, an article, a text."""
    assert named(page("Lun", line), [line]) == ""


@pytest.mark.parametrize(
    "title",
    ["Not found: search for lost plane ends", "404: yacht race has its winner", "Access denied: council locks doors"],
)
def test_a_colon_in_a_headline(title: str) -> None:
    """What stands before it is no title by itself, unless the outlet's name is behind it."""
    assert refused(article(title, *FLASH)) == ""
    assert named(page(title, *FLASH), FLASH) == ""
    site = '<meta property="og:site_name" content="Saltmere Gazette">'
    for missing in ("Saltmere Gazette: Page not found", "Page not found: Saltmere Gazette", "404: Page not found"):
        assert named(page(missing, "Try the search.", head=site)) == "soft-404"


def test_a_flash_may_bear_the_title_of_a_missing_page() -> None:
    """If the page says that it is an article, since when, and has more than twenty words."""
    assert refused(article("Not found", *FLASH)) == ""
    assert refused(article("Not found", "Try the search.")) == "soft-404"


def test_labels_of_other_articles() -> None:
    """That another article is for subscribers makes no stub of this one; nor does a label without another sign."""
    teasers = "".join(
        f'<div class="teaser"><span>For subscribers only</span><h3><a href="/{n}">{text}</a></h3></div>'
        for n, text in enumerate(HEADLINES)
    )
    offer = "<div><p>Subscribe today for our newsletter</p></div>"
    assert refused(article("Lock", *FLASH, beside=f'<section class="related">{teasers}</section>{offer}')) == ""
    wall = (
        '<div class="{}"><p>This story is for subscribers only.</p><p>Already a subscriber? Log in to go on.</p></div>'
    )
    longer = (*FLASH, SENTENCE.replace("Tuesday", "Monday"))
    assert refused(article("Lock", *longer, beside=wall.format("x"))) == ""
    assert refused(article("Lock", *longer, beside=wall.format("paywall"))) == "paywall-stub"


BANNER = (
    "We value your privacy.",
    "We and our 842 partners store and access information on a device, such as cookies, and process personal data for "
    "personalised ads. With your permission we and our partners may use precise geolocation data. You may click to "
    "accept all, or reject all. We use cookies to remember your choice; see our privacy policy.",
)


def test_a_banner_in_the_box_of_an_article() -> None:
    """An article stands beside it, if so many words in a row ask for nothing; a wall has no such passage."""
    assert refused(article("Lock", *BANNER, *FLASH)) == ""
    assert refused(article("Lock", *FLASH, *BANNER)) == ""
    assert refused(article("Lock", *BANNER, "Read on for 4.99 a month.", *BANNER)) == "consent-wall"


@pytest.mark.parametrize(
    "lines",
    [
        ("Käytämme evästeitä palvelun tarjoamiseen.", "Hyväksy kaikki evästeet tai muuta evästeasetuksia."),
        ("Soubory cookie používáme k měření.", "Bez vás to nejde: souhlasím se zpracováním osobních údajů."),
        ("Sitemizde çerezleri kullanıyoruz.", "Kişiselleştirilmiş reklamlar için açık rıza gerekir."),
    ],
)
def test_small_walls(lines: tuple[str, ...]) -> None:
    """Two phrases do where nothing says that the page is an article."""
    assert named(page("Lun", *lines), lines) == "consent-wall"


# -- lists


def cards(headlines: Sequence[str]) -> str:
    return "".join(
        f'<div><h3><a href="/{n}">{text}</a></h3><p>{SENTENCE}</p></div>' for n, text in enumerate(headlines)
    )


HEADLINES = [f"Council votes on crossing number {n} again" for n in range(6)]


@pytest.mark.parametrize("url", ["https://g.example/", "https://g.example/en/", "https://g.example/search?q=lock"])
def test_addresses_of_lists(url: str) -> None:
    """The same cards are a list at the address of one, and nothing is said of them where an article would stand."""
    html = page("Saltmere Gazette", cards(HEADLINES), tag="div")
    assert named(html, [SENTENCE] * 6, url) == "section-page"
    assert named(html, [SENTENCE] * 6) == ""


def test_running_text_outweighs_an_address() -> None:
    """An article at an odd address: a search result's, a front door's."""
    lines = [f"{SENTENCE} {SENTENCE}"] * 8
    html = page("Lock", *lines, f"<div>{cards(HEADLINES)}</div>")
    assert named(html, lines, "https://g.example/?s=lock") == ""


# -- anything


ALL_TITLES = sorted(known.CHALLENGE_TITLES | known.LOGIN_TITLES | known.MISSING_TITLES)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(ALL_TITLES),
    st.lists(st.sampled_from(known.CHALLENGES + known.CONSENT + known.PAYWALL + known.MISSING), max_size=8),
    st.sampled_from(["", '<meta property="og:type" content="website">', '<link rel="canonical" href="/">']),
)
def test_an_article_may_say_anything(title: str, phrases: list[str], head: str) -> None:
    """Three hundred words of text are an article, whatever its title, and whatever is quoted in it."""
    lines = [*[SENTENCE] * 18, *(f"{SENTENCE[:-1]}: “{phrase}”." for phrase in phrases), SENTENCE]
    assert named(page(title, *lines, head=head), lines) == ""


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.text(max_size=80), max_size=5))
def test_arbitrary_pages_never_escape(head: str, text: str, body: list[str]) -> None:
    """Whatever comes has a known name or none."""
    assert named(f"<title>{head}</title><p>{text}", body) in {"", *KINDS}


def hostile() -> Iterator[tuple[str, str, list[str]]]:
    yield "headlines", cards(HEADLINES * 3_000), [SENTENCE] * 6
    yield "title", f"<title>{'404 | ' * 200_000}</title><p>x", []
    yield "headings", "<h1>Not found</h1>" * 50_000, []
    yield "noscript", "<p>x</p>" + "<noscript><b>" * 50_000, []
    yield "noscript-attributes", "<p>x</p>" + "<noscript " * 50_000, []
    yield "one-line", f"<p>{'we use cookies and 404 ' * 100_000}</p>", ["we use cookies and 404 " * 30]
    yield "frames", '<iframe src="/player"></iframe>' * 50_000, []
    yield "linked-data", f'<script type="application/ld+json">[{",".join(["{}"] * 50_000)}]</script><p>x', []
    yield "source", f"<script>{'x' * 5_000_000}</script><p>x", []


@pytest.mark.parametrize(("html", "body"), [pytest.param(h, b, id=name) for name, h, b in hostile()])
def test_hostile_pages_cost_little(html: str, body: list[str]) -> None:
    """The verdict takes less than a fifth of a second of CPU, beyond the parse."""
    parsed = parse(html, URL, Selectors(None))
    started = time.process_time()
    kind_of(parsed, body, source=html)
    assert time.process_time() - started < 0.2
