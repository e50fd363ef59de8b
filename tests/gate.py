"""A server that speaks the first words of PostgreSQL: it asks for a password in one way and notes what it is told."""

import socket
import ssl
import struct
import threading

SALT = b"salt"
ASKS = {
    "clear": struct.pack("!I", 3),
    "md5": struct.pack("!I", 5) + SALT,
    "scram": struct.pack("!I", 10) + b"SCRAM-SHA-256\0\0",
}


class Gate(threading.Thread):
    """Ask for a password by `ask`, without TLS unless a context for it is given; then say no, in Chinese.

    Attributes
    ----------
    told
        What came in answer, one for each connection that was not ended at once.
    """

    def __init__(self, ask="clear", tls=None):
        super().__init__(daemon=True)
        self.ask, self.tls, self.told = ask, tls, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.listening.close()

    def run(self):
        while True:
            try:
                caller, _ = self.listening.accept()
            except OSError:
                return
            with caller:
                try:
                    self._receive(caller)
                except (OSError, ssl.SSLError):
                    continue

    def _receive(self, caller):
        begun = caller.recv(4096)
        if begun[4:8] == struct.pack("!I", 80877103):  # whether we speak TLS
            caller.sendall(b"S" if self.tls else b"N")
            if self.tls:
                with self.tls.wrap_socket(caller, server_side=True) as wrapped:
                    self._ask(wrapped, wrapped.recv(4096))
                return
            begun = caller.recv(4096)
        self._ask(caller, begun)

    def _ask(self, caller, begun):
        if not begun:
            return
        caller.sendall(b"R" + struct.pack("!I", 4 + len(ASKS[self.ask])) + ASKS[self.ask])
        if answer := caller.recv(4096):
            self.told.append(answer)
            said = b"S" + "致命错误".encode() + b"\0C28P01\0M" + "口令错误: ".encode() + answer[5:-1] + b"\0\0"
            caller.sendall(b"E" + struct.pack("!I", len(said) + 4) + said)
