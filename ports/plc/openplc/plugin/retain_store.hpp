// Retain values that survive a power cut at any instant, and that show when somebody changed them.
//
// A set of values is one signed note (docs/format.md, "Signed note"), which any tool for notes can
// verify:
//
//   cairn retain 1
//   <version: counts every set that was saved>
//   <program: which one the values belong to; - when it is not known>
//   <the values, base64>
//
//   — <name of the key> <signature>
//
// The first line has a space and so cannot be a log's origin: no checkpoint looks like this. Sets
// are written in turns to the files retain-0 and retain-1, each as a whole, so the one before the
// newest is there too.
//
// Not found out: that somebody put both files of an earlier time back. The version that was loaded
// can be recorded on a log (Settings::retain_channel), where it then goes backwards.
#pragma once

#include <cairn/linux/key_file.hpp>
#include <vector>

namespace cairn::openplc {

struct Retained {
  uint64_t version = 0;
  std::string program;
  std::vector<uint8_t> values;
};

class RetainStore {
 public:
  /// Loads the key, makes the folder when it is not there, and looks at what it holds.
  /// Statuses as host::KeyFile::load() and host::system_error().
  host::Error open(const std::string& folder, const std::string& key_path);

  /// Reads the newest set of values.
  ///
  /// ok                 `out` is what was saved last. With a message: the newest file was cut short
  ///                    or is unreadable, and `out` is the set before; or a file that was refused
  ///                    at an earlier start still lies there, and `out` is the newest of the others
  /// not_found          nothing is stored
  /// signature_invalid  the newest file is whole, and not what the key signed: somebody changed it.
  ///                    It is kept as retain-N.refused, and nothing is restored
  /// io                 no file is readable
  host::Error load(Retained& out);

  /// Stores a set of values, of 1 to 65535 bytes, as the newest.
  /// Power loss: this set or the one before is the newest afterwards, whole.
  /// Cost: one signature, two flushes of the disk. Statuses as host::write_file().
  host::Error save(const std::string& program, ByteView values);

  /// Removes all sets. Power loss: all or some of them may still be there.
  host::Error clear();

  /// Of the set that was loaded or saved last.
  uint64_t version() const { return version_; }

 private:
  std::string file(unsigned slot) const;
  std::string refused_file(unsigned slot) const;
  host::Error read(unsigned slot, Retained& out) const;

  std::string folder_;
  host::KeyFile key_;
  uint64_t version_ = 0;
};

}  // namespace cairn::openplc
