"""What a kill interrupts: a pass over the newsroom, from a known state of the store to the only right end."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import zip_longest

from crawler.newsroom import Newsroom, World, read_press
from tests.faults.proxy import Moment
from tests.faults.stage import Revision, Snapshot, Stage

# One for all cases, so that each time the newsroom answers with the very same bytes, dates included.
OPENED = datetime.now(UTC)

HOURS_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Scene:
    """A pass, and what its end must be.

    Attributes:
        world: of its newsroom; news: steps of the scenario that have happened by then.
        before: the store at its start.
        commands: how many it sends to the store when nobody disturbs it.
        published: every revision in the stream at its end; outcomes: of every entry.
    """

    name: str
    world: World
    news: tuple[str, ...]
    before: Snapshot
    commands: int
    published: Counter[Revision]
    outcomes: Counter[str]

    def newsroom(self) -> Newsroom:
        """The press as it is then, not entered yet."""
        return newsroom_of(self.world, self.news)

    def assert_over(self, stage: Stage) -> None:
        """See that the store is where this pass should end: all is done, each thing once."""
        assert stage.closed_books().outcomes == self.outcomes
        assert Counter(stage.published()) == self.published


@dataclass(frozen=True, slots=True)
class Case:
    """A kill: in which scene, at which command, before the store sees it or after its reply."""

    scene: Scene
    number: int
    moment: Moment


def two_scenes(stage: Stage) -> list[Scene]:
    """A first look at every source; then, two hours later, news and a quiet edit."""
    world = hasty_press()
    first = rehearse(stage, "first look", world)
    stage.advance(2 * HOURS_MS)
    second = rehearse(stage, "two hours later", world, ("homecoming", "recount"))
    assert ("storywatch.article.revised", 2) in {(kind, revision) for kind, _, revision in second.published}
    return [first, second]


def rehearse(stage: Stage, name: str, world: World, news: tuple[str, ...] = ()) -> Scene:
    """Play a scene undisturbed, to know its end."""
    before = stage.snapshot()
    with newsroom_of(world, news) as newsroom, stage.proxy() as proxy:
        with stage.crawl(newsroom, store=proxy.url) as crawl:
            assert crawl.end() == 0, crawl.log
        outcomes = stage.closed_books().outcomes
        return Scene(name, world, news, before, len(proxy.commands), Counter(stage.published()), outcomes)


def kill_and_run_again(stage: Stage, case: Case) -> str | None:
    """Play a case; return the name of the command it was killed at, or None where the pass was over before.

    How many commands a pass takes varies by a few with who is faster.
    """
    scene = case.scene
    stage.restore(scene.before)
    with scene.newsroom() as newsroom, stage.proxy() as proxy:
        with stage.crawl(newsroom, store=proxy.url) as crawl:
            proxy.strike(case.number, case.moment, crawl.kill)
            code = crawl.end()
        killed_at = proxy.commands[case.number - 1] if proxy.struck.is_set() else None
        assert code == (-9 if killed_at else 0), f"exit code {code}:\n{crawl.log}"
        tally = stage.tally()
        assert Counter(stage.published()) <= scene.published
        assert tally.outcomes <= scene.outcomes
        stage.outlive_leases()
        with stage.crawl(newsroom) as again:
            assert again.end() == 0, again.log
        scene.assert_over(stage)
        asked = Counter((visit.host, visit.path) for visit in newsroom.requests)
        assert max(asked.values()) <= 2, f"asked for more than twice: {asked.most_common(3)}"
        return killed_at


def newsroom_of(world: World, news: tuple[str, ...] = ()) -> Newsroom:
    """The press a minute after it opened, when these steps of its scenario have happened."""
    newsroom = Newsroom(world=world, clock=lambda: OPENED)
    newsroom.advance(seconds=60)
    for step in news:
        newsroom.play(step)
    return newsroom


def hasty_press() -> World:
    """The hand-written press, but nobody asks crawlers to take their time."""
    press = read_press()
    return replace(press, outlets=tuple(replace(outlet, crawl_delay_seconds=0) for outlet in press.outlets))


def held_back(world: World) -> World:
    """The same press before any of its articles is out: `Newsroom.publish` brings them."""
    return replace(
        world,
        outlets=tuple(
            replace(outlet, pieces=tuple(replace(piece, held=True) for piece in outlet.pieces))
            for outlet in world.outlets
        ),
    )


def addresses(world: World) -> list[str]:
    """The address of every article, outlet by outlet in turn."""
    rows = zip_longest(*([outlet.url(piece.path) for piece in outlet.pieces] for outlet in world.outlets))
    return [url for row in rows for url in row if url]
