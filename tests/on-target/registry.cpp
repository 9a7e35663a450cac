#include "registry.hpp"

namespace on_target {

namespace {

Test* first_test = nullptr;
Test** last = &first_test;
unsigned failures = 0;

}  // namespace

Test::Test(const char* text, void (*body)()) : name(text), run(body), next(nullptr) {
  *last = this;
  last = &next;
}

void print(uint64_t number) {
  char text[21];
  char* at = text + sizeof text - 1;
  *at = 0;
  do {
    *--at = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  print(at);
}

bool check(bool holds, const char* text, const char* file, unsigned line) {
  if (holds) return true;
  ++failures;
  print(file);
  print(":");
  print(line);
  print(": ");
  print(text);
  print("\n");
  return false;
}

int run_all() {
  int failed = 0;
  unsigned count = 0;
  for (const Test* test = first_test; test != nullptr; test = test->next) {
    const unsigned before = failures;
    test->run();
    ++count;
    if (failures == before) continue;
    ++failed;
    print("failed: ");
    print(test->name);
    print("\n");
  }
  print(count);
  print(" tests, ");
  print(static_cast<uint64_t>(failed));
  print(" failed\n");
  // A suite that has lost its tests must not pass.
  return count == 0 ? 90 : failed < 90 ? failed : 90;
}

}  // namespace on_target

extern "C" int main() {
  return on_target::run_all();
}
