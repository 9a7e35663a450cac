/* usage: example_02_gateway FROM TO VKEY FOLDER
 *
 * The other end of the node's line: reads frames from the pipe FROM and answers into TO. Verifies
 * every head with the node's verifier key (a text), keeps the newest as FOLDER/checkpoint, and only
 * then acknowledges it. Adds every record to FOLDER/records, its index and its leaf in hexadecimal.
 *
 * Ends with status 1 when the node says that it cannot go on, or contradicts itself: an index that
 * was there before, a head that does not verify, a smaller tree, another root. */
#include <cairn/cairn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"

enum { contradiction = 1, wrong_use = 2 };

static const char* folder;
static FILE* to_node;
static cairn_note_key node_key;
static cairn_signed_head newest; /* of those that were verified */
static uint64_t next_index;

static void fail(const char* what) {
  fprintf(stderr, "gateway: %s\n", what);
  exit(contradiction);
}

static FILE* open_file(const char* name, const char* mode, char path[512]) {
  snprintf(path, 512, "%s/%s", folder, name);
  FILE* file = fopen(path, mode);
  if (file == NULL) {
    fprintf(stderr, "gateway: %s: %s\n", path, strerror(errno));
    exit(wrong_use);
  }
  return file;
}

static void take_record(const uint8_t* body, size_t size) {
  if (size < 9) return;
  const uint64_t index = link_number(body);
  if (index < next_index) fail("the node gives a record of another history");
  next_index = index + 1;
  char path[512];
  FILE* records = open_file("records", "a", path);
  fprintf(records, "%llu ", (unsigned long long)index);
  for (size_t i = 8; i < size; ++i)
    fprintf(records, "%02x", body[i]);
  fprintf(records, "\n");
  if (fclose(records) != 0) fail("the record cannot be kept");
}

static void put(uint8_t byte) {
  fputc(byte, to_node);
}

static void acknowledge(void) {
  uint8_t size[8];
  link_put_number(size, newest.size);
  link_write(put, 'A', size, sizeof size, newest.root.bytes, CAIRN_DIGEST_BYTES);
  fflush(to_node);
}

/* A new file, and then in place of the old one: either is whole, whatever happens. */
static void keep_note(const uint8_t* note, size_t size) {
  char path[512], final_path[512];
  FILE* file = open_file("checkpoint.new", "wb", path);
  const size_t written = fwrite(note, 1, size, file);
  snprintf(final_path, sizeof final_path, "%s/checkpoint", folder);
  if (fclose(file) != 0 || written != size || rename(path, final_path) != 0)
    fail("the checkpoint cannot be kept");
}

static void take_head(const uint8_t* message, size_t message_size) {
  const cairn_verifier verifiers[2] = {cairn_ed25519_verifier(), cairn_p256_verifier()};
  uint8_t note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
  cairn_air_checkpoint air;
  cairn_checkpoint head;
  if (cairn_decode_air_checkpoint(message, message_size, &air) < 0) return;
  const int size = cairn_rebuild_checkpoint(&air, node_key.name.data, node_key.name.size, &node_key,
                                            NULL, note, sizeof note);
  if (size < 0) return;
  if (cairn_open_checkpoint(note, (size_t)size, &node_key, verifiers, 2, &head, NULL) < 0)
    fail("a head does not verify");
  if (head.size < newest.size) fail("the node has gone back behind a head that it has signed");
  if (head.size == newest.size &&
      !cairn_equal_constant_time(&head.root, &newest.root, sizeof head.root))
    fail("the node has signed two histories");
  if (head.size != newest.size) keep_note(note, (size_t)size);
  newest.size = head.size;
  newest.root = head.root;
  acknowledge();
}

static void take_frame(const uint8_t* frame, size_t size) {
  if (frame[0] == 'R') take_record(frame + 1, size - 1);
  if (frame[0] == 'H') take_head(frame + 1, size - 1);
  if (frame[0] == 'E' && size == 2) {
    fprintf(stderr, "gateway: the node cannot go on: %s\n", cairn_status_text((int8_t)frame[1]));
    exit(contradiction);
  }
}

int main(int argc, char** argv) {
  static link_reader reader;
  if (argc != 5) {
    fprintf(stderr, "usage: %s FROM TO VKEY FOLDER\n", argv[0]);
    return wrong_use;
  }
  folder = argv[4];
  if (cairn_parse_vkey(argv[3], strlen(argv[3]), &node_key, NULL) < 0) {
    fprintf(stderr, "gateway: %s is not a verifier key\n", argv[3]);
    return wrong_use;
  }
  /* For both directions: so the line does not end when the node does. */
  FILE* from_node = fopen(argv[1], "r+b");
  to_node = fopen(argv[2], "r+b");
  if (from_node == NULL || to_node == NULL) {
    fprintf(stderr, "gateway: the line cannot be opened: %s\n", strerror(errno));
    return wrong_use;
  }
  for (int byte; (byte = fgetc(from_node)) != EOF;) {
    const size_t size = link_take(&reader, (uint8_t)byte);
    if (size != 0) take_frame(reader.bytes, size);
  }
  return 0;
}
