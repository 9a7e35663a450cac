// The negative and positive proofs of the transparency-dev/merkle project.
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <string>
#include <vector>

#include "support/json_vectors.hpp"

using namespace cairn;
using vectors::Bytes;

namespace {

// A hash of a vector. Some negative vectors hold roots of 0, 9 or 12 bytes: no Digest can, so such
// a case is refused before there is anything to verify.
bool read_digest(const nlohmann::json& text, Digest& out) {
  const Bytes bytes = vectors::base64(text);
  if (bytes.size() != digest_bytes) return false;
  std::copy(bytes.begin(), bytes.end(), out.bytes);
  return true;
}

bool read_proof(const nlohmann::json& rows, std::vector<Digest>& out) {
  for (const auto& row : rows) {
    out.emplace_back();
    if (!read_digest(row, out.back())) return false;
  }
  return true;
}

bool accepts_inclusion(uint64_t index, uint64_t size, const nlohmann::json& row) {
  Digest leaf;
  Digest root;
  std::vector<Digest> proof;
  return read_digest(row["leafHash"], leaf) && read_digest(row["root"], root) &&
         read_proof(row["proof"], proof) &&
         verify_inclusion(index, size, leaf, {proof.data(), proof.size()}, root) == Status::ok;
}

bool accepts_consistency(uint64_t from, uint64_t to, const nlohmann::json& row) {
  Digest root_from;
  Digest root_to;
  std::vector<Digest> proof;
  return read_digest(row["root1"], root_from) && read_digest(row["root2"], root_to) &&
         read_proof(row["proof"], proof) &&
         verify_consistency(from, to, root_from, root_to, {proof.data(), proof.size()}) ==
             Status::ok;
}

}  // namespace

TEST_CASE("transparency-dev/merkle: inclusion") {
  const std::string path = vectors::third_party("merkle-testdata/inclusion.json");
  REQUIRE_VECTORS(path);
  const auto file = vectors::json(path);
  CHECK(file["cases"].size() == 54);
  for (const auto& row : file["cases"]) {
    CAPTURE(row["file"].get<std::string>());
    CHECK(accepts_inclusion(row["leafIdx"], row["treeSize"], row) != row["wantErr"].get<bool>());
  }
}

TEST_CASE("transparency-dev/merkle: inclusion in a subtree is inclusion in a tree of its own") {
  const std::string path = vectors::third_party("merkle-testdata/subtreeinclusion.json");
  REQUIRE_VECTORS(path);
  const auto file = vectors::json(path);
  size_t tried = 0;
  for (const auto& row : file["cases"]) {
    CAPTURE(row["file"].get<std::string>());
    const uint64_t index = row["leafIdx"];
    const uint64_t start = row["start"];
    const uint64_t end = row["end"];
    if (start >= end || index < start) {
      CHECK(row["wantErr"].get<bool>());
      continue;
    }
    ++tried;
    CHECK(accepts_inclusion(index - start, end - start, row) != row["wantErr"].get<bool>());
  }
  CHECK(tried > 90);
}

TEST_CASE("transparency-dev/merkle: consistency") {
  for (const char* name : {"consistency", "subtreeconsistency"}) {
    const std::string path = vectors::third_party(std::string("merkle-testdata/") + name + ".json");
    REQUIRE_VECTORS(path);
    const auto file = vectors::json(path);
    size_t tried = 0;
    for (const auto& row : file["cases"]) {
      CAPTURE(row["file"].get<std::string>());
      const bool subtree = row.contains("start");
      if (subtree && row["start"] != 0) continue;
      ++tried;
      const uint64_t from = subtree ? row["end"] : row["size1"];
      const uint64_t to = subtree ? row["size"] : row["size2"];
      // One good case compares equal texts that are no hashes.
      const bool hashes = vectors::base64(row["root2"]).size() == digest_bytes;
      CHECK(accepts_consistency(from, to, row) == (hashes && !row["wantErr"].get<bool>()));
    }
    CHECK(tried >= 49);
  }
}
