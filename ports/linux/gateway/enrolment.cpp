#include <cairn/gateway/enrolment.hpp>
#include <cairn/leaf.hpp>
#include <cairn/linux/file.hpp>

namespace cairn::gateway {
namespace {

using host::bytes_of;
using host::string_of;

constexpr char header[] = "cairn enrol v1\n";

Error wrong(const std::string& what) {
  return {Status::bad_argument, what};
}

std::string kinds_text(const std::vector<uint8_t>& kinds) {
  if (kinds.empty()) return "all";
  std::string text;
  for (const uint8_t kind : kinds)
    text += (text.empty() ? "" : " ") + std::to_string(kind);
  return text;
}

Error read_kinds(const std::string& text, std::vector<uint8_t>& out) {
  out.clear();
  if (text == "all") return {};
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const Result<uint64_t> kind = parse_decimal(bytes_of(text.substr(at, end - at)));
    if (!kind.ok() || kind.value > UINT8_MAX)
      return {Status::corrupt, "its kinds are neither 'all' nor numbers from 64 to 255."};
    out.push_back(static_cast<uint8_t>(kind.value));
    at = end + 1;
  }
  return {};
}

std::string text_of(const Enrolment& enrolment) {
  std::string text = header;
  text += "origin " + enrolment.origin + "\nkey " + enrolment.vkey + "\nowner " + enrolment.owner +
          "\nrole " + enrolment.role + "\nkinds " + kinds_text(enrolment.kinds) + "\n";
  if (!enrolment.token.empty()) text += "token " + enrolment.token + "\n";
  return text;
}

// Takes "WORD value\n" off the front.
bool take(std::string& rest, const std::string& word, std::string& value) {
  const size_t end = rest.find('\n');
  if (end == std::string::npos || rest.compare(0, word.size() + 1, word + " ") != 0) return false;
  value = rest.substr(word.size() + 1, end - word.size() - 1);
  rest.erase(0, end + 1);
  return true;
}

Error read_text(std::string rest, Enrolment& out) {
  out = {};
  const size_t head = sizeof header - 1;
  if (rest.compare(0, head, header) != 0)
    return {Status::corrupt, "it does not begin with 'cairn enrol v1'."};
  rest.erase(0, head);
  std::string kinds;
  const std::pair<const char*, std::string*> lines[] = {{"origin", &out.origin},
                                                        {"key", &out.vkey},
                                                        {"owner", &out.owner},
                                                        {"role", &out.role},
                                                        {"kinds", &kinds}};
  for (const auto& [word, value] : lines) {
    if (!take(rest, word, *value))
      return {Status::corrupt, std::string("the line '") + word + "' is missing."};
  }
  const bool has_token = take(rest, "token", out.token);
  if (has_token && (out.token.empty() || out.token.size() > enrolment_text_bytes_max))
    return {Status::corrupt, "its token is empty or too long."};
  if (!rest.empty()) return {Status::corrupt, "it has a line too many."};
  return read_kinds(kinds, out.kinds);
}

}  // namespace

Error check_enrolment_fields(const std::string& owner, const std::string& role,
                             const std::vector<uint8_t>& kinds) {
  for (const auto& [name, value] : {std::pair{"owner", &owner}, std::pair{"role", &role}}) {
    if (value->empty() || value->size() > enrolment_text_bytes_max)
      return wrong(std::string("the ") + name + " has to have 1 to 255 bytes.");
    for (const char c : *value) {
      if (static_cast<uint8_t>(c) < 0x20)
        return wrong(std::string("the ") + name + " has a control character.");
    }
  }
  for (size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] < application_kind_min)
      return wrong("kind " + std::to_string(kinds[i]) +
                   " is the library's own, which every device may report: name kinds from 64 on.");
    if (i != 0 && kinds[i] <= kinds[i - 1]) return wrong("the kinds are not in ascending order.");
  }
  return {};
}

Error sign_enrolment(Enrolment enrolment, const host::KeyFile& key, std::string& out) {
  enrolment.origin = key.name();
  enrolment.vkey = host::vkey_text(key.log_key());
  CAIRN_HOST_TRY(check_enrolment_fields(enrolment.owner, enrolment.role, enrolment.kinds));
  const std::string text = text_of(enrolment);
  uint8_t line[1024];
  const NoteKey log_key = key.log_key();
  const Result<size_t> size =
      sign_note(bytes_of(text), log_key.name, log_key.type, key.signer(), 0, line);
  if (!size.ok())
    return {size.status, std::string("the request could not be signed: ") +
                             status_text(size.status) + ". Check owner, role and token."};
  out = text + "\n" + string_of({line, size.value});
  return {};
}

Error open_enrolment(ByteView signed_request, Enrolment& out) {
  Note note;
  const std::string prefix = "not a request to be enrolled: ";
  if (parse_note(signed_request, note) != Status::ok || note.signature_count != 1)
    return {Status::corrupt, prefix + "it is no note with one signature."};
  Error error = read_text(string_of(note.text), out);
  if (error.ok()) error = check_enrolment_fields(out.owner, out.role, out.kinds);
  host::VerifierKey key;
  // Also a key of a type that is unknown here: the request will be no better when it comes again.
  if (error.ok()) error = key.parse(out.vkey, "its key");
  if (!error.ok()) return {Status::corrupt, prefix + error.message};
  if (key.key.type == NoteType::cosignature || string_of(key.key.name) != out.origin)
    return {Status::corrupt, prefix + "its key is not that of a log with this origin."};
  // Numbers and keys have one form only: so no two requests say the same.
  if (text_of(out) != string_of(note.text))
    return {Status::corrupt, prefix + "its lines are not in their one form."};
  const Status status = verify_note(note, key.key, host::all_verifiers());
  if (status == Status::ok) return {};
  if (status == Status::not_found || status == Status::signature_invalid)
    return {Status::signature_invalid,
            "the request of '" + out.origin + "' is not signed by the key that it names."};
  return {status, std::string("the request cannot be checked: ") + status_text(status) + "."};
}

}  // namespace cairn::gateway
