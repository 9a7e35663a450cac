// One device of a gateway that is fuzzed: its key and the gateway's, for all inputs, and its first
// head.
#pragma once

#include <cairn/checkpoint.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/linux/file.hpp>

#include "folder.hpp"

namespace fuzz {

constexpr char head_of_7[] = "device\n7\no+I7Msy2v5bQktFl2KpUbgmCnejwOw6JV1gdHha5K98=\n";

/// The keys of a gateway and of the device called "device", in files of their names.
struct GatewayKeys {
  Folder folder;
  cairn::host::KeyFile log, witness, device;

  GatewayKeys() {
    const auto make = [this](cairn::host::KeyFile& key, const char* name) {
      return key.generate(folder / name, name, cairn::Algorithm::ed25519).ok();
    };
    check(make(log, "log") && make(witness, "witness") && make(device, "device"));
  }

  /// A text with the device's signature; empty when it cannot be signed.
  std::string note(const std::string& text) const {
    uint8_t line[256];
    const cairn::NoteKey key = device.log_key();
    const auto size =
        cairn::sign_note(cairn::host::bytes_of(text), key.name, key.type, device.signer(), 0, line);
    return size.ok() ? text + "\n" + cairn::host::string_of({line, size.value}) : "";
  }

  cairn::gateway::Device enrolled() const {
    cairn::gateway::Device entry;
    entry.origin = "device";
    entry.keys.push_back({cairn::host::vkey_text(device.log_key()), 0, UINT64_MAX});
    entry.owner = entry.role = "x";
    return entry;
  }
};

}  // namespace fuzz
