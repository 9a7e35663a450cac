#include <cairn/gateway/archive_fill.hpp>

namespace cairn::gateway {
namespace {

constexpr size_t archive_page = 64;

// What the entries of a kind begin with; values are what the archive's files hold.
std::string entries_of(ArchiveKind kind, const std::string& log) {
  if (kind == ArchiveKind::receipt) return prefix_of({"receipt", log});
  if (kind == ArchiveKind::cosigned) return prefix_of({"cosignatures", log});
  return prefix_of({"fork"});
}

/// One kind of files.
class Filler {
 public:
  Filler(Store& store, Archive& archive, const ArchiveFillOptions& options, ArchiveKind kind)
      : store_(store),
        archive_(archive),
        options_(options),
        kind_(kind),
        prefix_(entries_of(kind, options.log)) {}

  Error run() {
    const Error error = store_.get(archived_key(options_.log, kind_), position_);
    if (error.status == Status::not_found)
      position_ = {};
    else
      CAIRN_HOST_TRY(error);
    if (position_.version != 0 && position_.value.empty()) return {};
    for (bool is_whole = false; !is_whole;) {
      CAIRN_HOST_TRY(gather());
      CAIRN_HOST_TRY(strike());
      CAIRN_HOST_TRY(write());
      if (is_stopped_) return {};
      is_whole = last_ == position_.value;
      CAIRN_HOST_TRY(note(is_whole ? std::string() : last_));
    }
    return {};
  }

  uint64_t written() const { return written_; }
  bool is_stopped() const { return is_stopped_; }

 private:
  // The hashes of the next entries, and the key of their last; that of the last position: none.
  Error gather() {
    lacking_.clear();
    last_ = position_.value;
    std::vector<Entry> page;
    do {
      CAIRN_HOST_TRY(store_.scan(prefix_, last_, archive_page, page));
      for (const Entry& entry : page)
        lacking_.insert(archive_hash(entry.value));
      if (!page.empty()) last_ = page.back().key;
    } while (page.size() == archive_page && lacking_.size() < options_.entries_at_once);
    return {};
  }

  // Leaves out what the archive has.
  Error strike() {
    if (lacking_.empty()) return {};
    return read_archive(TileSource(archive_.folder()), kind_, [&](const std::string& bytes) {
      lacking_.erase(archive_hash(bytes));
      return Error{};
    });
  }

  Error write() {
    std::vector<Entry> page;
    for (std::string after = position_.value; !lacking_.empty() && after < last_;) {
      CAIRN_HOST_TRY(store_.scan(prefix_, after, archive_page, page));
      for (const Entry& entry : page) {
        if (lacking_.erase(archive_hash(entry.value)) == 0) continue;
        is_stopped_ = options_.is_stopped && options_.is_stopped();
        if (is_stopped_) return {};
        CAIRN_HOST_TRY(archive_.keep(kind_, entry.value));
        ++written_;
      }
      after = page.empty() ? last_ : page.back().key;
    }
    return {};
  }

  Error note(const std::string& key) {
    std::vector<Change> changes{{{{archived_key(options_.log, kind_), position_.version, key}}}};
    CAIRN_HOST_TRY(store_.cas_batch(changes));
    if (!changes[0].applied)
      return {Status::io, "another process fills the archive of " + options_.log + "."};
    ++position_.version;
    position_.value = key;
    return {};
  }

  Store& store_;
  Archive& archive_;
  const ArchiveFillOptions& options_;
  const ArchiveKind kind_;
  const std::string prefix_;
  uint64_t written_ = 0;
  bool is_stopped_ = false;
  Entry position_;
  std::set<std::string> lacking_;  ///< hashes of what is to be written
  std::string last_;
};

}  // namespace

std::string archived_key(const std::string& log, ArchiveKind kind) {
  return key_of({"archived", log, archive_kind_name(kind)});
}

Error fill_archive(Store& store, Archive& archive, const ArchiveFillOptions& options,
                   uint64_t& files_written) {
  files_written = 0;
  for (const ArchiveKind kind : archive_kinds) {
    Filler filler(store, archive, options, kind);
    const Error error = filler.run();
    files_written += filler.written();
    if (!error.ok() || filler.is_stopped()) return error;
  }
  return {};
}

}  // namespace cairn::gateway
