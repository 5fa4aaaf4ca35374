"""Moving a store: what is loaded is what was dumped, key by key, or nothing."""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import redis

from crawler.news.errors import StoreError
from crawler.store import Store, keys, open_store
from crawler.store.connection import Connection
from crawler.store.dumpfile import Contents, Reader
from crawler.store.embedded import EmbeddedStore
from crawler.store.limits import Limits
from crawler.store.transfer import dump, just_before, load
from tests.faults.scenes import hasty_press, newsroom_of
from tests.faults.stage import Stage
from tests.store.acting import claim, discover, publish, run, source
from tests.store.test_dumpfile import sealed

State = Mapping[bytes, tuple[object, ...]]
Tell = Callable[[Contents], None]

NEWS = {"1-1": "{}", "5-0": "a", "5-1": "b", "9-0": "c"}


@pytest.fixture
def old(server: EmbeddedStore, client: redis.Redis) -> Iterator[redis.Redis]:
    """The store that is dumped, with a bit of everything, and plain bytes for an answer."""
    del client  # which has emptied the store, and sees afterwards that no key is left that the table doesn't list
    with redis.Redis.from_url(server.url) as old:
        fill(old)
        yield old


@pytest.fixture
def new(server: EmbeddedStore, old: redis.Redis) -> Iterator[redis.Redis]:
    """An empty one: another database of the same server."""
    del old
    with redis.Redis.from_url(place(server, 1)) as new:
        yield new


def place(server: EmbeddedStore, database: int) -> str:
    """The address of one of the server's databases."""
    return f"{server.url}?db={database}"


def fill(store: redis.Redis) -> None:
    """Put something of each sort into a store: small and large, plain and odd."""
    expires_ms = 4_000_000_000_123
    store.set(keys.article("one"), '{"headline":"Zwölf Seeleute\\u0000 frei"}', pxat=expires_ms)
    store.set(keys.story("two"), b"no \xff UTF-8", pxat=expires_ms)
    store.hset(keys.robots("gazette.example"), mapping={"stamp": "1", "text": "User-agent: *\nDisallow:"})
    store.pexpireat(keys.robots("gazette.example"), expires_ms)
    store.hset(keys.ENTRIES, mapping={f"entry-{n}": f'{{"n":{n}}}' * 20 for n in range(1_000)})
    store.hset(keys.SOURCES, mapping={b"\x00\xfe": b"\xff", "": "the empty field"})
    store.sadd(keys.SEEN, *(f"entry-{n}" for n in range(1_000)), b"\xff")
    store.sadd(keys.SEEN_OLD, *range(500))
    store.zadd(keys.HOSTS, {"a": 1772366400123, "b": 0.1, "c": float("inf"), "d": -1e300})
    store.zadd(keys.HOSTS, {b"\xff": 2**53})
    store.zadd(keys.queue("gazette.example"), {f"e:entry-{n}": n / 3 for n in range(1_000)})
    for stream_id, event in NEWS.items():
        store.xadd(keys.ARTICLES_STREAM, {"event": event}, id=stream_id)
    store.xdel(keys.ARTICLES_STREAM, "9-0")
    store.xgroup_create(keys.ARTICLES_STREAM, "fresh", "0")
    store.xgroup_create(keys.ARTICLES_STREAM, b"done \xff", "9-0")
    for number in range(100):
        store.xadd(keys.STORIES_STREAM, {"type": "t", "event": b"\xff" * number}, id=f"{number + 1}-0")
    store.xdel(keys.DEAD_STREAM, store.xadd(keys.DEAD_STREAM, {"id": "gone"}, id="7-7"))
    store.xadd(keys.UNMATCHED_STREAM, {"id": "one", "article": zlib.compress(b"an article")}, id="3-3")
    store.hset(keys.TOPICS, mapping={"digest": "d", "topics": zlib.compress(b"[]")})
    store.hset(keys.COUNTS, "announced", 1_000)


def state(store: redis.Redis) -> State:
    """All that a store holds: type, expiry, value; of streams all that XINFO tells of them and of their groups."""
    return {name: (store.type(name), store.pexpiretime(name), *value(store, name)) for name in store.scan_iter()}


def value(store: redis.Redis, name: bytes) -> tuple[object, ...]:
    kind = store.type(name)
    assert isinstance(kind, bytes)
    if kind == b"stream":
        about = store.xinfo_stream(name)
        told = ("length", "last-generated-id", "entries-added", "max-deleted-entry-id")
        groups = {group["name"]: group["last-delivered-id"] for group in store.xinfo_groups(name)}
        return (store.xrange(name), [about[key] for key in told], groups)
    if kind == b"zset":
        return (store.zrange(name, 0, -1, withscores=True),)
    return ({b"string": store.get, b"hash": store.hgetall, b"set": store.smembers}[kind](name),)


def dumped(url: str, tell: Tell = lambda _: None) -> bytes:
    """Return the dump of a store."""
    out = BytesIO()
    connected(url, lambda connection: dump(connection, out, tell=tell))
    return out.getvalue()


def loaded(url: str, raw: bytes, tell: Tell = lambda _: None) -> Contents:
    """Load a dump."""
    contents: Contents = connected(url, lambda connection: load(connection, Reader(BytesIO(raw), "a.jsonl"), tell=tell))
    return contents


def connected(url: str, act: Callable[[Connection], Any]) -> Any:
    async def story() -> Any:
        connection = Connection(url, patience_s=2)
        try:
            return await act(connection)
        finally:
            await connection.close()

    return run(story())


def test_a_loaded_store_is_the_same_key_by_key(server: EmbeddedStore, old: redis.Redis, new: redis.Redis) -> None:
    """Types, values, expiries, scores; ids, gaps and groups of streams; what is no UTF-8; streams without events."""
    contents = loaded(place(server, 1), dumped(server.url))
    assert state(new) == state(old)
    assert contents.named == Counter(entries=1_000, sources=2, articles=1, stories=1, events=103)


def test_a_dump_of_the_copy_is_the_same_dump(server: EmbeddedStore, old: redis.Redis, new: redis.Redis) -> None:
    """Nothing is lost or added on the way, whatever the order of keys."""
    del old, new
    first = dumped(server.url)
    loaded(place(server, 1), first)
    again = dumped(place(server, 1))
    assert len(again) == len(first)
    assert items(first) == items(again)


def items(raw: bytes) -> Counter[str]:
    """Every item of a dump, with its key."""
    return Counter(
        json.dumps([line["key"], line["type"], item]) for line in lines(raw) for item in line.pop("items", [line])
    )


def lines(raw: bytes) -> list[dict[str, Any]]:
    """What stands between header and end."""
    return [json.loads(line) for line in raw.splitlines()[1:-1]]


def test_a_large_key_goes_over_in_pages(server: EmbeddedStore, old: redis.Redis) -> None:
    """Neither side holds a whole one. (Of a scan's page the server makes no promise but that it is about as asked.)"""
    del old
    pages = [len(line.get("items", "")) for line in lines(dumped(server.url))]
    assert sum(pages) > 3_000
    assert max(pages) <= 512, "as many as a server keeps in one piece of memory, and returns in one piece"


def test_what_was_delivered_and_not_acknowledged_comes_again(
    server: EmbeddedStore, old: redis.Redis, new: redis.Redis
) -> None:
    """A group goes on before its oldest such event; what it had acknowledged before that doesn't come again."""
    old.xreadgroup("fresh", "worker", {keys.ARTICLES_STREAM: ">"})
    old.xack(keys.ARTICLES_STREAM, "fresh", "1-1", "5-1")
    loaded(place(server, 1), dumped(server.url))
    seen = []
    while read := new.xreadgroup("fresh", "another", {keys.ARTICLES_STREAM: ">"}, count=1):
        seen.append(str(read))
    assert ["5-0" in seen[0], "5-1" in seen[1], len(seen)] == [True, True, 2]


@pytest.mark.parametrize(("stream_id", "before"), [("5-1", "5-0"), ("5-0", "4-18446744073709551615"), ("0-1", "0-0")])
def test_just_before(stream_id: str, before: str) -> None:
    """There is no id between the two."""
    assert just_before(stream_id) == before


@pytest.mark.parametrize(
    "work",
    [
        lambda store: store.hincrby(keys.COUNTS, "tokens", 1),
        lambda store: store.zadd(keys.LEASES, {"e:entry-1": 5}),
        lambda store: store.hset(keys.DESK, "until", 5),
        lambda store: store.hset(keys.SOURCES, "new", "{}"),
        lambda store: store.xadd(keys.ALERTS_STREAM, {"type": "t"}),
        lambda store: store.xadd(keys.UNMATCHED_STREAM, {"id": "two", "article": b"\xff"}),
        lambda store: store.xdel(keys.STORIES_STREAM, "4-0"),
    ],
)
def test_a_store_that_changes_is_not_dumped(
    server: EmbeddedStore, old: redis.Redis, work: Callable[[redis.Redis], object]
) -> None:
    """A claim, a renewed lease, a desk, a changed watchlist, an event: said with the mend, and the dump has no end."""
    raw = dumped(server.url)
    calls: list[int] = []

    def once(_: Contents) -> None:
        if not calls:
            work(old)
        calls.append(1)

    with pytest.raises(StoreError, match="changed while it was dumped"):
        dumped(server.url, once)
    with pytest.raises(StoreError, match="cut off"):
        loaded(place(server, 1), b"".join(raw.splitlines(keepends=True)[:-1]))


def test_a_type_of_key_that_is_not_ours_is_told(server: EmbeddedStore, old: redis.Redis) -> None:
    """Rather than left out."""
    old.rpush("storywatch:list", "x")
    with pytest.raises(StoreError, match="storywatch:list is a list"):
        dumped(server.url)
    old.delete("storywatch:list")


def test_a_store_in_use_is_not_loaded_into(server: EmbeddedStore, old: redis.Redis) -> None:
    """Not a key changes."""
    raw, before = dumped(server.url), state(old)
    with pytest.raises(StoreError, match="not empty"):
        loaded(server.url, raw)
    assert state(old) == before


def test_other_programs_keys_are_left_alone(server: EmbeddedStore, old: redis.Redis, new: redis.Redis) -> None:
    """They don't count as a store, don't go over, and outlive a load that fails."""
    old.set("theirs", "x")
    raw = dumped(server.url)
    old.delete("theirs")
    assert b"theirs" not in raw
    new.set("theirs", "y")
    with pytest.raises(StoreError):
        loaded(place(server, 1), raw[:-1])
    loaded(place(server, 1), raw)
    assert new.get("theirs") == b"y"


def test_a_broken_off_load_is_no_store_and_is_begun_anew(
    server: EmbeddedStore, old: redis.Redis, new: redis.Redis
) -> None:
    """Whoever opens it is told, with the mend. The next load removes the remains and is as good as a first one."""
    raw = dumped(server.url)

    def break_off(contents: Contents) -> None:
        if contents.items > 2_500:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded(place(server, 1), raw, break_off)
    assert new.dbsize() > 1
    new.set(keys.article("left over"), "x")

    async def open_it() -> None:
        async with await open_store(place(server, 1), Path("unused")):
            pass

    with pytest.raises(StoreError, match="scrapy store load FILE begins anew"):
        run(open_it())
    loaded(place(server, 1), raw)
    assert state(new) == state(old)
    run(open_it())


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_off_dump_loads_nothing(server: EmbeddedStore, old: redis.Redis, new: redis.Redis, share: float) -> None:
    """The error names file and line; the store is empty again."""
    del old
    raw = dumped(server.url)
    with pytest.raises(StoreError, match=r"^a\.jsonl, line \d+: "):
        loaded(place(server, 1), raw[: int(len(raw) * share)])
    assert state(new) == {}


@pytest.mark.parametrize(
    "line",
    [
        {"type": "stream", "key": "storywatch:alerts", "items": [["5-0", [["a", "b"]]], ["4-0", [["a", "b"]]]]},
        {"type": "set", "key": "storywatch:one", "items": ["a"]},
        {"type": "zset", "key": "storywatch:hosts", "items": [["a", "1e"]]},
        {"type": "string", "key": "storywatch:article:a", "value": "", "expires_ms": -(10**30)},
        {
            "type": "stream-end",
            "key": "storywatch:alerts",
            "last_id": "0-0",
            "entries_added": -1,
            "max_deleted_id": "0-0",
            "groups": [["-", "0-0"], ["-", "0-0"]],
        },
    ],
)
def test_what_the_store_refuses_loads_nothing(server: EmbeddedStore, new: redis.Redis, line: object) -> None:
    """A file may be whole and wrong all the same."""
    first = {"type": "string", "key": "storywatch:one", "value": "1"}
    with pytest.raises(StoreError, match=r"^a\.jsonl, line \d"):
        loaded(place(server, 1), sealed(first, line))
    assert state(new) == {}


def test_the_later_of_two_loads_goes_on(server: EmbeddedStore, old: redis.Redis, new: redis.Redis) -> None:
    """The earlier one ends, and writes and removes nothing more."""
    raw = dumped(server.url)

    def begin_another(contents: Contents) -> None:
        if contents.lines == 3:
            new.set(keys.LOADING, "another's token")
            new.set(keys.article("of the other load"), "x")

    with pytest.raises(StoreError, match="another load"):
        loaded(place(server, 1), raw, begin_another)
    assert new.get(keys.article("of the other load")) == b"x"
    assert new.get(keys.LOADING) == b"another's token"
    loaded(place(server, 1), raw)
    assert state(new) == state(old)


def test_a_load_does_not_go_on_with_a_server_that_took_over(
    server: EmbeddedStore, old: redis.Redis, new: redis.Redis
) -> None:
    """It may lack what was loaded last."""
    raw = dumped(server.url)

    def replace_server(contents: Contents) -> None:
        if contents.lines == 3:
            old.script_flush()

    with pytest.raises(StoreError, match="took over"):
        loaded(place(server, 1), raw, replace_server)
    assert new.exists(keys.LOADING)


def test_a_crawl_goes_on_with_a_loaded_store(tmp_path: Path) -> None:
    """Killed half-way, moved, finished there: the books balance, each thing is published once, and all of it is what
    the old store comes to.
    """
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    with Stage(tmp_path / "old") as old, Stage(tmp_path / "new") as new, newsroom_of(hasty_press()) as newsroom:
        with old.proxy() as proxy, old.crawl(newsroom, store=proxy.url) as crawl:
            proxy.strike(60, "before", crawl.kill)
            assert crawl.end() == -9, crawl.log
        half = old.tally()
        assert half.waiting + half.leased > 0, "half-way"
        loaded(new.embedded.url, dumped(old.embedded.url))
        assert new.tally().outcomes == half.outcomes
        old.outlive_leases()
        new.outlive_leases()
        with old.crawl(newsroom) as rest, new.crawl(newsroom) as moved:
            assert (rest.end(), moved.end()) == (0, 0), moved.log
        assert new.closed_books().outcomes == old.closed_books().outcomes
        assert Counter(new.published()) == Counter(old.published())


def test_leases_of_the_dead_go_over_and_are_reaped_there(server: EmbeddedStore, client: redis.Redis) -> None:
    """They don't prevent a dump; who comes back from the dead finds its lease where it was, in each store."""

    async def story() -> None:
        store = Store(Connection(server.url), limits=Limits())
        await store.schedule.register([source()])
        await discover(store, "http://gazette.example/one")
        (lease,) = await claim(store, 1)
        out = BytesIO()
        await dump(store.connection, out)
        moved = Store(Connection(place(server, 1)), limits=Limits())
        await load(moved.connection, Reader(BytesIO(out.getvalue()), "a.jsonl"))
        assert (await moved.frontier.tally()).leased == 1
        assert await publish(moved, lease) == "OK"
        await moved.close()
        await store.close()

    run(story())
    del client
