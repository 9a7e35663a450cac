"""A second reader of the log, written from docs/format.md alone and for clarity alone.

read(Image(...)) says what a mounted log must say: where it ends, how many records it has, the root
over them, the newest signed head, every record with its index, and whether history is missing.
"""

import hashlib
import struct
from dataclasses import dataclass, field

ONCE, NOR, REWRITABLE, FILE = 1, 2, 3, 4
RECORD, FRONTIER, GAP, NEXT, BATCH, TILE, MORE = 1, 2, 3, 4, 5, 6, 7
HEADER_BYTES = 32
FRAME_BYTES = 6  # type and length, check value
SEQUENCE_MAX = 2**32 - 2
SKIP_MAX = 3
LEVELS_MAX = 48  # what a build holds by default


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_CRC = _crc_table()


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The roots of the perfect subtrees that cover [0, size), largest first."""

    def __init__(self):
        self.size, self.hashes = 0, []

    def append(self, leaf):
        self.hashes.append(hashlib.sha256(b"\0" + leaf).digest())
        size = self.size
        while size & 1:
            right = self.hashes.pop()
            self.hashes[-1] = node_hash(self.hashes[-1], right)
            size >>= 1
        self.size += 1

    def root(self):
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def shared(self, size):
        """How many first hashes the frontier of `size` leaves has in common with this one."""
        return bin(size >> (self.size ^ size).bit_length()).count("1")


@dataclass
class Image:
    unit: int
    segment: int
    count: int
    kind: int
    erased: int
    log_id: int
    bytes: bytes
    unreadable: frozenset = frozenset()  # numbers of units, over all segments


@dataclass
class Header:
    sequence: int
    nonce: int
    erases: int
    in_flight: int
    crc: int


@dataclass
class Frame:
    type: int
    offset: int
    payload: bytes
    end: int  # behind the padding

    def is_gap(self):
        return self.type == GAP and len(self.payload) == 10

    def is_mark(self):
        return self.type == GAP and len(self.payload) == 1

    def continues_commit(self, kind):
        if self.type == TILE:
            return kind == FILE
        return self.type == MORE or (self.type == FRONTIER and self.payload[9] & 1 != 0)

    def leaves(self):
        """(number) -> bytes of the leaves that the frame holds."""
        if self.type == RECORD:
            return [self.payload]
        out, at = [], 0
        while self.type in (BATCH, MORE) and at < len(self.payload):
            size, at = self.payload[at], at + 1
            if size & 0x80:
                if at == len(self.payload):
                    break
                size, at = size & 0x7F | self.payload[at] << 7, at + 1
            if size > len(self.payload) - at:
                break
            out.append(self.payload[at:at + size])
            at += size
        return out


@dataclass
class FrontierPayload:
    size: int
    keep: int
    hashes: list
    signature: bytes = None
    old_head: tuple = None
    index_min: int = None


def parse_frontier(payload):
    size, keep, flags = struct.unpack_from("<QBB", payload)
    hashes = bin(size).count("1") - keep
    signature = 64 if flags & 2 else 0
    old_head = 104 if flags & 4 else 0
    skipped = 8 if flags & 8 else 0
    if hashes < 0 or size.bit_length() > LEVELS_MAX:
        return None
    if len(payload) != 10 + 32 * hashes + signature + old_head + skipped:
        return None
    out = FrontierPayload(size, keep, [payload[10 + 32 * i:42 + 32 * i] for i in range(hashes)])
    tail = payload[10 + 32 * hashes:]
    if signature:
        out.signature = tail[:64]
    elif old_head:
        out.old_head = (struct.unpack_from("<Q", tail)[0], tail[8:40], tail[40:104])
    if skipped:
        out.index_min = struct.unpack_from("<Q", payload, len(payload) - 8)[0]
    return out


@dataclass
class Answer:
    status: str  # ok, damaged, not_formatted, wrong_version
    end: int = 0
    sequence: int = 0
    oldest: int = 0
    size: int = 0
    index_min: int = 0
    root: bytes = b""
    head: tuple = None  # size, root, signature
    records: list = field(default_factory=list)  # (index, leaf)


class Segment:
    """The bytes of one place. What it holds depends on the header that seeds its check values."""

    def __init__(self, image, place):
        self.image = image
        begin = place * image.segment
        self.bytes = image.bytes[begin:begin + image.segment]
        units = image.segment // image.unit
        self.unreadable = sorted(u - place * units for u in image.unreadable
                                 if place * units <= u < (place + 1) * units)
        self._frames = {}

    def up(self, size):
        return -(-size // self.image.unit) * self.image.unit

    @property
    def first_frame(self):
        return self.up(HEADER_BYTES)

    @property
    def next_bytes(self):
        return self.up(FRAME_BYTES + 14)

    @property
    def frames_end(self):
        return self.image.segment - 2 * self.next_bytes

    def read(self, offset, size):
        """None where the medium says that it cannot correct (R7)."""
        for unit in self.unreadable:
            if offset < (unit + 1) * self.image.unit and offset + size > unit * self.image.unit:
                return None
        return self.bytes[offset:offset + size]

    def is_blank(self, unit):
        at = unit * self.image.unit
        return self.read(at, self.image.unit) == bytes([self.image.erased]) * self.image.unit

    def is_blank_front(self):
        return all(self.is_blank(unit) for unit in range(self.first_frame // self.image.unit))

    def behind_written(self, offset):
        """Behind the last unit of [offset, frames_end) that is not blank."""
        for unit in reversed(range(offset // self.image.unit, self.frames_end // self.image.unit)):
            if not self.is_blank(unit):
                return (unit + 1) * self.image.unit
        return offset

    def header(self):
        """The header, one wrong bit put right (R1); "foreign" for a later format; or None."""
        raw = self.read(0, HEADER_BYTES)
        if raw is None:
            return None
        candidates = [raw] + [raw[:i // 8] + bytes([raw[i // 8] ^ 1 << i % 8]) + raw[i // 8 + 1:]
                              for i in range(8 * HEADER_BYTES)]
        differing = int.from_bytes(raw[:4], "little") ^ int.from_bytes(b"CRN\1", "little")
        if bin(differing).count("1") > 1:
            candidates = candidates[:1]
        for bytes_ in candidates:
            if crc32c(bytes_[:28]) == int.from_bytes(bytes_[28:], "little"):
                break
        else:
            return None
        if bytes_[:3] != b"CRN":
            return None
        if bytes_[3] != 1:
            return "foreign"
        log_id, nonce, sequence, segment, count, erases, unit_log2, in_flight, crc = struct.unpack(
            "<IIIIIHBBI", bytes_[4:])
        image = self.image
        if log_id != image.log_id:
            return None
        if (segment, count, unit_log2) != (image.segment, image.count, image.unit.bit_length() - 1):
            return "foreign"
        return Header(sequence, nonce, erases, in_flight, crc)

    def frame(self, offset, header_crc):
        key = offset, header_crc
        if key not in self._frames:
            self._frames[key] = self._frame(offset, header_crc)
        return self._frames[key]

    def _frame(self, offset, header_crc):
        limit = self.frames_end if offset < self.frames_end else self.image.segment
        if offset + FRAME_BYTES > limit:
            return None
        word = self.read(offset, 2)
        if word is None:
            return None
        type_, size = word[1] >> 5, (word[0] | word[1] << 8) & 0x1FFF
        if type_ == 0 or size > 8190 or offset + FRAME_BYTES + size > limit:
            return None
        if type_ == GAP and size not in (1, 10) or type_ == NEXT and size != 14:
            return None
        if type_ == FRONTIER and size < 10:
            return None
        if type_ == TILE and (size < 40 or size % 32 != 8):
            return None
        raw = self.read(offset, FRAME_BYTES + size)
        if raw is None:
            return None
        crc = crc32c(raw[:-4], (header_crc + offset) & 0xFFFFFFFF)
        if crc != int.from_bytes(raw[-4:], "little"):
            return None
        return Frame(type_, offset, raw[2:-4], self.up(offset + FRAME_BYTES + size))

    def first_frontier(self, header_crc):
        """What the first frontier frame says, when it is one."""
        frame = self.frame(self.first_frame, header_crc)
        if frame is None or frame.type != FRONTIER:
            return None
        content = parse_frontier(frame.payload)
        return content if content is not None and content.keep == 0 else None

    def promise(self, header, skipped=0):
        """The header of the following segment, or of one behind it when segments were passed over,
        as either NEXT slot has it."""
        for slot in range(2):
            frame = self.frame(self.frames_end + slot * self.next_bytes, header.crc)
            if frame is None or frame.type != NEXT:
                continue
            sequence = header.sequence + 1 + skipped
            if sequence > SEQUENCE_MAX:
                continue
            _, nonce, erases = struct.unpack("<QIH", frame.payload)
            image = self.image
            front = struct.pack("<4sIIIIIHBB", b"CRN\1", image.log_id, nonce, sequence,
                                image.segment, image.count, erases, image.unit.bit_length() - 1,
                                header.in_flight)
            return Header(sequence, nonce, erases, header.in_flight, crc32c(front))
        return None

    def index_min(self, header):
        """The index from which records stay, as either NEXT slot has it."""
        for slot in range(2):
            frame = self.frame(self.frames_end + slot * self.next_bytes, header.crc)
            if frame is not None and frame.type == NEXT:
                return struct.unpack_from("<Q", frame.payload)[0]
        return None

    def walk(self, header_crc, offset, end=None):
        """Frames from `offset` to `end`, and None for each hole that nothing explains (R2, R3)."""
        while offset < (self.frames_end if end is None else end):
            frame = self.frame(offset, header_crc)
            if frame is not None:
                yield frame
                offset = frame.end
                continue
            hole, first, proof = offset, None, None
            written = self.behind_written(hole)
            at = hole + self.image.unit
            while proof is None and at + FRAME_BYTES <= written:
                frame = self.frame(at, header_crc)
                if frame is None:
                    at += self.image.unit
                    continue
                first = first or frame
                if not frame.continues_commit(self.image.kind):
                    proof = frame
                at = frame.end
            if proof is None:
                return
            offset = first.offset
            if not self._explained(hole, first, proof):
                yield None

    def _explained(self, hole, first, proof):
        if self.image.kind == NOR:
            burnt = bytes([self.image.erased ^ 0xFF]) * (first.offset - hole)
            return self.read(hole, first.offset - hole) == burnt
        return self.image.kind == ONCE and proof.is_gap() and self.named_hole(proof) == hole

    def named_hole(self, gap):
        """Where the hole begins that a gap frame names: its unit's number, less the upper bits."""
        unit = gap.offset // self.image.unit
        back = unit - struct.unpack_from("<H", gap.payload)[0] & 0xFFFF
        return (unit - back) * self.image.unit if 0 < back <= unit else None

    def marked(self, mark):
        """Where the torn write begins that a mark names."""
        hole = mark.offset - 64 * (mark.payload[0] + 1)
        return hole if hole >= self.first_frame else None


class Reader:
    def __init__(self, image, segments=None):
        self.image = image
        self.segments = segments or [Segment(image, i) for i in range(image.count)]
        self.headers = [s.header() for s in self.segments]

    def own_header(self, place):
        """Its own header: of this log, in this place."""
        header = self.headers[place]
        if header is None or header == "foreign":
            return None
        here = header.sequence <= SEQUENCE_MAX and header.sequence % self.image.count == place
        return header if here else None

    def at(self, sequence):
        return self.segments[sequence % self.image.count]

    def read(self):
        newest = self._find_newest()
        if newest is None:
            foreign = any(header == "foreign" for header in self.headers)
            return Answer("wrong_version" if foreign else "not_formatted")
        self.newest = newest
        self.answer = Answer("ok", sequence=newest.sequence)
        damaged = not self._walk_newest()
        damaged = self._judge_following() or damaged
        self.answer.status = "damaged" if damaged else "ok"
        self._read_records()
        return self.answer

    def _find_newest(self):
        found = [h for place in range(self.image.count) if (h := self.own_header(place))
                 and self.segments[place].first_frontier(h.crc)]
        newest = max(found, key=lambda h: h.sequence, default=None)
        for _ in range(self.image.count if newest else 0):
            promised = self._opened_behind(newest)
            if promised is None:
                break
            newest = promised
        return newest

    def _opened_behind(self, header):
        """The header of the segment that has its first frontier as NEXT promised (R6)."""
        for skipped in range(min(SKIP_MAX + 1, self.image.count - 1)):
            promised = self.at(header.sequence).promise(header, skipped)
            if promised is None:
                return None
            if self.at(promised.sequence).first_frontier(promised.crc):
                return promised
        return None

    def _walk_newest(self):
        """The tree, the newest head and the end of the log. False when records are missing."""
        segment = self.at(self.newest.sequence)
        known, last = self._walk_up_to(segment.frames_end)
        if self.image.kind != NOR or not last.is_mark():
            return known
        hole = segment.marked(last)  # what is being programmed flat (R4)
        if hole is None:
            return False
        known, _ = self._walk_up_to(hole)
        return known and self.answer.end == hole

    def _walk_up_to(self, end):
        segment, crc = self.at(self.newest.sequence), self.newest.crc
        frontier, known, last = Frontier(), True, None
        self.answer.end, self.answer.head = segment.first_frame, None
        for frame in segment.walk(crc, segment.first_frame, end):
            last = frame or last
            if frame is None:
                known = False
                continue
            self.answer.end = frame.end
            if frame.type == FRONTIER:
                first = frame.offset == segment.first_frame
                known = self._take_frontier(frame, frontier, known, first)
            elif frame.is_gap():
                known = known and struct.unpack_from("<Q", frame.payload, 2)[0] == frontier.size
            elif known:
                for leaf in frame.leaves():
                    frontier.append(leaf)
        self.answer.size, self.answer.root = frontier.size, frontier.root()
        return known, last

    def _take_frontier(self, frame, frontier, known, first):
        content = parse_frontier(frame.payload)
        if content is None or (known and not first and content.size != frontier.size):
            return False
        if content.keep > frontier.shared(content.size):
            return False
        frontier.hashes[content.keep:] = content.hashes
        frontier.size = content.size
        if content.signature:
            self.answer.head = content.size, frontier.root(), content.signature
        elif content.old_head:
            self.answer.head = content.old_head
        return True

    def _judge_following(self):
        """Whether the following segment is something that nobody was allowed to make of it (R6)."""
        sequence = self.newest.sequence + 1
        segment = self.at(sequence)
        header = self.own_header(sequence % self.image.count)
        announced = self.at(self.newest.sequence).promise(self.newest) is not None
        spare = header is not None and header.sequence == sequence
        lapped = sequence >= self.image.count
        self._give_up(1 if announced or spare else 0)
        self.spare, self.announced = spare, announced
        if announced and self.image.kind != FILE:
            self._pass_over()
        places = min(SKIP_MAX + 1, self.image.count - 1) if announced else 1
        if any(self._has_records(skipped) for skipped in range(places)):
            return True
        if announced or header is not None:
            return False
        if lapped:
            return not self._held_nothing()
        return self.image.kind == FILE and not segment.is_blank_front()

    def _give_up(self, segments):
        """So many places behind the newest segment hold nothing of the log any more."""
        self.oldest = max(0, self.newest.sequence + 1 + segments - self.image.count)

    def _pass_over(self):
        """Segments that were passed over behind NEXT (R6): in front of one that has the header that
        it promised, or else of one that an erase has torn."""
        following, count = self.newest.sequence + 1, self.image.count
        most = min(SKIP_MAX, count - 2)
        for skipped in range(most + 1):
            if self._own_live(following + skipped):
                return self._give_up(1 + skipped)
        for skipped in range(max(1, count - following), most + 1):
            sequence = following + skipped - count
            if self.first_leaf(sequence) is None and not self._own_live(sequence):
                continue
            if not self._is_whole(sequence):
                self._give_up(1 + skipped)

    def _is_whole(self, sequence):
        """Whether a segment has all the records that the next one with a first frontier counts."""
        size = self.first_leaf(sequence)
        firsts = (self.first_leaf(s) for s in range(sequence + 1, self.newest.sequence + 1))
        end = next(first for first in firsts if first is not None)
        segment, header = self.at(sequence), self.live_header(sequence)
        if size is None:
            return False
        for frame in segment.walk(header.crc, segment.first_frame):
            if frame is None:
                return False
            size += len(frame.leaves())
        return size >= end

    def _has_records(self, skipped):
        """Whether a segment behind the newest has records under its own number, or NEXT's."""
        sequence = self.newest.sequence + 1 + skipped
        header = self.own_header(sequence % self.image.count)
        if header is None:
            header = self.at(self.newest.sequence).promise(self.newest, skipped)
        if header is None or header.sequence != sequence:
            return False
        segment = self.at(sequence)
        written = segment.behind_written(segment.first_frame)
        for at in range(segment.first_frame, written - FRAME_BYTES + 1, self.image.unit):
            frame = segment.frame(at, header.crc)
            if frame is not None and frame.leaves():
                return True
        return False

    def _opened_from(self):
        """The index from which records stay since the newest segment was opened."""
        content = self.at(self.newest.sequence).first_frontier(self.newest.crc)
        if content.index_min is not None:
            return content.index_min
        last = self.newest.sequence
        for sequence in range(last - 1, max(last - SKIP_MAX - 2, -1), -1):
            header = self.live_header(sequence)
            index_min = self.at(sequence).index_min(header) if header is not None else None
            if index_min is not None:
                return index_min
        return None

    def _held_nothing(self):
        """Whether the following segment was passed over the lap before: no record is missing."""
        index_min = self._opened_from()
        for sequence in range(self.oldest + 1, self.newest.sequence + 1):
            first = self.first_leaf(sequence)
            if first is not None:
                return first == index_min
        return False

    def live_header(self, sequence):
        """The header of a segment in use: its own, or what an earlier one's NEXT promised."""
        header = self.own_header(sequence % self.image.count)
        if header is not None and header.sequence == sequence:
            return header
        if sequence == self.newest.sequence:
            return self.newest
        if sequence <= self.oldest:
            return None
        known = sequence - 1
        while known > self.oldest and self._own_live(known) is None:
            known -= 1
        header = self._own_live(known)
        if header is None:
            return None
        step = header
        while step is not None and step.sequence != sequence:
            step = self.at(step.sequence).promise(step)
        if step is not None or sequence - known - 1 > SKIP_MAX:
            return step
        promised = self.at(known).promise(header, sequence - known - 1)
        found = promised is not None and self.at(sequence).first_frontier(promised.crc)
        return promised if found else None

    def _own_live(self, sequence):
        header = self.own_header(sequence % self.image.count)
        return header if header is not None and header.sequence == sequence else None

    def _behind(self, sequence):
        """The first leaf of the segment that was opened behind this one."""
        if sequence == self.newest.sequence:
            return None
        first = self.first_leaf(sequence + 1)
        header = self.live_header(sequence)
        for skipped in range(1, SKIP_MAX + 1):
            if first is not None or header is None:
                return first
            if self.newest.sequence - sequence <= skipped:
                return None
            promised = self.at(sequence).promise(header, skipped)
            if promised is None:
                return None
            content = self.at(promised.sequence).first_frontier(promised.crc)
            first = content.size if content else None
        return first

    def first_leaf(self, sequence):
        header = self.live_header(sequence)
        content = header and self.at(sequence).first_frontier(header.crc)
        return content.size if content else None

    def _read_records(self):
        for sequence in range(self.oldest, self.newest.sequence + 1):
            header = self.live_header(sequence)
            if header is not None:
                self._read_segment(sequence, header)
        answer = self.answer
        answer.oldest = self.oldest
        answer.index_min = self.first_leaf(self.oldest)
        if answer.index_min is None:
            answer.index_min = self._announced_index_min()
        if answer.index_min is None:
            answer.index_min = min([answer.size] + [index for index, _ in answer.records[:1]])

    def _announced_index_min(self):
        """What was said of the oldest record when a segment was given up last."""
        if self.announced:
            # Segments may have been passed over behind it, but in a file.
            index = self.at(self.newest.sequence).index_min(self.newest)
            index = index if self.image.kind == FILE else None
        elif self.newest.sequence + 1 < self.image.count:
            index = 0
        else:
            index = None if self.spare else self._opened_from()
        return index if index is not None and index <= self.answer.size else None

    def _read_segment(self, sequence, header):
        """Numbers the records of a segment (R8)."""
        segment = self.at(sequence)
        following = self._behind(sequence)
        index = self.first_leaf(sequence)
        run = []  # leaves behind damage, whose numbers the next anchor tells
        frame = None
        for frame in segment.walk(header.crc, segment.first_frame):
            if frame is None or (index is None and frame.offset == segment.first_frame):
                index, run = None, []
            anchor = self._anchor(frame)
            if anchor is not None:
                self._number(run, anchor, following)
                index, run = anchor, []
            for leaf in frame.leaves() if frame else []:
                if index is None:
                    run.append(leaf)
                else:
                    self._deliver(index, leaf, following)
                    index += 1
        end = segment.first_frame if frame is None else frame.end
        if index is None and following is not None and not self._may_lack_end(end, sequence + 1):
            self._number(run, following, following)

    def _may_lack_end(self, end, sequence):
        """In a file: whether the first frame of the next segment would have had room at `end`."""
        if self.image.kind != FILE:
            return False
        segment, crc = self.at(sequence), self.live_header(sequence).crc
        frame = segment.frame(segment.frame(segment.first_frame, crc).end, crc)
        if frame is None:
            return True
        size = len(frame.payload)
        if frame.type in (BATCH, MORE):
            size = len(frame.leaves()[0]) if frame.leaves() else segment.frames_end
        need = segment.up(FRAME_BYTES + size + 2)
        return end < segment.frames_end and end + need <= segment.frames_end

    @staticmethod
    def _anchor(frame):
        if frame is not None and frame.is_gap():
            return struct.unpack_from("<Q", frame.payload, 2)[0]
        if frame is not None and frame.type == FRONTIER:
            return struct.unpack_from("<Q", frame.payload)[0]
        return None

    def _number(self, run, anchor, following):
        for i, leaf in enumerate(run):
            if anchor >= len(run):
                self._deliver(anchor - len(run) + i, leaf, following)

    def _deliver(self, index, leaf, following):
        if following is None or index < following:
            self.answer.records.append((index, leaf))


def read(image, segments=None):
    return Reader(image, segments).read()
