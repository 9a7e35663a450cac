// usage: gateway_replay PORT WITNESS-VKEY COSIGNED [RECORDS]
//
// Replays every cosignature that devices of load_devices.hpp were answered, over all lives of a
// gateway (cosigned_notes.hpp), with the heads that the gateway shows now: each is the witness's,
// all of one device are of one of its histories, and what is shown is no smaller than what was
// answered. With RECORDS, the folder where the gateway keeps them, every record up to the head that
// is shown lies there, and they lead to it. Prints what it has seen; ends with 1 at a
// contradiction.
#include <cairn/gateway/device.hpp>
#include <cairn/gateway/tile_tree.hpp>
#include <cstdio>

#include "cosigned_notes.hpp"
#include "load_devices.hpp"
#include "support/cosignatures.hpp"
#include "support/http_connection.hpp"

namespace {

using load::require;

/// Where an origin is, for the gateway on `port`.
cairn::Checkpoint shown(uint16_t port, const std::string& origin, std::string& note) {
  const std::string path = "/" + cairn::gateway::origin_hash(origin) + "/checkpoint";
  cairn::Note parsed;
  cairn::Checkpoint checkpoint;
  require(test::HttpConnection(port).get(path, note) == 200, origin + " has no head any more");
  require(cairn::parse_note(cairn::host::bytes_of(note), parsed) == cairn::Status::ok &&
              cairn::parse_checkpoint(parsed.text, checkpoint) == cairn::Status::ok,
          "no checkpoint: " + note);
  return checkpoint;
}

void check_records(const std::string& folder, const std::string& origin,
                   const cairn::Checkpoint& head, load::Branch branch) {
  const std::string own = folder + "/" + cairn::gateway::origin_hash(origin);
  const cairn::host::Error error = cairn::gateway::read_all_entries(
      own, {head.size, head.root, {}}, [&](uint64_t index, cairn::ByteView entry) {
        const load::Record expected = load::record(index, branch);
        require(cairn::equal(entry, {expected.data(), expected.size()}),
                origin + ": record " + std::to_string(index) + " is another one");
        return cairn::host::Error();
      });
  require(error.ok(), origin + ": " + error.message);
}

}  // namespace

int main(int argc, char** argv) {
  require(argc == 4 || argc == 5, "see the head of replay.cpp");
  const auto port = static_cast<uint16_t>(std::atoi(argv[1]));
  cairn::host::VerifierKey witness;
  require(witness.parse(argv[2], "the witness").ok(), "the witness's key");
  witness.key.type = cairn::NoteType::cosignature;
  gateway_tests::Cosignatures cosignatures(witness.key);
  for (const std::string& note : load::read_cosigned_notes(argv[3]))
    cosignatures.add_note(note);
  const size_t answered = cosignatures.count();
  const load::Tree real(load::sizes_max, load::Branch::real);
  const load::Tree other(load::other_sizes_max, load::Branch::other);
  for (const std::string& origin : cosignatures.origins()) {
    const uint64_t largest = cosignatures.largest(origin);
    std::string note;
    const cairn::Checkpoint head = shown(port, origin, note);
    require(head.size >= largest, origin + " was cosigned at " + std::to_string(largest) +
                                      ", and is shown at " + std::to_string(head.size));
    cosignatures.add_note(note);
    require(cosignatures.agree(origin, {&real, &other}), "two histories of " + origin);
    const bool is_real = head.root == real.root(head.size);
    if (argc == 5)
      check_records(argv[4], origin, head, is_real ? load::Branch::real : load::Branch::other);
  }
  std::printf("%zu cosignatures of %zu devices agree\n", answered, cosignatures.origins().size());
  return 0;
}
