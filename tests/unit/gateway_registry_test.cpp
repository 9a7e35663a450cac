// Devices in a gateway's registry: how they come in, how they change, and that nothing of their
// history is lost.
#include <atomic>
#include <thread>

#include "support/gateway_world.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

const std::string origin = "plant.example/press-7";

/// A device's key in a file, which signs requests.
struct Applicant {
  host_tests::TemporaryFolder folder;
  host::KeyFile key;

  explicit Applicant(Algorithm algorithm = Algorithm::ed25519, const std::string& name = origin) {
    REQUIRE_OK(key.generate(folder / "key", name, algorithm));
  }
  std::string request(const std::string& token = "", std::vector<uint8_t> kinds = {64, 65}) const {
    std::string out;
    REQUIRE_OK(
        sign_enrolment({"", "", "Example Works", "meter", std::move(kinds), token}, key, out));
    return out;
  }
};

Error ask(Registry& registry, const std::string& request, Device& out) {
  return registry.request(view(request), now_s, out);
}

std::string history(const Registry& registry, const std::string& of) {
  std::vector<DeviceEvent> events;
  REQUIRE_OK(registry.events(of, events));
  std::string text;
  for (size_t i = 0; i < events.size(); ++i) {
    CHECK(events[i].number == i + 1);
    text += (i == 0 ? "" : " ") + events[i].action;
  }
  return text;
}

}  // namespace

TEST_CASE("A device asks, waits, and is approved") {
  const auto algorithm = GENERATE(Algorithm::ed25519, Algorithm::p256);
  const Applicant applicant(algorithm);
  MemoryStore store;
  Registry registry(store);
  Device device;
  CHECK(registry.find(origin, device).status == Status::not_found);
  REQUIRE_OK(ask(registry, applicant.request(), device));
  CHECK(device.state == DeviceState::pending);
  CHECK(device.origin == origin);
  CHECK(device.owner == "Example Works");
  CHECK(device.role == "meter");
  CHECK(device.kinds == std::vector<uint8_t>{64, 65});
  CHECK(device.keys.at(0).vkey == host::vkey_text(applicant.key.log_key()));
  CHECK(device.enrolled_s == now_s);

  REQUIRE_OK(ask(registry, applicant.request(), device));  // again: nothing changes
  CHECK(history(registry, origin) == "requested");
  REQUIRE_OK(registry.change_state(origin, DeviceState::active, "ada", "seen it", now_s + 5));
  REQUIRE_OK(registry.find(origin, device));
  CHECK(device.state == DeviceState::active);
  CHECK(device.reason == "seen it");
  CHECK(device.since_s == now_s + 5);
  CHECK(device.enrolled_s == now_s);
  REQUIRE_OK(ask(registry, applicant.request(), device));
  CHECK(device.state == DeviceState::active);
  CHECK(history(registry, origin) == "requested approved");
}

TEST_CASE("Who waits for approval has no place among the ids of keys") {
  const Applicant applicant;
  const uint32_t id = key_id(applicant.key.log_key());
  MemoryStore store;
  Registry registry(store);
  Device device;
  std::vector<Device> found;
  REQUIRE_OK(ask(registry, applicant.request(), device));
  for (const auto& [key, entry] : store.entries())
    CHECK(key.rfind("key ", 0) != 0);
  const TestDevice next(origin, 2, 0);
  REQUIRE_OK(registry.rotate(origin, next.vkey(), 100, "ada", now_s));
  const bool by_token = GENERATE(false, true);
  if (by_token) {
    std::string token;
    REQUIRE_OK(registry.make_token(now_s, 60, "ada", token));
    REQUIRE_OK(ask(registry, applicant.request(token), device));
  } else {
    REQUIRE_OK(registry.change_state(origin, DeviceState::active, "ada", "", now_s));
  }
  for (const uint32_t one : {id, key_id(next.note_key())}) {
    REQUIRE_OK(registry.find_key(one, found));
    REQUIRE(found.size() == 1);
    CHECK(found[0].origin == origin);
  }
  REQUIRE_OK(registry.change_state(origin, DeviceState::suspended, "ada", "", now_s));
  REQUIRE_OK(registry.find_key(id, found));
  CHECK(found.empty());
}

TEST_CASE("A one-time token enrols one device, once, in time") {
  const Applicant applicant, other(Algorithm::ed25519, "plant.example/press-8");
  MemoryStore store;
  Registry registry(store);
  std::string token;
  REQUIRE_OK(registry.make_token(now_s, 60, "ada", token));
  CHECK(token.size() == 32);
  for (const auto& [key, entry] : store.entries()) {
    CHECK(key.find(token) == std::string::npos);
    CHECK(entry.value.find(token) == std::string::npos);
  }
  Device device;
  CHECK(ask(registry, applicant.request("0123456789abcdef"), device).status == Status::not_found);
  CHECK(registry.find(origin, device).status == Status::not_found);
  CHECK(registry.request(view(applicant.request(token)), now_s + 60, device).status ==
        Status::not_found);
  REQUIRE_OK(registry.request(view(applicant.request(token)), now_s + 59, device));
  CHECK(device.state == DeviceState::active);
  CHECK(ask(registry, other.request(token), device).status == Status::not_found);
  REQUIRE_OK(ask(registry, applicant.request(token), device));  // an answer was lost
  CHECK(history(registry, origin) == "requested");
}

TEST_CASE("A token approves a device that waits") {
  const Applicant applicant;
  MemoryStore store;
  Registry registry(store);
  Device device;
  std::string token;
  REQUIRE_OK(registry.make_token(now_s, 60, "ada", token));
  REQUIRE_OK(ask(registry, applicant.request(), device));
  REQUIRE_OK(ask(registry, applicant.request(token), device));
  CHECK(device.state == DeviceState::active);
  CHECK(history(registry, origin) == "requested approved");
}

TEST_CASE("What is no request, or is not signed by its key, enrols nobody") {
  const Applicant applicant, thief;
  MemoryStore store;
  Registry registry(store);
  Device device;
  const std::string good = applicant.request("token-1");
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    const Error error = ask(registry, bad, device);
    CAPTURE(at, bad);
    CHECK((error.status == Status::corrupt || error.status == Status::signature_invalid ||
           error.status == Status::unsupported));
    CHECK(error.message != "");
  }
  for (size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(ask(registry, good.substr(0, size), device).ok());
  CHECK(store.entries().empty());

  // Signed by another key under the same name.
  const std::string text = good.substr(0, good.find("\n\n") + 1);
  uint8_t line[512];
  const auto size =
      sign_note(view(text), view(origin), NoteType::ed25519, thief.key.signer(), 0, line);
  REQUIRE(size.ok());
  const std::string stolen = text + "\n" + host::string_of({line, size.value});
  CHECK(ask(registry, stolen, device).status == Status::signature_invalid);
}

TEST_CASE("The text of a request is what the documents say") {
  const Applicant applicant;
  const std::string request = applicant.request("t0k3n", {});
  const std::string vkey = host::vkey_text(applicant.key.log_key());
  CHECK(request.substr(0, request.find("\n\n") + 1) ==
        "cairn enrol v1\norigin " + origin + "\nkey " + vkey +
            "\nowner Example Works\nrole meter\nkinds all\ntoken t0k3n\n");
  Enrolment read;
  REQUIRE_OK(open_enrolment(view(request), read));
  CHECK(read.kinds.empty());
  CHECK(read.token == "t0k3n");
  std::string out;
  const auto sign = [&](const std::string& owner, const std::string& role,
                        const std::vector<uint8_t>& kinds) {
    return sign_enrolment({"", "", owner, role, kinds, ""}, applicant.key, out).status;
  };
  CHECK(sign("", "r", {}) == Status::bad_argument);
  CHECK(sign("o", "line\nline", {}) == Status::bad_argument);
  CHECK(sign(std::string(256, 'o'), "r", {}) == Status::bad_argument);
  CHECK(sign("o", "r", {63}) == Status::bad_argument);
  CHECK(sign("o", "r", {65, 64}) == Status::bad_argument);
  CHECK(sign("o", "r", {64, 64}) == Status::bad_argument);
  CHECK(sign("o\xff", "r", {}) == Status::bad_argument);
}

TEST_CASE("A key of a type that nobody knows is the request's fault, not the gateway's") {
  const Applicant applicant;
  std::string request = applicant.request();
  const std::string vkey = host::vkey_text(applicant.key.log_key());
  request[request.find(vkey) + vkey.rfind('+') + 1] = 'J';  // the first six bits of the type
  MemoryStore store;
  Registry registry(store);
  Device device;
  CHECK(ask(registry, request, device).status == Status::corrupt);
}

TEST_CASE("Another key does not take an origin over") {
  const Applicant applicant, thief;
  MemoryStore store;
  Registry registry(store);
  Device device;
  REQUIRE_OK(ask(registry, applicant.request(), device));
  CHECK(ask(registry, thief.request(), device).status == Status::bad_state);
  REQUIRE_OK(registry.change_state(origin, DeviceState::revoked, "ada", "sold", now_s));
  CHECK(ask(registry, applicant.request(), device).status == Status::bad_state);
  CHECK(ask(registry, thief.request(), device).status == Status::bad_state);
  CHECK(history(registry, origin) == "requested revoked");
}

TEST_CASE("States change along their ways only, and every change stays in the history") {
  using S = DeviceState;
  const TestDevice press(origin, 1, 0);
  MemoryStore store;
  Registry registry(store);
  REQUIRE_OK(registry.enrol(press.enrolled(), "ada", now_s));
  CHECK(registry.enrol(press.enrolled(), "ada", now_s).status == Status::bad_state);
  const auto go = [&](S next) {
    return registry.change_state(origin, next, "ada", "why", now_s).status;
  };
  CHECK(go(S::pending) == Status::bad_state);
  CHECK(go(S::active) == Status::bad_state);
  CHECK(go(S::frozen) == Status::bad_state);  // needs a proof
  CHECK(go(S::suspended) == Status::ok);
  CHECK(go(S::suspended) == Status::bad_state);
  CHECK(go(S::active) == Status::ok);
  CHECK(go(S::revoked) == Status::ok);
  for (const S next : {S::pending, S::active, S::suspended, S::revoked, S::frozen})
    CHECK(go(next) == Status::bad_state);
  CHECK(history(registry, origin) == "enrolled suspended resumed revoked");
  CHECK(registry.change_state("nobody", S::active, "ada", "", now_s).status == Status::not_found);
}

TEST_CASE("Keys rotate by size, and the old ones stay") {
  const TestDevice old(origin, 1, 0), next(origin, 2, 0), third(origin, 3, 0),
      stranger("plant.example/x", 4, 0);
  MemoryStore store;
  Registry registry(store);
  REQUIRE_OK(registry.enrol(old.enrolled(), "ada", now_s));
  const auto rotate = [&](const std::string& vkey, uint64_t size) {
    return registry.rotate(origin, vkey, size, "ada", now_s).status;
  };
  CHECK(rotate(old.vkey(), 100) == Status::bad_argument);
  CHECK(rotate(stranger.vkey(), 100) == Status::bad_argument);
  CHECK(rotate(next.vkey(), 0) == Status::bad_argument);
  CHECK(rotate("nonsense", 100) == Status::corrupt);
  CHECK(rotate(signing::vkey(next.key(), origin, NoteType::cosignature), 100) ==
        Status::bad_argument);
  CHECK(rotate(next.vkey(), 100) == Status::ok);
  CHECK(rotate(third.vkey(), 100) == Status::bad_argument);
  CHECK(rotate(third.vkey(), 101) == Status::ok);
  CHECK(rotate(old.vkey(), 200) == Status::bad_argument);
  Device device;
  REQUIRE_OK(registry.find(origin, device));
  CHECK(key_for_size(device, 0)->vkey == old.vkey());
  CHECK(key_for_size(device, 99)->vkey == old.vkey());
  CHECK(key_for_size(device, 100)->vkey == next.vkey());
  CHECK(key_for_size(device, 101)->vkey == third.vkey());
  CHECK(key_for_size(device, tree_size_max)->vkey == third.vkey());
  for (const TestDevice* one : {&old, &next, &third}) {
    std::vector<Device> found;
    REQUIRE_OK(registry.find_key(key_id(one->note_key()), found));
    REQUIRE(found.size() == 1);
    CHECK(found[0].origin == origin);
  }
  std::vector<Device> none;
  REQUIRE_OK(registry.find_key(1, none));
  CHECK(none.empty());
  CHECK(history(registry, origin) == "enrolled rotated rotated");
  uint8_t key = 10;
  for (uint64_t size = 300; device.keys.size() < device_keys_max; ++size) {
    REQUIRE(rotate(TestDevice(origin, ++key, 0).vkey(), size) == Status::ok);
    REQUIRE_OK(registry.find(origin, device));
  }
  CHECK(rotate(TestDevice(origin, 100, 0).vkey(), 1000) == Status::bad_state);
}

TEST_CASE("Operators' entries are checked as devices' are") {
  const TestDevice press(origin, 1, 0), other("plant.example/x", 2, 0);
  MemoryStore store;
  Registry registry(store);
  const auto enrol = [&](const std::function<void(Device&)>& change) {
    Device device = press.enrolled();
    change(device);
    return registry.enrol(device, "ada", now_s).status;
  };
  CHECK(enrol([](Device& d) { d.origin = "two words"; }) == Status::bad_argument);
  CHECK(enrol([](Device& d) { d.keys.clear(); }) == Status::bad_argument);
  CHECK(enrol([](Device& d) { d.owner = ""; }) == Status::bad_argument);
  CHECK(enrol([](Device& d) { d.kinds = {2}; }) == Status::bad_argument);
  CHECK(enrol([&](Device& d) { d.keys[0].vkey = other.vkey(); }) == Status::bad_argument);
  CHECK(enrol([&](Device& d) { d.keys.push_back({other.vkey(), 0, 9}); }) == Status::bad_argument);
  CHECK(enrol([&](Device& d) { d.keys[0].size_min = 5, d.keys[0].size_max = 4; }) ==
        Status::bad_argument);
  CHECK(store.entries().empty());
  CHECK(enrol([](Device&) {}) == Status::ok);
}

TEST_CASE("Devices are listed in pages, in the order of their origins") {
  MemoryStore store;
  Registry registry(store);
  for (const char* name : {"b", "a", "a/b", "c", "a.b"})
    REQUIRE_OK(registry.enrol(TestDevice(name, 1, 0).enrolled(), "ada", now_s));
  std::string after, names;
  std::vector<Device> page;
  do {
    REQUIRE_OK(registry.list(after, 2, page));
    for (const Device& device : page)
      names += device.origin + " ";
    if (!page.empty()) after = page.back().origin;
  } while (!page.empty());
  CHECK(names == "a a.b a/b b c ");
}

TEST_CASE("No more devices wait for approval than an operator can look at") {
  MemoryStore store;
  Registry registry(store);
  Device device;
  const Applicant applicant;
  for (size_t i = 0; i < Registry::pending_max; ++i) {
    std::vector<Change> change(1);
    change[0].writes = {{key_of({"pending", "device-" + std::to_string(i)}), 0, std::string()}};
    REQUIRE_OK(store.cas_batch(change));
  }
  CHECK(ask(registry, applicant.request(), device).status == Status::full);
  std::string token;
  REQUIRE_OK(registry.make_token(now_s, 60, "ada", token));
  CHECK(ask(registry, applicant.request(token), device).ok());
}

TEST_CASE("A store that holds something else is reported, not believed") {
  MemoryStore store;
  Registry registry(store);
  REQUIRE_OK(registry.enrol(TestDevice(origin, 1, 0).enrolled(), "ada", now_s));
  Entry entry;
  REQUIRE_OK(store.get(key_of({"device", origin}), entry));
  const std::string good = entry.value;
  uint64_t version = entry.version;
  const auto with = [&](const std::string& value) {
    std::vector<Change> change(1);
    change[0].writes = {{entry.key, version++, value}};
    REQUIRE_OK(store.cas_batch(change));
    REQUIRE(change[0].applied);
    Device device;
    return registry.find(origin, device).status;
  };
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string value = good;
    REQUIRE(value.find(from) != std::string::npos);
    return value.replace(value.find(from), from.size(), to);
  };
  CHECK(with("") == Status::corrupt);
  CHECK(with("[]") == Status::corrupt);
  CHECK(with(good.substr(1)) == Status::corrupt);
  CHECK(with(replaced("cairn-device", "cairn-token")) == Status::corrupt);
  CHECK(with(replaced("\"version\":1", "\"version\":2")) == Status::wrong_version);
  CHECK(with(replaced("active", "asleep")) == Status::corrupt);
  CHECK(with(replaced("\"kinds\":[]", "\"kinds\":[256]")) == Status::corrupt);
  CHECK(with(replaced("\"owner\"", "\"owned\"")) == Status::corrupt);
  CHECK(with(replaced("\"origin\":\"plant", "\"origin\":\"plane")) == Status::corrupt);
  CHECK(with(good) == Status::ok);
}

TEST_CASE("Of many who change a device at once, each change happens once") {
  const TestDevice press(origin, 1, 0);
  MemoryStore store;
  const Applicant applicant;
  std::vector<std::thread> threads;
  std::atomic<int> enrolled{0}, suspended{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Registry registry(store);
      Device device;
      if (registry.request(view(applicant.request()), now_s, device).ok()) ++enrolled;
      if (registry.change_state(origin, DeviceState::active, "ada", "", now_s).ok()) ++suspended;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(enrolled == 8);   // the same request: all get what is stored
  CHECK(suspended == 1);  // one approved it
  CHECK(history(Registry(store), origin) == "requested approved");
}

TEST_CASE("Whatever call of the store fails, a repetition finds one history without a gap") {
  for (const bool applies : {false, true}) {
    for (uint64_t call = 0;; ++call) {
      const TestDevice next(origin, 2, 0);
      const Applicant applicant;
      MemoryStore store;
      Registry registry(store);
      Device device;
      std::string token;
      REQUIRE_OK(registry.make_token(now_s, 60, "ada", token));
      const std::string request = applicant.request(token);
      store.set_fault({call, applies});
      const bool asked = registry.request(view(request), now_s, device).ok();
      const bool rotated = registry.rotate(origin, next.vkey(), 10, "ada", now_s).ok();
      const bool reached = store.calls() > call;
      store.set_fault({});
      CAPTURE(call, applies, asked, rotated);
      REQUIRE_OK(registry.request(view(request), now_s, device));
      CHECK(device.state == DeviceState::active);
      const Status again = registry.rotate(origin, next.vkey(), 10, "ada", now_s).status;
      CHECK((again == Status::ok || again == Status::bad_argument));
      CHECK(history(registry, origin) == "requested rotated");
      if (!reached) break;
    }
  }
}
