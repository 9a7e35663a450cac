#include "cosignature_folder.hpp"

#include <dirent.h>

#include <algorithm>
#include <cairn/linux/lock_file.hpp>
#include <cairn/note.hpp>
#include <cstring>

namespace cairn::host {
namespace {

constexpr size_t lines_bytes_max = 256 * 1024;

std::string file_of(const std::string& folder, uint64_t size) {
  return folder + "/" + std::to_string(size);
}

// Walks signature lines and calls take(signature) for each.
template <typename Take>
Status for_each_line(const std::string& lines, Take take) {
  SignatureLines walk(bytes_of(lines));
  NoteSignature signature;
  Status status = Status::ok;
  while ((status = walk.next(signature)) == Status::ok)
    take(signature);
  return status == Status::end ? Status::ok : status;
}

bool has_line_of(const std::string& lines, const NoteSignature& wanted) {
  bool found = false;
  const Status status = for_each_line(lines, [&](const NoteSignature& line) {
    found = found || (line.key_id == wanted.key_id && equal(line.name, wanted.name));
  });
  return status == Status::ok && found;
}

Error not_lines(const std::string& where) {
  return {Status::corrupt, where +
                               ": not signature lines of a note. Expected lines '\xE2\x80\x94 "
                               "name base64', each with a line end."};
}

}  // namespace

Error read_cosignatures(const std::string& folder, uint64_t size, std::string& lines) {
  const std::string path = file_of(folder, size);
  const Error error = read_file(path, lines_bytes_max, lines);
  if (error.status == Status::not_found) {
    lines.clear();
    return {};
  }
  CAIRN_HOST_TRY(error);
  const Status status = for_each_line(lines, [](const NoteSignature&) {});
  return status == Status::ok ? Error{} : not_lines(path);
}

std::vector<uint64_t> sizes_with_cosignatures(const std::string& folder) {
  std::vector<uint64_t> sizes;
  DIR* open_folder = opendir(folder.c_str());
  if (open_folder == nullptr) return sizes;
  while (const dirent* entry = readdir(open_folder)) {
    const Result<uint64_t> size = parse_decimal({entry->d_name, std::strlen(entry->d_name)});
    if (size.ok()) sizes.push_back(size.value);
  }
  closedir(open_folder);
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

Error merge_cosignatures(const std::string& folder, uint64_t size, const std::string& lines) {
  size_t count = 0;
  const Status status = for_each_line(lines, [&](const NoteSignature&) { ++count; });
  if (status != Status::ok || count == 0) return not_lines("the cosignature");
  LockFile lock;
  CAIRN_HOST_TRY(lock.wait(folder + "/.lock"));
  std::string kept;
  CAIRN_HOST_TRY(read_cosignatures(folder, size, kept));
  std::string merged;
  (void)for_each_line(kept, [&](const NoteSignature& line) {
    if (!has_line_of(lines, line)) merged += string_of(line.line) + "\n";
  });
  (void)for_each_line(lines,
                      [&](const NoteSignature& line) { merged += string_of(line.line) + "\n"; });
  return write_file(file_of(folder, size), bytes_of(merged));
}

}  // namespace cairn::host
