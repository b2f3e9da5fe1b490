"""What a session holds is encrypted in the database: a code for signing in lies there while it is good (X2)."""

import json
from typing import Any

from ksf.accounts.factors import ciphers


class EncryptedSerializer:
    """How Django writes a session. What cannot be read is an empty session: its owner signs in again."""

    def dumps(self, obj: dict[str, Any]) -> bytes:  # Any: whatever JSON can hold
        return ciphers().encrypt(json.dumps(obj, separators=(",", ":")).encode())

    def loads(self, data: bytes) -> dict[str, Any]:  # Any: whatever JSON can hold
        held: dict[str, Any] = json.loads(ciphers().decrypt(data))
        return held
