// Trusted control and retained values: what takes effect, what does not, and what a start finds.
#include <algorithm>

#include "support/catch.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::Controller;
using plc::zeros;

namespace {

constexpr uint32_t channel = 4;
constexpr uint64_t noon = 1700000000000;

// Two of three keys command channel 4. The fake signature of a message is its hash, whatever the
// key: whose it is, the number of the key says.
struct Plant {
  Plant() : controller(CAIRN_PLC_TASK, {1, 4096, 8, CAIRN_FLASH_NOR, 0xFF}) {
    log.Enable = 1;
    for (cairn_public_key& key : keys)
      key.algorithm = CAIRN_ED25519;
    controller.log.keeps = 1;
    controller.log.keys = keys;
    controller.log.key_count = 3;
    controller.log.keys_needed = 2;
    controller.log.channels = channels;
    controller.log.channel_count = 2;
    controller.unix_ms = int64_t(noon);
    controller.options.log.recycle = 1;
    controller.options.log.keep_from = UINT64_MAX;
  }
  void start() {
    log = zeros<cairn_fb_log_t>();
    log.Enable = 1;
    REQUIRE(controller.start() == CAIRN_OK);
    for (int i = 0; i < 1000 && log.Valid == 0; ++i)
      scan();
    REQUIRE(log.Valid == 1);
  }
  void scan() {
    controller.pump();
    controller.now_ms += 10;
    cairn_fb_log(&log);
  }

  // One signature of one key; the ErrorID, or 0.
  uint32_t command(uint8_t key, double value, uint64_t sequence, bool forged = false,
                   uint64_t from = noon, uint64_t to = noon + 3600000, uint32_t on = channel) {
    block.Handle = log.Handle;
    block.Channel = on;
    block.Value = value;
    block.Sequence = sequence;
    block.NotBeforeMs = from;
    block.NotAfterMs = to;
    block.KeyNumber = key;
    const Order order{{controller.options.origin.data, controller.options.origin.size},
                      on,
                      forged ? value + 1 : value,
                      sequence,
                      from,
                      to};
    uint8_t bytes[order_bytes_max];
    const Result<size_t> size = encode_order(order, bytes);
    REQUIRE(size.ok());
    const Digest digest = sha256({bytes, size.value});
    uint64_t* const words[8] = {&block.S0, &block.S1, &block.S2, &block.S3,
                                &block.S4, &block.S5, &block.S6, &block.S7};
    for (int i = 0; i < 8; ++i) {
      *words[i] = 0;
      for (int b = 0; b < 8; ++b)
        *words[i] = *words[i] << 8 | digest.bytes[(8 * i + b) % 32];
    }
    block.Execute = 0;
    cairn_fb_command(&block);
    block.Execute = 1;
    cairn_fb_command(&block);
    for (int i = 0; i < 10 && block.Busy; ++i) {
      CHECK(block.Applied == 0);
      scan();
      cairn_fb_command(&block);
    }
    REQUIRE(block.Busy == 0);
    return block.ErrorID;
  }
  std::vector<Command> commands() {
    leaves = controller.leaves(Kind::command);
    std::vector<Command> out;
    for (const std::vector<uint8_t>& leaf : leaves)
      out.push_back(plc::decoded<Command>(leaf, decode_command));
    return out;
  }

  // What somebody does who has the memory while the power is off, but no key.
  void forge(Kind kind, ByteView body) {
    Log writer;
    std::vector<uint8_t> frame(2048);
    LogOptions log_options;
    log_options.log_id =
        log_id_of({controller.options.origin.data, controller.options.origin.size});
    log_options.recycle = true;
    log_options.keep_from = UINT64_MAX;
    LogMemory log_memory{{frame.data(), frame.size()}, nullptr, 0};
    REQUIRE(writer.mount(controller.flash.flash(), log_memory, log_options, Platform{}) ==
            Status::ok);
    REQUIRE(writer.append(uint8_t(kind), body).ok());
  }
  void forge(const Command& order) {
    uint8_t body[700];
    const Result<size_t> size = encode_command(order, body);
    REQUIRE(size.ok());
    forge(Kind::command, {body, size.value});
  }
  void seal() {
    auto request = zeros<cairn_fb_seal_t>();
    request.Handle = log.Handle;
    request.Execute = 1;
    cairn_fb_seal(&request);
    scan();
    cairn_fb_seal(&request);
    REQUIRE(request.Done == 1);
  }
  // What the block shows on the channel, after a start.
  void look() {
    block = zeros<cairn_fb_command_t>();
    block.Handle = log.Handle;
    block.Channel = channel;
    cairn_fb_command(&block);
  }

  cairn_public_key keys[3] = {};
  const uint32_t channels[2] = {channel, 9};
  Controller controller;
  cairn_fb_log_t log = zeros<cairn_fb_log_t>();
  cairn_fb_command_t block = zeros<cairn_fb_command_t>();
  std::vector<std::vector<uint8_t>> leaves;
};

// Restores slot 2, and what it held.
cairn_fb_retain8_t restore(Plant& plant) {
  auto retain = zeros<cairn_fb_retain8_t>();
  retain.Enable = retain.Restore = 1;
  retain.Handle = plant.log.Handle;
  retain.Slot = 2;
  cairn_fb_retain8(&retain);
  for (int i = 0; i < 5 && retain.Busy; ++i) {
    plant.scan();
    cairn_fb_retain8(&retain);
  }
  REQUIRE(retain.Valid == 1);
  REQUIRE(retain.Busy == 0);
  return retain;
}

void keep(Plant& plant, cairn_fb_retain8_t& retain, double value) {
  retain.Restore = 0;
  retain.Handle = plant.log.Handle;
  cairn_fb_retain8(&retain);
  retain.V0 = value;
  retain.V7 = -value;
  cairn_fb_retain8(&retain);
  REQUIRE(retain.Busy == 1);
  plant.scan();
  cairn_fb_retain8(&retain);
  REQUIRE(retain.Busy == 0);
}

}  // namespace

TEST_CASE("a set-point changes when two of three keys have signed it, and is on the log first") {
  Plant plant;
  plant.start();
  CHECK(plant.command(0, 80, 1) == 0);
  CHECK((plant.block.Done == 1 && plant.block.Applied == 0));
  CHECK((plant.block.Signatures == 1 && plant.block.Needed == 2 && plant.block.InForce == 0));
  CHECK(plant.command(0, 80, 1) == 0);  // the same key twice is one signature
  CHECK((plant.block.Signatures == 1 && plant.block.Applied == 0));
  CHECK(plant.commands().empty());
  CHECK(plant.command(2, 80, 1) == 0);
  CHECK((plant.block.Applied == 1 && plant.block.Setpoint == 80 && plant.block.InForce == 1));
  const std::vector<Command> commands = plant.commands();
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].outcome == CommandOutcome::applied);
  CHECK(commands[0].signers == 5);
  CHECK(commands[0].signatures.size == 128);
  CHECK(commands[0].order.value == 80);
}

TEST_CASE("refused commands have no effect and are on the log") {
  Plant plant;
  plant.start();
  plant.command(0, 80, 5);
  plant.command(1, 80, 5);
  REQUIRE(plant.block.InForce == 5);
  const uint64_t hour = 3600000;
  struct {
    uint32_t is, wanted;
    CommandOutcome outcome;
  } rows[] = {
      {plant.command(0, 90, 5), CAIRN_PLC_E_ORDER, CommandOutcome::out_of_order},
      {plant.command(0, 90, 4), CAIRN_PLC_E_ORDER, CommandOutcome::out_of_order},
      {plant.command(1, 90, 6, true), CAIRN_PLC_E_SIGNATURE, CommandOutcome::signature_invalid},
      {plant.command(3, 90, 6), CAIRN_PLC_E_UNKNOWN_KEY, CommandOutcome::unknown_key},
      {plant.command(0, 90, 6, false, noon + hour, noon + 2 * hour), CAIRN_PLC_E_WINDOW,
       CommandOutcome::out_of_window},
      {plant.command(0, 90, 6, false, noon - 2 * hour, noon - hour), CAIRN_PLC_E_WINDOW,
       CommandOutcome::out_of_window},
      {plant.command(0, 90, 6, false, noon, noon + hour, 7), CAIRN_PLC_E_CHANNEL,
       CommandOutcome::unknown_channel},
  };
  std::vector<Command> commands = plant.commands();
  REQUIRE(commands.size() == 8);
  for (size_t i = 0; i < 7; ++i) {
    INFO(i);
    CHECK(rows[i].is == rows[i].wanted);
    CHECK(commands[i + 1].outcome == rows[i].outcome);
    const bool known =
        rows[i].wanted != CAIRN_PLC_E_SIGNATURE && rows[i].wanted != CAIRN_PLC_E_UNKNOWN_KEY;
    CHECK(commands[i + 1].signers == (known ? 1 : 0));
  }
  CHECK(plant.command(0, 90, 6) == 0);
  CHECK(plant.command(1, 91, 6) == CAIRN_PLC_E_CONFLICT);
  CHECK(plant.command(1, 91, 7) == 0);  // a higher number takes its place
  CHECK(plant.block.Signatures == 1);
  CHECK(plant.block.InForce == 5);
  CHECK(plant.block.Setpoint == 80);
  commands = plant.commands();
  REQUIRE(commands.size() == 10);
  // The order whose place it took is on the log, with what had been signed of it.
  CHECK(commands[9].outcome == CommandOutcome::conflict);
  CHECK((commands[9].order.sequence == 6 && commands[9].order.value == 90));
  CHECK((commands[9].signers == 1 && commands[9].signatures.size == 64));
  CHECK(plant.command(2, 91, 7) == 0);
  CHECK((plant.block.Applied == 1 && plant.block.Setpoint == 91));
  CHECK(plant.command(0, 91, 0) == CAIRN_PLC_E_ORDER);
  CHECK(plant.commands().size() == 12);
}

TEST_CASE("a half-signed order whose time is over is on the log, and forgotten") {
  Plant plant;
  plant.start();
  const uint64_t end = noon + plant.controller.now_ms + 1000;
  CHECK(plant.command(0, 80, 5, false, noon, end) == 0);
  plant.scan();
  CHECK(plant.commands().empty());
  plant.controller.now_ms += 2000;
  for (int i = 0; i < CAIRN_PLC_SLOTS; ++i)
    plant.scan();
  const std::vector<Command> commands = plant.commands();
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].outcome == CommandOutcome::out_of_window);
  CHECK((commands[0].signers == 1 && commands[0].order.sequence == 5));
  CHECK(plant.command(1, 80, 5) == 0);
  CHECK((plant.block.Signatures == 1 && plant.block.Applied == 0));
}

TEST_CASE("commands that find no room are counted on the log") {
  Plant plant;
  plant.start();
  constexpr int refused = 3;
  std::vector<cairn_fb_command_t> blocks(CAIRN_PLC_ANSWERS + refused, zeros<cairn_fb_command_t>());
  for (cairn_fb_command_t& block : blocks) {
    block.Handle = plant.log.Handle;
    block.Channel = channel;
    block.Sequence = 1;
    block.Execute = 1;
    cairn_fb_command(&block);
  }
  CHECK(blocks.back().ErrorID == CAIRN_PLC_E_ANSWERS_FULL);
  for (int i = 0; i < 3; ++i)
    plant.scan();
  CHECK(plant.log.Lost == refused);
  CHECK(plant.commands().size() == CAIRN_PLC_ANSWERS);
  CHECK(plant.controller.lost(GapReason::queue_full) == refused);
}

TEST_CASE("without a clock no command takes effect") {
  Plant plant;
  plant.controller.has_wall_clock = false;
  plant.start();
  CHECK(plant.command(0, 80, 1) == CAIRN_PLC_E_CLOCK_NOT_SET);
}

TEST_CASE("a start knows what was in force, and takes no command twice") {
  Plant plant;
  plant.start();
  plant.command(0, 80, 5);
  plant.command(1, 80, 5);
  REQUIRE(plant.block.InForce == 5);
  plant.start();
  cairn_fb_command(&plant.block);
  CHECK(plant.command(0, 80, 5) == CAIRN_PLC_E_ORDER);
  CHECK((plant.block.InForce == 5 && plant.block.Setpoint == 80));
  CHECK(plant.command(0, 85, 6) == 0);
  CHECK(plant.command(1, 85, 6) == 0);
  CHECK(plant.block.Setpoint == 85);
}

TEST_CASE("what was written without the keys is not in force, whoever signs the log afterwards") {
  Plant plant;
  plant.start();
  plant.command(0, 80, 5);
  plant.command(1, 80, 5);
  plant.seal();
  uint8_t signatures[128] = {};
  Command forged{};
  forged.order = {{}, channel, 99, 9, noon, noon + 3600000};
  forged.outcome = CommandOutcome::applied;
  forged.signers = 3;
  forged.signatures = {signatures, sizeof signatures};
  SECTION("with signatures that are none") {
    plant.forge(forged);
  }
  SECTION("without signatures") {
    forged.signers = 0;
    forged.signatures = {};
    plant.forge(forged);
  }
  SECTION("with one signature where two are needed") {
    // Somebody signed, nobody else did: the command was never in force.
    forged.order.origin = {plant.controller.options.origin.data,
                           plant.controller.options.origin.size};
    uint8_t order[order_bytes_max];
    const Result<size_t> size = encode_order(forged.order, order);
    REQUIRE(size.ok());
    const Digest digest = sha256({order, size.value});
    std::copy(digest.bytes, digest.bytes + 32, signatures);
    std::copy(digest.bytes, digest.bytes + 32, signatures + 32);
    forged.signers = 2;
    forged.signatures = {signatures, 64};
    plant.forge(forged);
  }
  SECTION("as a retained value") {
    Retained retained{};
    retained.slot = 0x80000000u | channel;
    retained.version = 9;
    retained.values[0] = 99;
    uint8_t body[128];
    const Result<size_t> size = encode_retained(retained, body);
    REQUIRE(size.ok());
    plant.forge(Kind::retained, {body, size.value});
  }
  REQUIRE(plant.controller.leaves().back()[0] != uint8_t(Kind::close));
  plant.start();
  plant.look();
  CHECK((plant.block.InForce == 5 && plant.block.Setpoint == 80));
  plant.seal();  // what was forged now stands under a head of the log's own
  plant.start();
  plant.look();
  CHECK((plant.block.InForce == 5 && plant.block.Setpoint == 80));
  CHECK(plant.command(0, 85, 6) == 0);
  CHECK(plant.command(1, 85, 6) == 0);
  CHECK((plant.block.InForce == 6 && plant.block.Setpoint == 85));
}

TEST_CASE("after a change of keys, what those signed who may not any more is not in force") {
  Plant plant;
  plant.start();
  plant.command(0, 80, 5);
  plant.command(2, 80, 5);
  plant.controller.log.key_count = 2;
  plant.start();
  plant.look();
  CHECK(plant.block.InForce == 0);
  CHECK(plant.block.Setpoint == 0);
}

TEST_CASE("a start checks signatures within its budget: what one piece takes more is paid back") {
  constexpr uint32_t budget = 3;
  constexpr uint32_t signature_units = 256;  // as a slice of records
  static uint32_t checked;
  Plant plant;
  plant.start();
  for (uint64_t sequence = 1; sequence <= 20; ++sequence) {
    plant.command(0, 80, sequence);
    plant.command(1, 80, sequence);
  }
  plant.log = zeros<cairn_fb_log_t>();
  plant.log.Enable = 1;
  REQUIRE(plant.controller.start() == CAIRN_OK);
  checked = 0;
  plant.controller.verifier.verify = [](void* user, const cairn_public_key* key,
                                        const uint8_t* message, size_t size,
                                        const uint8_t* signature) {
    ++checked;
    return fake::FakeSigner::verifier().verify(user, key, message, size, signature);
  };
  plant.block = zeros<cairn_fb_command_t>();
  uint32_t pumps = 0;
  for (; plant.block.InForce != 20; ++pumps) {
    const uint32_t before = checked;
    REQUIRE(pumps < 20000);
    REQUIRE(plant.controller.pump(1, budget) >= 0);  // -100: more than the budget
    REQUIRE(checked - before <= 3);                  // those of one command, and of the head
    REQUIRE(checked * signature_units <= pumps * budget + 3 * signature_units);
    cairn_fb_log(&plant.log);
    plant.look();
  }
  CHECK(checked >= 40);
}

TEST_CASE("what is in force outlives the records that the log retires") {
  Plant plant;
  plant.start();
  plant.command(0, 80, 5);
  plant.command(1, 80, 5);
  auto retain = zeros<cairn_fb_retain8_t>();
  retain.Enable = 1;
  retain.Slot = 2;
  keep(plant, retain, 12.5);
  auto append = zeros<cairn_fb_append_t>();
  append.Handle = plant.log.Handle;
  for (int i = 0; i < 3000; ++i) {
    append.Execute = uint8_t(i % 2 == 0);
    cairn_fb_append(&append);
    plant.scan();
  }
  const std::vector<Command> left = plant.commands();
  // Its own record is not held any more; it came again, signatures and all.
  CHECK(plant.controller.leaves().size() < 1500);
  REQUIRE_FALSE(left.empty());
  for (const Command& again : left)
    CHECK((again.order.sequence == 5 && again.signers == 3 && again.signatures.size == 128));
  plant.start();
  CHECK(plant.command(0, 80, 5) == CAIRN_PLC_E_ORDER);
  CHECK(plant.block.Setpoint == 80);
  CHECK(restore(plant).R0 == 12.5);
}

TEST_CASE("retained values come back, with their version, and whether they are signed") {
  Plant plant;
  plant.start();
  CHECK(restore(plant).Restored == 0);
  auto retain = zeros<cairn_fb_retain8_t>();
  retain.Enable = 1;
  retain.Slot = 2;
  keep(plant, retain, 1.5);
  keep(plant, retain, 2.5);
  CHECK(retain.Version == 2);
  cairn_fb_retain8(&retain);  // no change: nothing is recorded
  CHECK(retain.Busy == 0);
  plant.start();
  // Power was lost before they were signed. The head of this start, which covers them, proves
  // nothing about them.
  plant.seal();
  cairn_fb_retain8_t restored = restore(plant);
  CHECK((restored.Restored == 1 && restored.Tampered == 0 && restored.Signed == 0));
  CHECK((restored.R0 == 2.5 && restored.R7 == -2.5 && restored.R3 == 0));
  CHECK(restored.Version == 2);
  retain = zeros<cairn_fb_retain8_t>();
  retain.Enable = 1;
  retain.Slot = 2;
  keep(plant, retain, 2.5);
  plant.seal();
  plant.start();
  restored = restore(plant);
  CHECK((restored.Restored == 1 && restored.Signed == 1 && restored.R0 == 2.5));
}

TEST_CASE("a log that keeps no retained values says so, once it is open") {
  Controller controller(CAIRN_PLC_TASK);
  REQUIRE(controller.start() == CAIRN_OK);
  auto log = zeros<cairn_fb_log_t>();
  auto retain = zeros<cairn_fb_retain8_t>();
  log.Enable = retain.Enable = 1;
  cairn_fb_log(&log);
  retain.Handle = log.Handle;
  controller.pump();
  cairn_fb_log(&log);
  cairn_fb_retain8(&retain);
  CHECK((retain.ErrorID == CAIRN_PLC_E_NOT_KEPT && retain.Valid == 0));
}

TEST_CASE("retained values that were changed on the medium are not handed out as good") {
  Plant plant;
  plant.start();
  auto retain = zeros<cairn_fb_retain8_t>();
  retain.Enable = 1;
  retain.Slot = 2;
  keep(plant, retain, 1.5);
  plant.command(0, 80, 5);
  plant.command(1, 80, 5);
  plant.seal();
  const auto leaf = plant.controller.leaves(Kind::retained)[0];
  auto& memory = plant.controller.flash.memory;
  const auto at = std::search(memory.begin(), memory.end(), leaf.begin(), leaf.end());
  REQUIRE(at != memory.end());
  // A change that also puts the frame's check value right would show as well, by the root; here
  // the record is lost, and the root cannot be reached.
  plant.controller.flash.flip(size_t(at - memory.begin()) + 12, 0);
  plant.start();
  const cairn_fb_retain8_t restored = restore(plant);
  CHECK(restored.Restored == 0);
  CHECK(restored.Tampered == 1);
  CHECK(restored.R0 == 0);
  // A newer command may be among what is missing: nothing is in force until the next one, whose
  // number must still be higher.
  plant.look();
  CHECK((plant.block.InForce == 0 && plant.block.Setpoint == 0));
  CHECK(plant.command(0, 80, 5) == CAIRN_PLC_E_ORDER);
  CHECK(plant.block.InForce == 0);
  CHECK(plant.command(0, 85, 6) == 0);
  CHECK(plant.command(1, 85, 6) == 0);
  CHECK((plant.block.InForce == 6 && plant.block.Setpoint == 85));
}
