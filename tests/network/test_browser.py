"""A real Chromium on a page that tries every way to the private side."""

import shutil
from pathlib import Path

import pytest

from crawler.extensions.browser import NAMES
from tests.network.playing import Played, act, play
from tests.network.servers import PUBLIC
from tests.parts import lacking

V4 = PUBLIC[0]
LOOP = ["127.0.0.1"]
WATCHLIST = """
[[outlet]]
name = "Gazette"
url = "http://gazette.example/"
feeds = ["http://gazette.example/feed.xml"]
render = "always"
"""
# Addresses that are written are refused before they come to the gate; names are not.
TEMPTING = """<!doctype html><title>Tempting</title><body><p>%s</p><script>
const targets = ["http://127.0.0.1:{private}", "http://intern.example:{private}", "https://intern.example:{private}",
                 "http://gazette.example:{public}/to?http://intern.example:{private}"];
for (const target of targets) {
  new Image().src = target + "/page";
  fetch(target + "/page", {mode: "no-cors"}).catch(() => 0);
  document.head.append(Object.assign(document.createElement("link"), {rel: "preconnect", href: target}));
  document.body.append(Object.assign(document.createElement("iframe"), {src: target + "/page"}));
  navigator.sendBeacon(target + "/page");
  new WebSocket(target.replace("http", "ws") + "/page");
  new Worker(URL.createObjectURL(new Blob([`fetch("${target}/page", {mode: "no-cors"}).catch(() => 0)`])));
}
const peers = new RTCPeerConnection({iceServers: [{urls: ["stun:127.0.0.1:{private}", "stun:intern.example:{private}"]},
  {urls: "turn:127.0.0.1:{private}?transport=tcp", username: "u", credential: "c"}]});
peers.createDataChannel("x");
peers.createOffer().then(offer => peers.setLocalDescription(offer));
fetch("http://pictures.example:{public}/picture", {mode: "no-cors"});
let ticks = 0;
setInterval(() => ++ticks < 10 && document.body.append(" tick"), 200);
</script>""" % ("The ferry runs again after nine days, and the harbour master is pleased. " * 5)
NAMES_OF_ALL = {"gazette_example": [[V4]], "pictures_example": [[V4]], "intern_example": [LOOP]}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """One browser for all."""
    if not any(map(shutil.which, NAMES)):
        lacking("chromium")
    watchlist = Path(tmp_path_factory.mktemp("watchlist")) / "outlets.toml"
    watchlist.write_text(WATCHLIST)
    acts = [
        act("page", "http://gazette.example:{public}/tempting", **NAMES_OF_ALL),
        act("private", "http://intern.example:{private}/page", **NAMES_OF_ALL),
        act("redirect", "http://gazette.example:{public}/to?http://intern.example:{private}/page", **NAMES_OF_ALL),
        act(
            "rebinding", "http://rebind.example:{private}/tempting", rebind_example=[[V4], LOOP], intern_example=[LOOP]
        ),
    ]
    return play(acts, watchlist=watchlist, pages={"tempting": TEMPTING})


def test_nothing_that_a_page_does_reaches_a_private_address(played: Played) -> None:
    """Images, frames, fetches, sockets, workers, redirects, WebRTC: all refused, and the page is read all the same."""
    result = played["page"]["whole"]
    (page,) = result["requests"]
    assert page["end"] == "200"
    assert "The ferry runs again" in page["words"]
    assert result["private"] == {"connections": 0, "datagrams": 0, "heads": []}


def test_what_is_public_comes_through_the_gate(played: Played) -> None:
    """What a script fetches from another host is loaded: the page was not simply cut off."""
    heads = played["page"]["whole"]["public"]["heads"]
    assert [head for head in heads if head.startswith("GET /picture HTTP/1.1")]
    assert not [head for head in heads if "Proxy-" in head]


def test_a_page_at_a_private_address_is_refused_in_good_words(played: Played) -> None:
    """As for pages without a browser."""
    result = played["private"]["whole"]
    assert result["requests"][0]["end"] == "private-address"
    assert result["private"]["connections"] == 0


def test_a_page_that_redirects_there_ends(played: Played) -> None:
    """The browser finds nothing; what it shows instead is not taken for a page."""
    result = played["redirect"]["whole"]
    assert result["requests"][0]["end"] == "browser"
    assert result["private"]["connections"] == 0


def test_a_name_that_moves_home_is_not_followed(played: Played) -> None:
    """Between our look at it and the browser's connection the name was bound anew; the gate judges what it dials."""
    result = played["rebinding"]["whole"]
    assert result["private"]["connections"] == 0
