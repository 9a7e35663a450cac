#include <algorithm>
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/merkle_trie.hpp>
#include <cairn/linux/rlp.hpp>

namespace cairn::host {
namespace {

constexpr size_t branches = 16;
constexpr uint8_t leaf_flag = 0x20;
constexpr uint8_t odd_flag = 0x10;

// Half bytes, one a character.
std::string nibbles_of(ByteView bytes) {
  std::string nibbles;
  for (size_t i = 0; i < bytes.size; ++i) {
    nibbles += static_cast<char>(bytes[i] >> 4);
    nibbles += static_cast<char>(bytes[i] & 0x0F);
  }
  return nibbles;
}

// The path of a leaf or an extension, out of its hex-prefix encoding.
Status path_of(const rlp::Item& item, std::string& nibbles, bool& is_leaf) {
  if (item.is_list || item.payload.empty() || (item.payload[0] & 0xC0) != 0) return Status::corrupt;
  is_leaf = (item.payload[0] & leaf_flag) != 0;
  const bool odd = (item.payload[0] & odd_flag) != 0;
  if (!odd && (item.payload[0] & 0x0F) != 0) return Status::corrupt;
  nibbles = nibbles_of(item.payload).substr(odd ? 1 : 2);
  return Status::ok;
}

// A walk from the root down.
struct Walk {
  std::string path;
  size_t at = 0;  ///< nibbles of the path that are behind
  bool found = false;
  ByteView value;
};

// Goes through one node; `next` is the reference to the one below.
Status pass_node(const rlp::Item& node, Walk& walk, rlp::Item& next) {
  std::vector<rlp::Item> items;
  CAIRN_TRY(rlp::items_of(node, items));
  if (items.size() == branches + 1) {
    walk.found = walk.at == walk.path.size();
    next = items[walk.found ? branches : static_cast<size_t>(walk.path[walk.at])];
    if (walk.found) walk.value = next.payload;
    ++walk.at;
    return Status::ok;
  }
  if (items.size() != 2) return Status::corrupt;
  std::string nibbles;
  bool is_leaf = false;
  CAIRN_TRY(path_of(items[0], nibbles, is_leaf));
  if (walk.path.compare(walk.at, nibbles.size(), nibbles) != 0) return Status::proof_invalid;
  walk.at += nibbles.size();
  next = items[1];
  if (!is_leaf) return Status::ok;
  if (walk.at != walk.path.size()) return Status::proof_invalid;
  walk.found = true;
  walk.value = next.payload;
  return Status::ok;
}

// ---- Building ----

using Iterator = TrieEntries::const_iterator;  // keys are nibbles here

std::string hex_prefix(const std::string& nibbles, bool is_leaf) {
  const bool odd = nibbles.size() % 2 != 0;
  const unsigned flags = (is_leaf ? leaf_flag : 0u) | (odd ? odd_flag : 0u);
  std::string all(1, static_cast<char>(flags >> 4));
  if (!odd) all += '\0';
  all += nibbles;
  std::string bytes;
  for (size_t i = 0; i < all.size(); i += 2)
    bytes += static_cast<char>(all[i] << 4 | all[i + 1]);
  return rlp::string(bytes_of(bytes));
}

// How a node is named in the one above it.
std::string reference_to(const std::string& node) {
  if (node.size() < digest_bytes) return node;
  return rlp::string(keccak256(bytes_of(node)));
}

class Builder {
 public:
  explicit Builder(std::string target) : target_(std::move(target)) {}

  /// The node over entries that share their first `depth` nibbles; those on the way to the target
  /// are kept, the lowest first.
  std::string node(Iterator begin, Iterator end, size_t depth) {
    const std::string& first = begin->first;
    if (end - begin == 1) {
      return keep(
          first, depth,
          rlp::list({hex_prefix(first.substr(depth), true), rlp::string(bytes_of(begin->second))}));
    }
    const std::string& last = std::prev(end)->first;
    size_t shared = depth;
    while (first[shared] == last[shared])
      ++shared;
    if (shared == depth) return keep(first, depth, branch(begin, end, depth));
    const std::string below = node(begin, end, shared);
    return keep(
        first, depth,
        rlp::list({hex_prefix(first.substr(depth, shared - depth), false), reference_to(below)}));
  }

  std::vector<std::string> take_path() {
    std::reverse(path_.begin(), path_.end());
    return std::move(path_);
  }

 private:
  std::string branch(Iterator begin, Iterator end, size_t depth) {
    std::vector<std::string> items(branches + 1, rlp::string({}));
    while (begin != end) {
      const char nibble = begin->first[depth];
      const auto next =
          std::find_if(begin, end, [&](const auto& entry) { return entry.first[depth] != nibble; });
      items[static_cast<size_t>(nibble)] = reference_to(node(begin, next, depth + 1));
      begin = next;
    }
    return rlp::list(items);
  }

  // A node below 32 bytes stands inside the one above, but for the root.
  std::string keep(const std::string& key, size_t depth, std::string node) {
    const bool on_path = target_.compare(0, depth, key, 0, depth) == 0;
    if (on_path && (node.size() >= digest_bytes || depth == 0)) path_.push_back(node);
    return node;
  }

  std::string target_;
  std::vector<std::string> path_;
};

}  // namespace

Status verify_trie(const Digest& root, ByteView key, const std::vector<ByteView>& nodes,
                   ByteView& value) {
  Walk walk{nibbles_of(key), 0, false, {}};
  Digest expected = root;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (keccak256(nodes[i]) != expected) return Status::proof_invalid;
    rlp::Item node, next;
    CAIRN_TRY(rlp::parse(nodes[i], node));
    CAIRN_TRY(pass_node(node, walk, next));
    while (!walk.found && next.is_list) {
      node = next;
      CAIRN_TRY(pass_node(node, walk, next));
    }
    if (walk.found) {
      value = walk.value;
      return i + 1 == nodes.size() && !value.empty() ? Status::ok : Status::proof_invalid;
    }
    if (next.payload.size != digest_bytes) return Status::proof_invalid;
    std::copy(next.payload.data, next.payload.data + digest_bytes, expected.bytes);
  }
  return Status::proof_invalid;
}

Status prove_trie(const TrieEntries& entries, ByteView key, Digest& root,
                  std::vector<std::string>& nodes) {
  TrieEntries sorted;
  for (const auto& [name, value] : entries)
    sorted.emplace_back(nibbles_of(bytes_of(name)), value);
  std::sort(sorted.begin(), sorted.end());
  const std::string target = nibbles_of(key);
  const bool there = std::any_of(sorted.begin(), sorted.end(),
                                 [&](const auto& entry) { return entry.first == target; });
  if (!there) return Status::not_found;
  Builder builder(target);
  root = keccak256(bytes_of(builder.node(sorted.begin(), sorted.end(), 0)));
  nodes = builder.take_path();
  return Status::ok;
}

}  // namespace cairn::host
