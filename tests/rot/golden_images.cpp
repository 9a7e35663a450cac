// usage: golden_images check|write|seeds FOLDER
//
// Makes each golden image anew and compares it with the file in FOLDER, or writes it there, or
// writes it there as an input of fuzz_log_image. Needs nothing but the core.
#include <cstdio>
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

// Two bytes of options in front: a golden image, this one, recycled.
bool store_seed(const std::string& path, uint8_t number, golden::Bytes bytes) {
  const uint8_t options[] = {64 | 16, number};
  bytes.insert(bytes.begin(), options, options + sizeof options);
  return store(path, bytes);
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
  const std::string verb = count == 3 ? arguments[1] : "";
  if (verb != "check" && verb != "write" && verb != "seeds") {
    std::fputs("usage: golden_images check|write|seeds FOLDER\n", stderr);
    return 2;
  }
  bool good = true;
  uint8_t number = 0;
  for (const golden::Image& image : golden::images) {
    const golden::Life life(image);
    const std::string path = std::string(arguments[2]) + "/" + image.name;
    const golden::Bytes& bytes = life.medium.memory;
    const bool done = verb == "write"   ? store(path + ".bin", bytes)
                      : verb == "seeds" ? store_seed(path, number, bytes)
                                        : compare(path + ".bin", bytes);
    good = good && done;
    ++number;
    std::printf("%-16s records %llu to %llu, %s\n", image.name,
                static_cast<unsigned long long>(life.log.index_min()),
                static_cast<unsigned long long>(life.log.size() - 1),
                life.log.head() == nullptr ? "no head" : "a head");
  }
  return good ? 0 : 1;
}
