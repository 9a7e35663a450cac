// Merkle Patricia tries of Ethereum (Yellow Paper, appendix D): which receipts a block has.
#pragma once

#include <cairn/hash.hpp>
#include <cairn/linux/error.hpp>
#include <utility>
#include <vector>

namespace cairn::host {

/// Follows the nodes from a root to the value of `key`. All nodes must be used.
///
/// ok             `value` points into the last node
/// proof_invalid  they do not lead there, or show that there is no such value
/// corrupt        a node is none
Status verify_trie(const Digest& root, ByteView key, const std::vector<ByteView>& nodes,
                   ByteView& value);

/// Keys and values of a trie, in the order of the keys' bytes; no key begins another.
using TrieEntries = std::vector<std::pair<std::string, std::string>>;

/// The root of a trie, and the nodes from it to `key`: what verify_trie() takes. Memory and time
/// grow with the entries.
///
/// not_found: no such key
Status prove_trie(const TrieEntries& entries, ByteView key, Digest& root,
                  std::vector<std::string>& nodes);

}  // namespace cairn::host
