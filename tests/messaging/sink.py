"""A mail server of a test's own."""

from __future__ import annotations

import asyncio
import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message


class Sink:
    """A mail server that keeps what it gets, and refuses addresses that it is told to refuse."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Message]] = []
        self.refused: set[str] = set()
        self.refusal = b"550 no such box\r\n"
        self.greeted = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.greeted += 1
        writer.write(b"220 sink\r\n")
        to = ""
        while line := (await reader.readline()).decode():
            word = line[:4].upper().strip()
            answer = b"250 well\r\n"
            if word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                answer = self.refusal if to in self.refused else answer
            elif word == "DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                self.got.append((to, email.message_from_bytes(data[: -len(b".\r\n")])))
            elif word == "QUIT":
                answer = b"221 bye\r\n"
            writer.write(answer)
            if word == "QUIT":
                break
        writer.close()
        await writer.wait_closed()

    async def _serve(self) -> None:
        self._closing = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._closing.wait()
        server.close()
        await server.wait_closed()

    @contextmanager
    def running(self) -> Iterator[Sink]:
        thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        thread.start()
        assert self._listening.wait(5)
        yield self
        self._loop.call_soon_threadsafe(self._closing.set)
        thread.join(5)
        self._loop.close()
