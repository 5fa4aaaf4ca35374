"""The outbox: alerts that are owed become words, go out, and are crossed off.

An alert is sealed before it is sent: from then on the store has it to the letter, so that a repeat (after a failure, or
by another process after a death) is the same, under the same id.
"""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from crawler.desk.alerts import Hearers, Held, Owed, next_attempt, why_not, worded
from crawler.desk.audience import Audience
from crawler.desk.channels import Sender
from crawler.desk.files import encode_file, read_file
from crawler.desk.placing import encode, held_event
from crawler.desk.stories import when
from crawler.desk.wording import message_of
from crawler.news.errors import DeliveryError
from crawler.news.event import AlertData, AlertEventType, alert_event
from crawler.store import Store
from crawler.store.stories import Changes, Hold

logger = logging.getLogger(__name__)

AHEAD_MS = 60_000  # a pass waits for repeats that are due by then; later ones are left to the next


class Outbox:
    """The alerts owed, as the store has them, and those on their way: one at a time to each channel.

    Attributes:
        owed: by id.
    """

    def __init__(
        self,
        store: Store,
        *,
        retry_ms: int,
        count: Callable[[str, int], None],
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called when an alert has gone out, or failed to."""
        self.owed: dict[str, Owed] = {}
        self._store = store
        self._retry_ms = retry_ms
        self._count = count
        self._wake = wake
        self._sending: dict[str, asyncio.Task[DeliveryError | None]] = {}  # by channel
        self._on_its_way: dict[str, Owed] = {}

    async def load(self) -> None:
        """Read what the store has."""
        self.note(list((await self._store.stories.outbox()).items()))

    def note(self, changes: list[tuple[str, str]]) -> None:
        """Follow what was written to the store."""
        for name, text in changes:
            if text:
                self.owed[name] = msgspec.json.decode(text, type=Owed)
            else:
                self.owed.pop(name, None)

    async def tend(self, hold: Hold, audience: Audience, *, at_once: bool) -> None:
        """Cross off what has gone out, word what is due (`at_once`: whatever is not worded yet), and send it."""
        for channel in [channel for channel, task in self._sending.items() if task.done()]:
            await self._cross_off(hold, self._on_its_way.pop(channel), self._sending.pop(channel).result())
        now_ms = self._store.stories.clock.now_ms()
        for owed in sorted(self.owed.values(), key=lambda owed: owed.due_ms):
            if owed.channel not in self._sending and (owed.due_ms <= now_ms or (at_once and owed.alert is None)):
                await self._next(hold, audience, owed)

    def busy(self) -> bool:
        """Whether a pass should go on: something is on its way, or due within a minute."""
        now_ms = self._store.stories.clock.now_ms()
        return bool(self._sending) or any(owed.due_ms <= now_ms + AHEAD_MS for owed in self.owed.values())

    async def close(self, hold: Hold | None, patience_s: float) -> None:
        """Wait a little for what is on its way, and cross it off. The rest is sent again, by whoever is next."""
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=patience_s)
            for channel, task in self._sending.items():
                if hold and task.done():
                    await self._cross_off(hold, self._on_its_way.pop(channel), task.result())
                else:
                    task.cancel()
        self._sending.clear()
        self._on_its_way.clear()

    async def _next(self, hold: Hold, audience: Audience, owed: Owed) -> None:
        if owed.alert and owed.channel not in audience.senders:
            await self._hold_back(hold, owed, why_not(audience.hearers, None, owed.channel))
            return
        sealed = owed if owed.alert else await self._seal(hold, audience.hearers, owed)
        if sealed:
            self._on_its_way[owed.channel] = sealed
            task = asyncio.create_task(_send(audience.senders[owed.channel], sealed))
            task.add_done_callback(lambda _task: self._wake())
            self._sending[owed.channel] = task

    async def _seal(self, hold: Hold, hearers: Hearers, owed: Owed) -> Owed | None:
        """Word an alert, and write down what it says and that the channel knows it from now on."""
        file = await read_file(self._store, owed.story_id)
        if why := why_not(hearers, file, owed.channel):
            await self._hold_back(hold, owed, why)
            return None
        assert file is not None
        alert = worded(hearers, file, owed)
        changes = Changes(outbox=[(owed.id, "")])
        sealed = None
        if alert:
            sealed = Owed(alert.id, owed.channel, file.story.storyId, owed.due_ms, alert)
            changes.outbox.append((sealed.id, encode(sealed)))
            changes.stories.append(encode_file(file))
        await self._write(hold, changes)
        return sealed

    async def _cross_off(self, hold: Hold, owed: Owed, error: DeliveryError | None) -> None:
        """Write down what became of an alert: it was sent, it is tried again, or it has failed for good."""
        now_ms = self._store.stories.clock.now_ms()
        if error is None:
            await self._end(hold, owed, "storywatch.alert.sent", "")
        elif next_attempt(owed, str(error), now_ms=now_ms, retry_ms=self._retry_ms) and error.passing:
            logger.warning('channel "%s": %s; trying again', owed.channel, error)
            self._count("alerts/retried", 1)
            await self._write(hold, Changes(outbox=[(owed.id, encode(owed))]))
        else:
            logger.error('channel "%s": %s; given up after %d attempts', owed.channel, error, owed.attempts)
            await self._end(hold, owed, "storywatch.alert.failed", str(error))

    async def _end(self, hold: Hold, owed: Owed, kind: AlertEventType, why: str) -> None:
        assert owed.alert is not None
        data = AlertData(owed.id, owed.channel, owed.story_id, owed.alert.kind, why=why, alert=owed.alert)
        now = when(self._store.stories.clock.now_ms())
        await self._write(hold, Changes(outbox=[(owed.id, "")], alerts=[(kind, alert_event(data, kind, time=now))]))
        self._count(f"alerts/{kind.rpartition('.')[2]}", 1)

    async def _hold_back(self, hold: Hold, owed: Owed, why: str) -> None:
        """Cross off what is owed and not told any more."""
        kind = owed.alert.kind if owed.alert else "story"
        now = when(self._store.stories.clock.now_ms())
        event = held_event(Held(owed.channel, owed.story_id, kind, why), f"{owed.id}/{owed.due_ms}", now)
        await self._write(hold, Changes(outbox=[(owed.id, "")], alerts=[event]))
        self._count("alerts/held", 1)

    async def _write(self, hold: Hold, changes: Changes) -> None:
        await self._store.stories.write(hold, changes)
        self.note(changes.outbox)


async def _send(sender: Sender, owed: Owed) -> DeliveryError | None:
    assert owed.alert is not None
    try:
        await sender.send(message_of(owed.alert), owed.alert)
    except DeliveryError as error:
        return error
    except Exception as error:  # a bug must not stop the other alerts; its text may hold a secret
        return DeliveryError(f"a bug of ours: {type(error).__name__}")
    return None
