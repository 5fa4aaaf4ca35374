"""Bytes that are honest in size and dear in time."""


def slow_brotli(least_bytes: int) -> bytes:
    """Brotli (RFC 7932) of at least so many bytes that takes some 2 ms for each kilobyte, and gives 10 bytes for it."""
    aligned = "0" + "011000"  # a window of 64 kB; a block of no metadata, which ends with its byte
    block = _bytes(_block() * 8)
    return _bytes(aligned) + block * (least_bytes // len(block) + 1)


def _block() -> str:
    """A meta-block of one byte with the largest context map, each of whose 16,384 entries is moved to the front.

    Its codes have one symbol, so that an entry takes no bit. Sections of RFC 7932 stand beside the fields.
    """
    head = "0" + _bits(0, 2) + _bits(0, 16) + "0"  # not the last, one byte long, compressed (9.2)
    literals = "1" + _bits(7, 3) + _bits(127, 7) + _code(0, 9) + _code(0, 5) + _bits(0, 2)  # of 256 block types (6)
    one_each = "0" + "0"  # of insert-and-copy, of distances
    distances = _bits(0, 6)
    modes = _bits(0, 2) * 256  # of contexts (7.1)
    trees = "1" + _bits(3, 3) + _bits(7, 3)  # 16 (7.3)
    context_map = "0" + _code(15, 4) + "1"  # no run lengths; the symbol 15 again and again; moved to the front
    codes = "0" + _code(ord("A"), 8) * 16 + _code(8, 10) + _code(0, 6)  # the command 8 inserts one byte (5)
    return head + literals + one_each + distances + modes + trees + context_map + codes


def _code(symbol: int, alphabet_bits: int) -> str:
    """A simple prefix code of one symbol (3.4)."""
    return _bits(1, 2) + _bits(0, 2) + _bits(symbol, alphabet_bits)


def _bits(value: int, count: int) -> str:
    """A number, its least bit first."""
    return f"{value:0{count}b}"[::-1]


def _bytes(bits: str) -> bytes:
    """Bits from the least of each byte on; the last byte is filled up with zeros."""
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
