// What reports say, without their encoding.
#include "cairn/report.hpp"

#include "mem.hpp"

namespace cairn {

Status extend_frontier(const Report& report, Frontier& frontier) {
  const bool subtrees = report.content == ReportContent::subtrees;
  if (!subtrees && report.content != ReportContent::hashes) return Status::bad_argument;
  const uint64_t held = frontier.size();
  if (report.first > held || (subtrees && report.first != held)) return Status::not_found;
  const size_t count = report.bytes.size / digest_bytes;
  for (uint64_t i = held - report.first; i < count; ++i) {
    const unsigned level = subtrees ? cover_level(frontier.size(), report.checkpoint.size) : 0;
    Digest hash;
    copy(hash.bytes, report.bytes.data + i * digest_bytes, digest_bytes);
    CAIRN_TRY(frontier.append_subtree(level, hash));
  }
  return Status::ok;
}

Result<size_t> rebuild_cosignature(const ReportAnswer& answer, const NoteKey& witness,
                                   MutableBytes out) {
  if (witness.type != NoteType::cosignature || !answer.has_cosignature ||
      answer.key_id != key_id(witness)) {
    return Status::bad_argument;
  }
  return format_signature_line(witness, answer.cosignature, answer.time, out);
}

}  // namespace cairn
