// Where secrets come from: files that only their owner may read, or what systemd hands a service
// (LoadCredential=). They are never arguments, nor written to a log.
#pragma once

#include <cairn/linux/key_file.hpp>
#include <string>

namespace service {

using cairn::Status;
using cairn::host::Error;

/// Where one secret lies.
struct SecretPath {
  std::string path;
  bool credential = false;  ///< in $CREDENTIALS_DIRECTORY

  bool empty() const { return path.empty(); }
};

/// Takes "FILE", relative to `folder`, or "credential:NAME": what systemd has handed to this
/// process, and for one that systemd has not started, the file NAME in `folder`. bad_argument: no
/// name
Error locate_secret(const std::string& text, const std::string& folder, SecretPath& out);

/// Reads a secret of at most 64 KiB, without the line end that follows it.
///
/// not_found  no such file
/// bad_state  others than its owner may read it; the message says chmod 600. Not asked of
///            credentials, whose rights systemd sees to: it gives them to the service by an access
///            control list, which looks like a right of the group.
/// corrupt    empty
Error read_secret(const SecretPath& secret, std::string& out);

/// Loads a signing key. Statuses of read_secret() and KeyFile::load().
Error load_key(const SecretPath& secret, cairn::host::KeyFile& key);

}  // namespace service
