// usage: golden_images check|write FOLDER
//
// Makes each golden image anew and compares it with the file in FOLDER, or writes it there. Also
// for machines where the test framework is not: it needs nothing but the core.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "support/golden.hpp"

namespace {

golden::Bytes load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool store(const std::string& path, const golden::Bytes& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  return out.good();
}

bool compare(const std::string& path, const golden::Bytes& made) {
  const golden::Bytes kept = load(path);
  size_t at = 0;
  while (at < kept.size() && at < made.size() && kept[at] == made[at])
    ++at;
  if (at == kept.size() && at == made.size()) return true;
  std::printf("%s: %zu bytes, made %zu; they differ from byte %zu on\n", path.c_str(), kept.size(),
              made.size(), at);
  return false;
}

}  // namespace

int main(int count, char** arguments) {
  const bool writes = count == 3 && std::strcmp(arguments[1], "write") == 0;
  if (count != 3 || (!writes && std::strcmp(arguments[1], "check") != 0)) {
    std::fputs("usage: golden_images check|write FOLDER\n", stderr);
    return 2;
  }
  bool same = true;
  for (const golden::Image& image : golden::images) {
    const golden::Life life(image);
    const std::string path = std::string(arguments[2]) + "/" + image.name + ".bin";
    same = (writes ? store(path, life.medium.memory) : compare(path, life.medium.memory)) && same;
    std::printf("%-16s records %llu to %llu, %s\n", image.name,
                static_cast<unsigned long long>(life.log.index_min()),
                static_cast<unsigned long long>(life.log.size() - 1),
                life.log.head() == nullptr ? "no head" : "a head");
  }
  return same ? 0 : 1;
}
