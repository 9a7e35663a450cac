// A gateway for one log, as docs/format.md, "Reports", has it: small, honest, and in memory. It
// keeps what it has been told, so that a test can compare.
#pragma once

#include <cairn/report.hpp>
#include <map>
#include <optional>
#include <vector>

#include "support/vectors.hpp"

namespace report_gateway {

using vectors::Bytes;

/// What it has cosigned: this it never forgets.
struct Stored {
  uint64_t size = 0;
  cairn::Digest root = cairn::empty_root;
  cairn::Frontier frontier;
  std::map<uint64_t, Bytes> records;  ///< by index
};

class Gateway {
 public:
  cairn::NoteKey log{};  ///< whose checkpoints it cosigns
  cairn::Verifiers verifiers;
  cairn::Signer cosigner{};
  std::string name = "gateway.example/w";
  uint64_t time_s = 1700000000;
  Stored stored;
  std::map<uint64_t, cairn::Digest> cosigned;  ///< every head that it ever cosigned
  cairn::Digest beacon{};
  bool has_beacon = false;
  size_t refusals = 0;
  std::optional<cairn::ReportCode> only;  ///< says nothing but this

  /// A start: what is provisional is forgotten.
  void restart() {
    held_ = stored;
    partial_.clear();
    drop_head();
  }
  /// A start without the content, of which a gateway may keep none.
  void forget() {
    stored.frontier = {};
    stored.records.clear();
    restart();
  }

  Bytes handle(const Bytes& message) {
    cairn::Report report;
    cairn::ReportAnswer answer;
    if (only) {
      answer.code = *only;
    } else if (cairn::decode_report(vectors::view(message), report) == cairn::Status::ok) {
      answer = judge(report);
    }
    Bytes out(cairn::report_answer_bytes_max);
    const auto size = cairn::encode_report_answer(answer, {out.data(), out.size()});
    REQUIRE(size.status == cairn::Status::ok);
    out.resize(size.value);
    return out;
  }

 private:
  using Code = cairn::ReportCode;

  uint64_t held() const { return held_.frontier.size(); }

  cairn::ReportAnswer judge(const cairn::Report& report) {
    if (report.checkpoint.key_id != cairn::key_id(log)) return plain(Code::unknown_log);
    bool taken = true;
    switch (report.content) {
      case cairn::ReportContent::none:
        if (!report.checkpoint.has_signature) return place(Code::conflict, &report);
        break;
      case cairn::ReportContent::records:
        taken = take_records(report);
        break;
      case cairn::ReportContent::hashes:
        taken = report.first <= held();
        if (taken) take_hashes(report);
        break;
      case cairn::ReportContent::subtrees:
        taken = take_subtrees(report);
        break;
      case cairn::ReportContent::head:
        return take_piece(report);
    }
    if (!taken) return place(Code::conflict);
    if (wrong_) return refuse(Code::inconsistent);
    if (report.checkpoint.has_signature) return take_head(report.checkpoint);
    return place(Code::accepted);
  }

  bool take_records(const cairn::Report& report) {
    if (report.first > held()) return false;
    if (report.first == held() && report.offset > partial_.size()) return false;
    cairn::PackedRecords records(report);
    cairn::ReportRecord record;
    while (records.next(record) == cairn::Status::ok) {
      if (record.index != held()) continue;
      const size_t known = partial_.size() - record.offset;
      const cairn::ByteView fresh = record.bytes.part(known);
      partial_.insert(partial_.end(), fresh.begin(), fresh.end());
      if (partial_.size() < record.size_bytes) break;
      held_.records[record.index] = partial_;
      append(0, cairn::leaf_hash(vectors::view(partial_)));
    }
    return true;
  }

  void take_hashes(const cairn::Report& report) {
    for (uint64_t i = held() - report.first; i < report.bytes.size / 32; ++i)
      append(0, hash_at(report, i));
  }

  bool take_subtrees(const cairn::Report& report) {
    if (report.first == stored.size && held() > stored.size) restart();
    if (report.first != held()) return false;
    for (size_t i = 0; i < report.bytes.size / 32; ++i)
      append(cairn::cover_level(held(), report.checkpoint.size), hash_at(report, i));
    return true;
  }

  static cairn::Digest hash_at(const cairn::Report& report, uint64_t i) {
    cairn::Digest hash;
    std::copy_n(report.bytes.data + i * 32, 32, hash.bytes);
    return hash;
  }

  void append(unsigned level, const cairn::Digest& hash) {
    REQUIRE(held_.frontier.append_subtree(level, hash) == cairn::Status::ok);
    partial_.clear();
    if (held() == stored.size && held_.frontier.root() != stored.root) wrong_ = true;
  }

  cairn::ReportAnswer take_piece(const cairn::Report& report) {
    const uint64_t size = report.checkpoint.size;
    if (size != held() && size != stored.size) return place(Code::conflict);
    const bool anew = report.offset == 0 ? head_begin_ != 0 : head_.empty() && report.offset == 32;
    if (size != head_size_ || anew) {
      drop_head();
      if (report.offset != 0 && report.offset != 32) return place(Code::conflict);
      head_size_ = size;
      head_begin_ = report.offset;
    }
    const size_t end = head_begin_ + head_.size();
    if (report.offset > end || report.offset < head_begin_) return place(Code::conflict);
    const cairn::ByteView fresh = report.bytes.part(end - report.offset);
    head_.insert(head_.end(), fresh.begin(), fresh.end());
    if (head_begin_ + head_.size() < cairn::report_head_bytes) return place(Code::accepted);
    cairn::AirCheckpoint air = report.checkpoint;
    air.has_root = head_begin_ == 0;
    if (air.has_root) std::copy_n(head_.begin(), 32, air.root.bytes);
    air.has_signature = true;
    air.algorithm = log.key.algorithm;
    std::copy(head_.end() - 64, head_.end(), air.signature.bytes);
    drop_head();
    return take_head(air);
  }

  cairn::ReportAnswer take_head(const cairn::AirCheckpoint& air) {
    if (air.size < stored.size || (air.size != held() && air.size != stored.size)) {
      return place(Code::conflict);
    }
    const cairn::Digest root = air.size == stored.size ? stored.root : held_.frontier.root();
    uint8_t note[cairn::signed_checkpoint_bytes_max];
    const auto size = cairn::rebuild_checkpoint(air, log.name, log, &root, note);
    if (!size.ok()) return refuse(Code::not_signed);
    cairn::Checkpoint checkpoint;
    if (cairn::open_checkpoint({note, size.value}, log, verifiers, checkpoint) !=
        cairn::Status::ok) {
      return refuse(Code::not_signed);
    }
    if (checkpoint.root != root) return refuse(Code::inconsistent);
    if (air.size == held()) {
      held_.size = air.size;
      held_.root = root;
      stored = held_;
      const auto [known, is_new] = cosigned.insert({air.size, root});
      REQUIRE((is_new || known->second == root));
    }
    cairn::ReportAnswer answer = plain(Code::cosigned);
    cosign(answer);
    answer.has_beacon = has_beacon;
    answer.beacon = beacon;
    return answer;
  }

  void cosign(cairn::ReportAnswer& answer) {
    uint8_t text[400], message[500];
    const auto size = cairn::format_checkpoint({log.name, stored.size, stored.root, {}}, text);
    REQUIRE(size.ok());
    ++time_s;
    const std::string head = "cosignature/v1\ntime " + std::to_string(time_s) + "\n";
    std::copy(head.begin(), head.end(), message);
    std::copy_n(text, size.value, message + head.size());
    answer.has_cosignature = true;
    answer.key_id = cairn::key_id(
        cairn::note_key(vectors::view(name), cairn::NoteType::cosignature, cosigner.public_key));
    answer.time = time_s;
    REQUIRE(cairn::sign(cosigner, {message, head.size() + size.value}, answer.cosignature) ==
            cairn::Status::ok);
  }

  cairn::ReportAnswer plain(Code code) const {
    cairn::ReportAnswer answer;
    answer.code = code;
    answer.size = stored.size;
    return answer;
  }

  cairn::ReportAnswer place(Code code, const cairn::Report* asks = nullptr) {
    cairn::ReportAnswer answer = plain(code);
    answer.held = held();
    answer.offset = static_cast<uint32_t>(partial_.size());
    if (head_size_ == held() && !head_.empty()) {
      answer.offset = static_cast<uint32_t>(head_begin_ + head_.size());
    }
    if (asks != nullptr && asks->checkpoint.size < stored.size) {
      answer.has_root = true;
      answer.root = stored.root;
      cosign(answer);
    }
    return answer;
  }

  cairn::ReportAnswer refuse(Code code) {
    ++refusals;
    wrong_ = false;
    restart();
    return plain(code);
  }

  void drop_head() {
    head_.clear();
    head_size_ = 0;
    head_begin_ = 0;
  }

  Stored held_;    // with what is provisional
  Bytes partial_;  // of the record behind it
  Bytes head_;     // pieces
  uint64_t head_size_ = 0;
  uint32_t head_begin_ = 0;
  bool wrong_ = false;  // the content contradicts what was cosigned
};

}  // namespace report_gateway
