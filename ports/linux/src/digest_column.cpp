#include <sys/mman.h>

#include <cairn/linux/digest_column.hpp>
#include <cstdlib>
#include <new>

namespace cairn::host {

Digest* allocate_digests(size_t count) {
  constexpr size_t huge_page_bytes = size_t{2} << 20;
  const size_t bytes = count * sizeof(Digest);
  const bool is_large = bytes % huge_page_bytes == 0;
  void* const memory = is_large ? std::aligned_alloc(huge_page_bytes, bytes) : std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  if (is_large) (void)madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: it may be refused
  return static_cast<Digest*>(memory);
}

void FreeDigests::operator()(Digest* digests) const {
  std::free(digests);
}

}  // namespace cairn::host
