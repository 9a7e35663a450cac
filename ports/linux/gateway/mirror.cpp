#include <fcntl.h>
#include <unistd.h>

#include <cairn/checkpoint.hpp>
#include <cairn/gateway/mirror.hpp>
#include <cairn/linux/tile_layout.hpp>
#include <cerrno>

#include "note_lines.hpp"

namespace cairn::gateway {
namespace {

constexpr size_t note_bytes_max = 1 << 20;
constexpr size_t bundle_bytes_max = host::tile_width * (host::entry_bytes_max + 2);

// Bundles that were fetched and are not trusted yet, in a file without a name.
class Spool {
 public:
  Error open(const std::string& folder) {
    folder_ = folder;
    file_ = host::Descriptor(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    return file_.is_open() ? Error{} : host::system_error("write a file in", folder, errno);
  }
  Error put(const std::string& bundle) {
    sizes_.push_back(bundle.size());
    return host::write_fully(file_.number(), bundle.data(), bundle.size()) == 0
               ? Error{}
               : host::system_error("write a file in", folder_, errno);
  }
  Error rewind() {
    return lseek(file_.number(), 0, SEEK_SET) == 0
               ? Error{}
               : host::system_error("read a file in", folder_, errno);
  }
  Error take(size_t i, std::string& bundle) const {
    bundle.resize(sizes_[i]);
    const ssize_t count = host::read_fully(file_.number(), bundle.data(), bundle.size());
    return count == static_cast<ssize_t>(bundle.size())
               ? Error{}
               : host::system_error("read a file in", folder_, errno);
  }
  size_t count() const { return sizes_.size(); }

 private:
  std::string folder_;
  host::Descriptor file_;
  std::vector<size_t> sizes_;
};

// The entries of a bundle from `first` on, of the tree of `size` leaves.
Error new_entries(const std::string& bundle, uint64_t number, uint64_t first, uint64_t size,
                  std::vector<ByteView>& entries) {
  const unsigned width = host::tile_width_in(size, 0, number);
  if (host::split_entries(host::bytes_of(bundle), entries) != Status::ok || entries.size() < width)
    return {Status::corrupt, "bundle " + std::to_string(number) + " is damaged at the source."};
  entries.resize(width);
  const uint64_t start = number * host::tile_width;
  if (first > start) entries.erase(entries.begin(), entries.begin() + ptrdiff_t(first - start));
  return {};
}

// A partial bundle may have made way for the full one.
Error fetch_bundle(const TileSource& source, uint64_t number, unsigned width, std::string& bundle) {
  const Error error = source.read(host::entries_path(number, width), bundle_bytes_max, bundle);
  if (error.status != Status::not_found || width == host::tile_width) return error;
  return source.read(host::entries_path(number), bundle_bytes_max, bundle);
}

// Fetches and hashes all entries from `frontier` on.
Error fetch_entries(const TileSource& source, const SignedTree& found, Frontier frontier,
                    Spool& spool) {
  std::string bundle;
  std::vector<ByteView> entries;
  while (frontier.size() < found.size) {
    const uint64_t number = frontier.size() / host::tile_width;
    const unsigned width = host::tile_width_in(found.size, 0, number);
    CAIRN_HOST_TRY(fetch_bundle(source, number, width, bundle));
    CAIRN_HOST_TRY(new_entries(bundle, number, frontier.size(), found.size, entries));
    std::vector<Digest> hashes(entries.size());
    leaf_hashes(entries.data(), entries.size(), hashes.data());
    if (frontier.append_batch(hashes.data(), hashes.size()) != Status::ok)
      return {Status::full, "the log is larger than any that this build can hold."};
    CAIRN_HOST_TRY(spool.put(bundle));
  }
  if (frontier.root() == found.root) return {};
  return {Status::proof_invalid,
          source.place() + " has a head of " + std::to_string(found.size) +
              " leaves that does not extend what is here. Keep both checkpoints: they prove that "
              "the log was rewritten, if its entries are whole."};
}

}  // namespace

Error Mirror::open(const std::string& folder, const host::VerifierKey& log) {
  folder_ = folder;
  log_ = log;
  head_ = {0, empty_root, {}};
  CAIRN_HOST_TRY(tiles_.open(folder, 0));
  CAIRN_HOST_TRY(lock_.take(folder + "/lock", "the copy in " + folder));
  archive_ = std::make_unique<Archive>(folder);
  const std::string path = folder + "/checkpoint";
  std::string note;
  const Error error = host::read_file(path, note_bytes_max, note);
  if (error.status == Status::not_found) return {};
  CAIRN_HOST_TRY(error);
  SignedTree found;
  CAIRN_HOST_TRY(open_head(note, log_.key, path, found));
  Frontier frontier;
  CAIRN_HOST_TRY(load_frontier(folder, found.size, found.root, frontier));
  CAIRN_HOST_TRY(tiles_.open(folder, found.size));
  head_ = found;
  return {};
}

Error Mirror::update(const TileSource& source) {
  CAIRN_HOST_TRY(update_tree(source));
  return archive_->copy(source);
}

Error Mirror::update_tree(const TileSource& source) {
  std::string note;
  CAIRN_HOST_TRY(source.read("checkpoint", note_bytes_max, note));
  SignedTree found;
  CAIRN_HOST_TRY(open_head(note, log_.key, source.place() + "/checkpoint", found));
  if (found.size <= head_.size && !head_.note.empty()) return check_older(found);
  return copy(source, found);
}

Error Mirror::check_older(const SignedTree& found) const {
  Digest root;
  CAIRN_HOST_TRY(root_at(folder_, head_.size, found.size, root));
  if (root == found.root) return {};
  return {Status::proof_invalid,
          "a head of " + std::to_string(found.size) +
              " leaves has another root than the copy of the log here. Keep both: they prove that "
              "its key signed two histories."};
}

Error Mirror::copy(const TileSource& source, const SignedTree& found) {
  Frontier frontier;
  CAIRN_HOST_TRY(load_frontier(folder_, head_.size, head_.root, frontier));
  Spool spool;
  CAIRN_HOST_TRY(spool.open(folder_));
  CAIRN_HOST_TRY(fetch_entries(source, found, frontier, spool));
  CAIRN_HOST_TRY(spool.rewind());
  CAIRN_HOST_TRY(tiles_.open(folder_, head_.size));
  std::string bundle;
  std::vector<ByteView> entries;
  for (size_t i = 0; i < spool.count(); ++i) {
    CAIRN_HOST_TRY(spool.take(i, bundle));
    const uint64_t number = tiles_.size() / host::tile_width;
    CAIRN_HOST_TRY(new_entries(bundle, number, tiles_.size(), found.size, entries));
    CAIRN_HOST_TRY(tiles_.append(entries.data(), entries.size()));
  }
  CAIRN_HOST_TRY(tiles_.publish());
  CAIRN_HOST_TRY(show(found.note));
  head_ = found;
  return {};
}

Error Mirror::cosign(const host::KeyFile& key, uint64_t now_s) {
  const Result<NoteKey> cosigner = key.cosigner_key();
  if (!cosigner.ok())
    return {Status::bad_argument, "the key " + key.name() + " is not an Ed25519 key."};
  if (head_.note.empty()) return {Status::bad_state, "nothing has been copied yet."};
  Note note;
  if (parse_note(host::bytes_of(head_.note), note) != Status::ok)
    return {Status::corrupt, "the copy's checkpoint is not a note."};
  uint8_t line[512];
  const Result<size_t> size =
      sign_note(note.text, cosigner.value.name, cosigner.value.type, key.signer(), now_s, line);
  if (!size.ok())
    return {size.status, "the key " + key.name() + " does not sign: " + status_text(size.status)};
  head_.note = without_lines_of(note, cosigner.value) + host::string_of({line, size.value});
  return show(head_.note);
}

Error Mirror::show(const std::string& note) {
  return host::write_file(folder_ + "/checkpoint", host::bytes_of(note), 0644);
}

}  // namespace cairn::gateway
