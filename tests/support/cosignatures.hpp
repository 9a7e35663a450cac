// Every cosignature that a gateway has issued, as its clients collect them; replayed against the
// histories that the devices really had.
#pragma once

#include <cairn/linux/file.hpp>
#include <cairn/linux/verifiers.hpp>
#include <cairn/witness.hpp>
#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "support/history.hpp"

namespace gateway_tests {

using namespace cairn;

class Cosignatures {
 public:
  explicit Cosignatures(const NoteKey& witness) : witness_(witness) {}

  /// Takes an answer of 200. It must be a cosignature of the witness over what was asked for.
  void add(const std::string& body, const std::string& line) {
    Digest hashes[proof_hashes_max];
    ProofBuffer proof{hashes, proof_hashes_max};
    AddCheckpoint request;
    if (parse_add_checkpoint(host::bytes_of(body), request, proof) != Status::ok)
      throw std::runtime_error("a cosignature for what is no request");
    add_note(host::string_of(request.checkpoint) + line);
  }
  void add_note(const std::string& note) {
    Note parsed;
    Checkpoint checkpoint;
    NoteVerdict verdict;
    if (parse_note(host::bytes_of(note), parsed) != Status::ok ||
        parse_checkpoint(parsed.text, checkpoint) != Status::ok ||
        verify_note(parsed, witness_, host::all_verifiers(), &verdict) != Status::ok)
      throw std::runtime_error("not a cosignature of this witness: " + note);
    const std::lock_guard<std::mutex> guard(mutex_);
    heads_[host::string_of(checkpoint.origin)].insert({checkpoint.size, checkpoint.root});
    ++count_;
  }

  size_t count() const { return count_; }
  std::vector<std::string> origins() const {
    std::vector<std::string> out;
    for (const auto& [origin, heads] : heads_)
      out.push_back(origin);
    return out;
  }
  /// The largest size that was cosigned for an origin.
  uint64_t largest(const std::string& origin) const {
    const auto found = heads_.find(origin);
    return found == heads_.end() ? 0 : found->second.rbegin()->first;
  }

  /// True when all cosigned heads of an origin are of one history of these.
  bool agree(const std::string& origin, const std::vector<const History*>& histories) const {
    const auto found = heads_.find(origin);
    if (found == heads_.end()) return true;
    for (const History* history : histories) {
      bool all = true;
      for (const auto& [size, root] : found->second)
        all = all && history->root(size) == root;
      if (all) return true;
    }
    return false;
  }

 private:
  NoteKey witness_;
  std::mutex mutex_;
  std::map<std::string, std::multimap<uint64_t, Digest>> heads_;
  size_t count_ = 0;
};

}  // namespace gateway_tests
