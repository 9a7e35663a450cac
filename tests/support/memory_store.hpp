// A store in memory, which fails when a test wants it to.
#pragma once

#include <cairn/gateway/store.hpp>
#include <map>
#include <mutex>

namespace test {

class MemoryStore : public cairn::gateway::Store {
 public:
  /// The call of this number, from 0 on, answers io, and so do all calls after it. A batch that
  /// fails first takes effect when `applies`: its answer was lost, it was not.
  struct Fault {
    uint64_t call = UINT64_MAX;
    bool applies = false;
  };

  void set_fault(Fault fault) {
    fault_ = fault;
    calls_ = 0;
  }
  uint64_t calls() const { return calls_; }
  const std::map<std::string, cairn::gateway::Entry>& entries() const { return entries_; }

  cairn::host::Error get(const std::string& key, cairn::gateway::Entry& out) override {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (calls_++ >= fault_.call) return gone();
    const auto found = entries_.find(key);
    if (found == entries_.end()) return {cairn::Status::not_found, "no entry " + key + "."};
    out = found->second;
    return {};
  }

  cairn::host::Error cas_batch(std::vector<cairn::gateway::Change>& changes) override {
    const std::lock_guard<std::mutex> guard(mutex_);
    const bool fails = calls_ >= fault_.call;
    const bool applies = !fails || (calls_ == fault_.call && fault_.applies);
    ++calls_;
    for (cairn::gateway::Change& change : changes) {
      change.applied = applies && is_expected(change);
      if (change.applied) apply(change);
    }
    return fails ? gone() : cairn::host::Error{};
  }

  cairn::host::Error scan(const std::string& prefix, const std::string& after, size_t limit,
                          std::vector<cairn::gateway::Entry>& out) override {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (calls_++ >= fault_.call) return gone();
    out.clear();
    for (auto at = entries_.lower_bound(prefix); at != entries_.end() && out.size() < limit; ++at) {
      if (at->first.compare(0, prefix.size(), prefix) != 0) break;
      if (at->first > after) out.push_back(at->second);
    }
    return {};
  }

 private:
  static cairn::host::Error gone() {
    return {cairn::Status::io, "the store does not answer, as the test wants it."};
  }

  bool is_expected(const cairn::gateway::Change& change) const {
    for (const cairn::gateway::Write& write : change.writes) {
      const auto found = entries_.find(write.key);
      const uint64_t version = found == entries_.end() ? 0 : found->second.version;
      if (version != write.expected) return false;
    }
    return true;
  }

  void apply(const cairn::gateway::Change& change) {
    for (const cairn::gateway::Write& write : change.writes) {
      if (write.value) {
        entries_[write.key] = {write.key, write.expected + 1, *write.value};
      } else {
        entries_.erase(write.key);
      }
    }
  }

  std::mutex mutex_;
  std::map<std::string, cairn::gateway::Entry> entries_;
  Fault fault_;
  uint64_t calls_ = 0;
};

}  // namespace test
