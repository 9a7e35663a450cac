// Prints the worked example of docs/format.md: a log of three records, byte by byte, the
// checkpoint over it, and evidence for one of them. A test compares the output with the document.
#include <cairn/evidence.hpp>
#include <cairn/recorder.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "support/fake_signer.hpp"

namespace {

using namespace cairn;

void must(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "format_example: %s\n", what);
  std::exit(1);
}

void print_hex(const char* indent, ByteView bytes) {
  for (size_t i = 0; i < bytes.size; i += 32) {
    std::printf("%s", indent);
    for (size_t k = i; k < bytes.size && k < i + 32; ++k)
      std::printf("%02x", bytes[k]);
    std::printf("\n");
  }
}

// The frames of a segment, decoded by the document's rules rather than by the library.
void print_segment(const uint8_t* segment, uint32_t unit, uint32_t frames_end) {
  static const char* const names[] = {"", "record", "frontier", "gap", "next", "batch", "", "more"};
  std::printf("offset 0: segment header\n");
  print_hex("  ", {segment, 32});
  for (uint32_t at = 32; at < frames_end;) {
    const unsigned word = load_le16(segment + at);
    if (word == 0xFFFF) break;
    const uint32_t size = word & 0x1FFF;
    std::printf("offset %u: %s frame, %u bytes of payload\n", at, names[word >> 13], size);
    std::printf("  type and length %02x%02x\n", segment[at], segment[at + 1]);
    print_hex("  payload ", {segment + at + 2, size});
    std::printf("  check value ");
    print_hex("", {segment + at + 2 + size, 4});
    const uint32_t next = (at + 6 + size + unit - 1) / unit * unit;
    if (next != at + 6 + size) std::printf("  padding ");
    if (next != at + 6 + size) print_hex("", {segment + at + 6 + size, next - at - 6 - size});
    at = next;
  }
}

size_t add_run(EvidenceWriter& writer, const Recorder& recorder, uint64_t index) {
  uint8_t leaf[256];
  Digest hashes[proof_hashes_max];
  ProofBuffer proof = {hashes, proof_hashes_max};
  const Result<size_t> size = recorder.log().read(index, leaf);
  must(size.ok(), "read");
  must(build_inclusion(index, recorder.log().size(), recorder.log().nodes(), proof) == Status::ok,
       "proof");
  must(writer.begin_run(index) == Status::ok, "run");
  must(writer.leaf({leaf, size.value}) == Status::ok, "leaf");
  must(writer.proof(proof) == Status::ok, "hashes");
  return proof.count;
}

}  // namespace

int main() {
  // The key of RFC 8032 §7.1, test 1; fixed clocks.
  static const uint8_t seed[32] = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a,
                                   0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
                                   0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
  Ed25519Key key;
  Signer signer;
  must(ed25519_signer(seed, key, signer) == Status::ok, "key");
  fake::FakeClock clock;
  const Platform platform = clock.platform();

  static uint8_t memory[2 * 2048];
  RamFlash ram = {memory, sizeof memory};
  Flash geometry{};
  geometry.unit_bytes = 8;
  geometry.segment_bytes = 2048;
  geometry.segment_count = 2;
  geometry.erased = 0xFF;
  geometry.kind = CAIRN_FLASH_ONCE;
  Flash flash;
  for (uint8_t& byte : memory)
    byte = 0xFF;
  must(ram_flash(ram, geometry, flash) == Status::ok, "flash");

  RecorderOptions options;
  options.origin = literal("example.org/press-7");
  uint8_t frame[256];
  Recorder recorder;
  must(recorder.create(flash, {{frame, sizeof frame}}, options, platform, signer) == Status::ok,
       "create");
  clock.pass(250);
  const uint8_t opaque[] = {'h', 'e', 'l', 'l', 'o'};
  must(recorder.append(Kind::opaque, opaque).ok(), "append");
  Reading reading;
  reading.channel = 7;
  reading.decimal = 2150;
  reading.places = 2;
  uint8_t body[64];
  const Result<size_t> size = encode_sample(wall_time(platform), &reading, 1, body);
  must(size.ok() && recorder.append(Kind::sample, {body, size.value}).ok(), "sample");
  must(recorder.seal() == Status::ok, "seal");

  std::printf("The first segment:\n\n");
  print_segment(memory, 8, 2048 - 2 * 24);

  uint8_t note[signed_checkpoint_bytes_max];
  const Result<size_t> note_size = recorder.checkpoint(note);
  must(note_size.ok(), "checkpoint");
  std::printf("\nThe signed checkpoint:\n\n%.*s", static_cast<int>(note_size.value),
              reinterpret_cast<const char*>(note));

  AirCheckpoint air;
  uint8_t air_bytes[air_checkpoint_bytes_max];
  must(recorder.air_checkpoint(air) == Status::ok, "air");
  const Result<size_t> air_size = encode_air_checkpoint(air, air_bytes);
  must(air_size.ok(), "air bytes");
  std::printf("\nThe same on air, %zu bytes:\n\n", air_size.value);
  print_hex("", {air_bytes, air_size.value});

  uint8_t file[2048];
  EvidenceWriter writer(file);
  must(writer.begin_level() == Status::ok, "level");
  add_run(writer, recorder, 2);
  add_run(writer, recorder, 4);
  must(writer.checkpoint({note, note_size.value}) == Status::ok, "note");
  const Result<size_t> file_size = writer.finish();
  must(file_size.ok(), "evidence");
  std::printf("\nEvidence for leaf 2 with the close record of its batch, %zu bytes:\n\n",
              file_size.value);
  print_hex("", {file, file_size.value});
  return 0;
}
