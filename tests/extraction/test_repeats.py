"""What an outlet's articles repeat is learned, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.repeats import REMEMBERED, Repeats, Trace, fingerprints, leave_out
from crawler.news.article import Article
from crawler.news.revision import content_hash

APPEAL = "The Gazette belongs to its readers. Help us with five crowns a month."
NOTE = "With material from the agencies and our own correspondents."
BACKGROUND = "The ferry Marigold sank in the Sound last Sunday with forty people aboard."

HEADLINES = (
    "Council votes on the new tram", "Museum finds a lost map", "Frost ruins the apple harvest",
    "School choir wins in Torvald", "Bakers ask for cheaper flour", "Bridge closed until autumn",
    "Rowers come home with silver", "Library opens on Sundays", "Wolves seen near Ostmere",
    "Judge frees two fishermen", "Mill burns down at night", "Painter turns one hundred",
)  # fmt: skip


def own(number: int) -> list[str]:
    """Three lines that no other article has."""
    return [f"Paragraph {part} of article number {number}, in so many words." for part in "abc"]


def learned(articles: Sequence[Sequence[str]], headlines: Sequence[str] = HEADLINES) -> Repeats:
    """What articles with these lines repeat."""
    return Repeats.of(Trace.of(headlines[n], fingerprints(lines)) for n, lines in enumerate(articles))


def trimmed(lines: Sequence[str], repeats: Repeats) -> list[str]:
    """The lines of an article that are left."""
    article = Article("u", "u", articleBody="\n".join(lines))
    leave_out(article, repeats)
    return (article.articleBody or "").split("\n")


@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_appeal_goes_wherever_it_stands(place: int) -> None:
    """Above, in the middle or below; whatever it was in the articles that it was learned from."""
    repeats = learned([[*own(n), APPEAL] for n in range(5)])
    page = own(99)
    page.insert(place, APPEAL)
    assert trimmed(page, repeats) == own(99)


def test_five_articles_teach() -> None:
    """Fewer may do so by chance; the page at hand is one of those that are remembered, or a fifth teaches one more."""
    assert learned([[*own(n), APPEAL] for n in range(4)]) == Repeats()
    assert learned([[*own(n), APPEAL] for n in range(5)]) != Repeats()


def test_a_note_of_every_third_article_is_learned() -> None:
    """It need not stand in all."""
    repeats = learned([[*own(n), NOTE] if n % 2 else own(n) for n in range(12)])
    assert trimmed([*own(99), NOTE], repeats) == own(99)


def test_the_background_of_an_event_stays() -> None:
    """Follow-ups repeat it word for word, among articles about other things; their headlines tell that they are."""
    follow_ups = ["Ferry sinks", "Ferry: captain arrested", "Divers reach ferry", "Minister at ferry inquiry", "Grief"]
    articles = [[*own(n), BACKGROUND, APPEAL] for n in range(5)] + [[*own(n), APPEAL] for n in range(5, 12)]
    repeats = learned(articles, [*follow_ups, *HEADLINES])
    assert trimmed([*own(99), BACKGROUND, APPEAL], repeats) == [*own(99), BACKGROUND]


def test_an_eventful_month_teaches_all_the_same() -> None:
    """Half of all articles are about one event, so half of the headlines share a word; the appeal stands in all."""
    articles = [[*own(n), BACKGROUND, APPEAL] if n % 2 else [*own(n), APPEAL] for n in range(12)]
    headlines = [f"{headline} after ferry disaster" if n % 2 else headline for n, headline in enumerate(HEADLINES)]
    assert trimmed([*own(99), BACKGROUND, APPEAL], learned(articles, headlines)) == [*own(99), BACKGROUND]


@pytest.mark.parametrize(
    "headlines",
    [
        ["Паром затонул", "Капитан парома арестован", "Водолазы у парома", "Суд о пароме", "Траур"],
        ["渡船沉没四十人失踪", "渡船船长被捕", "潜水员找到渡船", "部长谈调查", "哀悼"],
        ["เรือข้ามฟากจม", "จับกัปตันเรือข้ามฟาก", "นักดำน้ำถึงเรือข้ามฟาก", "ไว้อาลัย", "สอบสวน"],
        ["여객 침몰", "여객선 선장 체포", "잠수부 여객선에", "장관의 조사", "애도"],
        ["नौका डूबी", "नौका का कप्तान", "गोताखोर नौका तक", "मंत्री की जाँच", "शोक"],
        ["Gig: day one", "Men dive to gig", "Who saw the gig?", "A minister asks why", "Grief"],
    ],
)
def test_an_event_is_known_in_other_languages(headlines: list[str]) -> None:
    """Endings are cut off; where words are not parted by spaces, pairs of characters are compared. Korean words are
    short, Indic ones have vowel signs, and a headline of short words is compared by these.
    """
    assert learned([[*own(n), BACKGROUND] for n in range(5)], headlines) == Repeats()


@pytest.mark.parametrize("silent", [None, "", "1:0!", "Oh, no"])
def test_headlines_without_words_are_no_evidence(silent: str | None) -> None:
    """They don't tell that articles are about different things; what the others tell counts as ever."""
    repeated = fingerprints([APPEAL])
    wordless = [Trace.of(silent, [number, *repeated]) for number in range(REMEMBERED)]
    telling = [Trace.of(headline, [100 + n, *repeated]) for n, headline in enumerate(HEADLINES)]
    assert Repeats.of([*wordless, *telling[:4]]) == Repeats()
    assert Repeats.of([*wordless, *telling[:5]]) == Repeats(frozenset(repeated))


def test_live_updates_at_new_addresses_teach_nothing() -> None:
    """Each has all lines of the one before, and one more."""
    lines = [f"At {hour} o'clock the storm has reached pier number {hour}." for hour in range(10)]
    articles = [lines[:count] for count in range(1, 11)]
    assert learned(articles, [f"Storm live, {hour} h" for hour in range(10)]) == Repeats()


def test_one_text_at_many_addresses_teaches_nothing() -> None:
    """It counts once, though its headline differs each time."""
    assert learned([own(1)] * 10) == Repeats()


def test_short_lines_go_with_what_they_head() -> None:
    """A subhead above ever new paragraphs stays; one that always stands above the appeal goes with it."""
    repeats = learned([[*own(n)[:2], "Background", own(n)[2], "Support us", APPEAL] for n in range(6)])
    page = [*own(99)[:2], "Background", own(99)[2], "Support us", APPEAL]
    assert trimmed(page, repeats) == [*own(99)[:2], "Background", own(99)[2]]
    assert trimmed([*own(98), "Support us", *own(97)], repeats) == [*own(98), "Support us", *own(97)]


def test_the_questions_of_a_form_stay() -> None:
    """Repeated lines again and again between others are no appeal. What stands below goes even then."""
    questions = [f"Which {thing} would you take to an island?" for thing in ("book", "song", "dish", "friend")]
    pages = [[line for q in questions for line in (q, f"{q} {n}, says guest {n}")] + [APPEAL] for n in range(8)]
    assert trimmed(pages[7], learned(pages[:7])) == pages[7][:-1]


def test_what_is_nothing_but_repeats_is_left_whole() -> None:
    """Learning leaves no article empty."""
    repeats = learned([[*own(n), NOTE, APPEAL] for n in range(6)])
    assert trimmed([NOTE, APPEAL], repeats) == [NOTE, APPEAL]


def test_the_hash_of_the_whole_is_that_before() -> None:
    """So an article is known again, though a line of it was learned meanwhile; its words are counted anew."""
    before = Article("u", "u", headline="Ferry", articleBody="\n".join([*own(1), APPEAL]), wordCount=99)
    after = replace(before)
    lines, whole_hash = leave_out(after, learned([[*own(n), APPEAL] for n in range(5)]))
    assert whole_hash == content_hash(before) != content_hash(after)
    assert lines == fingerprints([*own(1), APPEAL])
    assert after.wordCount == 30
    assert leave_out(after, Repeats()) == (fingerprints(own(1)), "")


def test_what_is_learned_stays_learned() -> None:
    """Traces have all lines, also those that were left out: so hundreds of pages later it is still known."""
    traces: list[Trace] = []
    repeats = Repeats()
    for number in range(100):
        article = Article("u", "u", headline=HEADLINES[number % 12], articleBody="\n".join([*own(number), APPEAL]))
        prints, _ = leave_out(article, repeats)
        traces = [*traces, Trace.of(article.headline, prints)][-REMEMBERED:]
        repeats = Repeats.of(traces)
        assert (APPEAL in (article.articleBody or "")) == (number < 5)


LINES = st.lists(st.text(st.characters(exclude_characters="\n"), max_size=60), max_size=50)
TRACES = st.lists(st.builds(Trace.of, st.none() | st.text(max_size=40), st.lists(st.integers(0, 30))), max_size=25)


@given(LINES, LINES)
def test_any_line_has_a_fingerprint(lines: list[str], others: list[str]) -> None:
    """Of 32 bits, whatever stands in it; a line of some length has the same in every article."""
    appeal = f"{APPEAL} Thank you!"
    prints = fingerprints([*lines, appeal, *others])
    assert len(prints) == len(lines) + 1 + len(others)
    assert all(0 <= line < 2**32 for line in prints)
    assert prints[len(lines)] == fingerprints([appeal])[0]


@given(TRACES, LINES)
def test_only_what_five_articles_have_goes(traces: list[Trace], lines: list[str]) -> None:
    """In any order; what is left is part of the article, in its order, and never nothing."""
    repeats = Repeats.of(traces)
    assert repeats == Repeats.of(traces[::-1])
    assert all(sum(line in trace.lines for trace in traces) >= 5 for line in repeats.lines)
    marked = Repeats(repeats.lines | set(fingerprints(lines)[::2])).mark(fingerprints(lines))
    assert len(marked) == len(lines)
    assert not lines or not all(marked)
