"""What is counted of a Cortex-M: images, calls, steps, and the goals for them."""
CORES = {"m0plus": "M0+", "m3": "M3", "m4": "M4", "m33": "M33"}
KIB = 1024

# The boards run at these clocks, of which SysTick counts a tick each; -icount takes a nanosecond
# for an instruction.
BOARDS = {"m0plus": ("microbit", 16_000_000), "m3": ("mps2-an385", 25_000_000),
          "m4": ("mps2-an386", 25_000_000), "m33": ("mps2-an505", 20_000_000)}

IMAGES = {
    "core": "recorder, without a cryptographic library",
    "reporter": "recorder and reporter, without a cryptographic library",
    "p256": "recorder, P-256 by PSA Crypto",
    "ed25519": "recorder, Ed25519 by libsodium",
    "verify": "verify-only, Ed25519 by libsodium",
    "core_steps": "recorder, without a cryptographic library, with bounded work",
}
# These are also optimised when they are linked (-flto).
LINK_OPTIMISED = ("core", "reporter", "p256", "ed25519", "verify")
IMAGES |= {f"{image}_lto": IMAGES[image] + ", -flto" for image in LINK_OPTIMISED}
CALLS = {
    "append": "append a record of 32 bytes",
    "seal": "seal, without the signature",
    "create": "create",
    "open": "open, 66 records in the newest segment",
    "maintain": "maintain, nothing to do",
    "checkpoint": "signed checkpoint as text",
    "air-checkpoint": "checkpoint for the air",
    "read": "read a record back",
    "build-inclusion": "build an inclusion proof from flash",
    "verify-inclusion": "verify an inclusion proof of 20 hashes",
    "hash-leaf": "hash of a leaf of 32 bytes",
    "hash-node": "hash of a node",
    "p256/signer": "P-256 signer made of a key: its public key, and a signature on trial",
    "p256/sign": "P-256 signature",
    "p256/verify": "P-256 verification",
    "ed25519/signer": "Ed25519 signer made of a seed",
    "ed25519/sign": "Ed25519 signature",
    "ed25519/verify": "Ed25519 verification",
}
# The longest unit of an operation in steps, and how many it takes.
STEPS = {
    "step/open": "open, 66 records in the newest segment",
    "step/append": "append a record of 32 bytes, with six nodes",
    "step/seal": "seal, the signature excepted",
    "step/maintain": "maintain, a segment prepared",
    "step/ring": "300 appends, round a ring and over its oldest records",
    "step/open-torn": "open behind a torn write",
    "step/append-torn": "the first append behind it",
    "step/open-blank": "open memory that nobody has written",
}
# What beginning to open takes, which no budget counts.
BEGINS = {
    "begin/open": "begin to open, by a name of 19 bytes",
    "begin/open-longest": "begin to open, by the longest name, of 255",
}
# What bounded work costs who does not use it: of a build that has it.
BOTH_WAYS = ("append", "seal", "open")
# What the calls that were measured may take at most, by the compiler's call graph.
FUNCTIONS = {
    "append": ["cairn_recorder_append"],
    "seal": ["cairn_recorder_seal"],
    "create": ["cairn_recorder_create"],
    "open": ["cairn_recorder_open"],
    "maintain": ["cairn_log_maintain"],
    "checkpoint": ["cairn_recorder_checkpoint"],
    "air-checkpoint": ["cairn_recorder_air_checkpoint", "cairn_encode_air_checkpoint"],
    "read": ["cairn_log_read"],
    "build-inclusion": ["cairn_build_inclusion"],
    "verify-inclusion": ["cairn_verify_inclusion"],
    "hash-leaf": ["cairn_leaf_hash"],
    "hash-node": ["cairn_node_hash"],
}
STEP_FUNCTION = "cairn_steps_do"
# What a signature adds to that: of a library, and cairn's adapter of it.
SIGNERS = {"p256": ("CMakeFiles/cairn_mbedcrypto.dir", "src/CMakeFiles/cairn_psa.dir"),
           "ed25519": ("CMakeFiles/cairn_libsodium.dir", "src/CMakeFiles/cairn_sodium.dir")}
BEGIN_FUNCTION = "cairn_steps_begin_open"
# What was measured includes what makes the call: its registers, and arguments that go by the stack.
CALLER_BYTES = 32
# A function that may take more stack than the goal is named on the page.
STACK_GOAL = 1 * KIB


def goals(core):
    """Name of a figure, what it is, unit, limit and what others take."""
    small = core == "m0plus"
    return [
        ("rom/core", "ROM: " + IMAGES["core"], "B", (14 if small else 12) * KIB,
         {"littlefs alone": 15462}),
        ("rom/core_lto", "the same, optimised when it is linked (-flto)", "B",
         (14 if small else 12) * KIB, {"littlefs alone": 15462}),
        ("rom/p256", "ROM: " + IMAGES["p256"], "B", 26 * KIB, {"BoAT, at least": 210 * KIB}),
        ("ram/p256", "static RAM: " + IMAGES["p256"], "B", 3 * KIB, {"BoAT, at least": 10 * KIB}),
        ("heap/p256", "functions of a heap in it", "functions", 0, {"BoAT": "a heap"}),
        ("rom/ed25519", "ROM: " + IMAGES["ed25519"], "B", 78 * KIB, {}),
        ("rom/verify", "ROM: " + IMAGES["verify"], "B", 28 * KIB, {}),
        ("ram/recorder", "recorder, of up to 2^32 records", "B", 1.25 * KIB, {}),
        ("worst-stack/any", "deepest stack of any call, besides a signature's", "B", STACK_GOAL,
         {}),
        ("instructions/append", CALLS["append"] + ", hashing included", "instructions",
         15500 if small else 6800, {"hashing by mbedTLS": 21600 if small else 9650}),
        ("signatures", "signatures of 1,024 records, unless asked for: one for 64 to 256",
         "signatures", 16, {"one a record": 1024}),
    ]
