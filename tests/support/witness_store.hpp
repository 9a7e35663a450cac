// A witness's memory: keys and heads in a map, and what went wrong on demand.
#pragma once

#include <cairn/witness.hpp>
#include <map>
#include <string>

#include "support/vectors.hpp"

/// Known logs, their heads, and how often each function was called.
struct MemoryStore {
  struct Entry {
    cairn::NoteKey key;
    cairn::WitnessState state;
    std::string checkpoint;
  };
  std::map<std::string, Entry> logs;
  cairn::Status key_status = cairn::Status::ok;
  cairn::Status get_status = cairn::Status::ok;
  cairn::Status set_status = cairn::Status::ok;
  uint64_t overtaken_by = 0;  ///< not 0: somebody else stores this size just before the next set
  int keys = 0, gets = 0, sets = 0;

  /// `vkey` must outlive the store.
  void add(const std::string& vkey) {
    Entry entry;
    REQUIRE(cairn::parse_vkey(vectors::view(vkey), entry.key) == cairn::Status::ok);
    logs[{entry.key.name.text(), entry.key.name.size}] = entry;
  }
  cairn::WitnessStore store() { return {this, key, get, set}; }

 private:
  static MemoryStore& self(void* user) { return *static_cast<MemoryStore*>(user); }
  static Entry* find(void* user, cairn::ByteView origin) {
    const auto found = self(user).logs.find({origin.text(), origin.size});
    return found == self(user).logs.end() ? nullptr : &found->second;
  }
  static cairn::Status key(void* user, cairn::ByteView origin, cairn::NoteKey& out) {
    ++self(user).keys;
    if (self(user).key_status != cairn::Status::ok) return self(user).key_status;
    const Entry* entry = find(user, origin);
    if (entry == nullptr) return cairn::Status::not_found;
    out = entry->key;
    return cairn::Status::ok;
  }
  static cairn::Status get(void* user, cairn::ByteView origin, cairn::WitnessState& out) {
    ++self(user).gets;
    if (self(user).get_status != cairn::Status::ok) return self(user).get_status;
    out = find(user, origin)->state;
    return cairn::Status::ok;
  }
  static cairn::Status set(void* user, cairn::ByteView origin, const cairn::WitnessState& expected,
                           const cairn::WitnessState& next, cairn::ByteView checkpoint) {
    ++self(user).sets;
    Entry& entry = *find(user, origin);
    if (self(user).overtaken_by != 0) entry.state.size = self(user).overtaken_by;
    if (self(user).set_status != cairn::Status::ok) return self(user).set_status;
    if (entry.state.size != expected.size) return cairn::Status::bad_state;
    entry.state = next;
    entry.checkpoint.assign(checkpoint.text(), checkpoint.size);
    return cairn::Status::ok;
  }
};
