/* Every call that a recording device makes, and a verification. */
#include "device.h"
#include "measure.h"

enum { proof_depth = 20, proof_hashes = 32 };

static cairn_recorder recorder;
static uint8_t frame[256], note[CAIRN_SIGNED_CHECKPOINT_BYTES_MAX];
static cairn_signer signer;
static cairn_digest proof[proof_hashes], hash, root;
static uint64_t index_of_record;

static cairn_log_memory memory(void) {
  cairn_log_memory out = CAIRN_LOG_MEMORY_INIT;
  out.frame = frame;
  out.frame_bytes = sizeof frame;
  return out;
}
static cairn_recorder_options options(void) {
  cairn_recorder_options out = CAIRN_RECORDER_OPTIONS_INIT;
  out.origin = cairn_text(DEVICE_ORIGIN);
  out.batch.automatic = 0;
  return out;
}

static int nothing(void) {
  return 0;
}
/* What the calls are given, on no stack: that is measured for them alone. */
static cairn_log_memory with;
static cairn_recorder_options as;
static cairn_node_source nodes;
static cairn_air_checkpoint air;

static int create(void) {
  return cairn_recorder_create(&recorder, &device_flash, &with, &as, &device_platform, &signer,
                               NULL);
}
static int open(void) {
  return cairn_recorder_open(&recorder, &device_flash, &with, &as, &device_platform, &signer);
}
static int append(void) {
  return cairn_recorder_append(&recorder, CAIRN_KIND_OPAQUE, device_record, sizeof device_record,
                               &index_of_record);
}
static int seal(void) {
  return cairn_recorder_seal(&recorder);
}
static int maintain(void) {
  return cairn_log_maintain(cairn_recorder_log(&recorder));
}
static int checkpoint(void) {
  return cairn_recorder_checkpoint(&recorder, note, sizeof note);
}
static int air_checkpoint(void) {
  const int status = cairn_recorder_air_checkpoint(&recorder, &air);
  return status < 0 ? status : cairn_encode_air_checkpoint(&air, note, sizeof note);
}
static int read(void) {
  return cairn_log_read(cairn_recorder_log(&recorder), index_of_record, note, sizeof note);
}
static int build_inclusion(void) {
  cairn_log* log = cairn_recorder_log(&recorder);
  const int status = cairn_log_nodes(log, &nodes);
  if (status < 0) return status;
  return cairn_build_inclusion(index_of_record, cairn_log_size(log), &nodes, proof, proof_hashes);
}
static int hash_leaf(void) {
  cairn_leaf_hash(device_record, sizeof device_record, &hash);
  return 0;
}
static int hash_node(void) {
  cairn_node_hash(&hash, &hash, &root);
  return 0;
}
static int verify_inclusion(void) {
  return cairn_verify_inclusion(12345, UINT64_C(1) << proof_depth, &hash, proof, proof_depth,
                                &root);
}

/* A tree of 2^n leaves grows by as many: each append makes one node on average. */
static int grow_to(uint64_t size) {
  while (cairn_log_size(cairn_recorder_log(&recorder)) < size) {
    const int status = append();
    if (status < 0) return status;
  }
  return 0;
}

int main(void) {
  if (device_signer(&signer) < 0) return 1;
  with = memory();
  as = options();
  measure("nothing", 1, nothing);
  measure("hash-leaf", 16, hash_leaf);
  measure("hash-node", 16, hash_node);
  if (cairn_root_from_inclusion(12345, UINT64_C(1) << proof_depth, &hash, proof, proof_depth,
                                &root) < 0)
    return 1;
  measure("verify-inclusion", 1, verify_inclusion);
  measure("create", 1, create);
  if (grow_to(32) < 0) return 1;
  measure("append", 32, append);
  measure("seal", 1, seal);
  measure("checkpoint", 1, checkpoint);
  measure("air-checkpoint", 1, air_checkpoint);
  measure("read", 1, read);
  measure("build-inclusion", 1, build_inclusion);
  measure("maintain", 1, maintain);
  measure("open", 1, open);
  return 0;
}
