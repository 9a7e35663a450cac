#!/usr/bin/env python3
"""Takes cairn's notes apart and has OpenSSL verify the signatures.

usage: openssl.py FILE WORK-FOLDER
"""
import base64
import json
import subprocess
import sys

ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")


def verify(entry, folder):
    key = base64.b64decode(entry["vkey"].split("+", 2)[2])
    text, signatures = entry["note"].rsplit("\n\n", 1)
    signature = base64.b64decode(signatures.split(" ")[2])[4:]
    files = {"text": (text + "\n").encode(), "signature": signature,
             "spki": (ED25519_SPKI if key[0] == 1 else b"") + key[1:]}
    for name, content in files.items():
        with open(f"{folder}/{name}", "wb") as out:
            out.write(content)
    if key[0] == 1:
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey",
                   f"{folder}/spki", "-rawin", "-in", f"{folder}/text", "-sigfile",
                   f"{folder}/signature"]
    else:
        command = ["openssl", "dgst", "-sha256", "-verify", f"{folder}/spki", "-keyform", "DER",
                   "-signature", f"{folder}/signature", f"{folder}/text"]
    return subprocess.run(command, capture_output=True).returncode == 0


path, folder = sys.argv[1:]
with open(path, encoding="utf-8") as source:
    notes = json.load(source)["keys"]
wrong = [n for n in notes if verify(n, folder) != n["ok"]]
print(f"{path}: {len(notes)} notes judged by OpenSSL, {len(wrong)} wrongly")
for note in wrong:
    print("judged wrongly:", note, file=sys.stderr)
sys.exit(1 if wrong or len(notes) < 20 else 0)
