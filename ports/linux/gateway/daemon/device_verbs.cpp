#include "device_verbs.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cairn/gateway/postgres_store.hpp>
#include <cairn/gateway/sqlite_store.hpp>
#include <cairn/linux/file.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "clock.hpp"
#include "device_json.hpp"

namespace service {

namespace {

namespace gateway = cairn::gateway;

constexpr size_t page = 500;

/// Who does it, for the device's history.
std::string actor() {
  const char* behind_sudo = getuid() == 0 ? std::getenv("SUDO_USER") : nullptr;
  if (behind_sudo != nullptr) return std::string("operator ") + behind_sudo;
  const passwd* user = getpwuid(getuid());
  return "operator " + (user != nullptr ? std::string(user->pw_name) : std::to_string(getuid()));
}

std::string time_text(uint64_t time_s) {
  const auto time = static_cast<std::time_t>(time_s);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &parts);
  return text;
}

/// Text of others, without what would move the cursor of a terminal.
std::string printable(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out;
}

struct Opened {
  std::unique_ptr<gateway::Store> store;
  std::optional<gateway::Registry> registry;
};

Error open(const DeviceArguments& arguments, Opened& out) {
  Config config;
  CAIRN_HOST_TRY(read_config(arguments.config, ConfigUse::store, config));
  CAIRN_HOST_TRY(open_store(config.store, out.store));
  out.registry.emplace(*out.store);
  return {};
}

Error not_enrolled(const DeviceArguments& arguments, Error error) {
  if (error.status == Status::not_found)
    error.message = "no device is called " + arguments.origin +
                    ". `cairn-gateway device list` shows those that are known.";
  return error;
}

void print_device(const gateway::Device& device) {
  std::printf("%s\n", printable(device.origin).c_str());
  std::printf("  state     %s since %s%s%s\n", gateway::state_name(device.state),
              time_text(device.since_s).c_str(), device.reason.empty() ? "" : ": ",
              printable(device.reason).c_str());
  std::printf("  owner     %s\n", printable(device.owner).c_str());
  std::printf("  role      %s\n", printable(device.role).c_str());
  for (const gateway::DeviceKey& key : device.keys)
    std::printf("  key       %s, from size %llu\n", key.vkey.c_str(),
                static_cast<unsigned long long>(key.size_min));
}

}  // namespace

Error take_key(const std::string& given, const std::string& option, cairn::host::VerifierKey& out) {
  if (access(given.c_str(), F_OK) == 0) return out.load(given);
  return out.parse(given, option);
}

Error open_store(const StoreConfig& config, std::unique_ptr<gateway::Store>& out) {
  if (config.kind == "postgresql") {
    gateway::PostgresOptions options;
    options.connection = config.connection;
    if (!config.password.empty()) CAIRN_HOST_TRY(read_secret(config.password, options.password));
    options.single = config.single;
    auto shared = std::make_unique<gateway::PostgresStore>();
    CAIRN_HOST_TRY(shared->open(options));
    out = std::move(shared);
    return {};
  }
  auto store = std::make_unique<gateway::SqliteStore>();
  CAIRN_HOST_TRY(store->open(config.path));
  out = std::move(store);
  return {};
}

Error list_devices(const DeviceArguments& arguments) {
  Opened opened;
  CAIRN_HOST_TRY(open(arguments, opened));
  std::vector<gateway::Device> devices;
  std::string after;
  do {
    CAIRN_HOST_TRY(opened.registry->list(after, page, devices));
    for (const gateway::Device& device : devices) {
      const std::string state = gateway::state_name(device.state);
      if (!arguments.state.empty() && state != arguments.state) continue;
      if (arguments.json)
        std::fputs(dumped(json_of(device)).c_str(), stdout);
      else
        std::printf("%-10s %s  %s  %s\n", state.c_str(), time_text(device.since_s).c_str(),
                    printable(device.origin).c_str(), printable(device.owner).c_str());
    }
    if (!devices.empty()) after = devices.back().origin;
  } while (devices.size() == page);
  return {};
}

Error show_device(const DeviceArguments& arguments) {
  Opened opened;
  CAIRN_HOST_TRY(open(arguments, opened));
  gateway::Device device;
  std::vector<gateway::DeviceEvent> events;
  CAIRN_HOST_TRY(not_enrolled(arguments, opened.registry->find(arguments.origin, device)));
  CAIRN_HOST_TRY(opened.registry->events(arguments.origin, events));
  if (arguments.json) {
    Json out = json_of(device);
    out["events"] = json_of(events);
    std::fputs(dumped(out).c_str(), stdout);
    return {};
  }
  print_device(device);
  for (const gateway::DeviceEvent& event : events)
    std::printf("  %4llu  %s  %s by %s%s%s\n", static_cast<unsigned long long>(event.number),
                time_text(event.time_s).c_str(), event.action.c_str(),
                printable(event.actor).c_str(), event.detail.empty() ? "" : ": ",
                printable(event.detail).c_str());
  return {};
}

Error change_device(const DeviceArguments& arguments, gateway::DeviceState next) {
  Opened opened;
  CAIRN_HOST_TRY(open(arguments, opened));
  CAIRN_HOST_TRY(not_enrolled(
      arguments,
      opened.registry->change_state(arguments.origin, next, actor(), arguments.reason, clock_s())));
  std::printf("%s is %s\n", printable(arguments.origin).c_str(), gateway::state_name(next));
  return {};
}

Error rotate_device(const DeviceArguments& arguments) {
  Opened opened;
  cairn::host::VerifierKey key;
  CAIRN_HOST_TRY(take_key(arguments.vkey, "--vkey", key));
  CAIRN_HOST_TRY(open(arguments, opened));
  CAIRN_HOST_TRY(not_enrolled(
      arguments,
      opened.registry->rotate(arguments.origin, key.text, arguments.size_min, actor(), clock_s())));
  std::printf("%s: from size %llu on %s signs\n", printable(arguments.origin).c_str(),
              static_cast<unsigned long long>(arguments.size_min), key.text.c_str());
  return {};
}

Error enrol_device(const DeviceArguments& arguments) {
  Opened opened;
  cairn::host::VerifierKey key;
  CAIRN_HOST_TRY(take_key(arguments.vkey, "--vkey", key));
  gateway::Device device;
  device.origin = cairn::host::string_of(key.key.name);
  device.keys = {{key.text}};
  device.owner = arguments.owner;
  device.role = arguments.role;
  for (const unsigned kind : arguments.kinds)
    device.kinds.push_back(static_cast<uint8_t>(kind));
  CAIRN_HOST_TRY(open(arguments, opened));
  CAIRN_HOST_TRY(opened.registry->enrol(device, actor(), clock_s()));
  std::printf("%s is enrolled\n", printable(device.origin).c_str());
  return {};
}

Error make_device_token(const DeviceArguments& arguments) {
  Opened opened;
  std::string token;
  CAIRN_HOST_TRY(open(arguments, opened));
  CAIRN_HOST_TRY(opened.registry->make_token(clock_s(), arguments.seconds, actor(), token));
  if (arguments.out.empty()) {
    std::printf("%s\n", token.c_str());
    return {};
  }
  token += '\n';
  return cairn::host::create_file(arguments.out, cairn::host::bytes_of(token), 0600);
}

}  // namespace service
