// c2sp.org/tlog-proof@v1: the text form of one leaf's proof. Verifying one is in
// evidence_verify.cpp.
#include "cairn/evidence.hpp"
#include "proof_lines.hpp"

namespace cairn {
namespace {

constexpr char format_name[] = "c2sp.org/tlog-proof@";
constexpr char format_version[] = "v1";

// Takes `word` off the front of `line`.
bool take_word(ByteView& line, ByteView word) {
  if (!equal(line.part(0, word.size), word)) return false;
  line = line.part(word.size);
  return true;
}

}  // namespace

Status parse_tlog_proof(ByteView text, TlogProof& out, ProofBuffer& hashes, Fault* fault) {
  out = {};
  hashes.count = 0;
  ByteView rest = text;
  ByteView line;
  size_t number = 1;
  if (!take_line(rest, line) || !take_word(line, literal(format_name))) {
    return reject(fault, Field::header, number);
  }
  if (!equal(line, literal(format_version))) {
    (void)reject(fault, Field::header, number);
    return Status::wrong_version;
  }

  ++number;
  if (!take_line(rest, line)) return reject(fault, Field::index, number);
  if (take_word(line, literal("extra "))) {
    if (base64_decoded_size(line).value_or(0) == 0) return reject(fault, Field::extension, number);
    out.extra = line;
    ++number;
    if (!take_line(rest, line)) return reject(fault, Field::index, number);
  }
  if (!take_word(line, literal("index "))) return reject(fault, Field::index, number);
  const Result<uint64_t> index = parse_decimal(line);
  if (!index.ok()) return reject(fault, Field::index, number);
  out.index = index.value;

  CAIRN_TRY(take_hash_lines(rest, number, proof_hashes_max, hashes, fault));
  out.checkpoint = rest;
  Note note;
  Checkpoint checkpoint;
  return parse_note_behind(number, rest, note, checkpoint, fault);
}

Result<size_t> format_tlog_proof(const TlogProof& tlog_proof, ProofView hashes, MutableBytes out) {
  Writer writer(out);
  writer.put(literal(format_name));
  writer.put(literal(format_version));
  if (!tlog_proof.extra.empty()) {
    writer.put(literal("\nextra "));
    writer.put(tlog_proof.extra);
  }
  writer.put(literal("\nindex "));
  writer.put_decimal(tlog_proof.index);
  writer.put('\n');
  put_hash_lines(writer, hashes);
  writer.put('\n');
  writer.put(tlog_proof.checkpoint);
  return writer.finish();
}

}  // namespace cairn
