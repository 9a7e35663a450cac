"""Worst-case stack by call, from the call graphs that GCC writes with -fcallgraph-info=su.

A figure is the sum of the frames on the deepest path through the library. Calls through pointers
are of two kinds: to the built-in hash, the deepest of the library's own, which is what every one of
them is counted as; and to the application's flash, clock and signer, whose own stack comes on top.
libc and libgcc have no data; their frames are a few words. Recursion has no figure.
"""
import pathlib
import re

NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
FRAME = re.compile(r"(\d+) bytes \((static|dynamic,bounded)\)")
INDIRECT = "__indirect_call"


class Graph:
    def __init__(self, folder):
        self.frames, self.calls, self.depths = {}, {}, {}
        for path in pathlib.Path(folder).rglob("*.ci"):
            text = path.read_text(errors="replace")
            for title, label in NODE.findall(text):
                frame = FRAME.search(label)
                if frame:
                    self.frames[title] = int(frame.group(1))
                elif " bytes (" in label:
                    raise SystemExit(f"{title}: a frame whose size is not known")
            for source, target in EDGE.findall(text):
                self.calls.setdefault(source, set()).add(target)
        if not self.frames:
            raise SystemExit(f"no call graph in {folder}: build with -fcallgraph-info=su")
        hashes = [title for title in self.frames if re.search(r"Sha256Stream", title)]
        self.hash_depth = max(self.depth(title, ()) for title in hashes)
        self.depths.clear()

    def depth(self, title, path):
        if title == INDIRECT:
            return getattr(self, "hash_depth", 0)
        if title not in self.frames:
            return 0
        if title in path:
            raise SystemExit(f"recursion: {' > '.join(path)} > {title}")
        if title not in self.depths:
            inner = [self.depth(call, path + (title,)) for call in self.calls.get(title, ())]
            self.depths[title] = self.frames[title] + max(inner, default=0)
        return self.depths[title]

    def of(self, function):
        if function not in self.frames:
            raise SystemExit(f"{function} is not in the call graph")
        return self.depth(function, ())
