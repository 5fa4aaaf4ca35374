"""A reader of the make-believe press: asks for one address through the proxy, and follows no redirect."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import urlsplit

from crawler.newsroom import Newsroom

GAZETTE = "http://www.harbourgazette.example"
FEED = f"{GAZETTE}/rss/top.xml"
PAGE = f"{GAZETTE}/politics/kestrel-bridge-closed-cracked-bearing-41890"
COURIER_PAGE = "http://www.northerncourier.example/sea/vostria-maravela-sailors-exchange-corrin-7731"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def connect(newsroom: Newsroom) -> HTTPConnection:
    proxy = urlsplit(newsroom.url)
    assert proxy.hostname
    return HTTPConnection(proxy.hostname, proxy.port, timeout=5)


def read(newsroom: Newsroom, url: str, method: str = "GET", **headers: str) -> Answer:
    """Ask the proxy for `url`; header names are written with underscores for hyphens."""
    connection = connect(newsroom)
    try:
        connection.request(method, url, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def control(newsroom: Newsroom, path: str, arguments: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Ask the control host, as another process does, and return the status and the JSON that it answers."""
    connection = connect(newsroom)
    try:
        body = None if arguments is None else json.dumps(arguments)
        connection.request("POST" if body else "GET", f"http://control.newsroom.example{path}", body)
        response = connection.getresponse()
        return response.status, json.load(response)
    finally:
        connection.close()
