"""What may be wrong with the store for a while: which errors pass by themselves, and what helps if they don't.

A server says why it refuses with the first word of the error. redis-py has a class for some of these words and leaves
the others in the text (NOREPLICAS, MISCONF, BUSY), so what counts here is the word.
"""

from dataclasses import dataclass

from redis import exceptions


@dataclass(frozen=True, slots=True)
class Outage:
    """What the store is while it does not do as told ("full"), and what a person may do about it."""

    state: str
    mend: str


AWAY = Outage("out of reach", "Is it running, and is REDIS_URL right?")
OUTAGES = {
    "OOM": Outage("full", "Raise its maxmemory, or lower KEEP_EVENTS, KEEP_UNMATCHED and REMEMBER_ARTICLES."),
    "MISCONF": Outage("unable to write to its disk", "The disk is full or broken: make room."),
    "READONLY": Outage("read-only", "Is it a replica? Promote it, or name the primary in REDIS_URL."),
    "MASTERDOWN": Outage("a replica without its primary", "Promote it, or name the primary in REDIS_URL."),
    "NOREPLICAS": Outage("short of replicas", "Bring them back, or lower its min-replicas-to-write."),
    "LOADING": Outage("loading its data", "Give it time: STORE_PATIENCE says how much it gets."),
    "BUSY": Outage("busy with one script", "SCRIPT KILL ends a script that has written nothing."),
    "CLUSTERDOWN": Outage("part of a cluster that is down", "Mend the cluster, or use a server of its own."),
    "TRYAGAIN": Outage("moving keys within its cluster", "Give it time, or use a server of its own."),
    "UNBLOCKED": Outage("changing roles", "Name the primary in REDIS_URL."),
}

_UNREACHABLE = (exceptions.ConnectionError, exceptions.TimeoutError, OSError)
# ConnectionError's children that no waiting mends.
DENIED = (exceptions.AuthenticationError, exceptions.AuthorizationError)


def outage_of(error: exceptions.RedisError | OSError) -> Outage | None:
    """Return the outage that an error tells of; None: waiting won't mend it."""
    if isinstance(error, DENIED):
        return None
    word = getattr(error, "status_code", None) or str(error).partition(" ")[0]
    return OUTAGES.get(word) or (AWAY if isinstance(error, _UNREACHABLE) else None)
