"""A server process and the messages to and from it (protocol version 1, documented in Sources/EnvironmentServer)."""

import json
import math
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

import numpy as np

PROTOCOL = 1
HELLO, RESET, RENEW, STEP_LEVELS, STEP_VALUES, CLOSE = 1, 2, 3, 4, 5, 6
FACTS, TURN, CLOSED, ERROR = 129, 130, 131, 255
HEADER = struct.Struct("<IB3x")
# The header of a turn, and the numbers of lanes, records and missing observations behind it.
TURN_HEADER = struct.Struct("<IB3xIII4x")
LEVELS, VALUES, FIELDS = np.dtype("<i4"), np.dtype("<f8"), np.dtype("<i8")
PIPE_BYTES = 1 << 20


class TrialistError(RuntimeError):
    """What the server refused, or why it cannot be reached."""


def find_executable(executable=None):
    """The path of `trialist`: the argument, the environment variable TRIALIST, or what PATH finds."""
    for source, name in (("the argument", executable), ("TRIALIST", os.environ.get("TRIALIST"))):
        if name:
            found = shutil.which(os.fspath(name))
            if found is None:
                raise TrialistError(f"{source}: there is no executable '{name}'")
            # A name with a folder has to go on meaning the same file when the working folder changes.
            return str(pathlib.Path(found).absolute())
    found = shutil.which("trialist")
    if found is None:
        raise TrialistError(
            "no executable 'trialist' on PATH: build it with `make build` and give its path as the argument "
            "'executable' or in the environment variable TRIALIST"
        )
    return found


class Turn:
    """A reply of the server: arrays that nobody else writes to.

    `records` has a row for each episode that is over, of whole numbers or the bits of others: lane, episode, decisions, ending,
    return, sum, groups, measures, observation; None where no episode is.
    """

    __slots__ = ("observations", "rewards", "terminated", "truncated", "allowed", "missing", "records")


class Layout:
    """Where the parts of a turn stand, as bytes from the start of its header."""

    def __init__(self, lanes, facts):
        self.lanes = lanes
        self.width = len(facts["observations"])
        self.levels = len(facts["actions"]["levels"])
        self.rewards = HEADER.size + 16 + 8 * lanes * self.width
        self.terminated = self.rewards + 8 * lanes
        self.truncated = self.terminated + lanes
        self.allowed = self.truncated + lanes
        self.records = -(-(self.allowed + lanes * self.levels) // 8) * 8
        # The 8-byte fields of a record.
        self.fields = 6 + len(facts["groupings"]) + len(facts["measures"]) + self.width
        # A reply is read into memory that has room for the records of a quarter of the lanes; few replies need more.
        self.room = self.records + 8 * self.fields * min(lanes, 16 + lanes // 4)

    def turn(self, buffer):
        """The arrays of a reply without copying."""
        turn = Turn()
        lanes = self.lanes
        _, _, _, records, turn.missing = TURN_HEADER.unpack_from(buffer)
        turn.observations = np.ndarray((lanes, self.width), VALUES, buffer, TURN_HEADER.size)
        turn.rewards = np.ndarray(lanes, VALUES, buffer, self.rewards)
        turn.terminated = np.ndarray(lanes, np.bool_, buffer, self.terminated)
        turn.truncated = np.ndarray(lanes, np.bool_, buffer, self.truncated)
        turn.allowed = np.ndarray((lanes, self.levels), np.bool_, buffer, self.allowed)
        turn.records = np.ndarray((records, self.fields), FIELDS, buffer, self.records) if records else None
        return turn


class Server:
    """A running `trialist serve-env`: one request, one reply."""

    def __init__(self, environment, variant=None, threads=1, executable=None, arguments=()):
        command = [find_executable(executable), "serve-env", environment, "--stdio", "--threads", str(threads)]
        if variant is not None:
            command += ["--variant", variant]
        command += list(arguments)
        self._complaints = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            bufsize=0,
            pipesize=PIPE_BYTES,
            # Ctrl-C interrupts the client, which decides what becomes of the server.
            start_new_session=True,
        )
        self._layout = None
        self._waiting = False
        try:
            self.facts = json.loads(self._ask(HELLO, struct.pack("<I", PROTOCOL), FACTS))
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self):
        """The number of the process; None after closing."""
        return None if self._process is None else self._process.pid

    def reset(self, seed, first_episode, lanes, autoreset):
        """Starts the episodes `first_episode ... first_episode + lanes - 1`."""
        layout = Layout(lanes, self.facts)
        turn = self._turn(RESET, struct.pack("<QqII", seed, first_episode, lanes, autoreset), layout)
        self._layout = layout
        return turn

    def renew(self, mask):
        """Starts the next episode of every lane of a mask."""
        return self._turn(RENEW, np.ascontiguousarray(mask, dtype=np.uint8), self._layout)

    def step_levels(self, levels):
        return self._turn(STEP_LEVELS, np.ascontiguousarray(levels, dtype=LEVELS), self._layout)

    def step_values(self, values):
        return self._turn(STEP_VALUES, np.ascontiguousarray(values, dtype=VALUES), self._layout)

    def close(self):
        """Ends the process; a second call does nothing."""
        if self._process is None:
            return
        try:
            if not self._waiting:
                self._ask(CLOSE, b"", CLOSED)
            self._process.stdin.close()
            self._process.wait(timeout=0 if self._waiting else 5)
        except (TrialistError, OSError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def kill(self):
        """Ends the process whatever it is doing, and waits until it is gone."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
        self._complaints.close()

    def __del__(self):
        if getattr(self, "_process", None) is not None:
            self.kill()

    # Messages

    def _send(self, kind, body):
        if self._process is None:
            raise TrialistError("the environment is closed")
        if self._waiting:
            raise TrialistError("an earlier request was interrupted before its reply; make a new environment")
        self._waiting = True
        body = memoryview(body).cast("B")
        try:
            header = HEADER.pack(len(body), kind)
            written = os.writev(self._process.stdin.fileno(), (header, body))
            if written < HEADER.size + len(body):
                self._write(memoryview(header + body)[written:])
        except BrokenPipeError:
            # It may have said why before it ended; that is read in place of the reply.
            pass

    def _write(self, data):
        while data:
            data = data[self._process.stdin.write(data) :]

    def _read(self, buffer, filled, least):
        """Reads into `buffer` until `least` bytes are there."""
        view = memoryview(buffer)
        while filled < least:
            count = self._process.stdout.readinto(view[filled:])
            if not count:
                raise self._dead()
            filled += count
        return filled

    def _reply(self, kind, expected, room):
        """The reply to a request, header and all, read at once where it has at most `room` bytes."""
        buffer = np.empty(room, np.uint8)
        filled = self._read(buffer, 0, HEADER.size)
        length, found = HEADER.unpack_from(buffer)
        total = HEADER.size + length
        if total > room:
            longer = np.empty(total, np.uint8)
            longer[:filled] = buffer[:filled]
            buffer = longer
        self._read(buffer, filled, total)
        self._waiting = False
        if found == ERROR:
            raise TrialistError(json.loads(buffer[HEADER.size : total].tobytes())["message"])
        if found != expected:
            raise TrialistError(f"the server answered message {kind} by {found} instead of {expected}")
        return buffer[:total]

    def _ask(self, kind, body, expected):
        self._send(kind, body)
        return self._reply(kind, expected, 1 << 16)[HEADER.size :].tobytes()

    def _turn(self, kind, body, layout):
        if layout is None:
            raise TrialistError("no episode has begun: call reset first")
        self._send(kind, body)
        return layout.turn(self._reply(kind, TURN, layout.room))

    def _dead(self):
        """The error of a server that is gone: its exit code and what it said last."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = "unknown"
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip()
        how = f"signal {-code}" if isinstance(code, int) and code < 0 else f"exit code {code}"
        return TrialistError(f"the server ended ({how})" + (f": {said}" if said else ""))


def bound(value, infinite):
    """A bound of the facts, in which null stands for an infinite one."""
    return infinite * math.inf if value is None else float(value)
