"""healthcheck.py URL PART …: succeeds when the portal at URL reports every named part as ok."""

import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def main(url: str, *parts: str) -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    try:
        answer = urlopen(Request(f"{url}/healthz", headers={"Host": host}), timeout=10)  # noqa: S310  our own address
    except HTTPError as error:
        if error.code != 503:  # noqa: PLR2004
            raise
        answer = error
    with answer:
        health = json.load(answer)
    silent = [part for part in parts if health[part] != "ok"]
    if silent:
        sys.stderr.write(f"no answer from: {', '.join(silent)}\n")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
