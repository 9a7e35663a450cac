// Every cosignature that a gateway has issued, as its clients collect them; replayed against the
// histories that the devices really had.
#pragma once

#include <map>
#include <mutex>

#include "support/gateway_device.hpp"

namespace gateway_tests {

class Cosignatures {
 public:
  explicit Cosignatures(const NoteKey& witness) : witness_(witness) {}

  /// Takes an answer of 200. It must be a cosignature of the witness over what was asked for.
  void add(const std::string& body, const std::string& line) {
    Digest hashes[proof_hashes_max];
    ProofBuffer proof{hashes, proof_hashes_max};
    AddCheckpoint request;
    if (parse_add_checkpoint(view(body), request, proof) != Status::ok)
      throw std::runtime_error("a cosignature for what is no request");
    add_note(std::string(request.checkpoint.text(), request.checkpoint.size) + line);
  }
  void add_note(const std::string& note) {
    Note parsed;
    Checkpoint checkpoint;
    NoteVerdict verdict;
    if (parse_note(view(note), parsed) != Status::ok ||
        parse_checkpoint(parsed.text, checkpoint) != Status::ok ||
        verify_note(parsed, witness_, signing::verifiers(), &verdict) != Status::ok)
      throw std::runtime_error("not a cosignature of this witness: " + note);
    const std::lock_guard<std::mutex> guard(mutex_);
    const std::string origin(checkpoint.origin.text(), checkpoint.origin.size);
    heads_[origin].insert({checkpoint.size, vectors::to_hex(checkpoint.root)});
    ++count_;
  }

  size_t count() const { return count_; }
  /// The largest size that was cosigned for an origin.
  uint64_t largest(const std::string& origin) const {
    const auto found = heads_.find(origin);
    return found == heads_.end() ? 0 : found->second.rbegin()->first;
  }

  /// True when all cosigned heads of an origin are of one history of these.
  bool agree(const std::string& origin, const std::vector<const TestDevice*>& histories) const {
    const auto found = heads_.find(origin);
    if (found == heads_.end()) return true;
    for (const TestDevice* history : histories) {
      bool all = true;
      for (const auto& [size, root] : found->second)
        all = all && vectors::to_hex(history->root(size)) == root;
      if (all) return true;
    }
    return false;
  }

 private:
  NoteKey witness_;
  std::mutex mutex_;
  std::map<std::string, std::multimap<uint64_t, std::string>> heads_;
  size_t count_ = 0;
};

}  // namespace gateway_tests
