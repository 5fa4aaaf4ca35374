"""Serve requests on a loopback port, in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from crawler.newsroom.messages import BadRequestError, Reply, Request, encode_head, read_request

HOST = "127.0.0.1"


class Server:
    """An HTTP/1.1 server with keep-alive. `answer` runs in its thread; `now` tells the Date header."""

    def __init__(self, port: int, answer: Callable[[Request], Reply], now: Callable[[], datetime]) -> None:
        self._port = port
        self._answer = answer
        self._now = now
        self._started = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="newsroom", daemon=True)

    def start(self) -> int:
        """Return the port it listens on.

        Raises:
            OSError: the port is taken.
        """
        self._thread.start()
        self._started.wait()
        if self._failure:
            raise self._failure
        return self._port

    def stop(self) -> None:
        """End every connection and the thread."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await asyncio.start_server(self._serve, HOST, self._port)
            self._port = server.sockets[0].getsockname()[1]
        except OSError as error:
            self._failure = error
            return
        finally:
            self._started.set()
        await self._ended.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await read_request(reader)) and await self._send(request, writer):
                pass
        except BadRequestError as error:
            reply = Reply(400, {"Content-Type": "text/plain"}, f"{error}\n".encode())
            writer.write(encode_head(reply, date=self._now(), keep_alive=False) + reply.body)
        except ConnectionError:
            pass  # the reader hung up: its right
        except asyncio.CancelledError:  # closing; raised again it would be logged as a fault of this callback
            writer.transport.abort()  # what a stalled reader has not taken is not waited for
        finally:
            writer.close()

    async def _send(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request as its reply says, and return whether the connection lives on."""
        reply = self._answer(request)
        if reply.delay_seconds:
            await asyncio.sleep(reply.delay_seconds)
        if reply.ending == "dead":
            return False
        head = encode_head(reply, date=self._now(), keep_alive=request.keep_alive)
        if request.method == "HEAD":
            writer.write(head)
        elif reply.stream is not None:
            writer.write(head)
            await _send_chunks(reply.stream, writer, whole=reply.ending == "whole")
        elif reply.ending == "whole":
            writer.write(head + reply.body)
        else:
            writer.write(head + reply.body[: len(reply.body) // 2])
        await writer.drain()
        if reply.ending == "stall":
            await asyncio.Event().wait()
        return reply.ending == "whole" and request.keep_alive


async def _send_chunks(parts: Iterable[bytes], writer: asyncio.StreamWriter, *, whole: bool) -> None:
    for part in parts:
        writer.write(b"%x\r\n%s\r\n" % (len(part), part))
        await writer.drain()
    if whole:
        writer.write(b"0\r\n\r\n")
