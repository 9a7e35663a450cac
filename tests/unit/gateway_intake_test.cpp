// What a gateway answers to add-checkpoint requests: the statuses of c2sp.org/tlog-witness, for
// every state of a device, and what is stored before the answer.
#include <thread>

#include "support/cosignatures.hpp"
#include "support/gateway_world.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

const std::string origin = "plant.example/press-7";

struct World {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway{keys, store};
  TestDevice press{origin, 1, 300};

  World() { REQUIRE_OK(gateway.registry.enrol(press.enrolled(), "ada", now_s)); }
  DeviceState state() {
    Device device;
    REQUIRE_OK(gateway.registry.find(origin, device));
    return device.state;
  }
};

// The head that the store has, checked: signed by the device, cosigned by the witness.
Checkpoint stored_head(const World& world, std::string& note) {
  REQUIRE_OK(world.gateway.intake->checkpoint(origin, note));
  Checkpoint checkpoint;
  REQUIRE(open_checkpoint(view(note), world.press.note_key(), host::all_verifiers(), checkpoint) ==
          Status::ok);
  REQUIRE(open_checkpoint(view(note), world.keys.witness.cosigner_key().value,
                          host::all_verifiers(), checkpoint) == Status::ok);
  return checkpoint;
}

}  // namespace

TEST_CASE("A device's heads are cosigned, durable and queued for the log") {
  World world;
  Cosignatures cosigned(world.keys.witness.cosigner_key().value);
  std::string note;
  CHECK(world.gateway.intake->checkpoint(origin, note).status == Status::not_found);
  const uint64_t sizes[] = {0, 1, 7, 8, 8, 64, 300, 300};
  uint64_t old = 0;
  size_t heads = 0;
  for (const uint64_t size : sizes) {
    const std::string body = world.press.request(old, size);
    CAPTURE(old, size);
    REQUIRE(world.gateway.ask(body) == 200);
    cosigned.add(body, world.gateway.answer);
    CHECK(stored_head(world, note).size == size);
    heads += size != old || heads == 0 ? 1 : 0;
    CHECK(world.gateway.log.queued() == heads);
    old = size;
  }
  CHECK(cosigned.agree(origin, {&world.press}));
  REQUIRE_OK(world.gateway.log.integrate());
  AggregateLeaf leaf;
  REQUIRE_OK(world.gateway.log.find(origin, 65, leaf));
  CHECK(leaf.device_size == 300);
  CHECK(leaf.note == world.press.checkpoint(300));
  const IntakeCounts counts = world.gateway.intake->counts();
  CHECK(counts.answers[0] == std::size(sizes));
  CHECK(counts.heads == heads);
  CHECK(counts.commits == heads);
  CHECK(counts.forks == 0);
}

TEST_CASE("Requests are refused with the protocol's numbers, in its order") {
  World world;
  TestDevice& press = world.press;
  Gateway& gateway = world.gateway;
  const TestDevice stranger("plant.example/x", 2, 20), thief(origin, 2, 300);
  REQUIRE(gateway.ask(press.request(0, 8)) == 200);

  CHECK(gateway.ask("") == 400);
  CHECK(gateway.ask("old 8\n\nnonsense\n") == 400);
  CHECK(gateway.ask("old 08\n\n" + press.checkpoint(8)) == 400);
  CHECK(gateway.ask(std::string((1 << 20) + 1, 'x')) == 400);
  CHECK(gateway.ask(stranger.request(0, 8)) == 404);
  CHECK(gateway.ask(thief.request(8, 9)) == 403);
  CHECK(gateway.ask(TestDevice::request_of(9, {}, press.checkpoint(8))) == 400);
  CHECK(gateway.ask(TestDevice::request_of(9, {}, thief.checkpoint(8))) == 403);
  CHECK(gateway.ask(press.request(0, 9)) == 409);
  CHECK(gateway.answer == "8\n");
  CHECK(gateway.ask(press.request(7, 9)) == 409);
  CHECK(gateway.ask(TestDevice::request_of(8, {}, press.checkpoint(9))) == 422);
  CHECK(gateway.ask(TestDevice::request_of(8, press.proof(7, 9), press.checkpoint(9))) == 422);
  // A wrong proof proves nothing about the device: it goes on.
  CHECK(world.state() == DeviceState::active);
  CHECK(gateway.ask(press.request(8, 9)) == 200);

  std::string wrong = press.checkpoint(10);
  const size_t at = wrong.find(" ", wrong.find("— ") + 4) + 20;
  wrong[at] = wrong[at] == 'A' ? 'B' : 'A';
  CHECK(gateway.ask(TestDevice::request_of(9, press.proof(9, 10), wrong)) == 403);
  const IntakeCounts counts = gateway.intake->counts();
  CHECK(counts.answers[2] == 5);
  CHECK(counts.answers[3] == 3);
  CHECK(counts.answers[4] == 1);
  CHECK(counts.answers[5] == 2);
  CHECK(counts.answers[6] == 2);
}

TEST_CASE("An empty tree has one root only, and nothing is proved from it") {
  World world;
  const std::string wrong = world.press.signed_text(world.press.text_of(0, world.press.root(1)));
  CHECK(world.gateway.ask(TestDevice::request_of(0, {}, wrong)) == 422);
  CHECK(world.gateway.ask(
            TestDevice::request_of(0, {world.press.root(1)}, world.press.checkpoint(1))) == 422);
  CHECK(world.gateway.ask(world.press.request(0, 1)) == 200);
}

TEST_CASE("A device's state decides who is answered") {
  World world;
  const auto go = [&](DeviceState next) {
    REQUIRE_OK(world.gateway.registry.change_state(origin, next, "ada", "why", now_s));
  };
  CHECK(world.gateway.ask(world.press.request(0, 5)) == 200);
  go(DeviceState::suspended);
  CHECK(world.gateway.ask(world.press.request(5, 6)) == 403);
  CHECK(world.gateway.answer.find("suspended") != std::string::npos);
  go(DeviceState::active);
  CHECK(world.gateway.ask(world.press.request(5, 6)) == 200);
  go(DeviceState::revoked);
  CHECK(world.gateway.ask(world.press.request(6, 7)) == 403);
}

TEST_CASE("A device that waits for approval is unknown") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store);
  host::KeyFile key;
  REQUIRE_OK(key.generate(keys.folder / "device.key", origin, Algorithm::p256));
  std::string request;
  REQUIRE_OK(sign_enrolment({"", "", "o", "r", {}, ""}, key, request));
  Device device;
  REQUIRE_OK(gateway.registry.request(view(request), now_s, device));
  const std::string text = TestDevice(origin, 1, 5).text(5);
  uint8_t line[512];
  const auto size = sign_note(view(text), view(origin), NoteType::ecdsa, key.signer(), 0, line);
  REQUIRE(size.ok());
  const std::string body =
      TestDevice::request_of(0, {}, text + "\n" + host::string_of({line, size.value}));
  CHECK(gateway.ask(body) == 404);
  REQUIRE_OK(gateway.registry.change_state(origin, DeviceState::active, "ada", "", now_s));
  CHECK(gateway.ask(body) == 200);
}

TEST_CASE("Each key signs for its sizes") {
  World world;
  const TestDevice next(origin, 2, 300);
  CHECK(world.gateway.ask(world.press.request(0, 10)) == 200);
  REQUIRE_OK(world.gateway.registry.rotate(origin, next.vkey(), 20, "ada", now_s));
  CHECK(world.gateway.ask(next.request(10, 19)) == 403);
  CHECK(world.gateway.ask(world.press.request(10, 20)) == 403);
  CHECK(world.gateway.ask(world.press.request(10, 19)) == 200);
  CHECK(world.gateway.ask(next.request(19, 20)) == 200);
  // A note with the lines of both keys: the one for the size counts and becomes the leaf.
  const std::string both = world.press.checkpoint(30) +
                           signing::line(next.key(), next.text(30), origin, NoteType::ed25519);
  CHECK(world.gateway.ask(TestDevice::request_of(20, next.proof(20, 30), both)) == 200);
  REQUIRE_OK(world.gateway.log.integrate());
  AggregateLeaf leaf;
  REQUIRE_OK(world.gateway.log.find(origin, 30, leaf));
  CHECK(leaf.note == next.checkpoint(30));
}

TEST_CASE("A full queue is said before anything is stored, and what was stored gets its leaf") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store, {}, 1);
  const TestDevice press(origin, 1, 20), saw("plant.example/saw", 2, 20);
  REQUIRE_OK(gateway.registry.enrol(press.enrolled(), "ada", now_s));
  REQUIRE_OK(gateway.registry.enrol(saw.enrolled(), "ada", now_s));
  CHECK(gateway.ask(press.request(0, 1)) == 200);
  CHECK(gateway.ask(press.request(1, 2)) == 200);  // the queue is full now: it waits outside
  CHECK(gateway.ask(press.request(2, 3)) == 503);
  CHECK(gateway.ask(saw.request(0, 3)) == 503);
  std::string note;
  CHECK(gateway.intake->checkpoint(saw.origin(), note).status == Status::not_found);
  REQUIRE_OK(gateway.log.integrate());
  CHECK(gateway.ask(saw.request(0, 3)) == 200);
  REQUIRE_OK(gateway.log.integrate());
  CHECK(gateway.ask(saw.request(3, 4)) == 200);
  REQUIRE_OK(gateway.log.integrate());
  for (const uint64_t size : {1u, 2u}) {
    bool is_leaf = false;
    REQUIRE_OK(gateway.log.is_leaf(origin, size, is_leaf));
    CHECK(is_leaf);
  }
}

TEST_CASE("After a start, heads that are in no leaf are queued, though the queue is small") {
  GatewayKeys keys;
  MemoryStore store;
  std::vector<std::unique_ptr<TestDevice>> devices;
  {
    Gateway gateway(keys, store);
    for (uint8_t i = 0; i < 7; ++i) {
      devices.push_back(std::make_unique<TestDevice>("d" + std::to_string(i), i, 10));
      REQUIRE_OK(gateway.registry.enrol(devices.back()->enrolled(), "ada", now_s));
      REQUIRE(gateway.ask(devices.back()->request(0, i)) == 200);
      if (i == 2) REQUIRE_OK(gateway.log.integrate());
    }
  }
  Gateway gateway(keys, store, {}, 3);
  CHECK(gateway.log.head().size == 3);
  CHECK(gateway.intake->queue_heads().status == Status::full);
  REQUIRE_OK(gateway.log.integrate());
  CHECK_OK(gateway.intake->queue_heads());
  REQUIRE_OK(gateway.log.integrate());
  CHECK(gateway.log.head().size == 7);
  CHECK_OK(gateway.intake->queue_heads());
  CHECK(gateway.log.queued() == 0);
  for (const auto& device : devices) {
    AggregateLeaf leaf;
    REQUIRE_OK(gateway.log.find(device->origin(), 0, leaf));
    CHECK(leaf.note == device->checkpoint(leaf.device_size));
  }
}

TEST_CASE("More requests at a time than allowed are sent away") {
  GatewayKeys keys;
  MemoryStore store;
  IntakeOptions options;
  options.requests_max = 1;
  Gateway* self = nullptr;
  int inner = 0;
  const TestDevice press(origin, 1, 20);
  // The clock is read in the middle of a request: another one comes just then.
  options.now_s = [&] {
    std::string answer;
    inner = static_cast<int>(self->intake->add_checkpoint(view(press.request(0, 1)), answer));
    return now_s;
  };
  Gateway gateway(keys, store, options);
  self = &gateway;
  REQUIRE_OK(gateway.registry.enrol(press.enrolled(), "ada", now_s));
  CHECK(gateway.ask(press.request(0, 1)) == 200);
  CHECK(inner == 503);
}

TEST_CASE("Without a clock, or with a key that cannot cosign, nothing is stored") {
  GatewayKeys keys;
  MemoryStore store;
  IntakeOptions options;
  options.now_s = [] { return uint64_t{0}; };
  Gateway gateway(keys, store, options);
  const TestDevice press(origin, 1, 20);
  REQUIRE_OK(gateway.registry.enrol(press.enrolled(), "ada", now_s));
  CHECK(gateway.ask(press.request(0, 1)) == 503);
  host::KeyFile p256;
  REQUIRE_OK(p256.generate(keys.folder / "p256.key", "plant.example/w", Algorithm::p256));
  Intake other(store, gateway.registry, gateway.log, p256, {});
  std::string answer;
  CHECK(other.add_checkpoint(view(press.request(0, 1)), answer) == WitnessAnswer::unavailable);
  std::string note;
  CHECK(gateway.intake->checkpoint(origin, note).status == Status::not_found);
}
