// A note checked against a list of verifier keys, as foreign tools check it.
#pragma once

#include <algorithm>
#include <cairn/note.hpp>
#include <string>
#include <vector>

#include "support/signing.hpp"

namespace notes {

struct Opened {
  bool accepted = false;
  std::string text;
  std::vector<std::string> verified;  ///< vkeys whose signature is valid, "name+id"
};

/// Accepts a well-formed note that at least one key signed and none signed wrongly.
inline Opened open(cairn::ByteView bytes, const std::vector<std::string>& vkeys) {
  Opened out;
  cairn::Note note;
  if (cairn::parse_note(bytes, note) != cairn::Status::ok) return out;
  bool wrong = false;
  for (const std::string& vkey : vkeys) {
    cairn::NoteKey key;
    REQUIRE(cairn::parse_vkey(vectors::view(vkey), key) == cairn::Status::ok);
    const cairn::Status status = cairn::verify_note(note, key, signing::verifiers());
    if (status == cairn::Status::ok) out.verified.push_back(vkey.substr(0, key.name.size + 9));
    wrong = wrong || (status != cairn::Status::ok && status != cairn::Status::not_found);
  }
  out.accepted = !wrong && !out.verified.empty();
  out.text.assign(note.text.text(), note.text.size);
  return out;
}

}  // namespace notes
