#!/usr/bin/env python3
"""usage: compare_images.py PROGRAM [ARGUMENT...]

Runs PROGRAM, which prints images of logs and what the library reads from them, and reads each of
them with log_image.py: both must agree. tests/model/log_images.cpp says how they are printed.
"""

import collections
import struct
import subprocess
import sys

import log_image

STATUS = {0: "ok", -9: "damaged", -10: "not_formatted", -11: "wrong_version"}
SEGMENTS_KEPT = 64


class Stream:
    def __init__(self, source):
        self.source = source

    def bytes(self, size):
        out = self.source.read(size)
        if len(out) != size:
            raise EOFError
        return out

    def take(self, form):
        return struct.unpack("<" + form, self.bytes(struct.calcsize("<" + form)))


def read_image(stream):
    unit, segment, count, kind, erased, log_id = stream.take("IIIBBI")
    content = stream.bytes(segment * count)
    (holes,) = stream.take("I")
    unreadable = frozenset(stream.take(f"{holes}I"))
    return log_image.Image(unit, segment, count, kind, erased, log_id, content, unreadable)


def read_answer(stream):
    """What the library says, by name."""
    (status,) = stream.take("b")
    out = {"status": STATUS.get(status, status)}
    if out["status"] not in ("ok", "damaged"):
        return out
    out["used"], out["size"], out["index_min"] = stream.take("QQQ")
    out["root"] = stream.bytes(32)
    (has_head,) = stream.take("?")
    out["head"] = None
    if has_head:
        out["head"] = stream.take("Q") + (stream.bytes(32), stream.bytes(64))
    (count,) = stream.take("I")
    out["records"] = []
    for _ in range(count):
        index, size = stream.take("QI")
        out["records"].append((index, stream.bytes(size)))
    return out


class Kept:
    """Segments that were read lately: one image differs from the next in few of them."""

    def __init__(self):
        self.segments = collections.OrderedDict()

    def segment(self, image, place):
        made = log_image.Segment(image, place)
        key = (image.unit, image.kind, image.erased, image.count, image.log_id, made.bytes,
               tuple(made.unreadable))
        kept = self.segments.setdefault(key, made)
        self.segments.move_to_end(key)
        if len(self.segments) > SEGMENTS_KEPT:
            self.segments.popitem(last=False)
        return kept


def own_answer(image, kept):
    segments = [kept.segment(image, place) for place in range(image.count)]
    answer = log_image.read(image, segments)
    if answer.status not in ("ok", "damaged"):
        return {"status": answer.status}
    used = (answer.sequence - answer.oldest) * image.segment + answer.end
    return {"status": answer.status, "used": used, "size": answer.size,
            "index_min": answer.index_min, "root": answer.root, "head": answer.head,
            "records": answer.records}


def main():
    kept, counts, differences = Kept(), collections.Counter(), 0
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE) as program:
        stream = Stream(program.stdout)
        while mark := program.stdout.read(4):
            name = stream.bytes(struct.unpack("<I", mark)[0]).decode()
            image, theirs = read_image(stream), read_answer(stream)
            ours = own_answer(image, kept)
            counts[theirs["status"]] += 1
            for key in theirs:
                if ours.get(key) != theirs[key]:
                    differences += 1
                    print(f"{name}: {key}: library {theirs[key]}, model {ours.get(key)}")
                    break
    print(f"{sum(counts.values())} images: {dict(counts)}, {differences} differences")
    # The images must be such that reading them wrongly would show.
    enough = counts["ok"] >= 1000 and counts["damaged"] >= 100
    return 0 if program.returncode == 0 and differences == 0 and enough else 1


sys.exit(main())
