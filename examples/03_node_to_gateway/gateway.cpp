// usage: example_03_gateway KEY-FILE STATE-FILE LOG-VKEY
//
// The other end of the link, as small as it can be: one log, records only, messages as lines of
// hexadecimal digits. It cosigns heads with the key of KEY-FILE, keeps the newest in STATE-FILE,
// and holds what the records come to while it runs. A start forgets that, and the device sends it
// again.
#include <cairn/linux/verifiers.hpp>
#include <cairn/linux/witness_file.hpp>
#include <cairn/report.hpp>
#include <ctime>
#include <iostream>

#include "lines.hpp"

using namespace cairn;

namespace {

class Gateway {
 public:
  host::Error open(const std::string& key, const std::string& state, const std::string& vkey) {
    if (host::Error error = key_.load(key); !error.ok()) return error;
    if (host::Error error = state_.open(state, {vkey}); !error.ok()) return error;
    if (host::Error error = vkey_.parse(vkey, "the log's key"); !error.ok()) return error;
    log_ = vkey_.key;
    const WitnessStore store = state_.store();
    return {store.get(store.user, log_.name, cosigned_), "the state cannot be read"};
  }

  ReportAnswer answer_to(const Message& message) {
    Report report;
    if (decode_report({message.data(), message.size()}, report) != Status::ok) {
      return plain(ReportCode::malformed);
    }
    if (report.checkpoint.key_id != key_id(log_)) return plain(ReportCode::unknown_log);
    if (report.content == ReportContent::none && !report.checkpoint.has_signature) {
      return asked(report);
    }
    const bool records = report.content == ReportContent::records;
    if (records ? !take(report) : report.content != ReportContent::none) {
      return place(ReportCode::conflict);
    }
    return report.checkpoint.has_signature ? judge(report.checkpoint) : place(ReportCode::accepted);
  }

 private:
  // Records that are new are hashed; one that is cut waits for its end.
  bool take(const Report& report) {
    if (report.first > held_.size()) return false;
    if (report.first == held_.size() && report.offset > part_.size()) return false;
    PackedRecords records(report);
    ReportRecord record;
    while (records.next(record) == Status::ok) {
      if (record.index != held_.size()) continue;
      const ByteView fresh = record.bytes.part(part_.size() - record.offset);
      part_.insert(part_.end(), fresh.begin(), fresh.end());
      if (part_.size() < record.size_bytes) break;
      if (held_.append(leaf_hash({part_.data(), part_.size()})) != Status::ok) return false;
      part_.clear();
      if (held_.size() == cosigned_.size) held_is_right_ = held_.root() == cosigned_.root;
    }
    return true;
  }

  ReportAnswer judge(const AirCheckpoint& head) {
    const bool again = head.size == cosigned_.size;
    if (head.size < cosigned_.size || (!again && head.size != held_.size())) {
      return place(ReportCode::conflict);
    }
    const Digest root = again ? cosigned_.root : held_.root();
    uint8_t note[signed_checkpoint_bytes_max];
    const Result<size_t> size = rebuild_checkpoint(head, log_.name, log_, &root, note);
    Checkpoint checkpoint;
    if (!size.ok() || open_checkpoint({note, size.value}, log_, host::all_verifiers(),
                                      checkpoint) != Status::ok) {
      return refuse(ReportCode::not_signed);
    }
    if (checkpoint.root != root || !held_is_right_) return refuse(ReportCode::inconsistent);
    const WitnessState next = {head.size, root};
    const WitnessStore store = state_.store();
    if (store.compare_and_set(store.user, log_.name, cosigned_, next, {note, size.value}) !=
        Status::ok) {
      return plain(ReportCode::unavailable);
    }
    cosigned_ = next;
    return cosign(plain(ReportCode::cosigned));
  }

  // With the size that was cosigned, and for a device that has less, the proof of it.
  ReportAnswer asked(const Report& report) {
    ReportAnswer answer = place(ReportCode::conflict);
    if (report.checkpoint.size >= cosigned_.size) return answer;
    answer.has_root = true;
    answer.root = cosigned_.root;
    return cosign(answer);
  }

  ReportAnswer cosign(ReportAnswer answer) {
    uint8_t text[400], line[500], blob[76];
    const Result<size_t> size =
        format_checkpoint({log_.name, cosigned_.size, cosigned_.root, {}}, text);
    answer.time = static_cast<uint64_t>(std::time(nullptr));
    const Result<size_t> line_size =
        sign_note({text, size.value}, {key_.name().data(), key_.name().size()},
                  NoteType::cosignature, key_.signer(), answer.time, line);
    NoteSignature signature;
    SignatureLines lines(ByteView{line, line_size.value});
    if (!size.ok() || !line_size.ok() || lines.next(signature) != Status::ok ||
        !decode_base64(signature.base64, blob).ok()) {
      return plain(ReportCode::unavailable);
    }
    answer.has_cosignature = true;
    answer.key_id = signature.key_id;
    std::copy(blob + 12, blob + 76, answer.cosignature.bytes);
    return answer;
  }

  ReportAnswer plain(ReportCode code) const {
    ReportAnswer answer;
    answer.code = code;
    answer.size = cosigned_.size;
    return answer;
  }
  ReportAnswer place(ReportCode code) const {
    ReportAnswer answer = plain(code);
    answer.held = held_.size();
    answer.offset = static_cast<uint32_t>(part_.size());
    return answer;
  }
  ReportAnswer refuse(ReportCode code) {
    held_ = {};
    part_.clear();
    held_is_right_ = true;
    return plain(code);
  }

  host::KeyFile key_;
  host::WitnessFile state_;
  host::VerifierKey vkey_;
  NoteKey log_{};
  WitnessState cosigned_;
  Frontier held_;
  Message part_;  // of the record behind it
  bool held_is_right_ = true;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: example_03_gateway KEY-FILE STATE-FILE LOG-VKEY\n";
    return 2;
  }
  Gateway gateway;
  if (const host::Error error = gateway.open(argv[1], argv[2], argv[3]); !error.ok()) {
    std::cerr << "gateway: " << error.message << "\n";
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto message = from_line(line);
    uint8_t out[report_answer_bytes_max];
    const Result<size_t> size =
        encode_report_answer(gateway.answer_to(message.value_or(Message())), out);
    if (!size.ok()) return 1;
    std::cout << to_line({out, size.value}) << std::endl;
  }
}
