"""How gunicorn serves the portal; ``WEB_CONCURRENCY`` and ``WEB_THREADS`` set its size."""

import gc
import os

from django.db import connections
from gunicorn.workers.base import Worker

from ksf import counting
from needs.search import features, text

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
preload_app = True  # one copy of the code in memory, and a fast start
control_socket_disable = True  # signals do; the socket would lie in the home folder, shared by every portal there
graceful_timeout = 20
limit_request_line = 0  # a need's whole text stands in the address of /api/v1/needs/similar/; the proxy sets the limit
keepalive = 65  # longer than the proxy's, so that it is never the portal that hangs up first
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
accesslog = None if os.environ.get("LOG_ACCESS", "0") == "0" else "-"

os.environ.setdefault("DATABASE_POOL", str(threads))


def when_ready(_server: object) -> None:
    """Read the language data of the search once, for all workers, so that no first question waits for it."""
    features.features_of("Kommune", "kommune")
    text.is_known("kommune")


def pre_fork(_server: object, _worker: object) -> None:
    """Leave nothing in the parent that a fork must not share, and freeze what all workers read."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.settings_dict["OPTIONS"].get("pool"):
            connection.close_pool()
    settle()


def post_fork(_server: object, worker: Worker) -> None:
    """Count the requests of each process by itself."""
    counting.use_slot(worker.age)


def settle() -> None:
    """Keep the garbage collector from walking through the code at all, and from starting several times a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
