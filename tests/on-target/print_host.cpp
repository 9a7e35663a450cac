#include <cstdio>

#include "registry.hpp"

void on_target::print(const char* text) {
  std::fputs(text, stderr);
}
