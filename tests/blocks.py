"""The deflated blocks of a page: whoever scans a page for texts scans what is in them."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

BLOCK = re.compile(r'(<script type="text/plain" id="([\w-]+)">)([A-Za-z0-9+/]*=*)(</script>)')


def inflate(page: str) -> str:
    """Return the page with all it holds in readable text."""
    return BLOCK.sub(lambda found: found[1] + _open(found[3]) + found[4], page)


def read_block(page: str, name: str = "corredor-data") -> dict[str, Any]:
    """Return what the data block of a page holds."""
    (packed,) = [packed for _, id_, packed, _ in BLOCK.findall(page) if id_ == name]
    return dict(json.loads(_open(packed)))


def _open(packed: str) -> str:
    return zlib.decompress(base64.b64decode(packed, validate=True)).decode("utf-8")
