"""The bytes of an encrypted store in clear, read by other code than the store's: AES by the published page format."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
#: At the end of each page: 16 bytes of initialisation vector, 64 of its seal.
RESERVED = 80
SALT = 16
_LOG_HEADER, _FRAME_HEADER = 32, 24


def plain_pages(store: Path, key: bytes) -> bytes:
    """Every page of the file, free ones too, and every page image in its write-ahead log."""
    data = store.read_bytes()
    pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    found = [_opened(page, key, SALT if number == 0 else 0) for number, page in enumerate(pages)]
    log = store.with_name(store.name + "-wal")
    frames = log.read_bytes()[_LOG_HEADER:] if log.exists() else b""
    for at in range(0, len(frames), _FRAME_HEADER + PAGE):
        page = frames[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE]
        found += [_opened(page, key, 0), _opened(page, key, SALT)] if len(page) == PAGE else []
    return b"".join(found)


def _opened(page: bytes, key: bytes, skipped: int) -> bytes:
    sealed, vector = page[skipped:-RESERVED], page[-RESERVED : -RESERVED + 16]
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
    return decryptor.update(sealed) + decryptor.finalize()
