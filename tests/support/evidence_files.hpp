// Small logs, and evidence about them.
#pragma once

#include <cairn/evidence.hpp>
#include <cairn/merkle.hpp>
#include <string>
#include <vector>

#include "support/signing.hpp"
#include "support/tree.hpp"
#include "support/vectors.hpp"

namespace evidence_files {

using vectors::Bytes;

inline std::string text_of(cairn::ByteView bytes) {
  return {bytes.text(), bytes.size};
}

inline std::string leaf(cairn::Kind kind, const std::string& body) {
  return static_cast<char>(kind) + body;
}

inline std::string close_leaf(const cairn::Close& close) {
  uint8_t body[cairn::library_body_bytes_max];
  const auto size = cairn::encode_close(close, body);
  REQUIRE(size.ok());
  return leaf(cairn::Kind::close, text_of({body, size.value}));
}

/// A cosignature over a checkpoint, to be made.
struct Cosigner {
  const signing::Pair* key;
  std::string name;
  uint64_t time;
};

/// A log in memory, with its key.
struct Log {
  std::string origin;
  const signing::Pair* key;
  cairn::NoteType type;
  std::vector<std::string> leaves;

  uint64_t size() const { return leaves.size(); }

  std::string checkpoint_text() const {
    uint8_t out[512];
    cairn::Checkpoint checkpoint{vectors::view(origin), size(), {}, {}};
    const std::vector<cairn::Digest> hashes = leaf_digests();
    checkpoint.root = tree::root(hashes, 0, size());
    const auto written = cairn::format_checkpoint(checkpoint, out);
    REQUIRE(written.ok());
    return text_of({out, written.value});
  }
  /// The checkpoint as the log signs it, and as the leaf of a higher log.
  std::string signed_text() const {
    return checkpoint_text() + "\n" + signing::line(*key, checkpoint_text(), origin, type);
  }
  std::string note(const std::vector<Cosigner>& cosigners = {}) const {
    std::string out = signed_text();
    for (const Cosigner& c : cosigners)
      out += signing::line(*c.key, checkpoint_text(), c.name, cairn::NoteType::cosignature, c.time);
    return out;
  }
  std::string vkey() const { return signing::vkey(*key, origin, type); }

  std::vector<cairn::Digest> leaf_digests() const {
    std::vector<cairn::Digest> out;
    for (const std::string& l : leaves)
      out.push_back(cairn::leaf_hash(vectors::view(l)));
    return out;
  }
  std::vector<cairn::Digest> proof(uint64_t first, uint64_t count) const {
    const std::vector<cairn::Digest> hashes = leaf_digests();
    tree::LeafSource nodes{&hashes, size()};
    std::vector<cairn::Digest> out(cairn::range_proof_hashes_max);
    cairn::ProofBuffer buffer{out.data(), out.size()};
    const cairn::Status status =
        count == 1 ? cairn::build_inclusion(first, size(), nodes.source(), buffer)
                   : cairn::build_range(first, count, size(), nodes.source(), buffer);
    REQUIRE(status == cairn::Status::ok);
    out.resize(buffer.count);
    return out;
  }
};

struct Run {
  uint64_t first;
  uint64_t count;
};

/// Evidence, level by level. The pieces may be changed before bytes() puts them together.
struct Maker {
  struct Piece {
    uint64_t first;
    std::vector<std::string> leaves;  ///< none above level 0
    std::vector<cairn::Digest> proof;
  };
  struct Level {
    std::vector<Piece> runs;
    std::string note;
  };
  struct Stamp {
    uint8_t level;
    uint8_t kind;
    std::string body;
  };
  std::vector<Level> levels;
  std::vector<Stamp> receipts;

  Maker& add(const Log& log, const std::vector<Run>& runs, const std::string& note) {
    Level level;
    level.note = note;
    for (const Run& run : runs) {
      Piece piece{run.first, {}, log.proof(run.first, run.count)};
      const auto begin = log.leaves.begin() + static_cast<long>(run.first);
      if (levels.empty()) piece.leaves.assign(begin, begin + static_cast<long>(run.count));
      level.runs.push_back(piece);
    }
    levels.push_back(level);
    return *this;
  }

  cairn::Result<size_t> write(cairn::MutableBytes out) const {
    cairn::EvidenceWriter writer(out);
    for (const Level& level : levels) {
      CAIRN_TRY(writer.begin_level());
      for (const Piece& run : level.runs) {
        CAIRN_TRY(writer.begin_run(run.first));
        for (const std::string& l : run.leaves)
          CAIRN_TRY(writer.leaf(vectors::view(l)));
        CAIRN_TRY(writer.proof({run.proof.data(), run.proof.size()}));
      }
      CAIRN_TRY(writer.checkpoint(vectors::view(level.note)));
    }
    for (const Stamp& stamp : receipts)
      CAIRN_TRY(writer.receipt({stamp.level, stamp.kind, stamp.body.size(),
                                reinterpret_cast<const uint8_t*>(stamp.body.data())}));
    return writer.finish();
  }

  Bytes bytes() const {
    Bytes out(65536);
    const auto size = write({out.data(), out.size()});
    REQUIRE(size.status == cairn::Status::ok);
    out.resize(size.value);
    return out;
  }
};

/// The file with its digest made anew, as a forger would.
inline Bytes with_digest(Bytes covered) {
  const cairn::Digest digest = cairn::sha256(vectors::view(covered));
  covered.push_back(0x7A);
  covered.push_back(cairn::digest_bytes);
  covered.insert(covered.end(), digest.bytes, digest.bytes + cairn::digest_bytes);
  return covered;
}
inline Bytes without_digest(Bytes file) {
  file.resize(file.size() - 2 - cairn::digest_bytes);
  return file;
}

}  // namespace evidence_files
