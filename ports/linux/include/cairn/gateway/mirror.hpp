// A copy of somebody else's log, entries and all, which vouches for what it holds: what it has
// cosigned can be restored from it. It is a mirror as c2sp.org/tlog-mirror means it, and fetches
// the tiles by itself: that draft's requests, by which a log brings its entries, are not served.
//
// The folder is all its state, and any web server can serve it: the tiles, the entries, the
// archive, and the file `checkpoint`, the log's signed head with the mirror's cosignature. A mirror
// that lost its folder has forgotten what it cosigned: see Mirror::cosign().
#pragma once

#include <cairn/gateway/archive.hpp>
#include <cairn/gateway/tile_source.hpp>
#include <cairn/gateway/tile_tree.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <memory>

namespace cairn::gateway {

class Mirror {
 public:
  /// Opens the copy in `folder`, or begins one there. One process at a time.
  ///
  /// ok         open; head() is what it holds
  /// bad_state  another process has it open
  /// damaged    it does not hold the tree of its checkpoint: move it away and copy anew
  /// others     the checkpoint is not one of this log; the system
  Error open(const std::string& folder, const host::VerifierKey& log);

  /// Copies what is new at the source. All of the tree is read and hashed before anything of it
  /// gets a name, so a source that lies changes nothing in it. The archive is copied as it is.
  ///
  /// Power loss: the old copy or the new one.
  /// Cost: what is new is written to a file of its own first, and then to its tiles.
  ///
  /// ok             the copy holds the source's head, or has long had more
  /// proof_invalid  the source does not extend what is here: the log was rewritten, or the copy was
  ///                made of another history. `head()` and the source's checkpoint prove which.
  /// corrupt        its entries are not the leaves of its head
  /// not_found, signature_invalid, io, full; others of Archive::copy(), when the tree is copied
  Error update(const TileSource& source);

  /// Puts a cosignature under the head that is here, with the time `now_s`. A log's own copy has
  /// none: whoever restores it does not vouch for it.
  ///
  /// A folder that was empty holds whatever its first source showed, so with a key that cosigned
  /// for a folder that was lost this can sign a fork. Begin a new folder from another mirror of the
  /// log, which held the same or more, or give it a new key.
  Error cosign(const host::KeyFile& key, uint64_t now_s);

  const SignedTree& head() const { return head_; }

 private:
  Error check_older(const SignedTree& found) const;
  Error update_tree(const TileSource& source);
  Error copy(const TileSource& source, const SignedTree& found);
  Error show(const std::string& note);

  std::string folder_;
  host::VerifierKey log_;
  host::LockFile lock_;
  host::TileWriter tiles_;
  std::unique_ptr<Archive> archive_;
  SignedTree head_;
};

}  // namespace cairn::gateway
