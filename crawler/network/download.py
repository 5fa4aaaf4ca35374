"""Pages over plain HTTP and HTTPS: Scrapy's own handler, but every address is judged in the moment it is dialled.

Whatever asks for a page passes here: polls, articles, robots.txt, every hop of a redirect. What a request may reach is
in its `meta["allow_private"]`, the permission of its outlet. A configured proxy is dialled as configured.
"""

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _BindAddressAgent, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, ResponseDataLossError
from scrapy.http import Response
from scrapy.utils._download_handlers import normalize_bind_address, wrap_twisted_exceptions
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet import address as endpoint_address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import (
    IProtocol,
    IProtocolFactory,
    IReactorPluggableNameResolver,
    IStreamClientEndpoint,
)
from twisted.web.client import URI, Agent
from twisted.web.iweb import IResponse
from zope.interface import implementer

from crawler.network.heads import BoundedFactory
from crawler.network.resolving import addresses_of
from crawler.news.addresses import Address
from crawler.news.errors import FetchError

IDLE_S = 4  # less than servers keep an idle connection (Apache: 5 s), so that we don't ask over one that just ends


class CheckedDownload(HTTP11DownloadHandler):
    """A download handler that refuses what is not on the public internet.

    Raises FetchError ("private-address", "dns", "too-large") beside what Scrapy's own raises.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory
        self._pool.retryAutomatically = False  # it would ask again at once; the frontier does after a rest
        self._pool.cachedConnectionTimeout = IDLE_S

    async def download_request(self, request: Request) -> Response:
        fetch = _Fetch(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(fetch.download_request(request))
        except (DownloadFailedError, ResponseDataLossError) as error:
            refusal = _refusal_beneath(error)
            if refusal:
                raise refusal from None
            raise


def _refusal_beneath(error: Exception) -> FetchError | None:
    """What was refused while the response was read; Twisted wraps it in a list of failures."""
    reasons = getattr(error.__cause__, "reasons", [])
    return next((reason.value for reason in reasons if isinstance(reason.value, FetchError)), None)


class _Fetch(_ScrapyAgent):
    """One request."""

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor  # importing it installs one, so not before there is one

        if request.meta.get("proxy"):
            return super()._get_agent(request, timeout)
        bind = normalize_bind_address(self._bindAddress)
        agent = _CheckedAgent(reactor, self._contextFactory, timeout, bind, self._pool)
        agent.allow_private = bool(request.meta.get("allow_private"))
        return agent


class _CheckedAgent(_BindAddressAgent):
    """Dials judged addresses.

    A connection that was opened by permission is used again only by requests with that permission.
    """

    allow_private = False

    def _getEndpoint(self, uri: URI) -> Any:
        standard = self._endpointFactory
        endpoint: Any = _CheckedEndpoint(
            self._reactor, uri, standard._connectTimeout, standard._bindAddress, self.allow_private
        )
        if uri.scheme != b"https":
            return endpoint
        return wrapClientTLS(standard._policyForHTTPS.creatorForNetloc(uri.host, uri.port), endpoint)

    def _requestWithEndpoint(self, key: tuple[Any, ...], *args: Any, **kwargs: Any) -> Deferred[IResponse]:
        return super()._requestWithEndpoint((*key, self.allow_private), *args, **kwargs)


@implementer(IStreamClientEndpoint)
class _CheckedEndpoint:
    """Where one connection goes: its name is resolved and judged when it is dialled."""

    def __init__(self, reactor: Any, uri: URI, timeout: float, bind: Any, allow_private: bool) -> None:
        self._reactor = reactor
        self._host = uri.host.decode("latin-1")
        self._port = uri.port
        self._timeout = timeout
        self._bind = bind
        self._allow_private = allow_private

    def connect(self, factory: IProtocolFactory) -> Deferred[IProtocol]:
        judged = deferred_from_coro(addresses_of(self._host, allow_private=self._allow_private))
        return judged.addCallback(self._dial, factory)

    def _dial(self, addresses: list[Address], factory: IProtocolFactory) -> Deferred[IProtocol]:
        """Connect to the first that answers, both IP versions in turn (Happy Eyeballs, RFC 8305)."""
        resolved = _Resolved(self._reactor, addresses)
        endpoint = HostnameEndpoint(resolved, str(addresses[0]), self._port, self._timeout, self._bind)
        return endpoint.connect(factory)


@implementer(IReactorPluggableNameResolver)
class _Resolved:
    """The reactor, but every name stands for the addresses that were judged: nothing asks the DNS again."""

    def __init__(self, reactor: Any, addresses: list[Address]) -> None:
        self._reactor = reactor
        self._addresses = addresses
        self.nameResolver = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def resolveHostName(self, receiver: Any, _: str, portNumber: int = 0) -> "_Resolved":
        receiver.resolutionBegan(self)
        for address in self._addresses:
            kind = endpoint_address.IPv4Address if address.version == 4 else endpoint_address.IPv6Address
            receiver.addressResolved(kind("TCP", str(address), portNumber))
        receiver.resolutionComplete()
        return self
