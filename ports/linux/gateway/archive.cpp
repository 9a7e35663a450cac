#include <sys/stat.h>
#include <unistd.h>

#include <cairn/gateway/archive.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/tile_layout.hpp>
#include <cerrno>

namespace cairn::gateway {
namespace {

constexpr mode_t folder_mode = 0755;
constexpr mode_t file_mode = 0644;

size_t index_of(ArchiveKind kind) {
  return static_cast<size_t>(kind);
}

// Makes the folders of a file below `folder`, and makes them durable.
Error make_folders(const std::string& folder, const std::string& name) {
  for (size_t slash = name.find('/'); slash != std::string::npos;
       slash = name.find('/', slash + 1)) {
    const std::string path = folder + "/" + name.substr(0, slash);
    if (mkdir(path.c_str(), folder_mode) != 0 && errno != EEXIST)
      return host::system_error("make", path, errno);
    CAIRN_HOST_TRY(host::sync_folder_of(path));
  }
  return {};
}

}  // namespace

const char* archive_kind_name(ArchiveKind kind) {
  constexpr const char* names[] = {"receipt", "cosigned", "fork"};
  return names[index_of(kind)];
}

std::string archive_path(ArchiveKind kind, uint64_t number) {
  return std::string("archive/") + archive_kind_name(kind) + "/" + host::grouped_number(number);
}

std::string archive_hash(const std::string& bytes) {
  const Digest hash = sha256(host::bytes_of(bytes));
  return host::string_of({hash.bytes, digest_bytes});
}

Archive::Archive(std::string folder) : folder_(std::move(folder)) {
  for (const ArchiveKind kind : archive_kinds)
    kinds_[index_of(kind)].count = find_end(kind);
}

bool Archive::holds(ArchiveKind kind, uint64_t number) const {
  return access((folder_ + "/" + archive_path(kind, number)).c_str(), F_OK) == 0;
}

// Files have no gaps between them, so twice as far and then halfway finds the end.
uint64_t Archive::find_end(ArchiveKind kind) const {
  uint64_t beyond = 1;
  while (holds(kind, beyond - 1))
    beyond *= 2;
  uint64_t end = beyond / 2;
  for (uint64_t step = beyond / 4; step > 0; step /= 2)
    if (holds(kind, end + step - 1)) end += step;
  return end;
}

Error Archive::keep(ArchiveKind kind, const std::string& bytes) {
  const std::lock_guard<std::mutex> guard(mutex_);
  Kind& files = kinds_[index_of(kind)];
  // A folder that was copied while files came may have a gap; it is filled, and nothing replaced.
  while (holds(kind, files.count))
    ++files.count;
  const std::string name = archive_path(kind, files.count);
  const std::string folder = name.substr(0, name.rfind('/'));
  if (files.folder != folder) CAIRN_HOST_TRY(make_folders(folder_, name));
  files.folder.clear();
  CAIRN_HOST_TRY(host::write_file(folder_ + "/" + name, host::bytes_of(bytes), file_mode));
  files.folder = folder;
  ++files.count;
  if (files.known) files.known->insert(archive_hash(bytes));
  return {};
}

Error Archive::copy(const TileSource& source) {
  for (const ArchiveKind kind : archive_kinds)
    CAIRN_HOST_TRY(copy_kind(source, kind));
  return {};
}

Error Archive::copy_kind(const TileSource& source, ArchiveKind kind) {
  Kind& files = kinds_[index_of(kind)];
  Position& position = files.positions[source.place()];
  CAIRN_HOST_TRY(begin_at(source, kind, position));
  std::string bytes;
  for (uint64_t i = 0; i < files_copied_max; ++i) {
    const Error error =
        source.read(archive_path(kind, position.next), archive_file_bytes_max, bytes);
    if (error.status == Status::not_found) break;
    CAIRN_HOST_TRY(error);
    const std::string hash = archive_hash(bytes);
    if (!files.known || files.known->count(hash) == 0) CAIRN_HOST_TRY(keep(kind, bytes));
    position = {position.next + 1, hash};
  }
  return {};
}

// Goes on behind the last file that was read, as long as the source has that one there; a source
// that is new to this process, behind the last file that is here.
Error Archive::begin_at(const TileSource& source, ArchiveKind kind, Position& position) {
  const Kind& files = kinds_[index_of(kind)];
  std::string bytes;
  if (position.next == 0 && files.count > 0) {
    CAIRN_HOST_TRY(host::read_file(folder_ + "/" + archive_path(kind, files.count - 1),
                                   archive_file_bytes_max, bytes));
    position = {files.count, archive_hash(bytes)};
  }
  if (position.next == 0) return {};
  const Error error =
      source.read(archive_path(kind, position.next - 1), archive_file_bytes_max, bytes);
  if (error.ok() && archive_hash(bytes) == position.last) return {};
  if (!error.ok() && error.status != Status::not_found) return error;
  position = {};
  return learn_all(kind);
}

Error Archive::learn_all(ArchiveKind kind) {
  Kind& files = kinds_[index_of(kind)];
  if (files.known) return {};
  std::set<std::string> known;
  CAIRN_HOST_TRY(read_archive(TileSource(folder_), kind, [&](const std::string& bytes) {
    known.insert(archive_hash(bytes));
    return Error{};
  }));
  files.known = std::move(known);
  return {};
}

Error read_archive(const TileSource& source, ArchiveKind kind,
                   const std::function<Error(const std::string& bytes)>& each) {
  std::string bytes;
  for (uint64_t number = 0;; ++number) {
    const Error error = source.read(archive_path(kind, number), archive_file_bytes_max, bytes);
    if (error.status == Status::not_found) return {};
    CAIRN_HOST_TRY(error);
    CAIRN_HOST_TRY(each(bytes));
  }
}

}  // namespace cairn::gateway
