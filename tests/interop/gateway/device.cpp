// Devices for the tests of cairn-gateway.
//
//   gateway_device report LOG WITNESS-VKEY records|hashes|heads
//     brings the log in a folder to a gateway: writes messages, and reads answers, in hexadecimal,
//     one a line; an empty line stands for an answer that did not come. Ends in "acknowledged N".
//
//   gateway_device enrol STORE COUNT
//     enrols that many devices of gateway_load in an SQLite store.
//
//   gateway_device heads FOLDER COUNT SIZE
//     writes what that many devices of gateway_load send to have each head up to SIZE cosigned,
//     each from the one before: NUMBER-SIZE; of another history NUMBER-SIZE-other; signed with the
//     key that the device rotates to NUMBER-SIZE-rotated. The keys are NUMBER.vkey,
//     NUMBER-rotated.vkey.
//
//   gateway_device request LOG OWNER ROLE [TOKEN]
//     prints the signed request to be enrolled of the log in a folder.
#include <cairn/gateway/device.hpp>
#include <cairn/gateway/sqlite_store.hpp>
#include <cairn/linux/log_directory.hpp>
#include <cairn/reporter.hpp>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "load_devices.hpp"

namespace {

using cairn::Status;
using cairn::host::Error;

constexpr size_t message_bytes_max = 16384;

int fail(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

std::string hex_of(const uint8_t* bytes, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; ++i) {
    char text[3];
    std::snprintf(text, sizeof text, "%02x", bytes[i]);
    out += text;
  }
  return out;
}

std::string bytes_of_hex(const std::string& hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

cairn::ReportMode mode_of(const std::string& name) {
  if (name == "records") return cairn::ReportMode::records;
  return name == "hashes" ? cairn::ReportMode::hashes : cairn::ReportMode::heads;
}

int report(const char* folder, const char* witness, const char* mode) {
  cairn::host::LogDirectory log;
  if (const Error error = log.open_writer(folder); !error.ok()) return fail(error);
  cairn::host::VerifierKey key;
  if (const Error error = key.parse(witness, "the witness"); !error.ok()) return fail(error);
  key.key.type = cairn::NoteType::cosignature;  // a key file's vkey is that of a log
  std::vector<uint8_t> leaf(1 << 16);
  std::vector<uint8_t> message(message_bytes_max);
  cairn::ReporterOptions options;
  options.mode = mode_of(mode);
  options.witness = key.key;
  options.verifiers = cairn::host::all_verifiers();
  options.leaf = {leaf.data(), leaf.size()};
  cairn::Reporter reporter;
  Status status = reporter.begin(log.recorder(), options);
  while (status == Status::ok) {
    const auto size = reporter.next({message.data(), message.size()});
    if (size.status == Status::end) break;
    if (!size.ok()) return fail({size.status, cairn::status_text(size.status)});
    std::cout << hex_of(message.data(), size.value) << std::endl;
    std::string line;
    if (!std::getline(std::cin, line)) return 1;
    if (line.empty()) {
      reporter.again();
      continue;
    }
    const std::string answer = bytes_of_hex(line);
    const Status taken = reporter.take(cairn::host::bytes_of(answer));
    if (taken == Status::io || taken == Status::not_found) reporter.again();
  }
  std::cout << "acknowledged " << reporter.acknowledged() << std::endl;
  return status == Status::ok ? 0 : 1;
}

int enrol(const char* store_path, size_t count) {
  cairn::gateway::SqliteStore store;
  if (const Error error = store.open(store_path); !error.ok()) return fail(error);
  cairn::gateway::Registry registry(store);
  for (size_t i = 0; i < count; ++i) {
    cairn::gateway::Device device;
    const load::Device known(i);
    device.origin = known.origin;
    device.keys = {{known.vkey()}};
    device.owner = "load";
    device.role = "load";
    if (const Error error = registry.enrol(device, "test", 1700000000); !error.ok())
      return fail(error);
  }
  return 0;
}

int heads(const std::string& folder, size_t count, uint64_t size_max) {
  const load::Tree real(size_max, load::Branch::real), other(size_max, load::Branch::other);
  for (size_t i = 0; i < count; ++i) {
    const load::Device device(i), rotated(i, 1);
    const std::string name = folder + "/" + std::to_string(i);
    std::ofstream(name + ".vkey") << device.vkey() << '\n';
    std::ofstream(name + "-rotated.vkey") << rotated.vkey() << '\n';
    for (uint64_t size = 1; size <= size_max; ++size) {
      const std::string head = name + "-" + std::to_string(size);
      std::ofstream(head) << real.request(device, size - 1, size);
      std::ofstream(head + "-other") << other.request(device, size - 1, size);
      std::ofstream(head + "-rotated") << real.request(rotated, size - 1, size);
    }
  }
  return 0;
}

int request(const char* folder, const char* owner, const char* role, const char* token) {
  cairn::host::LogDirectory log;
  if (const Error error = log.open_writer(folder); !error.ok()) return fail(error);
  cairn::gateway::Enrolment enrolment;
  enrolment.owner = owner;
  enrolment.role = role;
  enrolment.token = token;
  std::string text;
  if (const Error error = cairn::gateway::sign_enrolment(enrolment, log.key(), text); !error.ok())
    return fail(error);
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "report" && argc == 5) return report(argv[2], argv[3], argv[4]);
  if (verb == "enrol" && argc == 4) return enrol(argv[2], std::strtoul(argv[3], nullptr, 10));
  if (verb == "heads" && argc == 5)
    return heads(argv[2], std::strtoul(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10));
  if (verb == "request" && (argc == 5 || argc == 6))
    return request(argv[2], argv[3], argv[4], argc == 6 ? argv[5] : "");
  std::fprintf(stderr, "see the head of device.cpp\n");
  return 2;
}
