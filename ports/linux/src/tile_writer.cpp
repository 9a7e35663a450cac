#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <cairn/merkle.hpp>
#include <cerrno>
#include <cstdio>
#include <set>

namespace cairn::host {
namespace {

constexpr mode_t folder_mode = 0755;
constexpr mode_t file_mode = 0644;

std::string unnamed(const std::string& path) {
  return path + ".new";
}

// Makes the folders in which `path` lies.
Error make_folders(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (mkdir(folder.c_str(), folder_mode) != 0 && errno != EEXIST)
      return system_error("make", folder, errno);
  }
  return {};
}

// Opens a folder, and makes it where there is none.
Error open_folder(const std::string& folder, Descriptor& out) {
  const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  out = Descriptor(::open(folder.c_str(), flags));
  if (!out.is_open() && errno == ENOENT) {
    CAIRN_HOST_TRY(make_folders(folder + "/"));
    out = Descriptor(::open(folder.c_str(), flags));
  }
  return out.is_open() ? Error{} : system_error("open", folder, errno);
}

Error write_new(const std::string& path, ByteView bytes) {
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  Descriptor file(::open(path.c_str(), flags, file_mode));
  if (!file.is_open() && errno == ENOENT) {
    CAIRN_HOST_TRY(make_folders(path));
    file = Descriptor(::open(path.c_str(), flags, file_mode));
  }
  if (!file.is_open() || write_fully(file.number(), bytes.data, bytes.size) != 0)
    return system_error("write", path, errno);
  return {};
}

}  // namespace

Error TileWriter::open(const std::string& folder, uint64_t size, SharedFlush* shared) {
  *this = TileWriter();
  if (shared != nullptr) failures_before_ = shared->failures();
  Descriptor descriptor;
  CAIRN_HOST_TRY(open_folder(folder, descriptor));
  // It may be new, or have been made by a process that ended then.
  if (shared == nullptr) CAIRN_HOST_TRY(sync_folder_of(folder));
  TileFolder tiles;
  CAIRN_HOST_TRY(tiles.open(folder, size));
  const NodeSource nodes = tiles.nodes();
  for (unsigned level = 0; level < tile_levels; ++level) {
    const uint64_t end = size >> (8 * level);
    for (uint64_t i = end & ~uint64_t{tile_width - 1}; i < end; ++i) {
      Digest hash;
      const Status status = nodes.node(nodes.user, 8 * level, i, hash);
      if (status != Status::ok)
        return {status, folder + ": a tile of size " + std::to_string(size) +
                            " cannot be read: " + status_text(status) + "."};
      hashes_[level].push_back(hash);
    }
  }
  if (size % tile_width != 0) CAIRN_HOST_TRY(tiles.read_entries(size / tile_width, bundle_));
  descriptor_ = std::move(descriptor);
  folder_ = folder;
  shared_ = shared;
  size_ = size;
  published_ = size;
  return {};
}

// Of every level of tiles the one that is not full is in memory: together, from the highest to the
// leaves, the whole tree.
Result<Digest> TileWriter::root() const {
  if (!descriptor_.is_open()) return Status::bad_state;
  Frontier frontier;
  for (unsigned level = tile_levels - 1; level != 0; --level)
    for (const Digest& hash : hashes_[level])
      CAIRN_TRY(frontier.append_subtree(8 * level, hash));
  std::vector<Digest> leaves = hashes_[0];
  CAIRN_TRY(frontier.append_batch(leaves.data(), leaves.size()));
  return frontier.root();
}

// What is in memory no longer fits what is on disk.
Error TileWriter::fail(Error error) {
  if (!error.ok()) descriptor_.reset();
  return error;
}

Error TileWriter::append(const ByteView* leaves, size_t count) {
  if (!descriptor_.is_open()) return {Status::bad_state, "The tiles are not open for writing."};
  if (count > tree_size_max - size_) return {Status::full, "No tree is larger than this one."};
  for (size_t i = 0; i < count; ++i) {
    if (leaves[i].size > entry_bytes_max)
      return {Status::bad_argument, "A record of " + std::to_string(leaves[i].size) +
                                        " bytes does not fit into an entry bundle."};
  }
  while (count != 0) {
    const size_t taken = std::min<size_t>(count, tile_width - size_ % tile_width);
    CAIRN_HOST_TRY(fail(append_in_tile(leaves, taken)));
    leaves += taken;
    count -= taken;
  }
  return {};
}

Error TileWriter::append_in_tile(const ByteView* leaves, size_t count) {
  std::vector<Digest>& hashes = hashes_[0];
  const size_t before = hashes.size();
  hashes.resize(before + count);
  leaf_hashes(leaves, count, hashes.data() + before);
  for (size_t i = 0; i < count; ++i)
    add_entry(bundle_, leaves[i]);
  size_ += count;
  if (hashes.size() != tile_width) return {};
  CAIRN_HOST_TRY(write(entries_path(size_ / tile_width - 1), bytes_of(bundle_)));
  bundle_.clear();
  CAIRN_HOST_TRY(complete(0));
  return pending_.size() < pending_max ? Error{} : settle();
}

// Writes a full tile and hands its root up.
Error TileWriter::complete(unsigned tile_level) {
  std::vector<Digest>& hashes = hashes_[tile_level];
  CAIRN_HOST_TRY(write_tile(tile_level, tile_width));
  for (size_t count = tile_width / 2; count != 0; count /= 2)
    hash_backend().nodes(hashes.data(), count, hashes.data());
  hashes_[tile_level + 1].push_back(hashes[0]);
  hashes.clear();
  return hashes_[tile_level + 1].size() == tile_width ? complete(tile_level + 1) : Error{};
}

Error TileWriter::write_tile(unsigned tile_level, unsigned width) {
  const uint64_t end = size_ >> (8 * tile_level);
  const uint64_t number = (end - width) / tile_width;
  return write(tile_path(tile_level, number, width),
               {hashes_[tile_level].data()->bytes, width * digest_bytes});
}

Error TileWriter::write(const std::string& name, ByteView bytes) {
  const std::string path = folder_ + "/" + name;
  std::string there;
  const Error error = read_file(path, SIZE_MAX, there);
  if (error.status != Status::not_found) {
    CAIRN_HOST_TRY(error);
    found_.push_back(path);
    if (equal(bytes_of(there), bytes)) return {};
    return {Status::corrupt, path +
                                 " holds something else already. Tiles never change: these are "
                                 "another log's, or damaged."};
  }
  CAIRN_HOST_TRY(write_new(unnamed(path), bytes));
  pending_.push_back(path);
  return {};
}

// The folders of the tree of files in which `paths` lie.
std::vector<std::string> TileWriter::folders_of(const std::vector<std::string>& paths) const {
  std::set<std::string> folders;
  for (std::string path : paths) {
    while (path.size() > folder_.size()) {
      path.resize(path.rfind('/'));
      folders.insert(path);
    }
  }
  return {folders.begin(), folders.end()};
}

// Makes files and folders durable: one by one, or all of the file system where that is less work.
Error TileWriter::flush(const std::vector<std::string>& paths) {
  if (shared_ != nullptr) return shared_->flush(failures_before_);
  if (paths.size() > flushed_singly_max) {
    return syncfs(descriptor_.number()) == 0 ? Error{} : system_error("sync", folder_, errno);
  }
  for (const std::string& path : paths) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() || fsync(file.number()) != 0) return system_error("sync", path, errno);
  }
  return {};
}

Error TileWriter::settle() {
  std::vector<std::string> unnamed_paths;
  for (const std::string& path : pending_)
    unnamed_paths.push_back(unnamed(path));
  CAIRN_HOST_TRY(flush(unnamed_paths));
  for (size_t i = 0; i < pending_.size(); ++i) {
    if (std::rename(unnamed_paths[i].c_str(), pending_[i].c_str()) != 0)
      return system_error("write", pending_[i], errno);
  }
  pending_.insert(pending_.end(), found_.begin(), found_.end());
  CAIRN_HOST_TRY(flush(folders_of(pending_)));
  pending_.clear();
  found_.clear();
  return {};
}

Error TileWriter::publish() {
  if (!descriptor_.is_open()) return {Status::bad_state, "The tiles are not open for writing."};
  if (size_ == published_) return {};
  const unsigned width = static_cast<unsigned>(size_ % tile_width);
  if (width != 0)
    CAIRN_HOST_TRY(fail(write(entries_path(size_ / tile_width, width), bytes_of(bundle_))));
  for (unsigned level = 0; level < tile_levels; ++level) {
    const bool grown = size_ >> (8 * level) != published_ >> (8 * level);
    const unsigned hashes = static_cast<unsigned>(hashes_[level].size());
    if (grown && hashes != 0) CAIRN_HOST_TRY(fail(write_tile(level, hashes)));
  }
  CAIRN_HOST_TRY(fail(settle()));
  published_ = size_;
  return {};
}

}  // namespace cairn::host
