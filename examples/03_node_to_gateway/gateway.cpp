// usage: example_03_gateway FOLDER LOG-VKEY
//
// The other end of the link: the gateway's library, with messages as lines of hexadecimal digits
// where cairn-gateway has HTTP and MQTT. FOLDER has log.key and witness.key; the gateway's store
// and its own log come to lie beside them, and the records of the device in `records`.
#include <cairn/gateway/intake.hpp>
#include <cairn/gateway/sqlite_store.hpp>
#include <ctime>
#include <iostream>

#include "lines.hpp"

using namespace cairn;
using host::Error;

namespace {

class Gateway {
 public:
  Error open(const std::string& folder, const std::string& vkey) {
    for (const auto& [key, name] :
         {std::pair{&log_key_, "log.key"}, {&witness_key_, "witness.key"}})
      if (Error error = key->load(folder + "/" + name); !error.ok()) return error;
    if (Error error = store_.open(folder + "/store"); !error.ok()) return error;
    gateway::AggregateOptions own;
    own.folder = folder + "/log";
    if (Error error = log_.open(own, store_, log_key_); !error.ok()) return error;
    gateway::IntakeOptions options;
    options.records_folder = folder + "/records";
    intake_ = std::make_unique<gateway::Intake>(store_, registry_, log_, witness_key_, options);
    return enrol(vkey);
  }

  std::string report(const Message& message) {
    const std::string answer = intake_->report({message.data(), message.size()});
    if (const Error error = log_.integrate(); !error.ok()) std::cerr << error.message << "\n";
    return answer;
  }

 private:
  // An operator vouches for the device, the first time.
  Error enrol(const std::string& vkey) {
    gateway::Device device;
    device.origin = vkey.substr(0, vkey.find('+'));
    device.keys = {{vkey}};
    device.owner = "factory.example";
    device.role = "press";
    device.state = gateway::DeviceState::active;
    if (registry_.find(device.origin, device).ok()) return {};
    return registry_.enrol(device, "operator", static_cast<uint64_t>(std::time(nullptr)));
  }

  host::KeyFile log_key_, witness_key_;
  gateway::SqliteStore store_;
  gateway::Registry registry_{store_};
  gateway::AggregateLog log_;
  std::unique_ptr<gateway::Intake> intake_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: example_03_gateway FOLDER LOG-VKEY\n";
    return 2;
  }
  Gateway gateway;
  if (const Error error = gateway.open(argv[1], argv[2]); !error.ok()) {
    std::cerr << "gateway: " << error.message << "\n";
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto message = from_line(line);
    const std::string answer = gateway.report(message.value_or(Message()));
    std::cout << to_line({answer.data(), answer.size()}) << std::endl;
  }
}
