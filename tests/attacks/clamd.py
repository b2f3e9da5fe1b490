"""A stand-in for clamd that refuses every request its protocol does not allow."""

import socket
import struct
import threading

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST_STREAM = 25 * 1024 * 1024


class FakeClamd:
    """Answers on a port of this machine. ``faults`` are the requests that broke the protocol, ``scanned`` the files."""

    def __init__(self, answer: bytes | None = None, most: int = MOST_STREAM) -> None:
        self.answer, self.most = answer, most
        self.faults: list[str] = []
        self.scanned: list[bytes] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _from = self.server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                connection.sendall(self._answered(connection))

    def _answered(self, connection: socket.socket) -> bytes:
        try:
            self._command(connection)
            content = b""
            while length := struct.unpack("!L", self._exactly(connection, 4))[0]:
                if len(content) + length > self.most:
                    return b"INSTREAM size limit exceeded. ERROR\0"
                content += self._exactly(connection, length)
        except (ValueError, OSError) as error:
            self.faults.append(str(error))
            return b"UNKNOWN COMMAND\0"
        self.scanned.append(content)
        if self.answer is not None:
            return self.answer
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"

    def _command(self, connection: socket.socket) -> None:
        if (command := self._exactly(connection, 10)) != b"zINSTREAM\0":
            raise ValueError(f"unknown command {command!r}")

    def _exactly(self, connection: socket.socket, size: int) -> bytes:
        received = b""
        while len(received) < size:
            if not (more := connection.recv(size - len(received))):
                raise ValueError(f"ended after {len(received)} of {size} bytes")
            received += more
        return received
