// The conformance suite for ports as the suites of the drivers run it: on a flash and nothing else.
#pragma once

#include "fixtures.hpp"
#include "port_conformance.h"

namespace on_target {

/// How many requirements do not hold; each is printed.
inline int broken_requirements(const Flash& flash) {
  const Platform none = CAIRN_PLATFORM_INIT;
  cairn_port port = CAIRN_PORT_INIT;
  port.flash = &flash;
  port.platform = &none;
  port.report = [](void*, const char* requirement, int holds) {
    if (holds != 0) return;
    print("does not hold: ");
    print(requirement);
    print("\n");
  };
  return cairn_check_port(&port);
}

}  // namespace on_target
