"""Worst-case stack by call, from the call graphs that GCC writes with -fcallgraph-info=su.

A figure is the sum of the frames on the deepest path through the library and what it is built with,
were it ever taken. A call through a pointer is counted as the deepest function that cairn itself
may have put there: nodes of a log's tree where a proof is built, and everywhere else the built-in
hash. Functions that call nothing but the application's flash, clock, entropy, signer or verifier
end there: that one's own stack comes on top. libc and libgcc have no data: a call of theirs counts
as the most that one takes of those that are linked. Recursion has no figure, and neither has a
function that is in no graph.
"""
import pathlib
import re

NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
FRAME = re.compile(r"(\d+) bytes \((static|dynamic,bounded)\)")
INDIRECT = "__indirect_call"
# What a caller's pointers may lead to; the first that fits.
POINTERS = [(re.compile(caller), re.compile(callee)) for caller, callee in (
    (r"c_api_proof_build\.cpp:.*ask", r"c_api_log\.cpp:.*node"),
    (r"/proof_build\.cpp:|Prover", r"c_api_proof_build\.cpp:.*ask|log_node\.cpp:.*nodes"),
    (r"", r"Sha256Stream"))]
# These call the application's alone, and the last one memset().
APPLICATION = re.compile(r"_ZN5cairn(9LogReader(4load|8is_blank)E"
                         r"|9LogWriter(4sync|5erase|7program|9make_firm|9new_nonce)E"
                         r"|(12monotonic_ms|9wall_time)E|8try_signE|6verifyERKNS_9VerifiersE)"
                         r"|^mbedtls_platform_zeroize$")
# libc, what the compiler calls by itself, and the application's entropy.
NO_DATA = re.compile(r"mem(cpy|move|set|cmp)|__\w+|cairn_cortex_m_entropy")
NO_DATA_BYTES = 28  # __aeabi_lmul() of an M0+; memcpy() pushes 20 there
# A complete object's constructor and that of a base are one function, under two names.
ALIAS = re.compile(r"(?<=[CD])1(?=E)")


class Graph:
    def __init__(self, *folders):
        self.frames, self.calls, self.depths = {}, {}, {}
        for folder in folders:
            for path in pathlib.Path(folder).rglob("*.ci"):
                self.read(path)
            if not self.frames:
                raise SystemExit(f"no call graph in {folder}: build with -fcallgraph-info=su")

    def read(self, path):
        text = path.read_text(errors="replace")
        for title, label in NODE.findall(text):
            frame = FRAME.search(label)
            if frame:
                self.frames[title] = int(frame.group(1))
            elif " bytes (" in label:
                raise SystemExit(f"{title}: a frame whose size is not known")
        for source, target in EDGE.findall(text):
            self.calls.setdefault(source, set()).add(target)

    def callees(self, title):
        for call in self.calls.get(title, ()):
            if call == INDIRECT and APPLICATION.search(title):
                continue
            if call == INDIRECT:
                callee = next(callee for caller, callee in POINTERS if caller.search(title))
                found = [known for known in self.frames if callee.search(known)]
                if not found:
                    raise SystemExit(f"{title} calls a pointer: nothing is like {callee.pattern}")
                yield from found
            elif not self.has_no_data(call):
                yield call

    def has_no_data(self, call):
        return call not in self.frames and NO_DATA.fullmatch(call) is not None

    def depth(self, title, path):
        if title not in self.frames:
            title = ALIAS.sub("2", title)
        if title not in self.frames:
            raise SystemExit(f"{path[-1]} calls {title}, which is in no call graph")
        if title in path:
            raise SystemExit(f"recursion: {' > '.join(path)} > {title}")
        if title not in self.depths:
            inner = [self.depth(call, path + (title,)) for call in self.callees(title)]
            inner += [NO_DATA_BYTES for call in self.calls.get(title, ())
                      if call != INDIRECT and self.has_no_data(call)]
            self.depths[title] = self.frames[title] + max(inner, default=0)
        return self.depths[title]

    def of(self, function):
        if function not in self.frames:
            raise SystemExit(f"{function} is not in the call graph")
        return self.depth(function, ())

    def only(self, pattern):
        """The one function whose name has this."""
        title, = (title for title in self.frames if re.search(pattern, title))
        return title

    def public(self):
        """The functions of the C interface."""
        return sorted(title for title in self.frames if re.fullmatch(r"cairn_[a-z0-9_]+", title))
