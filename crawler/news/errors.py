"""The error families. A parser accepts its input or raises its own family, nothing else."""


class StorywatchError(Exception):
    """Base of every error that Storywatch raises on purpose. Its text names the place, the value and the mend."""


class UrlError(StorywatchError, ValueError):
    """A text that is no http(s) URL. A ValueError, too, as callers of URL functions expect."""


class DiscoveryError(StorywatchError):
    """A feed, sitemap or section page that cannot be read as one.

    Attributes:
        reason: a short, stable name that is counted, for example "not-a-feed".
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ExtractionError(StorywatchError):
    """A page that yields no article.

    Attributes:
        reason: a short, stable name that is counted, for example "no-text".
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class PoisonError(StorywatchError):
    """Bytes that kill whoever reads them: twice, each time in a fresh process.

    Attributes:
        reason: "parser-crashed", "parser-hung", "parser-silent" or "parser-memory".
        took_ms: how long nothing else could be read.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.took_ms = 0


class ReaderError(StorywatchError):
    """The process that reads pages does not start: nothing can be read on this machine now."""


class QueryError(StorywatchError):
    """A topic query that cannot be understood.

    Attributes:
        column: 1-based position in the query where reading stopped.
    """

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


class FeaturesError(StorywatchError):
    """Stored features of an article that are broken, or of another version: the index cannot be rebuilt from them."""


class WatchlistError(StorywatchError):
    """Everything that is wrong with a watchlist, at once.

    Attributes:
        problems: one line each, naming file, table, field, value and mend.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ConfigurationError(StorywatchError):
    """A setting or environment that cannot work. Nothing was started."""


class ChannelError(ConfigurationError):
    """A channel whose address cannot be used. Its text never shows the address, which may be secret."""


class StoreError(StorywatchError):
    """The store cannot be reached, or refuses what we ask of it."""


class FetchError(StorywatchError):
    """A fetch that was refused before or after it was made, by us or by the other side.

    Attributes:
        reason: a short, stable name that is counted, for example "robots".
        passing: trying again later may help.
        wait_ms: how long the other side wants to be left alone, when it says so.
    """

    def __init__(self, reason: str, message: str, *, passing: bool = False, wait_ms: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.passing = passing
        self.wait_ms = wait_ms


class MovedError(StorywatchError):
    """A redirect to another host: the work needs that host's slot and its robots.txt.

    Attributes:
        url: absolute, where to.
        settled: how far permanent redirects alone have led by now; None: nowhere.
    """

    def __init__(self, url: str, settled: str | None = None) -> None:
        super().__init__(f"redirected to {url}")
        self.url = url
        self.settled = settled


class DeliveryError(StorywatchError):
    """An alert that a channel did not take, or may have taken without saying so.

    Attributes:
        reason: for a person, without any secret of the address, for example "the receiver answered 500".
        passing: trying again later may help.
    """

    def __init__(self, reason: str, *, passing: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing
