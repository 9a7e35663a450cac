// Restores a gateway's store that was lost, from copies of its log: its own tiles, mirrors, and
// what the logs of devices say.
//
// A rebuilt store knows of no head that was cosigned after the newest leaf in the copies. So the
// keys that cosigned for the lost store are retired with it: from the rebuilt one they could sign a
// fork.
#pragma once

#include <cairn/gateway/store.hpp>
#include <cairn/gateway/tile_source.hpp>
#include <cairn/gateway/tile_tree.hpp>

namespace cairn::gateway {

/// A statement about the log from elsewhere, which bounds from below what must be restored.
struct KnownHead {
  std::string where;  ///< the file, the mirror, the witness
  std::string note;   ///< signed by the log's key
};

struct RebuildOptions {
  std::string folder;  ///< of the gateway's own tiles; may be empty, or gone
  host::VerifierKey log;
  std::vector<TileSource> mirrors;
  std::vector<KnownHead> known;  ///< of witnesses, anchors, evidence files
  /// Keys that cosigned for the lost store.
  std::vector<host::VerifierKey> witnesses;
  /// Signed and cosigned checkpoints of devices from their own logs. Each raises the floor of its
  /// device if one of `witnesses` cosigned it.
  std::vector<std::string> device_notes;
};

struct RebuildReport {
  SignedTree head;
  std::string taken_from;  ///< the folder itself, or the mirror that had the most
  uint64_t devices = 0;
  uint64_t raised = 0;  ///< devices whose own log knew of a newer cosigned head
};

/// Completes the tiles in the folder from the mirror that has the most, reads every leaf of them,
/// and fills the store: the head of the log, the place of each leaf, the newest head of each
/// device. Devices have to be enrolled anew; their heads are kept whoever enrols them.
///
/// ok             the store is whole as far as the copies reach
/// bad_state      the store is not empty
/// bad_argument   no key of a witness was named
/// not_found      neither the folder nor a mirror has a signed head of the log
/// damaged        a head is known that is larger than every copy: records would be lost; or the
///                folder does not hold the tree of its own checkpoint, and must be moved away first
/// proof_invalid  a head is known, or a mirror shows one, that conflicts with the copies
/// io, full       of the store, of the folder
Error rebuild(const RebuildOptions& options, Store& store, RebuildReport& report);

/// Whether the key of a witness may cosign from this store.
/// bad_state: it cosigned for a store that was lost, and this one was rebuilt; make a new key.
Error check_witness_key(Store& store, const NoteKey& witness);

}  // namespace cairn::gateway
