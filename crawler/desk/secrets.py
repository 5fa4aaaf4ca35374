"""The address of a channel: where it stands, and how it is kept out of everything that people read."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote_plus

from crawler.news.errors import ChannelError
from crawler.news.source import Channel

_NAME = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.*")
_LONGEST = 8192  # characters; the longest services' addresses have some hundred
_SHORT = 4  # characters: a shorter secret is hidden where it stands as a word, or "to" would riddle every sentence


def resolve(channel: Channel, environ: Mapping[str, str]) -> str:
    """Return the Apprise URL of a channel: what its `url` says, or what `env:NAME` or `file:PATH` there hold.

    A relative path starts from the current folder. Whitespace around the address goes.

    Raises:
        ChannelError: nothing is there, or no URL. It names the place and the mend, and shows nothing of the secret.
    """
    place, address = "what stands here", channel.url
    if name := _NAME.fullmatch(channel.url):
        place, address = f"the environment variable {name[1]}", _from_environment(channel, name[1], environ)
    elif channel.url.startswith("file:"):
        path = channel.url.removeprefix("file:")
        place, address = f"the file {path}", _from_file(channel, path)
    address = address.strip()
    if not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise refusal(channel, f'{place} is no address (not shown: it may be secret). Write one like "mailto://…".')
    return address


def scheme_of(address: str) -> str:
    """Return what stands before "://", in lower case: which service, and never a secret."""
    return address.partition("://")[0].lower()


def scrub(text: str, address: str) -> str:
    """Return the text without any part of the address but its scheme: user, password, host, path, query.

    Hosts go, too: for many services that is where the token stands (tgram://TOKEN/CHAT).
    """
    pieces = set(re.split(r"[/?&=@:#,;+\s]+", address.partition("://")[2])) - {""}
    pieces |= {plain for piece in pieces if (plain := unquote_plus(piece).strip())}
    if not pieces:
        return text
    longest_first = sorted(pieces, key=len, reverse=True)
    return re.sub("|".join(map(_pattern, longest_first)), "…", text, flags=re.IGNORECASE)


def refusal(channel: Channel, problem: str) -> ChannelError:
    """Return the error for a channel's address; `problem` says what is wrong and what to do."""
    return ChannelError(f'channel "{channel.name}", url: {problem}')


def _pattern(piece: str) -> str:
    return re.escape(piece) if len(piece) >= _SHORT else rf"(?<!\w){re.escape(piece)}(?!\w)"


def _from_environment(channel: Channel, name: str, environ: Mapping[str, str]) -> str:
    address = environ.get(name)
    if address is None:
        raise refusal(channel, f"the environment variable {name} is not set. Export it, or write another address.")
    if not address.strip():
        raise refusal(channel, f"the environment variable {name} is empty. Put an Apprise URL there.")
    return address


def _from_file(channel: Channel, path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8") as file:
            address = file.read(_LONGEST)
    except OSError as error:
        problem = f"the file {path} cannot be read: {error.strerror}. Put it there, or write another address."
        raise refusal(channel, problem) from None
    except ValueError:  # bytes that are no UTF-8, or a path with a NUL
        raise refusal(channel, f"the file {path} holds no text. Put an Apprise URL there.") from None
    if not address.strip():
        raise refusal(channel, f"the file {path} is empty. Put an Apprise URL there.")
    return address
