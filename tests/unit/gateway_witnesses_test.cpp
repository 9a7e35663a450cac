// The client of further witnesses: cosignatures that come, are checked and kept; witnesses that are
// ahead, down, or lie. The witnesses are cairn's own; foreign ones are in tests/interop.
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/witnesses.hpp>
#include <cairn/linux/file.hpp>

#include "support/host.hpp"
#include "support/memory_store.hpp"
#include "support/signing.hpp"
#include "support/witness_store.hpp"

using namespace cairn;
using namespace cairn::gateway;
using namespace host_tests;

namespace {

const std::string log_name = "example.com/gateway";

// A log that grows, and three witnesses behind a transport.
struct World {
  TemporaryFolder folder;
  test::MemoryStore store;
  host::KeyFile key;
  AggregateLog log;
  signing::Ed25519Pair w1{11}, w2{12}, w3{13};
  std::string log_vkey;
  ::MemoryStore memories[3];
  int asked[3] = {};
  Error down[3];
  std::function<void()> before_answer = [] {};
  uint64_t time = 5000;

  World() {
    REQUIRE(key.generate(folder / "key", log_name, Algorithm::ed25519).ok());
    REQUIRE(log.open({folder / "log", 1000}, store, key).ok());
    log_vkey = host::vkey_text(key.log_key());
    for (::MemoryStore& memory : memories)
      memory.add(log_vkey);
  }
  void grow(uint64_t size) {
    for (uint64_t i = log.head().size; i < size; ++i)
      REQUIRE(log.add({"d", i + 1, "d\n" + std::to_string(i + 1) + "\n\n— d x\n"}).ok());
    REQUIRE(log.integrate().ok());
  }
  std::string policy() const {
    std::string text = "log " + log_vkey + "\n";
    const signing::Ed25519Pair* keys[] = {&w1, &w2, &w3};
    for (int i = 0; i < 3; ++i) {
      const std::string name = "w" + std::to_string(i + 1);
      text += "witness " + name + " " + signing::vkey(*keys[i], name, NoteType::cosignature) +
              " https://" + name + ".example/prefix/\n";
    }
    return text + "group two 2 w1 w2 w3\nquorum two\n";
  }
  WitnessesOptions options() const {
    WitnessesOptions options;
    options.policy = policy();
    options.tiles_folder = folder / "log";
    options.interval_s = 0;
    options.archive = &log.archive();
    return options;
  }
  Error answer(const std::string& url, const std::string& body, WitnessHttpAnswer& out) {
    const int i = url[9] - '1';
    CHECK(url == "https://w" + std::to_string(i + 1) + ".example/prefix/add-checkpoint");
    ++asked[i];
    before_answer();
    if (!down[i].ok()) return down[i];
    const signing::Ed25519Pair* keys[] = {&w1, &w2, &w3};
    const std::string name = "w" + std::to_string(i + 1);
    uint8_t line[512];
    const WitnessReply reply =
        add_checkpoint(host::bytes_of(body), memories[i].store(), host::all_verifiers(),
                       keys[i]->signer, host::bytes_of(name), time++, line);
    out.status = static_cast<long>(reply.answer);
    if (reply.answer == WitnessAnswer::cosigned)
      out.body = host::string_of({line, reply.size_bytes});
    if (reply.answer == WitnessAnswer::conflict) out.body = std::to_string(reply.state.size) + "\n";
    return {};
  }
  std::unique_ptr<Witnesses> witnesses(uint64_t interval_s = 0) {
    WitnessesOptions wanted = options();
    wanted.interval_s = interval_s;
    auto made = std::make_unique<Witnesses>(
        store, std::move(wanted),
        [this](const std::string& url, const std::string& body, WitnessHttpAnswer& out) {
          return answer(url, body, out);
        });
    REQUIRE(made->open().ok());
    return made;
  }
  QuorumResult step(Witnesses& witnesses, uint64_t now) {
    QuorumResult result;
    const Error error = witnesses.step(log_name, log.head(), now, result);
    CAPTURE(error.message);
    REQUIRE(error.ok());
    return result;
  }
};

}  // namespace

TEST_CASE("witnesses: all cosign, head after head, and what they gave is found again") {
  World world;
  const auto witnesses = world.witnesses();
  std::vector<std::string> kept;  // in the store, and so in the archive
  for (const uint64_t size : {1u, 2u, 3u, 300u, 301u, 1000u}) {
    world.grow(size);
    const QuorumResult result = world.step(*witnesses, 1000 + size);
    CAPTURE(size);
    CHECK(result.reached);
    CHECK(result.valid == 3);
    CosignedHead found;
    REQUIRE(find_cosigned(world.store, log_name, size, found).ok());
    CHECK(found.size == size);
    CHECK(found.note.compare(0, world.log.head().note.size(), world.log.head().note) == 0);
    kept.push_back(found.note);
  }
  CHECK_OK(read_archive(TileSource(world.log.folder()), ArchiveKind::cosigned,
                        [&](const std::string& file) {
                          REQUIRE_FALSE(kept.empty());
                          CHECK(file == kept.front());
                          kept.erase(kept.begin());
                          return Error{};
                        }));
  CHECK(kept.empty());
  CHECK(world.asked[0] == 6);
  world.step(*witnesses, 5000);
  CHECK(world.asked[0] == 6);  // nothing new
  CosignedHead found;
  REQUIRE(find_cosigned(world.store, log_name, 4, found).ok());
  CHECK(found.size == 300);
  CHECK(find_cosigned(world.store, log_name, 1001, found).status == Status::not_found);
}

TEST_CASE("witnesses: after a start each says where it is, and is asked from there") {
  World world;
  world.grow(300);
  (void)world.step(*world.witnesses(), 1000);
  world.grow(700);
  const auto again = world.witnesses();
  const QuorumResult result = world.step(*again, 2000);
  CHECK(result.valid == 3);
  CHECK(world.asked[0] == 3);  // the last of them after a 409
  CHECK(again->peers()[0].cosigned_size == 700);
}

TEST_CASE("witnesses: a quorum is reached without one that is down, which is asked more rarely") {
  World world;
  world.grow(5);
  world.down[1] = {Status::io, "no answer"};
  const auto witnesses = world.witnesses();
  const QuorumResult result = world.step(*witnesses, 1000);
  CHECK(result.reached);
  CHECK(result.valid == 2);
  for (uint64_t now = 1001; now < 3000; ++now)
    (void)world.step(*witnesses, now);
  CHECK(world.asked[0] == 1);
  CHECK(world.asked[1] < 12);
  CHECK(witnesses->peers()[1].error == "no answer");
  world.down[1] = {};
  const uint64_t next = witnesses->peers()[1].next_s;
  CHECK(world.step(*witnesses, next).valid == 3);
  CHECK(witnesses->peers()[1].failures == 0);
}

TEST_CASE("witnesses: a clock that was set back is no reason to wait for it") {
  constexpr uint64_t days = 86400;
  World world;
  world.grow(5);
  world.down[1] = {Status::io, "no answer"};
  const auto witnesses = world.witnesses(60);
  (void)world.step(*witnesses, 100 * days);
  world.grow(6);
  CHECK(world.step(*witnesses, 100 * days + 59).valid == 0);
  CHECK(world.step(*witnesses, 70 * days).valid == 2);
  world.down[1] = {};
  CHECK(world.step(*witnesses, 70 * days + 4).valid == 2);  // it failed again: the pause holds
  CHECK(world.step(*witnesses, 60 * days).valid == 3);
}

TEST_CASE("witnesses: what could not be stored is asked for again, not at once") {
  World world;
  world.grow(300);
  const auto witnesses = world.witnesses();
  SECTION("the store fails") {
    world.store.set_fault({1, false});  // the first call reads
    QuorumResult result;
    CHECK(witnesses->step(log_name, world.log.head(), 1000, result).status == Status::io);
  }
  SECTION("the archive fails") {
    const std::string archive = world.log.folder() + "/archive";
    write(archive, "no folder");
    QuorumResult result;
    CHECK_FALSE(witnesses->step(log_name, world.log.head(), 1000, result).ok());
    REQUIRE(unlink(archive.c_str()) == 0);
  }
  SECTION("another process was faster") {
    world.before_answer = [&] {
      std::vector<Change> changes{
          {{{key_of({"cosignatures", log_name, key_number(300)}), 0, world.log.head().note}},
           false}};
      REQUIRE(world.store.cas_batch(changes).ok());  // of the three, the first one is applied
    };
    QuorumResult result;
    CHECK(witnesses->step(log_name, world.log.head(), 1000, result).status == Status::bad_state);
  }
  world.store.set_fault({});
  CosignedHead found;
  CHECK(witnesses->peers()[0].cosigned_size == 0);
  CHECK(witnesses->peers()[0].failures == 0);  // it did its part
  const int asked = world.asked[0];
  (void)world.step(*witnesses, 1001);
  CHECK(world.asked[0] == asked);
  const QuorumResult result = world.step(*witnesses, 1005);
  CHECK(result.valid == 3);
  CHECK(witnesses->peers()[0].cosigned_size == 300);
  REQUIRE(find_cosigned(world.store, log_name, 300, found).ok());
  CHECK(found.note != world.log.head().note);
}

TEST_CASE("witnesses: one that has seen more than there is is left alone, and told") {
  World world;
  world.grow(300);
  (void)world.step(*world.witnesses(), 1000);
  const AggregateHead newer = world.log.head();
  const auto witnesses = world.witnesses();
  QuorumResult result;
  // An older head, as of a gateway that was set back.
  world.store.set_fault({});
  AggregateHead head = newer;
  head.size = 200;
  CHECK(witnesses->step(log_name, head, 2000, result).ok());
  CHECK(witnesses->peers()[0].failures == 1);
  CHECK(mentions(witnesses->peers()[0].error, {"300"}));
}

TEST_CASE("witnesses: cosignatures that do not verify are not kept") {
  World world;
  world.grow(5);
  int kind = 0;
  Witnesses witnesses(world.store, world.options(),
                      [&](const std::string& url, const std::string& body, WitnessHttpAnswer& out) {
                        const Error error = world.answer(url, body, out);
                        if (kind == 0) out.body = "— w1 AAAAAAAA\n";
                        if (kind == 1) out.body[out.body.size() - 10] ^= 1;
                        if (kind == 2) out.body.clear();
                        if (kind == 3) out = {404, "unknown origin"};
                        return error;
                      });
  REQUIRE(witnesses.open().ok());
  for (; kind < 4; ++kind) {
    QuorumResult result;
    REQUIRE(
        witnesses
            .step(log_name, world.log.head(), 100'000u * static_cast<unsigned>(kind + 1), result)
            .ok());
    CAPTURE(kind);
    CHECK_FALSE(result.reached);
    CHECK(result.valid == 0);
    CHECK_FALSE(witnesses.peers()[0].error.empty());
  }
  CosignedHead none;
  CHECK(find_cosigned(world.store, log_name, 0, none).status == Status::not_found);
}

TEST_CASE("witnesses: policies that cannot serve") {
  World world;
  WitnessesOptions options = world.options();
  options.policy = "log " + world.log_vkey + "\nquorum none\n";
  CHECK(Witnesses(world.store, options).open().status == Status::bad_argument);
  options.policy = "log x\nquorum none\n";
  const Error error = Witnesses(world.store, options).open();
  CHECK(error.status == Status::corrupt);
  CHECK(mentions(error.message, {"line 1"}));
}

TEST_CASE("witnesses: what one remembers forbids to restore less, or other leaves") {
  World world;
  world.grow(7);
  const AggregateHead late = world.log.head();
  const auto witnesses = world.witnesses();
  std::vector<std::string> silent;
  REQUIRE(witnesses->check_restored(late, silent).ok());  // none of them knows the log
  REQUIRE(witnesses->check_restored(late, silent).ok());
  CHECK(silent.empty());
  world.grow(300);
  world.down[0] = world.down[2] = {Status::io, "out"};
  REQUIRE(witnesses->check_restored(world.log.head(), silent).ok());
  CHECK(silent == std::vector<std::string>{"out", "out"});
  CHECK(world.memories[1].logs.at(log_name).state.size == 300);

  const Error less = witnesses->check_restored(late, silent);
  CHECK(less.status == Status::damaged);
  CHECK(less.message.find("w2.example") != std::string::npos);
  CHECK(less.message.find("300") != std::string::npos);

  test::MemoryStore store;
  AggregateLog twin;
  REQUIRE(twin.open({world.folder / "twin", 1000}, store, world.key).ok());
  for (uint64_t i = 0; i < 300; ++i)
    REQUIRE(twin.add({"e", i + 1, "e\n" + std::to_string(i + 1) + "\n\n— e x\n"}).ok());
  REQUIRE(twin.integrate().ok());
  CHECK(witnesses->check_restored(twin.head(), silent).status == Status::proof_invalid);
}
