"""What a crawl did, from its stats: for people, and as an exit code. Pure."""

from collections.abc import Mapping
from typing import Any

PREFIX = "storywatch/"
DONE, FAILED = 0, 1

# The order in which a person asks: what came through, what did not, and why.
_ORDER = ("published", "unmatched", "unchanged", "rejected", "dead")

_ASIDES = (
    ("given_back", "given back unfinished"),
    ("stale", "done too late: another worker had taken over"),
    ("bugs", "bugs: see the log, please report them"),
)


def headline(stats: Mapping[str, Any]) -> str:
    """One line: "12 polls, 40 new entries, 31 published, 2 rejected"."""
    polls = sum(_group(stats, "poll/").values())
    outcomes = _by_kind(_group(stats, "outcome/"))
    parts = [f"{polls} polls", f"{stats.get(PREFIX + 'entries/new', 0)} new entries"]
    parts += [f"{outcomes[kind]} {kind}" for kind in _ORDER if outcomes.get(kind)]
    return ", ".join(parts)


def summary(stats: Mapping[str, Any]) -> str:
    """A few lines: sources polled, entries new, outcomes with reasons, and what is left."""
    polls = _group(stats, "poll/")
    failed = {name.removeprefix("failed:"): count for name, count in polls.items() if name.startswith("failed:")}
    good = sum(polls.values()) - sum(failed.values())
    lines = [
        f"Polled    {sum(polls.values())} sources: {good} well"
        + (f", {sum(failed.values())} failed ({_reasons(failed)})" if failed else ""),
        f"Entries   {stats.get(PREFIX + 'entries/new', 0)} new"
        + (
            f", {stats[PREFIX + 'entries/capped']} left out (too many at once)"
            if PREFIX + "entries/capped" in stats
            else ""
        ),
    ]
    lines += _outcome_lines("Outcomes", _group(stats, "outcome/"))
    lines += _outcome_lines("Rechecks", _group(stats, "recheck/"))
    lines += _desk_lines(stats)
    left = stats.get(PREFIX + "left", 0)
    if left:
        lines.append(f"Left      {left} for a later pass (scrapy frontier shows them)")
    for name, text in _ASIDES:
        if stats.get(PREFIX + name):
            lines.append(f"          {stats[PREFIX + name]} {text}")
    if stats.get(PREFIX + "stopped"):
        lines.append(f"Stopped   {stats[PREFIX + 'stopped']}")
    return "\n".join(lines)


def exit_code(stats: Mapping[str, Any], *, strict: bool) -> int:
    """0 done; 1 a bug, the store or the reading lost, or every polled source failed (`strict`: any failure)."""
    polls = _group(stats, "poll/")
    failed = sum(count for name, count in polls.items() if name.startswith("failed:"))
    dead = sum(count for name, count in _group(stats, "outcome/").items() if name.startswith("dead"))
    if stats.get(PREFIX + "bugs") or stats.get(PREFIX + "stopped"):
        return FAILED
    if failed and (failed == sum(polls.values()) or strict):
        return FAILED
    alerts = _group(stats, "alerts/")
    return FAILED if strict and (dead or alerts.get("failed") or alerts.get("left")) else DONE


def _desk_lines(stats: Mapping[str, Any]) -> list[str]:
    stories, alerts = _group(stats, "stories/"), _group(stats, "alerts/")
    lines = []
    if any(stories.values()):
        words = {"created": "new", "updated": "updated", "merged": "merged"}
        lines.append("Stories   " + ", ".join(f"{stories[n]} {word}" for n, word in words.items() if stories.get(n)))
    told = [f"{alerts[name]} {name}" for name in ("sent", "held", "failed") if alerts.get(name)]
    told += [f"{alerts['left']} for later (scrapy alerts list shows why)"] if alerts.get("left") else []
    if told:
        lines.append("Alerts    " + ", ".join(told))
    if stats.get(PREFIX + "desk/holder"):
        lines.append(f"Desk      {stats[PREFIX + 'desk/holder']} has it, and makes the stories")
    return lines


def _group(stats: Mapping[str, Any], name: str) -> dict[str, int]:
    prefix = PREFIX + name
    return {key.removeprefix(prefix): count for key, count in stats.items() if key.startswith(prefix)}


def _by_kind(outcomes: Mapping[str, int]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for name, count in outcomes.items():
        kind = name.partition(":")[0]
        totals[kind] = totals.get(kind, 0) + count
    return totals


def _outcome_lines(title: str, outcomes: Mapping[str, int]) -> list[str]:
    totals = _by_kind(outcomes)
    lines = []
    for kind in [*_ORDER, *sorted(totals.keys() - set(_ORDER))]:
        if kind in totals:
            reasons = {n.partition(":")[2]: c for n, c in outcomes.items() if n.startswith(f"{kind}:")}
            lines.append(f"{title:<10}{totals[kind]} {kind}" + (f" ({_reasons(reasons)})" if reasons else ""))
            title = ""
    return lines


def _reasons(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason} {count}" for reason, count in ordered)
