// merkletreejs over Node's own SHA-256. Prints what it is, then for each line read ("append",
// "prove", "verify") the nanoseconds of CPU time of one operation. It cannot add to a tree without
// building it anew, so "append" is building one, divided by its leaves.
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const { MerkleTree } = require("merkletreejs");
const { version } = JSON.parse(
  fs.readFileSync(__dirname + "/node_modules/merkletreejs/package.json"),
);

const leafCount = 1 << 17;
const buildCount = 1 << 13;
const proofCount = 64;

const sha256 = (data) => crypto.createHash("sha256").update(data).digest();
const record = (i) => {
  const out = Buffer.alloc(32);
  out.writeUInt32BE(i);
  return out;
};
const records = (count) => Array.from({ length: count }, (_, i) => record(i));

const some = records(buildCount);
const leaves = records(leafCount).map(sha256);
const tree = new MerkleTree(leaves, sha256);
const root = tree.getRoot();
const index = Array.from({ length: proofCount }, (_, i) => (i * 61195) % leafCount);
const proofs = index.map((at) => tree.getProof(leaves[at], at));

const operations = {
  append() {
    new MerkleTree(some.map(sha256), sha256).getRoot();
    return buildCount;
  },
  prove() {
    for (const at of index) tree.getProof(leaves[at], at);
    return proofCount;
  },
  verify() {
    proofs.forEach((proof, i) => {
      if (!tree.verify(proof, leaves[index[i]], root)) process.exit(1);
    });
    return proofCount;
  },
};

function readLine() {
  const byte = Buffer.alloc(1);
  let out = "";
  while (fs.readSync(0, byte, 0, 1) === 1) {
    if (byte[0] === 10) return out;
    out += String.fromCharCode(byte[0]);
  }
  return null;
}

fs.writeSync(1, `merkletreejs ${version}, Node ${process.versions.node}\n`);
for (let line = readLine(); line !== null; line = readLine()) {
  if (!(line in operations)) process.exit(2);
  const before = process.cpuUsage();
  let used = 0;
  let count = 0;
  while (used < 4000) {
    count += operations[line]();
    const now = process.cpuUsage(before);
    used = now.user + now.system;
  }
  fs.writeSync(1, `${(used * 1000) / count}\n`);
}
