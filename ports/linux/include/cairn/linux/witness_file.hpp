// A WitnessStore over one JSON file: for each origin the newest cosigned head.
//
//   {"format": "cairn-witness-state", "version": 1,
//    "logs": {"<origin>": {"size": 9, "root": "<base64>", "checkpoint": "<signed note>"}}}
//
// Every replacement is made under a lock (PATH.lock) and durable before compare_and_set answers,
// so several processes may serve one state.
#pragma once

#include <cairn/linux/key_file.hpp>
#include <cairn/witness.hpp>
#include <vector>

namespace cairn::host {

class WitnessFile {
 public:
  WitnessFile() = default;
  WitnessFile(const WitnessFile&) = delete;
  WitnessFile& operator=(const WitnessFile&) = delete;

  /// Uses the state in `path` for the logs whose verifier keys are given; a missing file is an
  /// empty state. Nothing is written yet.
  ///
  /// ok             ready
  /// corrupt        the file does not parse, or a vkey does not
  /// wrong_version  a later version of the file
  /// bad_argument   two keys for one origin, or a key of type 0x04
  /// io             not readable
  Error open(const std::string& path, const std::vector<std::string>& log_vkeys);

  /// For add_checkpoint(). Holds the address of this object.
  WitnessStore store();

  /// The newest cosigned checkpoint of an origin, as it was submitted; not_found.
  Error checkpoint(const std::string& origin, std::string& out) const;

  /// Why the last failing call of store() failed.
  const Error& last_error() const { return error_; }

 private:
  static Status key(void* user, ByteView origin, NoteKey& out);
  static Status get(void* user, ByteView origin, WitnessState& out);
  static Status compare_and_set(void* user, ByteView origin, const WitnessState& expected,
                                const WitnessState& next, ByteView checkpoint);
  Status fail(Error error);

  std::string path_;
  std::vector<VerifierKey> keys_;
  Error error_;
};

}  // namespace cairn::host
