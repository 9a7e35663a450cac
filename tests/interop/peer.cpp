// cairn's side of the exchange with tools that were not written here.
//
//   peer make DIR    writes checkpoints, proofs and keys for others to verify
//   peer check FILE  verifies what others have made; exit status 1 when anything is refused
//
// Both sides read and write the same JSON: {"keys": [{"vkey", "note", "ok"}], "leaves": [hex],
// "inclusion": [{"index", "size", "root", "proof": [hex], "ok"}], "consistency": [{"from", "to",
// "root_from", "root_to", "proof", "ok"}]}. Entries with "ok": false have been tampered with and
// must be refused. cairn also writes the tiles of all leaves to DIR/tiles, and their "root".
#include <cairn/checkpoint.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/hex.hpp"

namespace {

using namespace cairn;
using nlohmann::json;

constexpr uint64_t leaf_count = 300;

Digest digest_of(const std::string& text) {
  Digest out{};
  const std::vector<uint8_t> bytes = hexadecimal::decode(text);
  if (bytes.size() == digest_bytes) std::copy(bytes.begin(), bytes.end(), out.bytes);
  return out;
}

std::vector<Digest> digests_of(const json& list) {
  std::vector<Digest> out;
  for (const json& item : list)
    out.push_back(digest_of(item.get<std::string>()));
  return out;
}

/// A tree kept as its leaf hashes; the slow and obvious source of nodes.
struct Tree {
  std::vector<std::vector<uint8_t>> leaves;

  static Status node(void* user, unsigned level, uint64_t index, Digest& out) {
    const Tree& tree = *static_cast<const Tree*>(user);
    Frontier frontier;
    for (uint64_t i = index << level; i < (index + 1) << level; ++i) {
      const auto& leaf = tree.leaves[i];
      CAIRN_TRY(frontier.append(leaf_hash({leaf.data(), leaf.size()})));
    }
    out = frontier.root();
    return Status::ok;
  }
  NodeSource source() { return {this, node}; }
  Digest root(uint64_t size) {
    Digest out{};
    if (build_root(size, source(), out) != Status::ok) std::abort();
    return out;
  }
};

json hashes(const ProofBuffer& proof) {
  json out = json::array();
  for (size_t i = 0; i < proof.count; ++i)
    out.push_back(hexadecimal::encode(proof.hashes[i]));
  return out;
}

std::string signed_note(Tree& tree, uint64_t size, const std::string& name, const Signer& signer,
                        std::string& vkey) {
  const NoteKey key =
      note_key({name.data(), name.size()}, log_note_type(signer.public_key), signer.public_key);
  uint8_t out[1024];
  const Result<size_t> vkey_size = format_vkey(key, out);
  vkey.assign(reinterpret_cast<char*>(out), vkey_size.value);
  const Checkpoint checkpoint = {key.name, size, tree.root(size), {}};
  const Result<size_t> text = format_checkpoint(checkpoint, out);
  const Result<size_t> line = sign_note({out, text.value}, key.name, key.type, signer, 0,
                                        {out + text.value + 1, sizeof out - text.value - 1});
  if (!text.ok() || !line.ok()) std::abort();
  out[text.value] = '\n';
  return {reinterpret_cast<char*>(out), text.value + 1 + line.value};
}

void add_notes(json& file, Tree& tree, const std::string& name, const Signer& signer) {
  for (uint64_t size : {uint64_t{1}, uint64_t{2}, uint64_t{7}, uint64_t{256}, leaf_count}) {
    std::string vkey;
    std::string note = signed_note(tree, size, name, signer, vkey);
    file["keys"].push_back({{"vkey", vkey}, {"note", note}, {"ok", true}});
    note[note.find('\n') + 1] ^= 1;  // another size under the same signature
    file["keys"].push_back({{"vkey", vkey}, {"note", note}, {"ok", false}});
  }
}

bool write_tiles(const Tree& tree, const std::string& folder) {
  std::vector<ByteView> leaves;
  for (const auto& leaf : tree.leaves)
    leaves.push_back({leaf.data(), leaf.size()});
  host::TileWriter writer;
  return writer.open(folder, 0).ok() && writer.append(leaves.data(), leaves.size()).ok() &&
         writer.publish().ok();
}

int make(const std::string& folder) {
  Tree tree;
  for (uint64_t i = 0; i < leaf_count; ++i)
    tree.leaves.push_back(std::vector<uint8_t>(i % 70, static_cast<uint8_t>(i)));
  if (!write_tiles(tree, folder + "/tiles")) return 1;
  json file;
  file["root"] = hexadecimal::encode(tree.root(leaf_count));
  for (const auto& leaf : tree.leaves)
    file["leaves"].push_back(hexadecimal::encode({leaf.data(), leaf.size()}));
  Digest space[proof_hashes_max];
  for (uint64_t size = 1; size <= leaf_count; size = size * 3 / 2 + 1) {
    for (uint64_t index = 0; index < size; index += 1 + size / 16) {
      ProofBuffer proof = {space, proof_hashes_max};
      if (build_inclusion(index, size, tree.source(), proof) != Status::ok) return 1;
      json entry = {{"index", index}, {"size", size}, {"proof", hashes(proof)}, {"ok", true}};
      entry["root"] = hexadecimal::encode(tree.root(size));
      file["inclusion"].push_back(entry);
      if (size > 1) {
        entry["index"] = index == 0 ? 1 : index - 1;
        entry["ok"] = false;
        file["inclusion"].push_back(entry);
      }
    }
    for (uint64_t from = 1; from <= size; from += 1 + size / 12) {
      ProofBuffer proof = {space, proof_hashes_max};
      if (build_consistency(from, size, tree.source(), proof) != Status::ok) return 1;
      json entry = {{"from", from}, {"to", size}, {"proof", hashes(proof)}, {"ok", true}};
      entry["root_from"] = hexadecimal::encode(tree.root(from));
      entry["root_to"] = hexadecimal::encode(tree.root(size));
      file["consistency"].push_back(entry);
      entry["root_from"] = hexadecimal::encode(sha256(tree.root(from)));
      entry["ok"] = false;
      file["consistency"].push_back(entry);
    }
  }
  std::vector<uint8_t> seed(32, 7);
  Ed25519Key ed25519;
  P256Key p256;
  Signer signer;
  if (ed25519_signer({seed.data(), 32}, ed25519, signer) != Status::ok) return 1;
  add_notes(file, tree, "log.example/ed25519", signer);
  if (p256_signer({seed.data(), 32}, p256, signer) != Status::ok) return 1;
  add_notes(file, tree, "log.example/p256", signer);
  p256_forget(p256);
  std::ofstream(folder + "/cairn.json") << file.dump(1);
  return 0;
}

bool note_ok(const json& entry) {
  const std::string vkey = entry["vkey"], note = entry["note"];
  NoteKey key;
  if (parse_vkey({vkey.data(), vkey.size()}, key) != Status::ok) return false;
  const Verifier list[] = {ed25519_verifier(), p256_verifier()};
  Checkpoint checkpoint;
  return open_checkpoint({note.data(), note.size()}, key, {list, 2}, checkpoint) == Status::ok;
}

bool inclusion_ok(const json& file, const json& entry) {
  const std::vector<Digest> proof = digests_of(entry["proof"]);
  const uint64_t index = entry["index"];
  const std::vector<uint8_t> leaf = hexadecimal::decode(file["leaves"][index].get<std::string>());
  return verify_inclusion(index, entry["size"], leaf_hash({leaf.data(), leaf.size()}),
                          {proof.data(), proof.size()}, digest_of(entry["root"])) == Status::ok;
}

bool consistency_ok(const json& entry) {
  const std::vector<Digest> proof = digests_of(entry["proof"]);
  return verify_consistency(entry["from"], entry["to"], digest_of(entry["root_from"]),
                            digest_of(entry["root_to"]),
                            {proof.data(), proof.size()}) == Status::ok;
}

int check(const std::string& path) {
  std::ifstream in(path);
  const json file = json::parse(in);
  size_t wrong = 0, count = 0;
  const auto judge = [&](const char* list, const std::function<bool(const json&)>& ok) {
    for (const json& entry : file.at(list)) {
      ++count;
      if (ok(entry) == entry["ok"].get<bool>()) continue;
      ++wrong;
      std::fprintf(stderr, "judged wrongly in %s: %s\n", list, entry.dump().c_str());
    }
  };
  judge("keys", note_ok);
  judge("inclusion", [&](const json& entry) { return inclusion_ok(file, entry); });
  judge("consistency", consistency_ok);
  std::printf("%s: %zu items judged, %zu wrongly\n", path.c_str(), count, wrong);
  return wrong == 0 && count > 100 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc == 3 ? argv[1] : "";
  if (verb == "make") return make(argv[2]);
  if (verb == "check") return check(argv[2]);
  std::fprintf(stderr, "usage: peer make DIR | peer check FILE\n");
  return 2;
}
