"""The head of an HTTP/1.1 message, as far as a proxy must understand it."""

from asyncio import StreamReader
from dataclasses import dataclass, replace

END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Head:
    """A request line or status line, and the header fields in their order."""

    first: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[str, str, str]:
        """The three words of the first line.

        Raises:
            ValueError: there are not so many.
        """
        one, two, three = self.first.split(" ", 2)
        return one, two, three

    def get(self, name: str) -> str:
        """Return the first value of a field, or ""."""
        return next((value for other, value in self.fields if other.lower() == name), "")

    def without(self, *names: str) -> "Head":
        """Return the head without these fields (lower-case)."""
        return replace(self, fields=tuple(field for field in self.fields if field[0].lower() not in names))

    def having(self, name: str, value: str) -> "Head":
        """Return the head with one more field."""
        return replace(self, fields=(*self.fields, (name, value)))

    def encode(self) -> bytes:
        """Return it as it travels."""
        lines = (self.first, *(f"{name}: {value}" for name, value in self.fields))
        return "\r\n".join(lines).encode("latin-1") + END


async def read_head(reader: StreamReader) -> Head:
    """Read a head from a stream. Its size is the stream's limit.

    Raises:
        asyncio.IncompleteReadError, asyncio.LimitOverrunError: it ends too early, or is too long.
    """
    text = (await reader.readuntil(END)).decode("latin-1")
    first, *lines = text.removesuffix(END.decode()).split("\r\n")
    fields = (line.partition(":") for line in lines)
    return Head(first, tuple((name, value.strip()) for name, _, value in fields))
