#include "registry.hpp"
#include "semihosting.h"

void on_target::print(const char* text) {
  semihosting_print(text);
}
