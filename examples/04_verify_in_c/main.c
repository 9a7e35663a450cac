/* usage: example_04_verify_in_c POLICY EVIDENCE [RECORD]
 *
 * Verifies an evidence file (.cairn) offline, with C alone and nothing but the verifying half of
 * the library. Exit status 0: verified; 1: not verified; 2: wrong use or unreadable input.
 */
#include <cairn/cairn.h>
#include <stdio.h>

enum { unreadable = 2 };

static cairn_policy policy;
static uint8_t policy_text[64 * 1024], evidence[1024 * 1024], record[16 * 1024];

/* Reads a whole file; returns 0 and its size, or 1 after saying what is wrong. */
static int read_file(const char* path, uint8_t* out, size_t capacity, size_t* size_out) {
  FILE* file = fopen(path, "rb");
  int failed;
  if (file == NULL) {
    fprintf(stderr, "%s: cannot be opened\n", path);
    return 1;
  }
  *size_out = fread(out, 1, capacity, file);
  failed = ferror(file) != 0 || fgetc(file) != EOF;
  if (failed) fprintf(stderr, "%s: cannot be read, or is too long\n", path);
  fclose(file);
  return failed;
}

static void print_answer(const char* question, uint8_t answer) {
  static const char* const words[] = {"absent", "passed", "FAILED"};
  printf("  %-13s %s\n", question, words[answer]);
}

static void print_time(const cairn_verdict* verdict) {
  static const char* const qualities[] = {"not synchronised", "of informative quality",
                                          "synchronised", "relative"};
  if (verdict->not_after_source == CAIRN_TIME_SOURCE_COSIGNATURE) {
    printf("  not after     %llu s since 1970, by witnesses\n",
           (unsigned long long)verdict->not_after_s);
  }
  if (verdict->has_close) {
    printf("  device clock  %lld ms since 1970, %s (the device's own claim)\n",
           (long long)verdict->close.time.unix_ms, qualities[verdict->close.time.quality]);
  }
}

static void print_verdict(const cairn_verdict* verdict) {
  printf("%s\n", verdict->reason == CAIRN_OK ? "verified" : "NOT VERIFIED");
  print_answer("integrity", verdict->integrity);
  print_answer("position", verdict->position);
  print_answer("completeness", verdict->completeness);
  print_answer("log key", verdict->log_key);
  print_answer("quorum", verdict->quorum);
  print_answer("anchors", verdict->anchors);
  if (verdict->reason == CAIRN_OK) {
    printf("  records       %llu from %llu of %llu in %.*s\n", (unsigned long long)verdict->count,
           (unsigned long long)verdict->first, (unsigned long long)verdict->size,
           (int)verdict->origin.size, (const char*)verdict->origin.data);
    print_time(verdict);
  } else {
    printf("  reason        %s, level %u\n", cairn_status_text(verdict->reason), verdict->level);
  }
}

int main(int argc, char** argv) {
  cairn_verifier verifiers[2];
  cairn_verdict verdict;
  cairn_fault fault;
  size_t policy_size, evidence_size, record_size = 0;

  if (argc != 3 && argc != 4) {
    fprintf(stderr, "usage: %s POLICY EVIDENCE [RECORD]\n", argv[0]);
    return unreadable;
  }
  if (read_file(argv[1], policy_text, sizeof policy_text, &policy_size) != 0 ||
      read_file(argv[2], evidence, sizeof evidence, &evidence_size) != 0 ||
      (argc == 4 && read_file(argv[3], record, sizeof record, &record_size) != 0)) {
    return unreadable;
  }
  if (cairn_parse_policy(policy_text, policy_size, &policy, &fault) < 0) {
    fprintf(stderr, "%s: line %lu: %s\n", argv[1], (unsigned long)fault.position,
            cairn_field_text(fault.field));
    return unreadable;
  }
  verifiers[0] = cairn_ed25519_verifier();
  verifiers[1] = cairn_p256_verifier();
  if (cairn_verify_evidence(evidence, evidence_size, &policy, verifiers, 2,
                            argc == 4 ? record : NULL, record_size, NULL,
                            &verdict) == CAIRN_E_BAD_ARGUMENT) {
    return unreadable;
  }
  print_verdict(&verdict);
  return verdict.reason == CAIRN_OK ? 0 : 1;
}
