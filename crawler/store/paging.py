"""Walking through sets and hashes that may have a million members: a page at a time, never one huge reply."""

from collections.abc import AsyncIterator

from crawler.store.connection import Connection

PAGE = 500  # members a reply


async def pages_by_score(connection: Connection, key: str, until: int) -> AsyncIterator[list[str]]:
    """Yield the members of a sorted set up to a score, in order.

    One whose score changes meanwhile may be missed or come twice. It walks by score, not by rank: ranks move whenever
    somebody in front leaves.
    """
    start, skip = 0, 0
    while True:
        page = await connection.ask("ZRANGE", key, start, until, "BYSCORE", "LIMIT", skip, PAGE, "WITHSCORES")
        if not page:
            return
        yield [member for member, _ in page]
        scores = [int(score) for _, score in page]
        skip = scores.count(scores[-1]) + (skip if scores[-1] == start else 0)
        start = scores[-1]


async def pages(connection: Connection, key: str) -> AsyncIterator[dict[str, int]]:
    """Yield the members of a sorted set with their scores, in no order.

    None is missed that stays in the set, however its score changes; one may come twice (ZSCAN).
    """
    cursor = 0
    while True:
        cursor, page = await connection.ask("ZSCAN", key, cursor, "COUNT", PAGE)
        yield {member: int(score) for member, score in page}
        if not int(cursor):
            return


async def fields(connection: Connection, key: str) -> AsyncIterator[dict[str, str]]:
    """Yield the fields of a hash, in no order. None is missed that stays; one may come twice (HSCAN)."""
    cursor = 0
    while True:
        cursor, page = await connection.ask("HSCAN", key, cursor, "COUNT", PAGE)
        yield page
        if not int(cursor):
            return
