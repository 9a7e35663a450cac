#include "bench/lines.hpp"

#include <cstdio>

namespace bench {

std::string Goal::text() const {
  if (kind == Kind::none) return "";
  if (kind == Kind::tested) return "by tests";
  char out[40];
  std::snprintf(out, sizeof out, "%s %.8g", kind == Kind::at_most ? "<=" : ">=", limit);
  return out;
}

std::vector<Line> append_lines() {
  const std::string batch = "batch append to the tree";
  const std::string portable = "without SHA extensions";
  return {
      {batch + ", leaf hashing included", "% of the kernel's speed", at_least(80)},
      {batch + ": a record", "ns"},
      {batch + ": times as fast as x/mod tlog", "x", at_least(8)},
      {batch + ": times as fast as merklecpp", "x", at_least(15)},
      {"single append", "% of the kernel's speed", at_least(70)},
      {"single append: a record", "ns"},
      {"growth: a record at 10^8 leaves to one at 10^6", "x", at_most(1.03)},
      {"growth: tree state at 2^64", "B", at_most(2100)},
      {portable + " (AVX2): a record", "ns", at_most(130)},
      {portable + ", portable build: leaf and node to libsodium's", "x", at_most(1)},
      {"leaf hash of 32 bytes, one by one", "ns"},
      {"leaf hash of 32 bytes, many", "ns"},
      {"node hash, one by one", "ns"},
      {"node hash, many", "ns"},
  };
}

std::vector<Line> proof_lines() {
  const std::string proof = "inclusion proof, 1M leaves: ";
  const std::string verify = "inclusion verify, depth 20";
  return {
      {proof + "from RAM levels", "ns", at_most(300)},
      {proof + "with at most 2 B of RAM a leaf", "ns", at_most(2500)},
      {proof + "cold from tiles, those above the leaves' in memory", "ns", at_most(25000)},
      {proof + "cold from tiles, each of them, by a new process", "ns", at_most(25000)},
      {verify + ": to the same hashes alone", "x", at_most(1.15)},
      {verify + ": a proof", "ns"},
      {verify + ": a proof in bulk", "ns", at_most(650)},
      {"consistency verify, 699,051 to 1M leaves", "ns"},
  };
}

std::vector<Line> durable_lines() {
  const std::string append = "durable append, 64-byte records, Merkle and signature included";
  const std::string cost = "CPU per durable record; bytes on disk";
  return {
      {append + ": group 1", "x of raw", at_most(1.1)},
      {append + ": group 64", "x of raw", at_most(1.1)},
      {append + ": group 1,024", "x of raw", at_most(1.5)},
      {append + ": group 16,384", "x of raw", at_most(2)},
      {append + ": a commit of 1", "us"},
      {append + ": a commit of 64", "us"},
      {append + ": a commit of 1,024", "us"},
      {append + ": a commit of 16,384", "us"},
      {cost + ": CPU, group 64", "ns"},
      {cost + ": CPU, group 1,024", "ns", at_most(100)},
      {cost + ": CPU, group 16,384", "ns", at_most(100)},
      {cost + ": bytes for each of payload, group 64", "B/B", at_most(1.05)},
      {cost + ": bytes for each of payload, group 64, signed every 4,096 records", "B/B",
       at_most(1.05)},
      {cost + ": bytes for each of payload, group 1,024", "B/B", at_most(1.05)},
      {cost + ": bytes for each of payload, group 16,384", "B/B", at_most(1.05)},
  };
}

std::vector<Line> gateway_lines() {
  const std::string core =
      "one gateway core: records in batches of 256, each batch checked against its signed "
      "checkpoint, durable, cosigned: ";
  const std::string stage = "one gateway core: a record: ";
  const std::string witness = "gateway, device checkpoints verified and cosigned";
  return {
      {core + "10^3 devices", "records/s", at_least(3e6)},
      {core + "10^5 devices", "records/s", at_least(3e6)},
      {core + "10^6 devices", "records/s", at_least(3e6)},
      {core + "10^6 devices, each checkpoint cosigned by itself", "records/s"},
      {core + "10^6 devices, waiting for this disk included", "records/s"},
      {stage + "10^6 devices to 10^3", "x"},
      {stage + "2^40 records of history to 2^20", "x"},
      {stage + "hashing the leaf", "ns"},
      {stage + "taking up the device's frontier and extending it", "ns"},
      {stage + "parsing and verifying the checkpoint, comparing the roots", "ns"},
      {stage + "making it durable, 64 batches a commit", "ns"},
      {stage + "one cosignature for 64 batches", "ns"},
      {stage + "a cosignature for each batch instead", "ns"},
      {witness, "/s", at_least(40000)},
      {witness + ": each cosigned by itself", "/s"},
      {witness + ": state of 1M devices", "MB", at_most(100)},
  };
}

std::vector<Line> sign_lines() {
  std::vector<Line> out;
  for (const std::string algorithm : {"Ed25519", "P-256"}) {
    out.push_back({algorithm + " sign", "us"});
    out.push_back({algorithm + " verify", "us"});
    out.push_back({algorithm + " checkpoint: format and sign", "us"});
    out.push_back({algorithm + " checkpoint: parse and verify", "us"});
  }
  out.push_back({"checkpoint: parse alone", "us"});
  return out;
}

std::vector<Line> store_lines() {
  std::vector<Line> lines;
  for (const std::string store : {"SQLite", "PostgreSQL, synchronous standby"}) {
    for (const char* devices : {"10^3", "10^5", "10^6"}) {
      const std::string what = store + ", " + devices + " devices: ";
      lines.push_back({what + "heads", "/s"});
      lines.push_back({what + "a commit of 1000 heads, p50", "ms"});
      lines.push_back({what + "a commit of 1000 heads, p99", "ms"});
    }
  }
  return lines;
}

std::vector<Line> service_lines() {
  std::vector<Line> lines;
  for (const std::string store : {"SQLite", "PostgreSQL, synchronous standby"}) {
    for (const char* devices : {"10^3", "10^4", "10^5", "10^6"}) {
      const std::string what = store + ", " + devices + " devices: ";
      for (const std::string unit : {"checkpoints", "records"}) {
        lines.push_back({what + unit, "/s"});
        lines.push_back({what + unit + " per core of the service", "/s"});
        lines.push_back({what + unit + ", p50", "ms"});
        lines.push_back({what + unit + ", p99", "ms"});
      }
      lines.push_back({what + "memory of the service", "MB"});
    }
  }
  return lines;
}

std::vector<Line> evidence_lines() {
  const std::string end = ", 1M-record log, 10k-device gateway";
  return {
      {"checkpoint on air", "B", at_most(115)},
      {"amortised bytes on air per proven record, batch of 256", "B", at_most(1)},
      {"evidence: record → device → gateway → RFC 3161" + end, "B", at_most(4096)},
      {"evidence: record → device → gateway" + end, "B"},
      {"foreign verifiers", "", by_tests()},
  };
}

}  // namespace bench
