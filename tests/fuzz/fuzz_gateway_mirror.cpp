// A log to be mirrored, of any bytes: a copy that had two entries has what its checkpoint says
// afterwards, whatever the source showed.
//
// The first byte says how the source's checkpoint is made. 0: the text that follows, up to a zero
// byte, signed by the log's key; 1: size and root of the entries, signed, as a log does that tells
// the truth; 2: the text as it is. The rest is the bundle of entries.
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/mirror.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/tile_layout.hpp>
#include <cairn/merkle.hpp>

#include "folder.hpp"

using namespace cairn;
using namespace cairn::gateway;
using host::bytes_of;
namespace fs = std::filesystem;

namespace {

std::string bundle_of_two() {
  std::string bundle;
  host::add_entry(bundle, literal("one"));
  host::add_entry(bundle, literal("two"));
  return bundle;
}

// Folders for the source and the copy, emptied for each input, and the log's key.
struct World {
  fuzz::Folder folder;
  host::KeyFile key;
  host::VerifierKey vkey;

  World() {
    fuzz::check(key.generate(folder / "key", "log", Algorithm::ed25519).ok());
    fuzz::check(vkey.parse(host::vkey_text(key.log_key()), "key").ok());
  }
  std::string source() const { return folder / "source"; }
  std::string copy() const { return folder / "copy"; }
};

std::string signed_text(const World& world, const std::string& text) {
  uint8_t line[256];
  const NoteKey key = world.key.log_key();
  const auto size = sign_note(bytes_of(text), key.name, key.type, world.key.signer(), 0, line);
  return size.ok() ? text + "\n" + host::string_of({line, size.value}) : text;
}

std::string true_text(const std::string& bundle) {
  std::vector<ByteView> entries;
  if (host::split_entries(bytes_of(bundle), entries) != Status::ok) return "log\n3\n\n";
  std::vector<Digest> hashes(entries.size());
  leaf_hashes(entries.data(), entries.size(), hashes.data());
  Frontier frontier;
  fuzz::check(frontier.append_batch(hashes.data(), hashes.size()) == Status::ok);
  Checkpoint checkpoint;
  checkpoint.origin = literal("log");
  checkpoint.size = frontier.size();
  checkpoint.root = frontier.root();
  uint8_t text[signed_checkpoint_bytes_max];
  const auto size = format_checkpoint(checkpoint, text);
  fuzz::check(size.ok());
  return host::string_of({text, size.value});
}

// Serves a checkpoint and one bundle, under every name that it may be asked for.
void serve(const World& world, const std::string& note, const std::string& bundle) {
  fs::remove_all(world.source());
  fs::create_directories(world.source() + "/tile/entries/000.p");
  const auto write = [&world](const std::string& name, const std::string& bytes) {
    fuzz::check(host::write_file(world.source() + "/" + name, bytes_of(bytes), 0644).ok());
  };
  write("checkpoint", note);
  write("tile/entries/000", bundle);
  SignedTree tree;
  if (!open_head(note, world.vkey.key, "source", tree).ok()) return;
  const unsigned width = host::tile_width_in(tree.size, 0, 0);
  if (width != 0 && width != host::tile_width) write(host::entries_path(0, width), bundle);
}

// Whether the copy can be opened again, and is the tree of that head.
void check_copy(const World& world, const SignedTree& head) {
  Mirror again;
  fuzz::check(again.open(world.copy(), world.vkey).ok());
  fuzz::check(again.head().note == head.note && again.head().root == head.root);
  uint64_t count = 0;
  const auto each = [&count](uint64_t, ByteView) {
    ++count;
    return Error{};
  };
  fuzz::check(read_all_entries(world.copy(), head, each).ok() && count == head.size);
}

// The head of a copy that had two entries, after it has been shown this.
SignedTree updated(const World& world, const std::string& note, const std::string& bundle) {
  fs::remove_all(world.copy());
  fs::create_directories(world.copy());
  Mirror mirror;
  fuzz::check(mirror.open(world.copy(), world.vkey).ok());
  serve(world, signed_text(world, true_text(bundle_of_two())), bundle_of_two());
  fuzz::check(mirror.update(TileSource(world.source())).ok());
  const SignedTree before = mirror.head();
  serve(world, note, bundle);
  const Error error = mirror.update(TileSource(world.source()));
  const SignedTree after = mirror.head();
  fuzz::check(error.ok() == error.message.empty());
  fuzz::check(after.note == (error.ok() && after.size > before.size ? note : before.note));
  return after;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World world;
  if (size < 1) return 0;
  const std::string input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t end = std::min(input.find('\0'), input.size());
  const bool is_true = data[0] % 3 == 1;
  const std::string bundle = is_true ? input : input.substr(std::min(end + 1, input.size()));
  std::string note = is_true ? true_text(bundle) : input.substr(0, end);
  if (data[0] % 3 != 2) note = signed_text(world, note);
  check_copy(world, updated(world, note, bundle));
  return 0;
}
