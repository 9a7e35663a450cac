// What others gave about a log and give only once, as files beside its tiles: receipts of anchors,
// heads that further witnesses cosigned, proofs that a device signed two histories. So they outlive
// the store, and travel with copies of the log.
//
// Files are numbered as they came and never change: archive/receipt/000, archive/cosigned/x001/234,
// archive/fork/000. docs/format.md, "Archive", says what they hold. Nothing vouches for their
// numbers or for there being no more, so whoever reads one verifies it by itself.
#pragma once

#include <cairn/gateway/tile_source.hpp>
#include <cairn/hash.hpp>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace cairn::gateway {

enum class ArchiveKind : uint8_t {
  receipt,   ///< of an anchor, with the head that it is about: JSON
  cosigned,  ///< a head of the log with cosignatures: a signed note
  fork,      ///< the file of a host::ForkProof
};

constexpr ArchiveKind archive_kinds[] = {ArchiveKind::receipt, ArchiveKind::cosigned,
                                         ArchiveKind::fork};
constexpr size_t archive_file_bytes_max = 1 << 20;

/// "receipt", "cosigned", "fork".
const char* archive_kind_name(ArchiveKind kind);
/// "archive/cosigned/x001/234".
std::string archive_path(ArchiveKind kind, uint64_t number);
/// What tells files with other content apart: the SHA-256 of their bytes, as bytes.
std::string archive_hash(const std::string& bytes);

/// The files in the folder of one log. One process writes them at a time: whoever holds the log's
/// or the copy's lock. keep() is for any thread.
class Archive {
 public:
  /// `folder` is that of the tiles. Cost: a few looks for files, however many there are.
  explicit Archive(std::string folder);

  const std::string& folder() const { return folder_; }

  /// Adds a file. Power loss: it is there as a whole or not at all, and there once this answered
  /// ok. Cost: two flushes. io, full: of the folder.
  Error keep(ArchiveKind kind, const std::string& bytes);

  /// Adds what a source has and this has not, as it is; whoever rebuilds from it verifies it. At
  /// most files_copied_max of each kind: the next call goes on.
  ///
  /// Cost: one read of the source a kind and new file. Where the numbers differ, since the source
  /// was itself restored, the first call reads all of its files.
  ///
  /// ok           also when the source has none
  /// others       as TileSource::read(), keep()
  Error copy(const TileSource& source);

  static constexpr uint64_t files_copied_max = 65536;

 private:
  /// How far a source was read.
  struct Position {
    uint64_t next = 0;
    std::string last;  ///< hash of the file before
  };
  struct Kind {
    uint64_t count = 0;
    std::optional<std::set<std::string>> known;  ///< hashes of all files, once they are needed
    std::map<std::string, Position> positions;   ///< by the source's place
    std::string folder;                          ///< that this process has made durable last
  };

  bool holds(ArchiveKind kind, uint64_t number) const;
  uint64_t find_end(ArchiveKind kind) const;
  Error copy_kind(const TileSource& source, ArchiveKind kind);
  Error begin_at(const TileSource& source, ArchiveKind kind, Position& position);
  Error learn_all(ArchiveKind kind);

  const std::string folder_;
  Kind kinds_[std::size(archive_kinds)];
  std::mutex mutex_;  ///< of keep()
};

/// Reads all files of a kind, in order. Statuses of TileSource::read(), and what `each` answered.
Error read_archive(const TileSource& source, ArchiveKind kind,
                   const std::function<Error(const std::string& bytes)>& each);

}  // namespace cairn::gateway
