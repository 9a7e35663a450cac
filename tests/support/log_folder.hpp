// Logs as folders, for the tests of the Linux port.
#pragma once

#include <cairn/linux/log_directory.hpp>

#include "support/host.hpp"

namespace host_tests {

inline constexpr char origin[] = "plant.example/line-4";
inline const cairn::host::LogSettings small_segments = {{64 * 1024, 64}, {}, false};

// A folder with a key and, in it, a log.
struct Home {
  TemporaryFolder folder;
  std::string key = folder / "key";
  std::string log = folder / "log";

  explicit Home(const cairn::host::LogSettings& settings = small_segments,
                const char* name = origin) {
    cairn::host::KeyFile made;
    REQUIRE(made.generate(key, name, cairn::Algorithm::ed25519).ok());
    cairn::host::LogDirectory directory;
    const cairn::host::Error error = directory.create(log, key, settings);
    CAPTURE(error.message);
    REQUIRE(error.ok());
  }
  std::string file(const std::string& name) const { return log + "/" + name; }
};

inline cairn::Status append(cairn::host::LogDirectory& directory, const std::string& text) {
  return directory.recorder().append(cairn::Kind::opaque, cairn::host::bytes_of(text)).status;
}

// Appends opaque leaves "first", "first + 1", ... with one commit.
inline cairn::Status append_numbers(cairn::host::LogDirectory& directory, uint64_t first,
                                    size_t count, size_t pad = 0) {
  std::vector<std::string> texts;
  std::vector<cairn::ByteView> views;
  for (size_t i = 0; i < count; ++i)
    texts.push_back("\x40" + std::to_string(first + i) + std::string(pad, '.'));
  for (const std::string& text : texts)
    views.push_back(cairn::host::bytes_of(text));
  return directory.recorder().append_batch(views.data(), views.size()).status;
}

// The opaque records of a log, in order.
inline std::vector<std::string> records(const cairn::Log& log) {
  std::vector<std::string> out;
  std::vector<uint8_t> buffer(64 * 1024);
  cairn::Log::Cursor cursor;
  REQUIRE(cursor.open(log, {buffer.data(), buffer.size()}) == cairn::Status::ok);
  cairn::Log::Cursor::Item item;
  while (cursor.next(item) == cairn::Status::ok) {
    if (item.type != cairn::Log::Cursor::Item::Type::leaf) continue;
    if (item.leaf[0] == static_cast<uint8_t>(cairn::Kind::opaque)) {
      out.push_back(cairn::host::string_of(item.leaf.part(1)));
    }
  }
  return out;
}

inline cairn::Checkpoint verified_checkpoint(const cairn::host::LogDirectory& directory) {
  std::string note;
  const cairn::host::Error error = directory.checkpoint(note);
  CAPTURE(error.message);
  REQUIRE(error.ok());
  cairn::Checkpoint out;
  REQUIRE(cairn::open_checkpoint(cairn::host::bytes_of(note), directory.log_key(),
                                 cairn::host::all_verifiers(), out) == cairn::Status::ok);
  out.origin = {};  // points into the note
  return out;
}

}  // namespace host_tests
