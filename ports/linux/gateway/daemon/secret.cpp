#include "secret.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cairn/linux/file.hpp>
#include <cerrno>
#include <cstdlib>

namespace service {

namespace {

constexpr char credential_prefix[] = "credential:";
constexpr size_t secret_bytes_max = 65536;

Error check_rights(int descriptor, const std::string& path) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return cairn::host::system_error("examine", path, errno);
  if (!S_ISREG(about.st_mode))
    return {Status::bad_argument, path + " is not a file. Name the file that holds the secret."};
  if ((about.st_mode & 077) == 0) return {};
  return {Status::bad_state,
          "the secret " + path + " is open to other users of this machine. Run: chmod 600 " + path};
}

}  // namespace

Error locate_secret(const std::string& text, const std::string& folder, SecretPath& out) {
  const size_t prefix = sizeof credential_prefix - 1;
  if (text.compare(0, prefix, credential_prefix) != 0) {
    out = {text.empty() || text[0] == '/' ? text : folder + "/" + text, false};
    return {};
  }
  const std::string name = text.substr(prefix);
  if (name.empty() || name.find('/') != std::string::npos)
    return {Status::bad_argument, "'" + text + "' names no credential; write credential:NAME"};
  const char* handed = std::getenv("CREDENTIALS_DIRECTORY");
  if (handed == nullptr) {
    out = {folder + "/" + name, false};
    return {};
  }
  out = {std::string(handed) + "/" + name, true};
  return {};
}

Error read_secret(const SecretPath& secret, std::string& out) {
  cairn::host::Descriptor file(::open(secret.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return cairn::host::system_error("open the secret", secret.path, errno);
  if (!secret.credential) CAIRN_HOST_TRY(check_rights(file.number(), secret.path));
  out.assign(secret_bytes_max + 1, '\0');
  const ssize_t count = cairn::host::read_fully(file.number(), &out[0], out.size());
  if (count < 0) return cairn::host::system_error("read the secret", secret.path, errno);
  if (static_cast<size_t>(count) > secret_bytes_max)
    return {Status::bad_argument, secret.path + " is too long for a secret."};
  out.resize(static_cast<size_t>(count));
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r'))
    out.pop_back();
  if (out.empty()) return {Status::corrupt, secret.path + " is empty. Write the secret into it."};
  return {};
}

Error load_key(const SecretPath& secret, cairn::host::KeyFile& key) {
  std::string text;
  CAIRN_HOST_TRY(read_secret(secret, text));
  const Error error = key.read(cairn::host::bytes_of(text), secret.path);
  cairn::wipe(&text[0], text.size());
  return error;
}

}  // namespace service
