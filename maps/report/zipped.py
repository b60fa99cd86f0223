"""ZIP archives with fixed dates, so that the same content is the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_DATE = (1980, 1, 1, 0, 0, 0)


# The longest title that a document may have among its properties.
MOST_PROPERTY = 255


def same_bytes(content: bytes) -> bytes:
    """Return an archive with the same members in the same order, without the time of writing."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return zip_files({name: old.read(name) for name in old.namelist()})


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files, in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, date_time=_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, content)
    return target.getvalue()
