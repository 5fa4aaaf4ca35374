"""Who holds what: the leases, seen from outside."""

from dataclasses import dataclass

import msgspec

from crawler.store import keys
from crawler.store.connection import Connection
from crawler.store.paging import pages


@dataclass(frozen=True, slots=True)
class Holding:
    """A piece of work in hand: whose, at which host, since when, and when its lease expires if not renewed (ms)."""

    member: str
    worker: str
    host: str
    since_ms: int
    expires_ms: int


class _Holder(msgspec.Struct):
    """What the store notes of it (scripts/claim.lua)."""

    worker: str
    host: str
    since: int = 0


_decoder = msgspec.json.Decoder(_Holder)


async def holdings(connection: Connection) -> list[Holding]:
    """Return all work in hand, in no order. What ends or begins meanwhile may be missing."""
    found: dict[str, Holding] = {}
    async for page in pages(connection, keys.LEASES):
        if not page:
            continue
        holders = await connection.ask("HMGET", keys.HOLDERS, *page)
        for (member, expires_ms), text in zip(page.items(), holders, strict=True):
            if text is not None:
                holder = _decoder.decode(text)
                found[member] = Holding(member, holder.worker, holder.host, holder.since, expires_ms)
    return list(found.values())
