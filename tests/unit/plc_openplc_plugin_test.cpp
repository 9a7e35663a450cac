// The plug-in of OpenPLC runtime v4, loaded and called as the runtime does it: args freed behind
// init(), hooks and retain_save() in every scan from one thread, started and stopped by another.
#include <dlfcn.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <cstdarg>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime_v4.h"
#include "support/log_folder.hpp"
#include "support/no_system_calls.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

constexpr int addresses = 16;
constexpr char program[] = "0123456789abcdef0123456789abcdef";

std::mutex messages_mutex;
std::string messages;  ///< what the plug-in reported

void report(const char* format, ...) {
  char line[1024];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  const std::lock_guard<std::mutex> lock(messages_mutex);
  messages += std::string(line) + "\n";
}
void ignore(const char*, ...) {}

std::string take_messages() {
  const std::lock_guard<std::mutex> lock(messages_mutex);
  return std::exchange(messages, "");
}

// The runtime's image tables, with a variable behind some addresses, and one debug variable.
struct Image {
  uint8_t door = 0;
  uint16_t temperature = 0;
  float level = 0;
  uint8_t* bools[addresses][8] = {};
  uint8_t* bytes[addresses] = {};
  uint16_t* ints[addresses] = {};
  uint32_t* dints[addresses] = {};
  uint64_t* lints[addresses] = {};

  Image() {
    bools[0][3] = &door;
    ints[0] = &temperature;
  }
};
Image* image = nullptr;

uint16_t debug_size(uint8_t array, uint16_t element) {
  return array == 0 && element == 17 ? sizeof(float) : 0;
}
uint16_t debug_read(uint8_t array, uint16_t element, uint8_t* out) {
  std::memcpy(out, &image->level, debug_size(array, element));
  return debug_size(array, element);
}

class Host {
 public:
  explicit Host(const char* library) : library_(dlopen(library, RTLD_NOW | RTLD_LOCAL)) {
    CAPTURE(library);
    REQUIRE(library_ != nullptr);
    image = &image_;
    take_messages();
  }
  ~Host() {
    call<void>("cleanup");
    dlclose(library_);
  }

  template <typename Out, typename... Arguments>
  Out call(const char* name, Arguments... arguments) {
    const auto function = reinterpret_cast<Out (*)(Arguments...)>(dlsym(library_, name));
    if (function == nullptr) throw std::runtime_error(name);
    return function(arguments...);
  }
  bool exports(const char* name) const { return dlsym(library_, name) != nullptr; }

  int init(const std::string& settings) {
    auto args = std::make_unique<openplc_runtime>();
    std::memset(static_cast<void*>(args.get()), 0, sizeof *args);
    args->bool_input = image_.bools;
    args->bool_output = args->bool_memory = image_.bools;
    args->byte_input = args->byte_output = image_.bytes;
    args->int_input = args->int_output = args->int_memory = image_.ints;
    args->dint_input = args->dint_output = args->dint_memory = image_.dints;
    args->lint_input = args->lint_output = args->lint_memory = image_.lints;
    args->debug_size = debug_size;
    args->debug_read = debug_read;
    args->buffer_size = addresses;
    args->log_info = args->log_debug = ignore;
    args->log_warn = args->log_error = report;
    std::snprintf(args->config_path, sizeof args->config_path, "%s", settings.c_str());
    const int result = call<int>("init", static_cast<void*>(args.get()));
    std::memset(static_cast<void*>(args.get()), 0xA5, sizeof *args);
    return result;
  }

  // Scans in a thread of their own, as the runtime has one; `logic` runs inside each.
  template <typename Logic>
  void scans(unsigned count, const Logic& logic) {
    std::thread([&] {
      for (unsigned i = 0; i < count; ++i) {
        call<void>("cycle_start");
        logic(i);
        call<void>("cycle_end");
      }
    }).join();
  }

  int save(const std::string& values) {
    return call<int>("retain_save", reinterpret_cast<const uint8_t*>(values.data()),
                     static_cast<uint16_t>(values.size()));
  }
  /// Versions 1 and 2: the file retain-0 holds the second.
  void save_two() {
    for (const char* set : {"first", "second"}) {
      CHECK(save(set) == 0);
      CHECK(call<int>("retain_flush") == 0);
    }
  }
  int load(std::string& values, const std::string& of = program, uint16_t capacity = 65535) {
    values.assign(65535, '?');
    uint16_t size = 0;
    auto* out = reinterpret_cast<uint8_t*>(values.data());
    const int result = call<int>("retain_load", of.c_str(), static_cast<uint16_t>(of.size()), out,
                                 capacity, &size);
    values.resize(size);
    return result;
  }

  template <typename Function>
  Function* find(const char* name) {
    return reinterpret_cast<Function*>(dlsym(library_, name));
  }
  Image& variables() { return image_; }

 private:
  void* library_;
  Image image_;
};

// A folder with a log, a retain key and settings.
struct Device : Home {
  std::string settings = folder / "plug-in.json";
  std::string retain = folder / "retain";
  std::string retain_key = folder / "retain.key";

  Device() {
    KeyFile made;
    REQUIRE(made.generate(retain_key, "plant.example/line-4/retain", Algorithm::ed25519).ok());
  }
  std::string recording() const {
    return "\"log\": \"" + log +
           "\", \"every_scans\": 10, \"variables\": [{\"channel\": 1, \"at\": \"%IW0\", \"type\": "
           "\"INT\"}, {\"channel\": 2, \"at\": \"%IX0.3\", \"on_change\": true}, {\"channel\": 3, "
           "\"debug\": [0, 17], \"type\": \"REAL\"}, {\"channel\": 4, \"at\": \"%QW9\"}]";
  }
  std::string retaining(const std::string& more = "") const {
    return "\"retain\": {\"folder\": \"" + retain + "\", \"key\": \"" + retain_key +
           "\", \"interval_ms\": 10" + more + "}";
  }
  const Device& with(const std::string& fields) const {
    write(settings, "{" + fields + "}");
    return *this;
  }
};

struct Seen {
  std::vector<Reading> readings;
  uint64_t lost = 0;
};

// Every reading of a channel on the log, and what gap records count. The log must be whole.
Seen seen_on(const std::string& path, uint32_t channel) {
  LogDirectory directory;
  const Error error = directory.open_reader(path);
  CAPTURE(error.message);
  REQUIRE(error.ok());
  Seen out;
  std::vector<uint8_t> buffer(64 * 1024);
  Log::Cursor cursor;
  REQUIRE(cursor.open(directory.log(), {buffer.data(), buffer.size()}) == Status::ok);
  Log::Cursor::Item item;
  while (cursor.next(item) == Status::ok) {
    if (item.type != Log::Cursor::Item::Type::leaf) continue;
    Gap gap{};
    SampleReader sample;
    Reading reading;
    if (decode_gap(item.leaf.part(1), gap) == Status::ok &&
        item.leaf[0] == static_cast<uint8_t>(Kind::gap)) {
      out.lost += gap.count;
    }
    if (item.leaf[0] != static_cast<uint8_t>(Kind::sample)) continue;
    REQUIRE(sample.open(item.leaf.part(1)) == Status::ok);
    while (sample.next(reading) == Status::ok) {
      if (reading.channel == channel) out.readings.push_back(reading);
    }
  }
  return out;
}

// As long as it lives, no file of this process takes a byte.
class NoFileGrows {
 public:
  NoFileGrows() {
    std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit none = before_;
    none.rlim_cur = 0;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
  }
  ~NoFileGrows() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

std::string text_of(const std::string& path) {
  std::string out;
  REQUIRE(read_file(path, 1 << 20, out).ok());
  return out;
}

}  // namespace

TEST_CASE("Variables are recorded: all every so many scans, and those that change at once") {
  Device device;
  device.with(device.recording());
  Host host(CAIRN_TEST_OPENPLC);
  CHECK(!host.exports("retain_save"));
  REQUIRE(host.init(device.settings) == 0);
  REQUIRE(host.call<int>("start_loop") == 0);
  host.scans(100, [&](unsigned i) {
    host.variables().temperature = static_cast<uint16_t>(-static_cast<int>(i));
    host.variables().level = 0.5F * static_cast<float>(i);
    host.variables().door = i >= 33 && i < 35;
  });
  host.call<void>("stop_loop");
  CHECK(take_messages().empty());

  const Seen temperature = seen_on(device.log, 1);
  REQUIRE(temperature.readings.size() == 10);
  CHECK(temperature.readings[9].decimal == -99);
  const Seen level = seen_on(device.log, 3);
  REQUIRE(level.readings.size() == 10);
  CHECK(level.readings[0].real == 4.5);
  const Seen door = seen_on(device.log, 2);
  REQUIRE(door.readings.size() == 13);  // first seen, ten by the count of scans, opened, closed
  CHECK(door.readings[4].flag);
  CHECK(!door.readings[5].flag);
  CHECK(seen_on(device.log, 4).readings.empty());  // the program has no variable there
  LogDirectory directory;
  REQUIRE(directory.open_reader(device.log).ok());
  CHECK(verified_checkpoint(directory).size == directory.log().size());
}

TEST_CASE("The program is started and stopped again and again, on one log") {
  Device device;
  device.with(device.recording());
  Host host(CAIRN_TEST_OPENPLC);
  for (int round = 0; round < 4; ++round) {
    REQUIRE(host.init(device.settings) == 0);
    REQUIRE(host.call<int>("start_loop") == 0);
    host.scans(20, [](unsigned) {});
    host.call<void>("stop_loop");
    host.scans(20, [](unsigned) {});
  }
  CHECK(take_messages().empty());
  CHECK(seen_on(device.log, 1).readings.size() == 8);
}

TEST_CASE("A scan that is faster than the disk loses readings, and the log counts them") {
  Device device;
  device.with(device.recording());
  Host host(CAIRN_TEST_OPENPLC);
  REQUIRE(host.init(device.settings) == 0);
  REQUIRE(host.call<int>("start_loop") == 0);
  constexpr unsigned scans = 60000;
  host.scans(scans, [&](unsigned i) { host.variables().door = i % 2; });
  host.call<void>("stop_loop");
  const Seen door = seen_on(device.log, 2);
  const size_t others =
      seen_on(device.log, 1).readings.size() + seen_on(device.log, 3).readings.size();
  CHECK(door.readings.size() + others + door.lost == scans + 2 * scans / 10);
}

TEST_CASE("What a disk that fails does not take is counted, as soon as it takes records again") {
  Device device;
  device.with(device.recording());
  Host host(CAIRN_TEST_OPENPLC);
  REQUIRE(host.init(device.settings) == 0);
  REQUIRE(host.call<int>("start_loop") == 0);
  host.scans(100, [](unsigned) {});
  {
    const NoFileGrows full;
    host.scans(50, [](unsigned) {});
    std::string said;
    for (int i = 0; i < 1000 && said.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      said = take_messages();
    }
    CHECK(mentions(said, {device.log}));
  }
  host.call<void>("stop_loop");
  const Seen temperature = seen_on(device.log, 1);
  const size_t others =
      seen_on(device.log, 2).readings.size() + seen_on(device.log, 3).readings.size();
  CHECK(temperature.lost > 0);
  // Three in every tenth scan, and the door when it was first seen.
  CHECK(temperature.readings.size() + others + temperature.lost == 3 * 150 / 10 + 1);
}

TEST_CASE("In the scan the plug-in asks the operating system for nothing") {
  Device device;
  device.with(device.recording() + "," + device.retaining());
  const pid_t child = fork();
  if (child == 0) {
    Host host(CAIRN_TEST_OPENPLC_RETAIN);
    std::string values;
    if (host.init(device.settings) != 0 || host.load(values) != 0 ||
        host.call<int>("start_loop") != 0) {
      _exit(2);
    }
    const auto begin = host.find<void()>("cycle_start"), end = host.find<void()>("cycle_end");
    const auto save = host.find<int(const uint8_t*, uint16_t)>("retain_save");
    std::atomic<bool> has_ended{false};
    std::thread scan([&] {
      if (!forbid_system_calls(false)) _exit(3);
      uint8_t retained[64] = {};
      for (unsigned i = 0; i < 20000; ++i) {
        begin();
        image->door = i % 2;
        retained[i % sizeof retained] += 1;
        save(retained, sizeof retained);
        end();
      }
      has_ended = true;
      for (;;) {  // to end would ask for something
      }
    });
    scan.detach();
    while (!has_ended)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("A log that cannot be opened does not keep the program from running") {
  Device device;
  device.with(device.recording() + "," + device.retaining());
  write(device.file("config.json"), "");
  Host host(CAIRN_TEST_OPENPLC_RETAIN);
  REQUIRE(host.init(device.settings) == 0);
  CHECK(host.call<int>("start_loop") == -1);
  CHECK(mentions(take_messages(), {"config.json"}));
  host.scans(50, [&](unsigned) { CHECK(host.save("values") == 0); });
  host.call<void>("stop_loop");
  std::string values;
  CHECK(host.load(values, "") == 0);
  CHECK(values == "values");
}

TEST_CASE("What was retained last is restored, for the program that it belongs to") {
  Device device;
  device.with(device.recording() + "," + device.retaining(", \"channel\": 100"));
  std::string values;
  for (int life = 0; life < 3; ++life) {
    Host host(CAIRN_TEST_OPENPLC_RETAIN);
    REQUIRE(host.init(device.settings) == 0);
    REQUIRE(host.load(values) == 0);
    CHECK(values == (life == 0 ? "" : "life " + std::to_string(life - 1) + " scan 499"));
    REQUIRE(host.call<int>("start_loop") == 0);
    host.scans(500, [&](unsigned i) {
      CHECK(host.save("life " + std::to_string(life) + " scan " + std::to_string(i)) == 0);
    });
    CHECK(host.call<int>("retain_flush") == 0);
    host.call<void>("stop_loop");
    CHECK(take_messages().empty());
  }
  Host host(CAIRN_TEST_OPENPLC_RETAIN);
  REQUIRE(host.init(device.settings) == 0);
  CHECK(host.load(values, program, 5) == -1);
  CHECK(host.load(values, "another program") == 0);
  CHECK(values.empty());
  CHECK(mentions(take_messages(), {"another program"}));
  CHECK(host.load(values) == 0);
  CHECK(values == "life 2 scan 499");
  CHECK(host.call<int>("retain_clear") == 0);
  CHECK(host.load(values) == 0);
  CHECK(values.empty());

  uint64_t version = 0;  // on the log, versions only grow
  const Seen versions = seen_on(device.log, 100);
  REQUIRE(versions.readings.size() >= 3);
  for (const Reading& reading : versions.readings) {
    CHECK(static_cast<uint64_t>(reading.decimal) >= version);
    CHECK(reading.quality == 0);
    version = static_cast<uint64_t>(reading.decimal);
  }
}

TEST_CASE("Runtimes that do not name the program are served as well") {
  Device device;
  device.with(device.retaining());
  Host host(CAIRN_TEST_OPENPLC_RETAIN_EARLY);
  REQUIRE(host.init(device.settings) == 0);
  CHECK(host.save("values") == 0);
  CHECK(host.call<int>("retain_flush") == 0);
  uint8_t out[16];
  uint16_t size = 0;
  CHECK(host.call<int>("retain_load", static_cast<uint8_t*>(out), uint16_t{sizeof out}, &size) ==
        0);
  CHECK(std::string(reinterpret_cast<char*>(out), size) == "values");
}

TEST_CASE("A retain file that was cut short gives the values before") {
  Device device;
  device.with(device.retaining());
  Host host(CAIRN_TEST_OPENPLC_RETAIN);
  REQUIRE(host.init(device.settings) == 0);
  std::string values;
  REQUIRE(host.load(values) == 0);
  host.save_two();
  const std::string newest = device.retain + "/retain-0";
  const std::string whole = text_of(newest);
  for (size_t size = 0; size + 1 < whole.size(); ++size) {
    write(newest, whole.substr(0, size));
    CAPTURE(size);
    REQUIRE(host.load(values) == 0);
    REQUIRE(values == "first");
    REQUIRE(mentions(take_messages(), {newest, "version 1"}));
  }
  write(newest, whole);
  CHECK(host.load(values) == 0);
  CHECK(values == "second");
}

TEST_CASE("A retain file that somebody changed is refused, kept, and reported") {
  Device device;
  device.with(device.recording() + "," + device.retaining(", \"channel\": 100"));
  Host host(CAIRN_TEST_OPENPLC_RETAIN);
  REQUIRE(host.init(device.settings) == 0);
  std::string values;
  CHECK(host.save("set-point 20") == 0);
  CHECK(host.call<int>("retain_flush") == 0);
  const std::string file = device.retain + "/retain-1";
  std::string text = text_of(file);
  const std::string base64 = "c2V0LXBvaW50IDIw";  // "set-point 20"
  const size_t at = text.find(base64);
  REQUIRE(at != std::string::npos);
  text.replace(at, base64.size(), "c2V0LXBvaW50IDk5");  // "set-point 99"
  write(file, text);

  REQUIRE(host.init(device.settings) == 0);
  CHECK(host.load(values) == -1);
  CHECK(values.empty());
  CHECK(mentions(take_messages(), {file, "somebody changed it", ".refused"}));
  CHECK(text_of(file + ".refused") == text);
  REQUIRE(host.call<int>("start_loop") == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  host.call<void>("stop_loop");
  const Seen versions = seen_on(device.log, 100);
  REQUIRE(!versions.readings.empty());
  CHECK(versions.readings[0].quality == 2);
}

TEST_CASE("As long as a refused retain file lies there, each start says so") {
  Device device;
  device.with(device.retaining());
  Host host(CAIRN_TEST_OPENPLC_RETAIN);
  REQUIRE(host.init(device.settings) == 0);
  std::string values;
  REQUIRE(host.load(values) == 0);
  host.save_two();
  const std::string newest = device.retain + "/retain-0";
  std::string text = text_of(newest);
  text[text.find("2\n")] = '3';  // the version
  write(newest, text);
  CHECK(host.load(values) == -1);
  take_messages();
  for (int start = 0; start < 2; ++start) {
    REQUIRE(host.init(device.settings) == 0);
    REQUIRE(host.load(values) == 0);
    CHECK(values == "first");
    CHECK(mentions(take_messages(), {newest + ".refused", "version 1"}));
  }
  REQUIRE(std::remove((newest + ".refused").c_str()) == 0);
  REQUIRE(host.load(values) == 0);
  CHECK(take_messages().empty());
}

TEST_CASE("Settings that are wrong are refused, and the message names the field") {
  Device device;
  const std::string log = "\"log\": \"" + device.log + "\", ";
  const std::string variable = R"("variables": [{"channel": 1, "at": "%IW0", "on_change": true)";
  const struct {
    std::string fields;
    const char* word;
  } wrong[] = {
      {"", "'log'"},
      {log, "JSON"},
      {log + R"("variables": [])", "'variables'"},
      {log + R"("variables": [{"channel": 1, "at": "%IW0"}])", "'every_scans'"},
      {log + variable + R"(, "type": "REAL"}])", "'type'"},
      {log + variable + R"(, "typo": 1}])", "'typo'"},
      {log + variable + R"(}], "retain": {})", "'folder'"},
      {log + variable + "}], " + device.retaining(), "retain"},
      {log + R"("every_scans": 1, "variables": [{"channel": 1, "at": "%MB0"}])", "'at'"},
      {log + R"("every_scans": 1, "variables": [{"channel": 1, "at": "%IX0.8"}])", "'at'"},
      {log + R"("every_scans": 1, "variables": [{"channel": 1, "at": "%IW99"}])", "99"},
      {log + R"("every_scans": 1, "variables": [{"channel": 1, "debug": [0]}])", "'debug'"}};
  Host host(CAIRN_TEST_OPENPLC);
  for (const auto& [fields, word] : wrong) {
    CAPTURE(fields);
    device.with(fields);
    CHECK(host.init(device.settings) == -1);
    CHECK(mentions(take_messages(), {word}));
  }
  CHECK(host.init(device.folder / "missing") == -1);
  CHECK(host.call<int>("start_loop") == -1);
  host.scans(1, [](unsigned) {});
}
