// cairn image: what it finds in the images of devices, sound and spoilt ones.
#include <cairn/linux/key_file.hpp>
#include <cairn/recorder.hpp>
#include <cstring>

#include "support/command.hpp"
#include "support/golden.hpp"

using command_test::Bench;
using command_test::Json;
using command_test::Ran;

namespace {

std::string golden_bytes(const golden::Life& life) {
  return {life.medium.memory.begin(), life.medium.memory.end()};
}

const golden::Image& golden_image(const std::string& name) {
  for (const golden::Image& image : golden::images)
    if (name == image.name) return image;
  throw std::runtime_error(name);
}

std::string golden_bytes(const std::string& name) {
  return golden_bytes(golden::Life(golden_image(name)));
}

Ran inspect(const Bench& bench, const std::string& bytes, command_test::Arguments more = {}) {
  bench.write("image", bytes);
  command_test::Arguments arguments = {"image", "image", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Ran ran = bench.run(arguments);
  CHECK(bench.read("image") == bytes);
  return ran;
}

}  // namespace

TEST_CASE("An image of each kind of memory is sound, and its geometry is found") {
  const Bench bench;
  static const char* const kinds[] = {"", "once", "nor", "rewritable", "file"};
  for (const golden::Image& image : golden::images) {
    CAPTURE(image.name);
    const golden::Life life(image);
    const Ran ran = inspect(bench, golden_bytes(life));
    REQUIRE(ran.status == 0);
    const Json report = ran.json();
    CHECK(report["ok"] == true);
    CHECK(report["problems"].empty());
    CHECK(report["unit_bytes"] == image.unit);
    CHECK(report["segment_bytes"] == image.segment);
    CHECK(report["segment_count"] == image.count);
    CHECK(report["erased"] == (image.erased == 0 ? "00" : "ff"));
    CHECK(report["kind"] == kinds[image.kind]);
    CHECK(report["kind_assumed"] == true);
    CHECK(report["size"] == life.log.size());
    CHECK(report["oldest"] == life.log.index_min());
    CHECK(report["records"] == life.log.size() - life.log.index_min());
    CHECK(report["kinds"]["opaque"] == report["records"]);
    CHECK(report["heads"].back()["size"] == life.log.head()->size);
    CHECK(report["segments"].size() == image.count);
    bool has_newest = false;
    for (const Json& segment : report["segments"]) {
      has_newest = has_newest || segment["use"] == "newest";
      CHECK(segment["erases"].get<int>() >= 1);
      for (const Json& hole : segment["holes"])
        CHECK(hole["explained"] == true);
    }
    CHECK(has_newest);
  }
  CHECK(bench.run({"image", "image", "--kind", "file"}).out.find("image: SOUND") == 0);
}

TEST_CASE("The heads of a log are verified with its key") {
  const Bench bench;
  bench.make_log();
  const Json unverified = inspect(bench, bench.read("log/log")).json();
  CHECK(unverified["origin"] == "plant.example/press4");
  CHECK(unverified["segments_in_file"] == 1);
  CHECK(unverified["heads"].size() >= 3);
  CHECK(unverified["heads"][0]["verified"] == nullptr);
  const Json report = inspect(bench, bench.read("log/log"), {"--key", "key.vkey"}).json();
  CHECK(report["ok"] == true);
  CHECK(report["heads_recomputed"] == report["heads"].size());
  for (const Json& head : report["heads"])
    CHECK(head["verified"] == true);
  CHECK(report["size"] == bench.json({"show", "log"})["records"]);

  bench.good({"keygen", "--name", "plant.example/press5", "--out", "other"});
  CHECK(inspect(bench, bench.read("log/log"), {"--key", "other.vkey"}).status == 2);
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "forged"});
  const Ran forged = inspect(bench, bench.read("log/log"), {"--key", "forged.vkey"});
  CHECK(forged.status == 1);
  CHECK(forged.says("is not signed by this key"));
}

TEST_CASE("A log is found anywhere in the image of a chip, and one of two is chosen") {
  const Bench bench;
  bench.make_log();
  const std::string first = golden_bytes("once-8-ff");
  const std::string chip = std::string(1000, 'x') + first + std::string(500, '\xff');
  const Json found = inspect(bench, chip).json();
  CHECK(found["ok"] == true);
  CHECK(found["offset"] == 1000);
  const std::string both = chip + bench.read("log/log");
  const Ran which = inspect(bench, both);
  CHECK(which.status == 2);
  CHECK(which.says("several logs lie in it"));
  const Ran by_offset = inspect(bench, both, {"--offset", "1000"});
  CHECK(by_offset.status == 0);
  CHECK(by_offset.json()["unit_bytes"] == 8);
  const Ran by_origin = inspect(bench, both, {"--origin", "plant.example/press4"});
  CHECK(by_origin.status == 0);
  CHECK(by_origin.json()["offset"] == chip.size());
}

TEST_CASE("Whatever is changed in an image, it is named or cost nothing") {
  const Bench bench;
  for (const char* name : {"once-8-ff", "nor-1-00", "rewritable-4-ff", "file-1-00"}) {
    const std::string intact = golden_bytes(name);
    unsigned damaged = 0;
    for (size_t at = 5; at < intact.size(); at += 23) {
      std::string bytes = intact;
      bytes[at] = static_cast<char>(bytes[at] ^ 4);
      const Ran ran = inspect(bench, bytes);
      CAPTURE(name, at, ran.out, ran.err);
      REQUIRE((ran.status == 0 || ran.status == 1));
      CHECK(ran.json()["ok"] == ran.json()["problems"].empty());
      damaged += ran.status == 1 ? 1 : 0;
    }
    CHECK(damaged > intact.size() / 23 / 3);
  }
}

TEST_CASE("Lost headers, erased segments and lost records are named") {
  const Bench bench;
  const golden::Image image = golden_image("once-16-ff");  // numbers 4, 5, 6, 3
  const std::string intact = golden_bytes("once-16-ff");
  std::string bytes = intact;
  for (size_t i = 8; i < 16; ++i)
    bytes[i] = '\0';
  Ran ran = inspect(bench, bytes);
  CHECK(ran.status == 1);
  CHECK(ran.says("segment 0: its header is lost; NEXT in the segment in front tells it"));
  CHECK(ran.json()["records"] == inspect(bench, intact).json()["records"]);

  bytes = intact;
  std::fill_n(bytes.begin() + 3 * image.segment, image.segment, '\xff');
  ran = inspect(bench, bytes);
  CHECK(ran.status == 1);
  CHECK(ran.says("segment 3 was in use, and its header is lost"));
  CHECK(ran.says("acknowledged records"));

  bytes = intact;
  const golden::Bytes leaf = golden::leaf(47);
  const size_t at = bytes.find(std::string(leaf.begin(), leaf.end()));
  REQUIRE(at != std::string::npos);
  bytes[at + 1] = static_cast<char>(bytes[at + 1] ^ 1);
  ran = inspect(bench, bytes);
  CHECK(ran.status == 1);
  bool named = false;
  const Json report = ran.json();
  for (const Json& problem : report["problems"])
    named = named || (problem.contains("first") && problem["first"].get<uint64_t>() <= 47 &&
                      problem["first"].get<uint64_t>() + problem["count"].get<uint64_t>() > 47);
  CHECK(named);

  bytes = intact;
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  CHECK(inspect(bench, bytes).says("segment 0: one bit of its header has flipped"));
}

TEST_CASE("What is no image is refused with what to do") {
  const Bench bench;
  const std::string intact = golden_bytes("once-8-ff");
  struct Refused {
    std::string bytes;
    const char* text;
    command_test::Arguments more;
  };
  const Refused list[] = {
      {"", "the file is empty", {}},
      {"hello\n", "no log of cairn", {}},
      {std::string(4096, '\xff'), "a blank medium", {}},
      {intact.substr(700), "the dump begins inside the log", {}},
      {"CRN\1" + std::string(100, 'x'), "no segment header in it is whole", {}},
      {intact, "holds no log like the one asked for", {"--unit", "16"}},
      {intact, "holds no log like the one asked for", {"--origin", "x"}},
      {intact, "--kind", {"--kind", "flash"}},
      {intact, "--erased", {"--erased", "0x00"}},
      {intact, "--segment-count", {"--segment-count", "1"}},
      {std::string(2048, '\xff'),
       "no segment of the log can be read",
       {"--offset", "0", "--unit", "8", "--segment-bytes", "512", "--segment-count", "4",
        "--origin", "x"}},
      {std::string(2048, '\xff'),
       "no log has this geometry",
       {"--offset", "0", "--unit", "24", "--segment-bytes", "512", "--segment-count", "4",
        "--origin", "x"}},
      {std::string(2048, '\xff'),
       "ends in front of byte",
       {"--offset", "5000", "--unit", "8", "--segment-bytes", "512", "--segment-count", "4",
        "--origin", "x"}},
  };
  for (const Refused& refused : list) {
    const Ran ran = inspect(bench, refused.bytes, refused.more);
    CAPTURE(refused.text, ran.out, ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.says(refused.text));
  }
  CHECK(bench.run({"image", "nowhere"}).status == 2);
  CHECK(bench.run({"image", "."}).status == 2);
  CHECK(bench.run({"image"}).status == 2);
}

TEST_CASE("An image that is cut off behind is read as far as it goes") {
  const Bench bench;
  const std::string intact = golden_bytes("nor-4-ff");
  for (size_t size = 100; size < intact.size(); size += 150) {
    const Ran ran = inspect(bench, intact.substr(0, size));
    CAPTURE(size, ran.out, ran.err);
    CHECK((ran.status == 1 || ran.status == 2));
    if (ran.status == 1 && size % 600 != 0) CHECK(ran.says("the file ends inside segment"));
  }
}

namespace {

/// A signer that once fails.
struct Faltering {
  cairn::Signer signer;
  unsigned calls = 0, failing;  // which of its calls fails, from 1 on

  cairn::Signer once() {
    cairn::Signer out = signer;
    out.user = this;
    out.sign = [](void* user, const uint8_t* message, size_t size, uint8_t* signature) {
      Faltering& self = *static_cast<Faltering*>(user);
      if (++self.calls == self.failing) return CAIRN_E_IO;
      return self.signer.sign(self.signer.user, message, size, signature);
    };
    return out;
  }
};

/// A device with the bench's key that records on NOR flash and goes round its ring. One signature
/// may fail.
std::string device_image(const Bench& bench, unsigned records, uint8_t erased = 0xFF,
                         unsigned failing = 0) {
  constexpr uint32_t segment = 1024, count = 4;
  // One byte more: what is erased.
  std::string bytes(segment * count + 1, static_cast<char>(erased));
  cairn::Flash flash = CAIRN_FLASH_INIT;
  flash.unit_bytes = 4;
  flash.segment_bytes = segment;
  flash.segment_count = count;
  flash.erased = erased;
  flash.kind = CAIRN_FLASH_NOR;
  flash.user = &bytes;
  flash.read = [](void* user, uint32_t place, uint32_t offset, void* data, uint32_t size) {
    std::memcpy(data, &(*static_cast<std::string*>(user))[place * segment + offset], size);
    return 0;
  };
  flash.program = [](void* user, uint32_t place, uint32_t offset, const void* data, uint32_t size) {
    std::memcpy(&(*static_cast<std::string*>(user))[place * segment + offset], data, size);
    return 0;
  };
  flash.erase = [](void* user, uint32_t place) {
    std::string& memory = *static_cast<std::string*>(user);
    memory.replace(place * segment, segment, segment, memory.back());
    return 0;
  };
  cairn::host::KeyFile key;
  REQUIRE(key.load(bench.path("key")).ok());
  uint8_t frame[256];
  cairn::RecorderOptions options;
  options.origin = cairn::literal("plant.example/press4");
  options.batch.leaves = 4;
  options.log.recycle = true;
  options.log.keep_from = UINT64_MAX;
  const cairn::Platform platform = CAIRN_PLATFORM_INIT;
  cairn::Recorder recorder;
  Faltering faltering{key.signer(), 0, failing};
  const cairn::Signer signer = faltering.once();
  REQUIRE(recorder.create(flash, {frame}, options, platform, signer) == cairn::Status::ok);
  for (unsigned i = 0; i < records; ++i)
    REQUIRE(recorder.append(cairn::Kind::opaque, cairn::literal("213.5 bar")).ok());
  bytes.pop_back();
  return bytes;
}

}  // namespace

TEST_CASE("The log in an image becomes a folder to prove and check from, not to append to") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bench.good({"policy", "--log", "key.vkey", "--out", "policy"});
  for (const uint8_t erased : {uint8_t{0xFF}, uint8_t{0x00}}) {
    bench.write("image", device_image(bench, 90, erased));
    const std::string log = erased == 0 ? "log00" : "logff";
    const Json report = bench.json({"image", "image", "--key", "key.vkey", "--log", log});
    const uint64_t oldest = report["oldest"], size = report["size"];
    REQUIRE(oldest > 0);
    CHECK(bench.json({"show", log})["records"] == size);
    CHECK(bench.json({"check", log})["ok"] == true);
    for (uint64_t index = oldest; index < report["heads"].back()["size"]; index += 3) {
      bench.good({"prove", log, std::to_string(index), "--out", log + ".cairn"});
      CHECK(bench.json({"verify", "--policy", "policy", log + ".cairn"})["ok"] == true);
    }
    for (const char* verb : {"append", "seal"}) {
      command_test::Arguments arguments = {verb, log};
      if (arguments[0] == "append") arguments.insert(arguments.end(), {"--lines", "image"});
      const Ran refused = bench.run(arguments);
      CHECK(refused.status == 2);
      CHECK(refused.says("copy of a device's flash"));
    }
  }
}

TEST_CASE("A checkpoint whose close record was retired last is no damage") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  bool met = false;
  for (unsigned records = 40; records < 120 && !met; ++records) {
    bench.write("image", device_image(bench, records));
    const std::string log = "log" + std::to_string(records);
    const Json report = bench.json({"image", "image", "--key", "key.vkey", "--log", log});
    const Ran checked = bench.run({"check", log, "--json"});
    CHECK(checked.status == 0);
    for (const Json& head : report["heads"])
      met = met || (head["size"] == report["oldest"] && report["oldest"] != 0);
  }
  CHECK(met);
}

TEST_CASE("A batch that could not be signed is no damage") {
  const Bench bench;
  bench.good({"keygen", "--name", "plant.example/press4", "--out", "key"});
  const auto check = [&](const std::string& log, unsigned failing) {
    bench.write("image", device_image(bench, 24, 0xFF, failing));
    const Json report = bench.json({"image", "image", "--key", "key.vkey", "--log", log});
    CHECK(bench.json({"check", log})["ok"] == true);
    return report["heads"].size();
  };
  const size_t heads = check("signed", 0);
  for (const unsigned failing : {1u, 2u, 4u}) {
    INFO("signature " << failing);
    CHECK(check("without" + std::to_string(failing), failing) + 1 == heads);
  }
}

TEST_CASE("A copy of an image needs a key and a place of its own") {
  const Bench bench;
  bench.make_log();
  bench.copy("log/log", "image");
  const Ran no_key = bench.run({"image", "image", "--log", "copy"});
  CHECK(no_key.status == 2);
  CHECK(no_key.says("--key"));
  CHECK_FALSE(bench.exists("copy"));
  const Ran there = bench.run({"image", "image", "--key", "key.vkey", "--log", "log"});
  CHECK(there.status == 2);
  CHECK(there.says("exists already"));
  CHECK(bench.json({"check", "log"})["ok"] == true);
  const Json report = bench.json({"image", "image", "--key", "key.vkey", "--log", "copy"});
  CHECK(bench.json({"show", "copy"})["root"] == bench.json({"show", "log"})["root"]);
  CHECK(report["kind"] == "file");
}
