// All that no image may hold: a heap, formatted output, exceptions, the C++ run-time library. Only
// compiled, so that the check for it can be seen to find it.
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int argc, char** argv) {
  std::vector<int> numbers(static_cast<unsigned>(argc), 1);
  void* const memory = std::malloc(numbers.size());
  std::printf("%p %d\n", memory, numbers.back());
  if (argv == nullptr) throw argc;
  return 0;
}
