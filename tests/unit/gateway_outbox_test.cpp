// The outbox between the log and an anchor: what is sent, how often, and what stays when the ledger
// or the store fails, or the process dies, between any two steps.
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/outbox.hpp>
#include <cairn/linux/file.hpp>
#include <set>

#include "support/host.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;
using namespace host_tests;
using test::MemoryStore;

namespace {

const std::string log_name = "example.com/gateway";

// A ledger that counts what reaches it, and whose next answers a test chooses.
class Ledger : public Anchor {
 public:
  uint64_t cost = 10;
  Error answer;             ///< of every call that goes over the network
  bool is_final = true;     ///< poll() finds the receipt
  bool is_refused = false;  ///< poll() says that it will never be
  std::string receipt_text = "of ";
  std::vector<std::string> prepared_from;  ///< `previous` of each prepare()
  std::vector<std::string> sent;

  uint8_t kind() const override { return 77; }
  const char* cost_unit() const override { return "coins"; }
  Error prepare(const AnchorHead& head, const std::string& previous, AnchorRequest& out) override {
    if (!answer.ok()) return answer;
    prepared_from.push_back(previous);
    out = {
        "request " + std::to_string(head.size) + " number " + std::to_string(prepared_from.size()),
        cost};
    return {};
  }
  Error submit(const AnchorHead&, const std::string& request, std::string&) override {
    if (!answer.ok()) return answer;
    sent.push_back(request);
    return {};
  }
  Error poll(const AnchorHead& head, const std::string&, std::string& receipt) override {
    if (!answer.ok()) return answer;
    if (is_refused) return {Status::bad_state, "the ledger will never take it"};
    if (!is_final) return {Status::not_found, "not yet"};
    receipt = receipt_text + std::to_string(head.size);
    return {};
  }
  Error verify(const Digest&, const std::string& receipt, uint64_t& not_after_s) const override {
    not_after_s = 4000;
    return receipt.rfind("of ", 0) == 0 ? Error{} : Error{Status::proof_invalid, "not a receipt"};
  }

  size_t different() const { return std::set<std::string>(sent.begin(), sent.end()).size(); }
};

struct World {
  TemporaryFolder folder;
  MemoryStore store;
  Ledger ledger;
  host::KeyFile key;
  OutboxOptions options;

  World() {
    REQUIRE(key.generate(folder / "key", log_name, Algorithm::ed25519).ok());
    options.name = "ledger";
    options.log = log_name;
    options.interval_s = 100;
    options.cost_max = 1000;
    options.period_s = 10000;
  }

  AnchorHead head(uint64_t size) const {
    Checkpoint checkpoint;
    checkpoint.origin = host::bytes_of(log_name);
    checkpoint.size = size;
    uint8_t text[512], line[512];
    const auto text_size = format_checkpoint(checkpoint, text);
    REQUIRE(text_size.ok());
    const auto line_size = sign_note({text, text_size.value}, checkpoint.origin, NoteType::ed25519,
                                     key.signer(), 0, line);
    REQUIRE(line_size.ok());
    const std::string note =
        host::string_of({text, text_size.value}) + "\n" + host::string_of({line, line_size.value});
    AnchorHead out;
    REQUIRE(anchor_head(log_name, {size, {}, note}, out).ok());
    return out;
  }
  std::unique_ptr<Outbox> outbox(std::function<uint64_t()> random = [] { return 0; }) {
    auto made = std::make_unique<Outbox>(store, ledger, options, random);
    (void)made->open();
    return made;
  }
  // Steps until nothing is due before `until`.
  void run(Outbox& outbox, uint64_t size, uint64_t& now, uint64_t until) {
    for (; now < until; now = std::max(now + 1, std::min(outbox.state().next_s, until)))
      (void)outbox.step(head(size), now);
  }
  std::vector<StoredReceipt> receipts(uint64_t size_min) {
    std::vector<StoredReceipt> found;
    CHECK(find_receipts(store, log_name, size_min, found).ok());
    return found;
  }
};

}  // namespace

TEST_CASE("outbox: a head is prepared, sent, asked for, and its receipt kept") {
  World world;
  const auto outbox = world.outbox();
  REQUIRE(outbox->step(world.head(5), 1000).ok());
  CHECK(world.ledger.sent.empty());  // stored first
  CHECK(outbox->state().pending_size == 5);
  CHECK(outbox->state().spent == 10);
  REQUIRE(outbox->step(world.head(6), 1000).ok());
  CHECK(world.ledger.sent == std::vector<std::string>{"request 5 number 1"});
  CHECK(outbox->state().next_s == 1015);
  REQUIRE(outbox->step(world.head(7), 1015).ok());
  const OutboxState state = outbox->state();
  CHECK(state.anchored_size == 5);
  CHECK(state.anchored_at_s == 1015);
  CHECK(state.not_after_s == 4000);
  CHECK(state.pending_size == 0);

  const auto found = world.receipts(3);
  REQUIRE(found.size() == 1);
  CHECK(found[0].anchor == "ledger");
  CHECK(found[0].size == 5);
  CHECK(found[0].kind == 77);
  CHECK(found[0].body == "of 5");
  CHECK(found[0].note == world.head(5).note);
  CHECK(world.receipts(5).size() == 1);
  CHECK(world.receipts(6).empty());
}

TEST_CASE("outbox: the newest head wins, once an interval") {
  World world;
  const auto outbox = world.outbox();
  uint64_t now = 1000;
  for (uint64_t size = 1; now < 1400; ++now, ++size)
    REQUIRE(outbox->step(world.head(size), now).ok());
  CHECK(world.ledger.sent.size() == 4);
  CHECK(world.ledger.different() == 4);
  CHECK(outbox->state().anchored_size > 300);
  REQUIRE(outbox->step(world.head(outbox->state().anchored_size), now + 5000).ok());
  CHECK(world.ledger.prepared_from.size() == 4);  // nothing new
}

TEST_CASE("outbox: it says when it takes a head, and does without one") {
  World world;
  const auto outbox = world.outbox();
  CHECK(outbox->takes_head(1000));
  REQUIRE(outbox->step({}, 1000).ok());
  CHECK(outbox->takes_head(1000));  // there was none
  REQUIRE(outbox->step(world.head(5), 1000).ok());
  CHECK_FALSE(outbox->takes_head(1000));
  REQUIRE(outbox->step({}, 1000).ok());
  CHECK_FALSE(outbox->takes_head(1015));
  REQUIRE(outbox->step({}, 1015).ok());
  CHECK(outbox->state().anchored_size == 5);
  CHECK_FALSE(outbox->takes_head(1114));
  CHECK(outbox->takes_head(1115));
  REQUIRE(outbox->step(world.head(5), 1115).ok());
  CHECK(world.ledger.prepared_from.size() == 1);  // it is anchored
  world.ledger.is_refused = true;
  uint64_t now = 1115;
  world.run(*outbox, 6, now, 1132);
  CHECK(outbox->takes_head(outbox->state().next_s));
}

TEST_CASE("outbox: retries come later and later, by chance up to half earlier, and end") {
  World world;
  world.ledger.answer = {Status::io, "no answer"};
  for (const uint64_t chance : {uint64_t{0}, uint64_t{1} << 40, UINT64_MAX}) {
    const auto outbox = world.outbox([chance] { return chance; });
    uint64_t now = 1000;
    for (uint64_t most = 5; now < 100000; most = std::min<uint64_t>(2 * most, 3600)) {
      REQUIRE(outbox->step(world.head(1), now).ok());
      const uint64_t wait = outbox->state().next_s - now;
      CAPTURE(chance, most, wait);
      REQUIRE(wait <= most);
      REQUIRE(wait >= most - most / 2);
      REQUIRE(outbox->step(world.head(1), now + wait - 1).ok());  // not yet
      now += wait;
    }
    CHECK(outbox->state().error == "no answer");
    CHECK(outbox->state().failures > 20);
    CHECK(world.ledger.sent.empty());
  }
  world.ledger.answer = {};
  const auto outbox = world.outbox();
  uint64_t now = 200000;
  world.run(*outbox, 9, now, 200100);
  CHECK(outbox->state().anchored_size == 9);
  CHECK(outbox->state().failures == 0);
  CHECK(outbox->state().error.empty());
}

TEST_CASE("outbox: no more is spent in a period than the cap") {
  World world;
  world.options.cost_max = 35;
  world.options.interval_s = 1;
  auto outbox = world.outbox();
  uint64_t size = 0;
  for (uint64_t now = 1000; now < 10900; now += 20) {
    REQUIRE(outbox->step(world.head(++size), now).ok());
    if (now % 1000 == 0) outbox = world.outbox();  // what was spent survives
  }
  CHECK(world.ledger.sent.size() == 3);
  CHECK(outbox->state().spent == 30);
  CHECK(outbox->state().is_capped);
  for (uint64_t now = 11000; now < 11100; now += 20)
    REQUIRE(outbox->step(world.head(++size), now).ok());
  CHECK(world.ledger.sent.size() > 3);
  CHECK_FALSE(outbox->state().is_capped);
  CHECK(world.receipts(0).size() >= 1);
}

TEST_CASE("outbox: killed at any call of the store, the same bytes are sent again and paid once") {
  for (const bool applies : {false, true}) {
    for (uint64_t call = 0; call < 12; ++call) {
      World world;
      world.store.set_fault({call, applies});
      uint64_t now = 1000;
      {
        const auto dying = world.outbox();
        for (int i = 0; i < 6; ++i)
          (void)dying->step(world.head(5), now += 20);
      }
      world.store.set_fault({});
      const auto outbox = world.outbox();
      world.run(*outbox, 5, now, now + 200);
      CAPTURE(applies, call);
      CHECK(world.ledger.different() == 1);
      CHECK(outbox->state().spent == 10);
      CHECK(world.receipts(0).size() == 1);
    }
  }
}

TEST_CASE("outbox: a store that fails and comes back under the same process") {
  for (const bool applies : {false, true}) {
    for (uint64_t call = 0; call < 8; ++call) {
      World world;
      const auto outbox = world.outbox();
      world.store.set_fault({call, applies});
      uint64_t now = 1000;
      for (int i = 0; i < 4; ++i)
        (void)outbox->step(world.head(5), now += 20);
      world.store.set_fault({});
      world.run(*outbox, 5, now, now + 200);
      CAPTURE(applies, call);
      CHECK(world.ledger.different() == 1);
      CHECK(outbox->state().spent == 10);
      CHECK(world.receipts(0).size() == 1);
    }
  }
}

TEST_CASE("outbox: what is refused is made anew from what was sent, for the newest head") {
  World world;
  const auto outbox = world.outbox();
  uint64_t now = 1000;
  world.ledger.is_refused = true;
  world.run(*outbox, 5, now, 1020);
  CHECK(outbox->state().error == "the ledger will never take it");
  world.ledger.is_refused = false;
  world.run(*outbox, 8, now, 1100);
  CHECK(world.ledger.prepared_from == std::vector<std::string>{"", "request 5 number 1"});
  CHECK(outbox->state().anchored_size == 8);
  CHECK(outbox->state().spent == 20);
}

TEST_CASE("outbox: a receipt that does not convince is not kept") {
  World world;
  const auto outbox = world.outbox();
  uint64_t now = 1000;
  world.ledger.receipt_text = "forged ";
  world.run(*outbox, 5, now, 1020);
  CHECK(world.receipts(0).empty());
  CHECK(outbox->state().error == "not a receipt");
  world.ledger.receipt_text = "of ";
  world.run(*outbox, 5, now, 1200);
  CHECK(world.receipts(0).size() == 1);
}

TEST_CASE("outbox: a receipt is in the archive before it counts, and there once") {
  World world;
  Archive archive(world.folder.path());
  world.options.archive = &archive;
  const auto files = [&] {
    std::vector<std::string> found;
    CHECK_OK(read_archive(TileSource(world.folder.path()), ArchiveKind::receipt,
                          [&](const std::string& bytes) {
                            found.push_back(bytes);
                            return Error{};
                          }));
    return found;
  };
  const auto outbox = world.outbox();
  uint64_t now = 1000;
  world.ledger.is_final = false;
  world.run(*outbox, 5, now, 1020);
  CHECK(files().empty());
  world.ledger.is_final = true;
  world.store.set_fault({0, false});  // for long
  world.run(*outbox, 5, now, 1500);
  CHECK(files().size() == 1);
  world.store.set_fault({});
  CHECK(world.receipts(0).empty());
  world.run(*outbox, 5, now, 1600);
  REQUIRE(world.receipts(0).size() == 1);
  CHECK(world.ledger.sent.size() == 1);
  REQUIRE(files().size() == 1);
  CHECK(files()[0].find("example.com/gateway") != std::string::npos);
  // Where no file can be written, nothing counts.
  std::filesystem::remove_all(world.folder / "archive");
  write(world.folder / "archive", "in the way");
  world.run(*outbox, 9, now, 1900);
  CHECK(outbox->state().anchored_size == 5);
  std::filesystem::remove(world.folder / "archive");
  world.run(*outbox, 9, now, 2100);
  CHECK(outbox->state().anchored_size == 9);
  CHECK(world.receipts(9).size() == 1);
}

TEST_CASE("outbox: a clock that is set back holds nothing up") {
  World world;
  const auto outbox = world.outbox();
  world.ledger.answer = {Status::io, "no answer"};
  uint64_t now = 1'000'000;
  world.run(*outbox, 5, now, 1'009'000);
  world.ledger.answer = {};
  now = 500;
  world.run(*outbox, 5, now, 600);
  CHECK(outbox->state().anchored_size == 5);
}

TEST_CASE("outbox: entries that no cairn wrote are told") {
  World world;
  std::vector<Change> changes{{{{key_of({"outbox", log_name, "ledger"}), 0, "nonsense"}}, false}};
  REQUIRE(world.store.cas_batch(changes).ok());
  Outbox outbox(world.store, world.ledger, world.options);
  CHECK(outbox.open().status == Status::corrupt);
  AnchorHead head;
  CHECK(anchor_head(log_name, {5, {}, "nonsense"}, head).status == Status::corrupt);
  CHECK(anchor_head(log_name, {6, {}, world.head(5).note}, head).status == Status::corrupt);
  CHECK(anchor_head("another", {5, {}, world.head(5).note}, head).status == Status::corrupt);
}

TEST_CASE("outbox: gateways that share a store may call their anchors alike") {
  World world;
  const auto outbox = world.outbox();
  uint64_t now = 1000;
  world.run(*outbox, 5, now, 1100);
  CHECK(outbox->state().anchored_size == 5);
  world.options.log = "example.com/another";
  Outbox other(world.store, world.ledger, world.options);
  REQUIRE(other.open().ok());
  CHECK(other.state().anchored_size == 0);
  CHECK(other.state().spent == 0);
}
