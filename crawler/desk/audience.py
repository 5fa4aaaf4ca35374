"""Who hears of the news, and how to reach them: all that the desk takes from the watchlist."""

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.desk.alerts import Hearers
from crawler.desk.channels import Sender, open_channel
from crawler.news.errors import ChannelError
from crawler.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Audience:
    """Attributes:
    hearers: who hears what.
    senders: how to reach each channel, by name.
    """

    hearers: Hearers
    senders: Mapping[str, Sender]


def audience_of(watchlist: Watchlist, environ: Mapping[str, str]) -> Audience:
    """Return the audience that a watchlist means, every channel open. Nothing is sent yet.

    Raises:
        ChannelError: channels that cannot be reached as they are written, one a line.
    """
    senders, problems = dict[str, Sender](), list[str]()
    for channel in watchlist.channels:
        try:
            senders[channel.name] = open_channel(channel, environ)
        except ChannelError as error:
            problems.append(str(error))
    if problems:
        raise ChannelError("\n".join(problems))
    return Audience(Hearers(watchlist.topics, watchlist.channels), senders)
