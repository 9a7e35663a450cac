// Judges what cairn has made with verifiers from npm: Sigstore's checkpoint and inclusion checks,
// and noble's signatures. Exit status 1 when any verdict is unexpected.
//
//   node check.js FILE
'use strict';
const { createHash, createPublicKey } = require('crypto');
const fs = require('fs');
const path = require('path');
const { ed25519 } = require('@noble/curves/ed25519');
const { p256 } = require('@noble/curves/p256');

const sigstore = path.dirname(require.resolve('@sigstore/verify'));
const { verifyCheckpoint } = require(sigstore + '/tlog/checkpoint.js');
const { verifyMerkleInclusion } = require(sigstore + '/tlog/merkle.js');

const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const sha256 = (data) => createHash('sha256').update(data).digest();

function parseVkey(vkey) {
  const [name, id, key] = vkey.split('+', 2).concat(vkey.split('+').slice(2).join('+'));
  const bytes = Buffer.from(key, 'base64');
  const isEd25519 = bytes[0] === 1;
  const spki = isEd25519 ? Buffer.concat([ED25519_SPKI, bytes.subarray(1)]) : bytes.subarray(1);
  return { name, id, isEd25519, spki, raw: bytes.subarray(1) };
}

function attempt(check) {
  try {
    return check() !== false;
  } catch (error) {
    return false;
  }
}

function sigstoreAccepts(entry) {
  const key = parseVkey(entry.vkey);
  const logID = Buffer.concat([Buffer.from(key.id, 'hex'), Buffer.alloc(28)]);
  const publicKey = createPublicKey({ key: key.spki, format: 'der', type: 'spki' });
  return attempt(() =>
    verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: entry.note } } },
                     [{ logID, baseURL: 'https://' + key.name, publicKey }]));
}

function nobleAccepts(entry) {
  const key = parseVkey(entry.vkey);
  const split = entry.note.lastIndexOf('\n\n') + 1;
  const text = Buffer.from(entry.note.slice(0, split));
  const line = entry.note.slice(split + 1).trimEnd().split(' ');
  const blob = Buffer.from(line[2], 'base64');
  if (blob.subarray(0, 4).toString('hex') !== key.id) return false;
  const signature = blob.subarray(4);
  if (key.isEd25519) return attempt(() => ed25519.verify(signature, text, key.raw));
  const point = key.spki.subarray(key.spki.length - 65);
  const parsed = () => p256.Signature.fromDER(signature);
  return attempt(() => p256.verify(parsed(), sha256(text), point, { lowS: false }));
}

function inclusionAccepted(file, entry) {
  const hashes = entry.proof.map((text) => Buffer.from(text, 'hex'));
  const proof = { logIndex: String(entry.index), hashes };
  const body = Buffer.from(file.leaves[entry.index], 'hex');
  const checkpoint = { logSize: BigInt(entry.size), logHash: Buffer.from(entry.root, 'hex') };
  return attempt(() =>
    verifyMerkleInclusion({ inclusionProof: proof, canonicalizedBody: body }, checkpoint));
}

const file = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
let count = 0;
let wrong = 0;
function judge(got, entry, by) {
  count += 1;
  if (got === entry.ok) return;
  wrong += 1;
  console.error(`judged wrongly by ${by}: ${JSON.stringify(entry)}`);
}
for (const entry of file.keys) {
  judge(sigstoreAccepts(entry), entry, '@sigstore/verify');
  judge(nobleAccepts(entry), entry, '@noble/curves');
}
for (const entry of file.inclusion) judge(inclusionAccepted(file, entry), entry, '@sigstore/verify');
console.log(`${process.argv[2]}: ${count} items judged, ${wrong} wrongly`);
process.exit(wrong === 0 && count > 100 ? 0 : 1);
