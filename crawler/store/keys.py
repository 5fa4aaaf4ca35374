"""Every key of the store: its name, type, time to live, and the scripts that write it.

The table is checked: a key that lives for ever and is not marked permanent here fails the tests.
"""

from dataclasses import dataclass

PREFIX = "storywatch:"

CLOCK = PREFIX + "clock"
HOSTS = PREFIX + "hosts"
SLOTS = PREFIX + "slots"
ENTRIES = PREFIX + "entries"
RECHECKS = PREFIX + "rechecks"
SOURCES = PREFIX + "sources"
ADDRESSES = PREFIX + "addresses"
LEASES = PREFIX + "leases"
HOLDERS = PREFIX + "holders"
PACE = PREFIX + "pace"
COUNTS = PREFIX + "counts"
SEEN = PREFIX + "seen"
SEEN_OLD = PREFIX + "seen:old"

ARTICLES_STREAM = PREFIX + "articles"
STORIES_STREAM = PREFIX + "stories"
DEAD_STREAM = PREFIX + "dead"
ALERTS_STREAM = PREFIX + "alerts"
UNMATCHED_STREAM = PREFIX + "unmatched"

DESK = PREFIX + "desk"
FEATURES = PREFIX + "features"
OUTBOX = PREFIX + "outbox"
STORY_TIMES = PREFIX + "story-times"

TOPICS = PREFIX + "topics"

LOADING = PREFIX + "loading"

# What every script that ends a lease needs first.
LEASING = (CLOCK, LEASES, HOLDERS, HOSTS, SLOTS, PACE)


def queue(host: str) -> str:
    """The work that waits for a host: member -> not before (ms)."""
    return f"{PREFIX}queue:{host}"


def robots(host: str) -> str:
    """A host's robots.txt as last fetched."""
    return f"{PREFIX}robots:{host}"


def found(outlet: str, period: int) -> str:
    """Which source of an outlet found which entry when, in one period: entry id -> its URL, then "source ms" a line."""
    return f"{PREFIX}found:{outlet}:{period}"


def article(article_id: str) -> str:
    """The state of an article (crawler.news.revision.ArticleState as JSON)."""
    return f"{PREFIX}article:{article_id}"


def repeats(outlet: str) -> str:
    """What an outlet's last articles are remembered by, to tell what they repeat (crawler.store.lessons)."""
    return f"{PREFIX}repeats:{outlet}"


def story(story_id: str) -> str:
    """A story, and who was told what of it (crawler.desk.stories.StoryFile as JSON)."""
    return f"{PREFIX}story:{story_id}"


@dataclass(frozen=True, slots=True)
class Key:
    """One row of the table. `pattern` is a glob; `permanent` keys have no time to live, `why` says what bounds them."""

    pattern: str
    type: str
    permanent: bool
    writers: str
    why: str


TABLE = (
    Key(CLOCK, "string", True, "tests", "one number: the offset of a scripted clock"),
    Key(HOSTS, "zset", True, "claim renew and all that queue or end work", "hosts that have work"),
    Key(SLOTS, "zset", True, "claim renew and all that end a lease", "busy hosts; claim drops what is past"),
    Key(queue("*"), "zset", True, "all that queue or end work", "gone when empty"),
    Key(ENTRIES, "hash", True, "discovered publish settle retry reap revive", "open entries; each ends in an outcome"),
    Key(RECHECKS, "hash", True, "publish settle retry reap discovered", "published articles until their plan ends"),
    Key(SOURCES, "hash", True, "register forget hasten discovered publish settle retry reap", "those on the watchlist"),
    Key(ADDRESSES, "hash", True, "discovered forget", "sources that are redirected"),
    Key(LEASES, "zset", True, "claim renew and all that end a lease", "work in hand"),
    Key(HOLDERS, "hash", True, "claim and all that end a lease", "work in hand"),
    Key(PACE, "zset", True, "all that end a lease", "hosts that have work"),
    Key(COUNTS, "hash", True, "claim discovered publish settle retry reap revive", "a few dozen counters"),
    Key(SEEN, "set", True, "discovered", "rotates"),
    Key(SEEN_OLD, "set", True, "discovered", "rotates"),
    Key(found("*", 0).removesuffix("0") + "*", "hash", False, "discovered", "two periods: what may be compared"),
    Key(robots("*"), "hash", False, "robots", "24 h (RFC 9309, 2.4)"),
    Key(article("*"), "string", False, "publish settle", "as long as articles are remembered"),
    Key(repeats("*"), "string", False, "learn", "as long as articles are remembered"),
    Key(ARTICLES_STREAM, "stream", True, "publish", "trimmed by age"),
    Key(STORIES_STREAM, "stream", True, "desk_write", "trimmed by age"),
    Key(ALERTS_STREAM, "stream", True, "desk_write", "trimmed by age"),
    Key(DEAD_STREAM, "stream", True, "settle retry reap revive desk_write", "trimmed by age"),
    Key(UNMATCHED_STREAM, "stream", True, "settle", "trimmed by age"),
    Key(TOPICS, "hash", True, "running", "one record: what the running processes match by"),
    Key(DESK, "hash", True, "desk_claim desk_renew desk_write", "one record: holder, fence, until, offset"),
    Key(FEATURES, "hash", True, "desk_write", "articles young enough to found or join a story"),
    Key(OUTBOX, "hash", True, "desk_write", "alerts owed; each is sent, held or failed in the end"),
    Key(STORY_TIMES, "zset", True, "desk_write", "as many as there are stories; older ones are dropped"),
    Key(story("*"), "string", False, "desk_write", "as long as articles are remembered"),
    Key(LOADING, "string", True, "transfer", "gone when loaded"),
)
