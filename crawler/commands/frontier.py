"""`scrapy frontier`: the books, and who is behind and why."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import ago, console, many, span, table, with_store
from crawler.store import Store
from crawler.store.backlog import AGES_MS, Backlog, HostLine, Waiting, WorkerLine, survey
from crawler.store.frontier import Tally
from crawler.store.records import from_ms

AGES = ("under 1 min", "under 10 min", "under 1 h", "under 1 d", "older")  # AGES_MS in words
TELL_EVERY_S = 2.0  # of a look that takes long


class Frontier(Command):
    """Prints announced = outcomes + waiting + leased, then the backlog, the hosts and the workers."""

    summary = "show the books (announced, ended, waiting), and who is behind and why"
    epilog = """examples:
  scrapy frontier                       the books, the backlog, the worst ten hosts, the workers
  scrapy frontier --hosts 50            more hosts
  scrapy frontier --json | jq .hosts    for programs: one object, times in UTC

the books: every entry that a source announces ends in exactly one outcome
  published    it is in the stream
  unmatched    it meets no topic (PUBLISH_UNMATCHED=1 publishes it all the same)
  unchanged    the article was known: another address of it
  rejected     for good, by a rule: robots, no-text, gone, first-look (older than the first look at its source) ...
  dead         given up after several attempts, or behind a consent wall; kept: scrapy dead list

the backlog: entries, rechecks of published articles, and polls of sources
  due          could be taken now, were its host free; by how long it could have been
  later        waits for its time: entries that failed and are tried again, rechecks and polls by their plan

hosts: one page of a host is fetched at a time, and then it rests
  waiting      work that is due, and since when the oldest is
  takes        from claim to end, a mean of the last few pieces: a slow host shows here
  next         when its next work can be claimed; "busy": when what is under way has ended

workers: what each holds, and since when the longest
  A worker that dies can't renew its leases. When they have expired its work goes back with the next claim.

--json: one object; times in UTC (ISO 8601), null: none
  time, announced, outcomes {name: number}, waiting, leased, balanced
  backlog           hosts (with work that is due); entries, rechecks, polls: each due, later, dueByAge [{underMs, due}]
  hosts             a list, the longest backlog first: host, waiting, oldestDue, paceMs, busy, next
  slowestHosts      likewise, the slowest first
  workers           a list: worker, inHand, expired (of those), dead, heldSince (the longest), expires (the last)

Much waits at one host: politeness sets its pace, and more workers don't change that. A little waits at each of many
hosts: more workers help. The exit code is 1 if the books don't balance, which would be a bug.
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--hosts", type=_number, default=10, metavar="N", help="how many hosts to name (10)")
        parser.add_argument("--json", action="store_true", help="all of it as one JSON object")

    def execute(self, opts: argparse.Namespace) -> int:
        async def look(store: Store) -> tuple[Tally, Backlog]:
            tally = await store.frontier.tally()
            return tally, await survey(store.connection, tally.now_ms, top=opts.hosts, progress=_Progress().tell)

        tally, backlog = with_store(self.settings, look)
        if opts.json:
            print(json.dumps(_as_json(tally, backlog), ensure_ascii=False))
        else:
            _print_books(tally)
            _print_backlog(backlog)
            _print_hosts(backlog, tally.now_ms)
            _print_workers(backlog.workers, tally.now_ms)
        return DONE if tally.balanced else FAILED


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is no number of hosts. Write 0, 1, 2 ...')
    return int(text)


class _Progress:
    """Says on standard error how far a long look is."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def tell(self, hosts: int) -> None:
        if time.monotonic() - self._told >= TELL_EVERY_S:
            self._told = time.monotonic()
            print(f"looked at {many(hosts, 'host')} so far", file=sys.stderr)


def _print_books(tally: Tally) -> None:
    print(f"announced {tally.announced} = outcomes {tally.ended} + waiting {tally.waiting} + leased {tally.leased}")
    for name, count in _by_count(tally):
        print(f"  {count:>8}  {name}")
    if not tally.balanced:
        print("The books don't balance. This is a bug: please report it with this output.")


def _by_count(tally: Tally) -> list[tuple[str, int]]:
    return sorted(tally.outcomes.items(), key=lambda item: (-item[1], item[0]))


def _print_backlog(backlog: Backlog) -> None:
    kinds = _kinds(backlog)
    if not any(waiting.due or waiting.later for waiting in kinds.values()):
        print("\nNothing waits. Work appears with the first crawl: scrapy crawl watch -a once=1")
        return
    print(f"\nbacklog: work is due at {many(backlog.hosts, 'host')}")
    rows = table("kind", "due", *AGES, "later", numbers=("due", *AGES, "later"))
    for kind, waiting in kinds.items():
        rows.add_row(kind, *(str(number or "") for number in (waiting.due, *waiting.ages, waiting.later)))
    console().print(rows)


def _kinds(backlog: Backlog) -> dict[str, Waiting]:
    return {"entries": backlog.entries, "rechecks": backlog.rechecks, "polls": backlog.polls}


def _print_hosts(backlog: Backlog, now_ms: int) -> None:
    for title, lines in (("most waits at", backlog.longest), ("slowest are", backlog.slowest)):
        if not lines:
            continue
        print()
        rows = table(title, "waiting", "oldest", "takes", "next", numbers=("waiting",))
        for line in lines:
            oldest = "" if line.oldest_ms is None else ago(line.oldest_ms, now_ms)
            rows.add_row(line.host, str(line.waiting), oldest, _takes(line.pace_ms), _next(line, now_ms))
        console().print(rows)


def _takes(pace_ms: int | None) -> str:
    if pace_ms is None:
        return "not known"
    return f"{pace_ms / 1000:.1f} s" if pace_ms < 10_000 else span(pace_ms)


def _next(line: HostLine, now_ms: int) -> str:
    if line.busy or line.next_ms is None:
        return "busy"
    return "now" if line.next_ms < now_ms + 500 else ago(line.next_ms, now_ms)


def _print_workers(workers: Sequence[WorkerLine], now_ms: int) -> None:
    print()
    if not workers:
        print("No worker holds anything.")
        return
    rows = table("worker", "in hand", "longest", "leases", numbers=("in hand",))
    for line in workers:
        rows.add_row(line.worker, str(line.in_hand), span(now_ms - line.since_ms), _leases(line, now_ms))
    console().print(rows)


def _leases(line: WorkerLine, now_ms: int) -> str:
    if line.is_dead:
        return f"dead: expired {ago(line.expires_ms, now_ms)}; its work returns with the next claim"
    until = f"until {ago(line.expires_ms, now_ms)}, unless renewed"
    return f"{until}; {line.expired} expired" if line.expired else until


def _as_json(tally: Tally, backlog: Backlog) -> dict[str, Any]:
    """All of it, for programs. The help documents the keys."""
    return {
        "time": _iso(tally.now_ms),
        "announced": tally.announced,
        "outcomes": dict(_by_count(tally)),
        "waiting": tally.waiting,
        "leased": tally.leased,
        "balanced": tally.balanced,
        "backlog": {
            "hosts": backlog.hosts,
            **{kind: _waiting_as_json(waiting) for kind, waiting in _kinds(backlog).items()},
        },
        "hosts": [_host_as_json(line) for line in backlog.longest],
        "slowestHosts": [_host_as_json(line) for line in backlog.slowest],
        "workers": [
            {
                "worker": line.worker,
                "inHand": line.in_hand,
                "expired": line.expired,
                "dead": line.is_dead,
                "heldSince": _iso(line.since_ms),
                "expires": _iso(line.expires_ms),
            }
            for line in backlog.workers
        ],
    }


def _waiting_as_json(waiting: Waiting) -> dict[str, Any]:
    ages = [{"underMs": bound, "due": due} for bound, due in zip((*AGES_MS, None), waiting.ages, strict=True)]
    return {"due": waiting.due, "later": waiting.later, "dueByAge": ages}


def _host_as_json(line: HostLine) -> dict[str, Any]:
    return {
        "host": line.host,
        "waiting": line.waiting,
        "oldestDue": _iso(line.oldest_ms),
        "paceMs": line.pace_ms,
        "busy": line.busy,
        "next": _iso(line.next_ms),
    }


def _iso(ms: int | None) -> str | None:
    moment = from_ms(ms)
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
