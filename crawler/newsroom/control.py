"""The newsroom's controls as JSON over HTTP, for other processes and the shell.

The host is `control.newsroom.example`, or the newsroom's own address:

    curl http://127.0.0.1:PORT/                                           what there is
    curl http://127.0.0.1:PORT/requests?host=www.pulse.example            who asked for what
    curl http://127.0.0.1:PORT/fault -d '{"target": "www.pulse.example", "kind": "slow", "seconds": 5}'

A POST's body is an object of the arguments of the Newsroom method of that name.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from crawler.newsroom.messages import Reply, Request, json_reply

if TYPE_CHECKING:
    from crawler.newsroom.newsroom import Newsroom

CONTROL_HOST = "control.newsroom.example"


def answer_control(newsroom: "Newsroom", request: Request) -> Reply:
    """Return the reply to a request to the control host; a mistake is a 400 that says so."""
    parts = urlsplit(request.path)
    if request.method == "GET":
        return _look(newsroom, parts.path, parse_qs(parts.query))
    method = _methods(newsroom).get(parts.path)
    if method is None:
        return json_reply({"error": f'no control "{parts.path}". There are: {", ".join(_methods(newsroom))}'}, 404)
    try:
        arguments = json.loads(request.body or b"{}")
        method(**arguments)
    except (ValueError, TypeError, LookupError) as error:
        return json_reply({"error": str(error)}, 400)
    return json_reply({"done": parts.path.removeprefix("/")})


def _methods(newsroom: "Newsroom") -> Mapping[str, Callable[..., Any]]:
    methods = ("publish", "edit", "fault", "heal", "advance", "play", "hear")
    return {f"/{name}": getattr(newsroom, name) for name in methods}


def _look(newsroom: "Newsroom", path: str, query: dict[str, list[str]]) -> Reply:
    if path == "/requests":
        return json_reply([asdict(visit) for visit in newsroom.requests_of(query.get("host", [""])[0])])
    if path == "/heard":
        return json_reply(newsroom.heard)
    if path == "/":
        steps = {step.name: f"{step.action} after {step.at.total_seconds():g} s" for step in newsroom.world.steps}
        outlets = {outlet.host: [outlet.name, *outlet.sources] for outlet in newsroom.world.outlets}
        posts = list(_methods(newsroom))
        return json_reply({"now": newsroom.now().isoformat(), "outlets": outlets, "steps": steps, "post": posts})
    return json_reply({"error": f'nothing at "{path}". There are: /, /requests and /heard'}, 404)
