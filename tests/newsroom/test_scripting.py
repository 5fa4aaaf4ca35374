"""The newsroom follows its script: time, publishing, edits, and the same from another process."""

from datetime import timedelta

import pytest

from crawler.newsroom import Newsroom
from tests.newsroom.conftest import OPENED
from tests.newsroom.reader import COURIER_PAGE, FEED, GAZETTE, PAGE, control, read

HELD_BACK = f"{GAZETTE}/world/freed-maravela-sailors-reach-puerto-aldana-41903"
SITEMAP = "http://www.northerncourier.example/sitemaps/news.xml"


def test_a_held_back_article_appears_when_published(newsroom: Newsroom) -> None:
    """Page and feed show it from then on, dated by the newsroom's clock; the feed's tag changes."""
    before = read(newsroom, FEED)
    assert read(newsroom, HELD_BACK).status == 404
    assert HELD_BACK not in before.text
    newsroom.advance(60)
    newsroom.publish(HELD_BACK)
    after = read(newsroom, FEED)
    assert HELD_BACK in after.text
    assert "Fri, 14 Mar 2031 09:27:53 GMT" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]
    assert read(newsroom, HELD_BACK).status == 200


def test_an_edit_moves_the_modified_date_alone(newsroom: Newsroom) -> None:
    """Headline and fact are new, `datePublished` is not, and the page's validators have moved."""
    before = read(newsroom, COURIER_PAGE)
    newsroom.advance(90)
    newsroom.edit(COURIER_PAGE, headline="Fourteen, not twelve", replace={"twelve sailors": "fourteen sailors"})
    after = read(newsroom, COURIER_PAGE, If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert "<h1>Fourteen, not twelve</h1>" in after.text
    assert "freed fourteen sailors" in after.text
    assert '"datePublished": "2031-03-14T07:26:53+00:00"' in after.text
    assert '"dateModified": "2031-03-14T09:28:23+00:00"' in after.text
    assert "<lastmod>2031-03-14T09:28:23+00:00</lastmod>" in read(newsroom, SITEMAP).text


def test_an_edit_that_cannot_be_is_refused(newsroom: Newsroom) -> None:
    """No such page, no such wording, and no change at all are errors."""
    with pytest.raises(LookupError, match="no piece"):
        newsroom.edit(f"{GAZETTE}/nothing", headline="x")
    with pytest.raises(ValueError, match="does not say"):
        newsroom.edit(COURIER_PAGE, replace={"seventy sailors": "none"})
    with pytest.raises(ValueError, match="changes nothing"):
        newsroom.edit(COURIER_PAGE)


def test_time_alone_changes_no_page(newsroom: Newsroom) -> None:
    """What was published stays as old as it was: a poll an hour later gets 304."""
    tag = read(newsroom, FEED).headers["ETag"]
    newsroom.advance(3600)
    assert newsroom.now() == OPENED + timedelta(hours=1)
    assert read(newsroom, FEED, If_None_Match=tag).status == 304


def test_the_scenario_plays_as_time_passes() -> None:
    """Each step happens once its time has come, in order, and is told."""
    told: list[str] = []
    with Newsroom(clock=lambda: OPENED, play=True, told=lambda step: told.append(step.name)) as newsroom:
        newsroom.advance(12)
        assert told == ["homecoming"]
        newsroom.advance(60)
        assert told == ["homecoming", "recount", "reaction"]
        assert "14 Maravela sailors, not 12" in read(newsroom, COURIER_PAGE).text


def test_without_play_nothing_happens_by_itself(newsroom: Newsroom) -> None:
    """Steps wait to be called by name; an unknown name is an error."""
    newsroom.advance(3600)
    assert read(newsroom, HELD_BACK).status == 404
    newsroom.play("homecoming")
    assert read(newsroom, HELD_BACK).status == 200
    with pytest.raises(LookupError, match="no step"):
        newsroom.play("intermission")


def test_another_process_can_do_all_of_it(newsroom: Newsroom) -> None:
    """The control host takes each method's arguments as JSON."""
    for path, arguments in (
        ("/advance", {"seconds": 30}),
        ("/publish", {"url": HELD_BACK}),
        ("/edit", {"url": COURIER_PAGE, "headline": "News"}),
        ("/fault", {"target": PAGE, "kind": "status", "code": 410}),
        ("/play", {"name": "reaction"}),
    ):
        assert control(newsroom, path, arguments) == (200, {"done": path[1:]})
    assert read(newsroom, PAGE).status == 410
    assert control(newsroom, "/heal", {"target": PAGE})[0] == 200
    assert read(newsroom, PAGE).status == 200
    assert read(newsroom, HELD_BACK).status == 200


def test_another_process_can_look(newsroom: Newsroom) -> None:
    """The front page names outlets and steps; /requests has the log without control calls, of one host if asked."""
    read(newsroom, PAGE)
    read(newsroom, SITEMAP)
    _, front = control(newsroom, "/")
    assert "openquay.example" in front["outlets"]
    assert front["steps"]["recount"] == "edit after 15 s"
    _, visits = control(newsroom, "/requests?host=www.northerncourier.example")
    assert [(visit["path"], visit["status"]) for visit in visits] == [("/sitemaps/news.xml", 200)]


def test_the_newsroom_hears_alerts(newsroom: Newsroom) -> None:
    """What a channel posts can be read back."""
    control(newsroom, "/hear", {"title": "Vostria and Maravela"})
    assert control(newsroom, "/heard") == (200, [{"title": "Vostria and Maravela"}])


@pytest.mark.parametrize(
    ("path", "arguments", "status"),
    [
        ("/dance", {"a": 1}, 404),
        ("/nothing", None, 404),
        ("/fault", {"target": PAGE, "kind": "gremlin"}, 400),
        ("/publish", {"url": "http://nobody.example/x"}, 400),
        ("/edit", {"title": "x"}, 400),
    ],
)
def test_a_mistake_is_told(newsroom: Newsroom, path: str, arguments: dict[str, str] | None, status: int) -> None:
    """A wrong control or argument is an answer with `error`, and the newsroom goes on."""
    answered, answer = control(newsroom, path, arguments)
    assert answered == status
    assert answer["error"]
