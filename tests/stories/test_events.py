"""Is it the same event? The case that counts is the cold start: the first two articles that an index ever sees."""

import random
from datetime import UTC, datetime
from itertools import permutations

import pytest

from crawler.newsroom import read_press
from crawler.stories import Kind, StoryIndex
from tests.stories.golden import EVERYTHING, GROUPS, Text, look_alikes, reports

NOW = datetime(2031, 3, 14, 12, tzinfo=UTC)
FERRY = (
    "The mail ferry to Corrin was two hours late on Tuesday as Skipper Olof Brehm had lost his glasses. Passengers "
    "played cards in the saloon until his wife Karin found them in the bread bin, and nobody asked for a refund."
)
FIESTA = (
    "La isla de Corrin celebra este sábado su fiesta del arenque con música, baile y una carrera de barcas que ganó el "
    "año pasado Olof Brehm, patrón del transbordador, entre los aplausos de los vecinos de todo el archipiélago."
)

JOINED = [(one, other) for group in GROUPS for one, other in permutations(reports(group), 2)]
APART = [(one, other) for group in GROUPS for one in reports(group) for other in look_alikes(group)]


@pytest.mark.parametrize(("first", "second"), JOINED, ids=lambda text: text.name)
def test_two_reports_of_one_event_are_joined_as_the_first_two_articles(first: Text, second: Text) -> None:
    """In either order, published at once; the evidence names the other report and words that both have."""
    index = StoryIndex()
    founded = first.put_into(index)
    placement = second.put_into(index, first.published)
    assert placement.story_id == founded.story_id
    assert placement.copy_of is None
    assert placement.evidence.kind is Kind.SAME_EVENT
    assert placement.evidence.article == first.name
    assert 3 <= len(placement.evidence.words) <= 8
    assert all(word in f"{second.headline} {second.body}" for word in placement.evidence.words)


@pytest.mark.parametrize(("report", "look_alike"), APART, ids=lambda text: text.name)
def test_a_look_alike_is_kept_apart(report: Text, look_alike: Text) -> None:
    """In either order, even if published at once."""
    for first, second in ((report, look_alike), (look_alike, report)):
        index = StoryIndex()
        founded = first.put_into(index)
        placement = second.put_into(index, first.published)
        assert placement.story_id != founded.story_id
        assert placement.evidence.kind is Kind.NEW


@pytest.mark.parametrize("group", GROUPS)
def test_a_look_alike_is_kept_apart_from_a_grown_story(group: str) -> None:
    """Its chances don't grow with the story."""
    index = StoryIndex()
    told = reports(group)
    story = {text.put_into(index, told[0].published).story_id for text in told}
    assert len(story) == 1
    for text in look_alikes(group):
        assert text.put_into(index, told[0].published).story_id not in story


def test_many_events_are_kept_apart_in_one_index() -> None:
    """Each event of the set is one story of exactly its reports, each look-alike a story of its own."""
    index = StoryIndex()
    stories = {text.name: text.put_into(index).story_id for text in sorted(EVERYTHING, key=lambda text: text.published)}
    for group in GROUPS:
        assert len({stories[text.name] for text in reports(group)}) == 1
    assert len(set(stories.values())) == len(GROUPS) + sum(len(look_alikes(group)) for group in GROUPS)


def test_a_late_report_must_be_more_alike() -> None:
    """What comes three weeks later is another event, however alike in names."""
    first, second = reports("merger")
    index = StoryIndex()
    founded = first.put_into(index)
    late = second.put_into(index, first.published.replace(month=7))
    assert late.story_id != founded.story_id


def test_headlines_alone_are_joined() -> None:
    """An article without a body is told by its headline."""
    index = StoryIndex()
    stories = [
        index.add(headline, headline=headline, body=None, published=None, outlet="Ticker").story_id
        for headline in (
            "Brannock loses court fight over Ferrovia takeover",
            "Court backs veto of Brannock's bid for Ferrovia",
            "Otters return to the canals of Hallvik",
        )
    ]
    assert stories[0] == stories[1] != stories[2]


@pytest.mark.parametrize(
    ("first", "second", "other"),
    [
        (
            "北海铁路公司周一宣布关闭白石镇车站，三百名员工将失去工作。镇长林若溪表示反对，并将向法院提起诉讼。",
            "白石镇车站将被关闭，居民星期一聚集在站前抗议。北海铁路公司说每年亏损严重。镇长林若溪承诺打官司。",
            "南山大学昨天发布新的海洋研究报告，指出渔业资源正在恢复，专家建议继续实行夏季休渔制度。",
        ),
    ],
)
def test_scripts_without_spaces_and_capitals(first: str, second: str, other: str) -> None:
    """Pairs of letters stand for words, so Chinese reports of one event are joined as well."""
    index = StoryIndex()
    stories = [
        index.add(str(number), headline="", body=body, published=None, outlet=str(number)).story_id
        for number, body in enumerate((first, second, other))
    ]
    assert stories[0] == stories[1] != stories[2]


def test_the_order_of_arrival_hardly_matters() -> None:
    """A feature that begins alone, and a report in another language, end in the story of the event whenever they come;
    whoever came too early is told by `merged`.
    """
    pieces = [
        (outlet, piece)
        for outlet in read_press().outlets
        for piece in outlet.pieces
        if piece.expect.outcome == "published" and not piece.held
    ]
    chance = random.Random(1)
    for _ in range(25):
        chance.shuffle(pieces)
        index, stories = StoryIndex(), set[str]()
        for outlet, piece in pieces:
            placement = index.add(
                outlet.url(piece.path),
                headline=piece.headline,
                body="\n".join(piece.paragraphs),
                published=NOW - piece.age,
                outlet=outlet.name,
                url=outlet.url(piece.path),
                language=outlet.language,
                seen=NOW,
            )
            stories = stories - set(placement.merged) | {placement.story_id}
        events = {index.story_of(outlet.url(piece.path)): set[str]() for outlet, piece in pieces}
        for outlet, piece in pieces:
            events[index.story_of(outlet.url(piece.path))].add(piece.event)
        assert sorted(map(sorted, events.values())) == [["bridge"], ["exchange"], ["lake-handover"]]
        assert stories == set(events)


def test_another_language_needs_more_names() -> None:
    """Two names in common say little where no other word can be compared."""
    index = StoryIndex()
    english = index.add("a", headline="Corrin ferry late", body=FERRY, published=NOW, outlet="Courier", language="en")
    spanish = index.add("b", headline="Fiesta en Corrin", body=FIESTA, published=NOW, outlet="Correo", language="es-ES")
    assert spanish.story_id != english.story_id
