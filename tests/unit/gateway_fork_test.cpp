// Devices that sign two histories: what proves it, that they are frozen, and that the proof can be
// passed on.
#include "support/gateway_world.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

const std::string origin = "plant.example/press-7";

host::VerifierKey key_of(const TestDevice& device) {
  host::VerifierKey key;
  REQUIRE_OK(key.parse(device.vkey(), "test"));
  return key;
}

Status make(const TestDevice& one, uint64_t size, const TestDevice& other, uint64_t other_size,
            const std::vector<Digest>& proof, host::ForkProof& out) {
  const std::string a = one.checkpoint(size), b = other.checkpoint(other_size);
  return host::make_fork_proof(view(a), one.note_key(), view(b), other.note_key(),
                               {proof.data(), proof.size()}, out)
      .status;
}

struct World {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway{keys, store};
  TestDevice press{origin, 1, 100};
  TestDevice other{origin, 1, 100, 5};  ///< another history from leaf 5 on

  World() { REQUIRE_OK(gateway.registry.enrol(press.enrolled(), "ada", now_s)); }

  // The device is frozen, and the stored proof holds for whoever has its key.
  void check_frozen(uint64_t first_size, uint64_t second_size) {
    Device device;
    REQUIRE_OK(gateway.registry.find(origin, device));
    CHECK(device.state == DeviceState::frozen);
    CHECK(gateway.intake->counts().forks == 1);
    std::vector<DeviceEvent> events;
    REQUIRE_OK(gateway.registry.events(origin, events));
    CHECK(events.back().action == "frozen");
    CHECK(events.back().actor == "gateway");
    std::string file;
    REQUIRE_OK(gateway.registry.fork(origin, file));
    std::string kept;
    REQUIRE_OK(host::read_file(gateway.log.folder() + "/archive/fork/000", 1 << 20, kept));
    CHECK(kept == file);
    host::ForkProof proof;
    REQUIRE_OK(host::parse_fork_proof(view(file), proof));
    host::ForkFacts facts;
    REQUIRE_OK(host::verify_fork_proof(proof, {key_of(press)}, facts));
    CHECK(facts.first_size == first_size);
    CHECK(facts.second_size == second_size);
    // Neither history goes on.
    CHECK(gateway.ask(press.request(first_size, 50)) == 403);
    CHECK(gateway.ask(other.request(first_size, 50)) == 403);
  }
};

}  // namespace

TEST_CASE("The same size with another root freezes a device") {
  World world;
  REQUIRE(world.gateway.ask(world.press.request(0, 9)) == 200);
  CHECK(world.gateway.ask(TestDevice::request_of(9, {}, world.other.checkpoint(9))) == 422);
  world.check_frozen(9, 9);
}

TEST_CASE("So it does when the request starts from another size, with the answer for that") {
  World world;
  REQUIRE(world.gateway.ask(world.press.request(0, 9)) == 200);
  CHECK(world.gateway.ask(world.other.request(0, 9)) == 409);
  world.check_frozen(9, 9);
}

TEST_CASE("A head that contradicts one cosigned before the newest freezes it, too") {
  World world;
  REQUIRE(world.gateway.ask(world.press.request(0, 9)) == 200);
  REQUIRE(world.gateway.ask(world.press.request(9, 20)) == 200);
  CHECK(world.gateway.ask(world.other.request(0, 9)) == 409);
  std::string file;
  CHECK(world.gateway.registry.fork(origin, file).status == Status::not_found);  // no leaf yet
  REQUIRE_OK(world.gateway.log.integrate());
  CHECK(world.gateway.ask(world.press.request(0, 9)) == 409);  // an old request, again
  CHECK(world.gateway.registry.fork(origin, file).status == Status::not_found);
  CHECK(world.gateway.ask(world.other.request(0, 9)) == 409);
  world.check_frozen(9, 9);
}

TEST_CASE("A larger head whose proof leads from another root freezes it") {
  World world;
  REQUIRE(world.gateway.ask(world.press.request(0, 9)) == 200);
  CHECK(world.gateway.ask(world.other.request(9, 20)) == 422);
  world.check_frozen(9, 20);
}

TEST_CASE("A proof that does not hold the other root proves nothing: the device goes on") {
  World world;
  REQUIRE(world.gateway.ask(world.press.request(0, 8)) == 200);
  CHECK(world.gateway.ask(world.other.request(8, 20)) == 422);  // 8 is a power of two
  CHECK(world.gateway.ask(world.press.request(8, 9)) == 200);
  // Nobody can freeze a device with what it did not sign.
  const TestDevice thief(origin, 2, 100, 5);
  CHECK(world.gateway.ask(TestDevice::request_of(9, {}, thief.checkpoint(9))) == 403);
  std::vector<Digest> wrong = world.press.proof(9, 20);
  wrong[0].bytes[0] ^= 1;
  CHECK(world.gateway.ask(TestDevice::request_of(9, wrong, world.press.checkpoint(20))) == 422);
  CHECK(world.gateway.ask(world.press.request(9, 20)) == 200);
}

TEST_CASE("Forks are proved between any two sizes whose proof tells the root") {
  const TestDevice press(origin, 1, 70), other(origin, 1, 70, 3);
  host::ForkProof proof;
  host::ForkFacts facts;
  for (uint64_t to = 4; to <= 70; to += to < 20 ? 1 : 7) {
    for (uint64_t from = 1; from <= to; ++from) {
      CAPTURE(from, to);
      const auto hashes = other.proof(from, to);
      const bool told = (from & (from - 1)) != 0;
      const bool contradicts = from > 3 && (from == to || told);
      REQUIRE(make(press, from, other, to, hashes, proof) ==
              (contradicts ? Status::ok : Status::not_found));
      if (!contradicts) continue;
      CHECK_OK(host::verify_fork_proof(proof, {key_of(press)}, facts));
      if (from != to) CHECK(facts.root == other.root(from));
      CHECK(facts.origin == origin);
      host::ForkProof swapped;
      CHECK(make(other, to, press, from, hashes, swapped) == Status::ok);
      CHECK(host::format_fork_proof(swapped) == host::format_fork_proof(proof));
    }
  }
  // Two heads of one history never do.
  for (uint64_t from = 1; from <= 40; ++from)
    CHECK(make(press, from, press, 40, press.proof(from, 40), proof) == Status::not_found);
}

TEST_CASE("A fork file has one form, and no byte of it can change") {
  const TestDevice press(origin, 1, 70), other(origin, 1, 70, 3);
  host::ForkProof proof, read;
  host::ForkFacts facts;
  for (const uint64_t to : {9u, 20u}) {
    REQUIRE(make(press, 9, other, to, other.proof(9, to), proof) == Status::ok);
    const std::string file = host::format_fork_proof(proof);
    REQUIRE_OK(host::parse_fork_proof(view(file), read));
    CHECK(host::format_fork_proof(read) == file);
    const auto holds = [&](const std::string& bytes) {
      return host::parse_fork_proof(view(bytes), read).ok() &&
             host::verify_fork_proof(read, {key_of(press)}, facts).ok();
    };
    CHECK(holds(file));
    for (size_t at = 0; at < file.size(); ++at) {
      std::string bad = file;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      const bool in_key_line = at >= 14 && at < file.find('\n', 14);
      CAPTURE(at, bad);
      // With a key from elsewhere, the one in the file does not count.
      if (!in_key_line) CHECK_FALSE(holds(bad));
      CHECK_FALSE(holds(file.substr(0, at)));
    }
    CHECK_FALSE(holds(file + "\n"));
  }
}

TEST_CASE("Who is to be believed decides what a fork file shows") {
  const TestDevice press(origin, 1, 70), other(origin, 1, 70, 3), stranger(origin, 2, 0);
  host::ForkProof proof;
  host::ForkFacts facts;
  REQUIRE(make(press, 9, other, 9, {}, proof) == Status::ok);
  CHECK(host::verify_fork_proof(proof, {}, facts).status == Status::ok);
  CHECK(host::verify_fork_proof(proof, {key_of(stranger)}, facts).status == Status::not_found);
  CHECK(host::verify_fork_proof(proof, {key_of(stranger), key_of(press)}, facts).ok());
  host::VerifierKey cosigner;
  REQUIRE_OK(cosigner.parse(signing::vkey(press.key(), origin, NoteType::cosignature), "test"));
  CHECK(host::verify_fork_proof(proof, {cosigner}, facts).status == Status::not_found);
  // Two keys, after a rotation.
  const TestDevice next(origin, 2, 70, 3);
  REQUIRE(make(press, 9, next, 20, next.proof(9, 20), proof) == Status::ok);
  CHECK(proof.vkeys.size() == 2);
  CHECK(host::verify_fork_proof(proof, {key_of(press)}, facts).status == Status::not_found);
  CHECK(host::verify_fork_proof(proof, {key_of(press), key_of(next)}, facts).ok());
  // Two logs are no fork.
  const TestDevice saw("plant.example/saw", 1, 70);
  CHECK(make(press, 9, saw, 9, {}, proof) == Status::bad_argument);
}

TEST_CASE("An operator freezes a device with a proof from elsewhere, and with nothing less") {
  World world;
  host::ForkProof proof;
  REQUIRE(make(world.press, 9, world.other, 9, {}, proof) == Status::ok);
  host::ForkProof wrong = proof;
  std::swap(wrong.first, wrong.second);
  CHECK_FALSE(world.gateway.registry.freeze(origin, wrong, "ada", now_s).ok());
  // By the old key, behind its last size: nothing that the device answers for.
  const TestDevice next(origin, 2, 70);
  REQUIRE_OK(world.gateway.registry.rotate(origin, next.vkey(), 5, "ada", now_s));
  CHECK(world.gateway.registry.freeze(origin, proof, "ada", now_s).status == Status::not_found);
  const TestDevice next_other(origin, 2, 70, 3);
  REQUIRE(make(next, 9, next_other, 9, {}, proof) == Status::ok);
  CHECK_OK(world.gateway.registry.freeze(origin, proof, "ada", now_s));
  CHECK(world.gateway.registry.freeze(origin, proof, "ada", now_s).status == Status::bad_state);
  Device device;
  REQUIRE_OK(world.gateway.registry.find(origin, device));
  CHECK(device.state == DeviceState::frozen);
  CHECK(device.events == 3);
  CHECK(world.gateway.registry.freeze("nobody", proof, "ada", now_s).status == Status::not_found);
}

namespace {

// The press goes from one gateway to another that shares the store.
struct Fleet : World {
  GatewayKeys south_keys{"plant.example/south"};
  Gateway south{south_keys, store};

  Fleet() {
    REQUIRE(gateway.ask(press.request(0, 9)) == 200);
    REQUIRE(south.ask(press.request(9, 20)) == 200);
    REQUIRE_OK(gateway.log.integrate());
    REQUIRE_OK(south.log.integrate());
  }
};

}  // namespace

TEST_CASE("A fork behind the newest head goes by a gateway that did not cosign that size") {
  Fleet fleet;
  CHECK(fleet.south.ask(fleet.other.request(0, 9)) == 409);
  CHECK(fleet.south.intake->counts().forks == 0);
  // Beside the newest head each finds it.
  CHECK(fleet.south.ask(fleet.other.request(0, 20)) == 409);
  CHECK(fleet.south.intake->counts().forks == 1);
}

TEST_CASE("A fork behind the newest head is found where that size was cosigned") {
  Fleet fleet;
  CHECK(fleet.gateway.ask(fleet.other.request(0, 9)) == 409);
  fleet.check_frozen(9, 9);
  CHECK(fleet.south.ask(fleet.press.request(20, 30)) == 403);
}
