// What the archive of a log gives back to a store that was lost, each file verified again.
#pragma once

#include <cairn/gateway/rebuild.hpp>
#include <cairn/linux/fork_proof.hpp>

#include "store_filler.hpp"

namespace cairn::gateway {

/// Sees that the tree in the folder is not below or beside a head that was signed. `where` is named
/// in the message. damaged, proof_invalid as rebuild().
Error check_floor(const RebuildOptions& options, const SignedTree& found, const SignedTree& known,
                  const std::string& where);

/// check_floor() of every head that a file of the archive is about.
Error check_archive(const RebuildOptions& options, const SignedTree& found);

/// Restores receipts, and how far each anchor had come.
Error restore_receipts(const RebuildOptions& options, StoreFiller& filler, RebuildReport& report);

/// Restores the cosignatures of further witnesses, those of one head put together.
Error restore_cosigned(const RebuildOptions& options, StoreFiller& filler, RebuildReport& report);

/// The proofs of forks. Whoever keeps a mirror could write one with a key that he made, so one
/// counts when each of its keys signed a checkpoint that a gateway took from that device.
class RestoredForks {
 public:
  /// Reads the archive, and what rebuilds of other logs into this store left open.
  Error read(const RebuildOptions& options, Store& store, RebuildReport& report);
  /// A checkpoint of a device that a gateway took.
  void see(const std::string& origin, ByteView note);
  /// Enrols the devices whose proofs count, frozen. What does not count stays in the store, for
  /// when the log of another gateway is brought in.
  Error enrol(const RebuildOptions& options, StoreFiller& filler, RebuildReport& report) const;

 private:
  struct Suspect {
    std::string file;
    host::ForkProof proof;
    std::vector<host::VerifierKey> keys;
    std::vector<bool> seen;  ///< for each of them
  };
  void take(const std::string& file, RebuildReport& report);

  std::multimap<std::string, Suspect> suspects_;  ///< by origin
};

}  // namespace cairn::gateway
