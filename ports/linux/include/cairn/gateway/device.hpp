// Devices as a gateway knows them: whose they are, which keys sign for them, and what became of
// them. Every change leaves an event behind that is never removed.
#pragma once

#include <cairn/gateway/store.hpp>
#include <cairn/linux/key_file.hpp>

namespace cairn::gateway {

/// What may happen to a device's reports.
enum class DeviceState : uint8_t {
  pending,    ///< asked to be enrolled; an operator has not approved it
  active,     ///< its checkpoints are cosigned
  suspended,  ///< refused for the time being; an operator can resume it
  revoked,    ///< refused for good
  frozen,     ///< refused for good: it signed two histories, and the proof of that is stored
};

/// A key of a device's log, and the tree sizes that it may sign.
struct DeviceKey {
  std::string vkey;
  uint64_t size_min = 0;
  uint64_t size_max = UINT64_MAX;  ///< lowered when another key takes over
};

struct Device {
  std::string origin;
  std::vector<DeviceKey> keys;  ///< oldest first
  std::string owner;
  std::string role;
  std::vector<uint8_t> kinds;  ///< kinds of records that it may report; empty: all
  DeviceState state = DeviceState::pending;
  std::string reason;       ///< of the last change of state
  uint64_t since_s = 0;     ///< of the last change of state, POSIX seconds
  uint64_t enrolled_s = 0;  ///< when it first asked
  uint64_t version = 0;     ///< of its entry in the store
};

/// Something that was done to a device.
struct DeviceEvent {
  uint64_t number = 0;  ///< from 1, without gaps
  uint64_t time_s = 0;
  std::string action;  ///< "requested", "approved", "suspended", "resumed", "revoked", "rotated", …
  std::string actor;  ///< operator, token, "gateway"
  std::string detail;
};

/// The devices in a store. Any number of threads and processes may use it.
///
/// Entries: "device ORIGIN", "device-event ORIGIN NUMBER", "key KEYID ORIGIN" for the compact
/// messages, "token SHA-256".
class Registry {
 public:
  explicit Registry(Store& store) : store_(store) {}

  /// not_found: never enrolled.
  Error find(const std::string& origin, Device& out) const;
  /// The devices that have a key with this id: rarely more than one.
  Error find_key(uint32_t key_id, std::vector<Device>& out) const;
  /// Up to `limit` devices behind `after`, in the order of their origins.
  Error list(const std::string& after, size_t limit, std::vector<Device>& out) const;
  Error events(const std::string& origin, std::vector<DeviceEvent>& out) const;

  /// Takes a request of a device to be enrolled: a signed note by the key that it names (docs/
  /// gateway.md, "Enrolment"). With a valid one-time token it is active at once, else pending.
  /// Asking again with the same key changes nothing.
  ///
  /// ok                 `out` is what is stored now
  /// corrupt            not such a request
  /// signature_invalid  not signed by the key that it names
  /// not_found          the token is unknown, used, or expired
  /// bad_state          the origin is enrolled with another key, or revoked
  Error request(ByteView signed_request, uint64_t now_s, Device& out);

  /// Makes a one-time token that is good for `seconds`; only its hash is stored.
  Error make_token(uint64_t now_s, uint64_t seconds, const std::string& actor, std::string& token);

  /// Enrols a device that an operator vouches for, without a request.
  /// bad_state: the origin is enrolled already.
  Error enrol(const Device& device, const std::string& actor, uint64_t now_s);

  /// Moves a device to another state: approve (pending to active), suspend, resume, revoke, freeze.
  /// bad_state: there is no way from its state to that one; revoked and frozen are final.
  Error change_state(const std::string& origin, DeviceState next, const std::string& actor,
                     const std::string& reason, uint64_t now_s);

  /// From tree size `size_min` on `vkey` signs, up to there the key before it.
  Error rotate(const std::string& origin, const std::string& vkey, uint64_t size_min,
               const std::string& actor, uint64_t now_s);

 private:
  Store& store_;
};

/// "pending", "active", ….
const char* state_name(DeviceState state);

}  // namespace cairn::gateway
