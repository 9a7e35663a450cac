// Devices as a gateway knows them: whose they are, which keys sign for them, and what became of
// them. Every change leaves an event behind that is never removed.
#pragma once

#include <cairn/gateway/enrolment.hpp>
#include <cairn/gateway/store.hpp>
#include <cairn/linux/fork_proof.hpp>

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
  uint64_t events = 0;      ///< how many there are
  uint64_t version = 0;     ///< of its entry in the store
};

constexpr size_t device_keys_max = 16;

/// Something that was done to a device.
struct DeviceEvent {
  uint64_t number = 0;  ///< from 1, without gaps
  uint64_t time_s = 0;
  std::string action;  ///< "requested", "enrolled", "approved", "suspended", "resumed", "revoked",
                       ///< "rotated", "frozen"
  std::string actor;   ///< operator, "token", "device", "gateway"
  std::string detail;
};

/// The devices in a store. Any number of threads and processes may use it.
///
/// What two do to one device at the same time happens one after the other; whoever comes second is
/// answered by what the first made of it.
///
/// Entries: "device ORIGIN", "device-event ORIGIN NUMBER", "key KEYID ORIGIN" for the compact
/// messages of devices that were approved, "origin HASH", "pending ORIGIN" while it waits for
/// approval, "token SHA-256", "fork ORIGIN".
///
/// io, full of the store are returned by every call. What an io left undecided shows find().
class Registry {
 public:
  /// More do not wait for approval at a time: anybody may ask.
  static constexpr size_t pending_max = 1000;

  explicit Registry(Store& store) : store_(store) {}

  /// not_found: never enrolled. corrupt: the store holds something else.
  Error find(const std::string& origin, Device& out) const;
  /// The origin that a device was enrolled under, by its origin_hash(). not_found: none.
  Error find_hash(const std::string& hash, std::string& origin) const;
  /// The active devices that have a key with this id: mostly one. A P-256 key has the same id under
  /// any name.
  Error find_key(uint32_t key_id, std::vector<Device>& out) const;
  /// Up to `limit` devices behind `after`, in the order of their origins.
  Error list(const std::string& after, size_t limit, std::vector<Device>& out) const;
  /// What was done to a device, oldest first.
  Error events(const std::string& origin, std::vector<DeviceEvent>& out) const;
  /// How many devices are frozen, whoever froze them. Cost: reads all their proofs.
  Error count_frozen(uint64_t& out) const;
  /// The proof file of a frozen device. not_found: it is not frozen.
  Error fork(const std::string& origin, std::string& file) const;

  /// Takes a request of a device to be enrolled: a signed note by the key that it names (docs/
  /// gateway.md, "Enrolment"). With a valid one-time token it is active at once, else pending.
  /// Asking again with a key that it has or had changes nothing, but that a token makes a pending
  /// one active.
  ///
  /// ok                 `out` is what is stored now
  /// corrupt            not such a request
  /// signature_invalid  not signed by the key that it names
  /// not_found          the token is unknown, used, or expired
  /// bad_state          the origin is enrolled with another key, or revoked or frozen
  /// full               pending_max wait for approval already
  Error request(ByteView signed_request, uint64_t now_s, Device& out);

  /// Makes a one-time token that is good for `seconds`; only its hash is stored.
  Error make_token(uint64_t now_s, uint64_t seconds, const std::string& actor, std::string& token);

  /// Enrols a device that an operator vouches for, without a request: origin, keys, owner, role and
  /// kinds of `device` count.
  ///
  /// bad_argument  its fields; the message says which
  /// bad_state     the origin is enrolled already
  Error enrol(const Device& device, const std::string& actor, uint64_t now_s);

  /// Moves a device to another state: approve (pending to active), suspend, resume, revoke.
  ///
  /// not_found  no such device
  /// bad_state  there is no way from its state to that one; revoked and frozen are final
  Error change_state(const std::string& origin, DeviceState next, const std::string& actor,
                     const std::string& reason, uint64_t now_s);

  /// Freezes a device for good and keeps the proof, in one step.
  ///
  /// ok             frozen from now on
  /// bad_state      frozen before
  /// not_found      no such device; others as verify_fork_proof() under the device's own keys
  Error freeze(const std::string& origin, const host::ForkProof& proof, const std::string& actor,
               uint64_t now_s);

  /// Enrols a device as frozen, of which nothing is known but the proof: its owner and role are
  /// empty. The caller knows that the keys in the proof are that device's.
  ///
  /// bad_state  the origin is enrolled already
  /// others     as verify_fork_proof() under the keys in the file
  Error enrol_frozen(const host::ForkProof& proof, const std::string& actor, uint64_t now_s);

  /// From tree size `size_min` on `vkey` signs, up to there the key before it.
  ///
  /// not_found     no such device
  /// bad_argument  no key of this origin, one that it has or had, or sizes that its present key
  ///               does not sign for
  /// bad_state     revoked, frozen, or device_keys_max keys
  Error rotate(const std::string& origin, const std::string& vkey, uint64_t size_min,
               const std::string& actor, uint64_t now_s);

 private:
  Error create(Device device, DeviceEvent event, std::vector<Write> more, bool& applied);
  Error update(Device device, DeviceEvent event, std::vector<Write> more, bool& applied);
  Error take_token(const std::string& token, const std::string& origin, uint64_t now_s,
                   Write& out) const;
  Error settle_request(const Enrolment& enrolment, uint64_t now_s, Device& out, bool& settled);
  Error check_room_for_pending() const;

  Store& store_;
};

/// The key that signs for a tree of this size; null when there is none.
const DeviceKey* key_for_size(const Device& device, uint64_t size);

/// SHA-256 of an origin in hexadecimal: its name in paths and topics.
std::string origin_hash(const std::string& origin);

/// "pending", "active", ….
const char* state_name(DeviceState state);

}  // namespace cairn::gateway
