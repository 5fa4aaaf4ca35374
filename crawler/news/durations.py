"""Times as people write them: "90s", "10m", "1h30m", "2d"."""

import re
from datetime import timedelta

_DURATION = re.compile(r"(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")


def parse_duration(text: str) -> timedelta:
    """Read days, hours, minutes and seconds, each at most once and in this order; at most six digits each.

    Raises:
        ValueError: the text is no such time.
    """
    found = _DURATION.fullmatch(text)
    if not found or not text:
        raise ValueError(f'"{text}" is no time. Write one like "90s", "10m", "1h30m" or "2d".')
    days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def duration_text(duration: timedelta) -> str:
    """Write a time so that `parse_duration` reads it: "1h30m". Fractions of a second are dropped."""
    seconds = duration // timedelta(seconds=1)
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s")]
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"
