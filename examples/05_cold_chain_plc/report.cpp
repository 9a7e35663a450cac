// usage: example_05_report LOG URL WITNESS-VKEY TOKEN
//
// Brings a PLC's log to a gateway over HTTP: asks to be enrolled by the one-time token, reports
// every record that is under a signed head, and keeps the gateway's cosignatures with the log. LOG
// is the folder that cairn-plc-pump writes to, when it does not.
#include <curl/curl.h>

#include <cairn/gateway/enrolment.hpp>
#include <cairn/linux/log_directory.hpp>
#include <cairn/reporter.hpp>
#include <cstdio>
#include <memory>
#include <string>

using namespace cairn;
using host::Error;

namespace {

constexpr size_t message_bytes = 16384;
constexpr int tries = 5;
constexpr long enrolled = 200;

size_t keep(char* data, size_t size, size_t count, void* user) {
  static_cast<std::string*>(user)->append(data, size * count);
  return size * count;
}

// A gateway's paths for devices.
class Gateway {
 public:
  explicit Gateway(std::string url) : url_(std::move(url)), handle_(curl_easy_init()) {}

  // Status and body of the answer; io when none came.
  Error post(const std::string& path, ByteView body, long& status, std::string& answer) {
    const std::string url = url_ + path;
    CURL* const handle = handle_.get();
    answer.clear();
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, reinterpret_cast<const char*>(body.data));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size));
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, 30L);
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) return {Status::io, url + ": " + curl_easy_strerror(code)};
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return {};
  }

 private:
  struct Close {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  std::string url_;
  std::unique_ptr<CURL, Close> handle_;
};

Error enrol(Gateway& gateway, const host::KeyFile& key, const std::string& token) {
  gateway::Enrolment asked;
  asked.owner = "cold-chain.example";
  asked.role = "cold store";
  asked.token = token;
  std::string note, answer;
  CAIRN_HOST_TRY(gateway::sign_enrolment(asked, key, note));
  long status = 0;
  CAIRN_HOST_TRY(gateway.post("/v1/enrol", host::bytes_of(note), status, answer));
  if (status == enrolled) return {};
  return {Status::bad_state, "the gateway does not take this log in: " + answer};
}

// The witness's line, with the log: evidence made from it has it too.
Error keep_cosignature(host::LogDirectory& log, const NoteKey& witness, ByteView bytes) {
  ReportAnswer answer;
  if (decode_report_answer(bytes, answer) != Status::ok) return {};
  uint8_t line[512];
  const Result<size_t> size = rebuild_cosignature(answer, witness, line);
  if (!size.ok()) return {size.status, "the gateway's cosignature cannot be kept"};
  return log.add_cosignatures(answer.size, std::string(line, line + size.value));
}

Error report(Gateway& gateway, host::LogDirectory& log, const NoteKey& witness) {
  uint8_t leaf[4096], message[message_bytes];
  ReporterOptions options;
  options.witness = witness;
  options.verifiers = host::all_verifiers();
  options.leaf = {leaf, sizeof leaf};
  Reporter reporter;
  if (reporter.begin(log.recorder(), options) != Status::ok)
    return {Status::bad_argument, "the witness's key does not cosign"};
  for (int failures = 0; failures < tries;) {
    const Result<size_t> size = reporter.next({message, sizeof message});
    if (size.status == Status::end) {
      std::printf("reported %llu records\n",
                  static_cast<unsigned long long>(reporter.acknowledged()));
      return {};
    }
    if (!size.ok()) return {size.status, status_text(size.status)};
    long status = 0;
    std::string answer;
    const uint64_t before = reporter.acknowledged();
    const Error error = gateway.post("/v1/report", {message, size.value}, status, answer);
    const Status taken = error.ok() ? reporter.take(host::bytes_of(answer)) : error.status;
    if (taken != Status::ok) {
      ++failures;
      reporter.again();
    } else if (reporter.acknowledged() != before) {
      CAIRN_HOST_TRY(keep_cosignature(log, witness, host::bytes_of(answer)));
    }
  }
  return {Status::io, "the gateway does not answer"};
}

Error run(char** arguments) {
  host::LogDirectory log;
  CAIRN_HOST_TRY(log.open_writer(arguments[1]));
  host::VerifierKey witness;
  CAIRN_HOST_TRY(witness.load(arguments[3]));
  witness.key.type = NoteType::cosignature;  // a key file's verifier key is that of a log
  Gateway gateway(arguments[2]);
  CAIRN_HOST_TRY(enrol(gateway, log.key(), arguments[4]));
  return report(gateway, log, witness.key);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: example_05_report LOG URL WITNESS-VKEY TOKEN\n");
    return 2;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const Error error = run(argv);
  curl_global_cleanup();
  if (error.ok()) return 0;
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}
