// One power cut at every operation of a recorder's life. Nothing acknowledged is lost, every head
// that left the device belongs to the one history that the log has in the end, batches and boots
// keep counting, and every close record names the head before it.
#include <cairn/recorder.hpp>
#include <map>

#include "support/catch.hpp"
#include "support/fake_flash.hpp"
#include "support/fake_signer.hpp"
#include "support/log_model.hpp"
#include "worlds.hpp"

#ifndef CAIRN_POWERCUT_FIRST
#define CAIRN_POWERCUT_FIRST 1
#endif

using log_model::demand;
using log_model::Violation;

namespace {

constexpr char origin[] = "plant.example/press-7";

/// What has left the device.
struct Outside {
  std::map<uint64_t, std::vector<uint8_t>> records;  // acknowledged, by index
  std::map<uint64_t, cairn::Digest> heads;
  bool created = false;
};

struct Device {
  uint8_t frame[256];
  fake::FakeSigner key;
  fake::FakeClock clock;
  cairn::Signer signer = key.signer();
  cairn::Platform platform = clock.platform();
  cairn::Recorder recorder;

  cairn::RecorderOptions options() const {
    cairn::RecorderOptions out;
    out.origin = cairn::literal(origin);
    out.batch.leaves = 8;
    return out;
  }
};

std::vector<uint8_t> body(uint64_t number) {
  std::vector<uint8_t> out(4 + number % 19, uint8_t(number));
  out[0] = uint8_t(number >> 8);
  return out;
}

void publish(const Device& device, Outside& outside) {
  const cairn::SignedHead* head = device.recorder.log().head();
  if (head == nullptr) return;
  uint8_t note[cairn::signed_checkpoint_bytes_max];
  demand(device.recorder.checkpoint(note).ok(), "no checkpoint of a head");
  const auto known = outside.heads.find(head->size);
  demand(known == outside.heads.end() || known->second == head->root, "two heads conflict");
  outside.heads[head->size] = head->root;
}

bool open(fake::FakeFlash& flash, Device& device, Outside& outside) {
  const cairn::LogMemory memory = {device.frame, nullptr, 0};
  const cairn::Status opened =
      device.recorder.open(flash.flash(), memory, device.options(), device.platform, device.signer);
  if (flash.is_dead()) return false;
  demand(opened != cairn::Status::damaged, "damage reported after a mere power cut");
  if (opened == cairn::Status::ok) return true;
  demand(opened == cairn::Status::not_formatted && !outside.created,
         std::string("open: ") + cairn::status_text(opened));
  const cairn::Status created = device.recorder.create(flash.flash(), memory, device.options(),
                                                       device.platform, device.signer);
  if (flash.is_dead()) return false;
  demand(created == cairn::Status::ok, std::string("create: ") + cairn::status_text(created));
  outside.created = true;
  return true;
}

// The whole log against what is known outside.
void audit(const cairn::Recorder& recorder, const Outside& outside) {
  cairn::Frontier tree;
  std::map<uint64_t, cairn::Digest> roots;
  uint8_t buffer[512];
  cairn::Log::Cursor cursor;
  demand(cursor.open(recorder.log(), buffer) == cairn::Status::ok, "no cursor");
  uint64_t batches = 0;
  uint32_t boot = 0;
  cairn::Log::Cursor::Item item;
  while (cursor.next(item) == cairn::Status::ok) {
    if (item.type != cairn::Log::Cursor::Item::Type::leaf) continue;
    demand(item.index == tree.size(), "a record is missing");
    const auto known = outside.records.find(item.index);
    if (known != outside.records.end())
      demand(cairn::equal(item.leaf.part(1), {known->second.data(), known->second.size()}),
             "record " + std::to_string(item.index) + " is not what was acknowledged");
    (void)tree.append(cairn::leaf_hash(item.leaf));
    roots[tree.size()] = tree.root();
    const auto kind = static_cast<cairn::Kind>(item.leaf[0]);
    if (kind == cairn::Kind::close) {
      cairn::Close close;
      demand(cairn::decode_close(item.leaf.part(1), close) == cairn::Status::ok, "close record");
      demand(close.batch == batches++, "batch numbers do not count");
    } else if (kind == cairn::Kind::boot) {
      cairn::Boot record;
      demand(cairn::decode_boot(item.leaf.part(1), record) == cairn::Status::ok, "boot record");
      demand(record.boot > boot, "boot counter went back");
      boot = record.boot;
    }
  }
  for (const auto& record : outside.records)
    demand(record.first < tree.size(), "an acknowledged record is gone");
  for (const auto& head : outside.heads)
    demand(roots.count(head.first) == 1 && roots[head.first] == head.second,
           "a head that left the device is not of this history");
}

void live(fake::FakeFlash& flash, Outside& outside, uint64_t records) {
  Device device;
  if (!open(flash, device, outside)) return;
  audit(device.recorder, outside);
  publish(device, outside);
  for (uint64_t i = 0; i < records; ++i) {
    const std::vector<uint8_t> bytes = body(device.recorder.log().size());
    if (i % 7 == 5) {  // a batch of three with one commit
      std::vector<uint8_t> leaf = bytes;
      leaf.insert(leaf.begin(), 0x40);
      const cairn::ByteView leaves[3] = {
          {leaf.data(), leaf.size()}, {leaf.data(), leaf.size()}, {leaf.data(), leaf.size()}};
      if (!device.recorder.append_batch(leaves, 3).ok()) return;
    } else {
      const auto index = device.recorder.append(cairn::Kind::opaque, {bytes.data(), bytes.size()});
      if (!index.ok()) return;
      outside.records[index.value] = bytes;
    }
    publish(device, outside);
    device.clock.pass(50);
    if (i % 23 == 20) {
      if (device.recorder.seal() != cairn::Status::ok && flash.is_dead()) return;
      publish(device, outside);
    }
  }
  audit(device.recorder, outside);
}

// Cuts an own copy of the medium inside one operation of the first life, and lives two more.
void cut_in(const fake::FakeFlash& fresh, uint64_t op, const fake::Tear& tear) {
  fake::FakeFlash flash = fresh;
  flash.random.seed(op * 31 + tear.units_done + tear.draw);
  Outside outside;
  flash.cut_at(op, tear);
  live(flash, outside, 40);
  flash.reboot();
  live(flash, outside, 12);
  flash.die();
  flash.reboot();
  live(flash, outside, 3);
  if (!flash.violation.empty()) throw Violation(flash.violation);
}

void cut_everywhere(const powercut::Medium& medium) {
  fake::FakeFlash fresh = medium.make();
  fresh.guarded = false;  // create() may be called where a log is, which the guard forbids
  fake::FakeFlash whole = fresh;
  std::vector<fake::Operation> trace;
  whole.trace = &trace;
  Outside uncut;
  live(whole, uncut, 40);
  REQUIRE(uncut.records.size() > 30);
  REQUIRE(uncut.heads.size() > 4);
  CHECK(trace.size() > 40);
  uint64_t cases = 0;
  for (uint64_t op = 1; op <= trace.size(); ++op) {
    powercut::Tears tears(medium, trace[op - 1], true);
    for (powercut::Cut cut; cut.op = op, tears.next(cut.tear); ++cases) {
      if (cases % CAIRN_POWERCUT_FIRST != 0) continue;
      try {
        cut_in(fresh, op, cut.tear);
      } catch (const Violation& violation) {
        FAIL(medium.name << "." << cut.text() << ": " << violation.what());
      }
    }
  }
  std::printf("%s: %zu operations, %llu cases\n", medium.name, trace.size(),
              static_cast<unsigned long long>(cases));
}

}  // namespace

TEST_CASE("a recorder cut anywhere never signs two histories and loses nothing acknowledged") {
  using namespace powercut;
  cut_everywhere({"recorder-ecc", once, 0xFF, 8, 1024, 8});
  cut_everywhere({"recorder-nor", nor, 0xFF, 1, 1024, 8, 256});
  cut_everywhere({"recorder-fram", rewritable, 0x00, 1, 1024, 8});
  cut_everywhere({"recorder-file", file, 0x00, 1, 2048, 4});
}
