#include "cairn/witness.hpp"

#include "cairn/merkle.hpp"
#include "proof_lines.hpp"

namespace cairn {
namespace {

/// The protocol's bound.
constexpr size_t proof_lines_max = 63;

// "— name base64\n" with key id, time and signature.
constexpr size_t cosignature_line_size(ByteView name) {
  return 4 + name.size + 1 + base64_size(4 + 8 + signature_bytes) + 1;
}

Status take_old_line(ByteView& rest, uint64_t& old_size, Fault* fault) {
  ByteView line;
  const ByteView word = literal("old ");
  if (!take_line(rest, line) || !equal(line.part(0, word.size), word)) {
    return reject(fault, Field::header, 1);
  }
  const Result<uint64_t> size = parse_decimal(line.part(word.size));
  if (!size.ok()) return reject(fault, Field::size, 1);
  old_size = size.value;
  return Status::ok;
}

// A request and everything that parsing finds in it.
struct Request {
  AddCheckpoint frame;
  Note note;
  Checkpoint checkpoint;
  Digest hashes[proof_lines_max];
  ProofBuffer proof{hashes, proof_lines_max};
};

Status parse_request(ByteView body, AddCheckpoint& frame, Note& note, Checkpoint& checkpoint,
                     ProofBuffer& proof, Fault* fault) {
  frame = {};
  proof.count = 0;
  ByteView rest = body;
  CAIRN_TRY(take_old_line(rest, frame.old_size, fault));
  size_t line = 1;
  CAIRN_TRY(take_hash_lines(rest, line, proof_lines_max, proof, fault));
  frame.checkpoint = rest;
  return parse_note_behind(line, rest, note, checkpoint, fault);
}

// The answers in the order in which the protocol's conditions are looked at.
class Witness {
 public:
  Witness(const WitnessStore& store, const Verifiers& verifiers, WitnessReply& reply)
      : store_(store), verifiers_(verifiers), reply_(reply) {}

  bool check_signature(const Request& request);
  bool check_state(const Request& request);
  bool check_proof(const Request& request);
  bool advance(const Request& request);
  bool refuse(WitnessAnswer answer, Status why) {
    reply_.answer = answer;
    reply_.status = why;
    return false;
  }

 private:
  const WitnessStore& store_;
  const Verifiers& verifiers_;
  WitnessReply& reply_;
};

bool Witness::check_signature(const Request& request) {
  NoteKey key;
  Status status = store_.key(store_.user, request.checkpoint.origin, key);
  if (status == Status::not_found) return refuse(WitnessAnswer::unknown_origin, status);
  if (status != Status::ok) return refuse(WitnessAnswer::unavailable, status);
  status = verify_note(request.note, key, verifiers_);
  if (status == Status::ok) return true;
  const bool unsigned_ = status == Status::not_found || status == Status::signature_invalid;
  return refuse(unsigned_ ? WitnessAnswer::not_signed : WitnessAnswer::unavailable, status);
}

bool Witness::check_state(const Request& request) {
  if (request.frame.old_size > request.checkpoint.size) {
    reply_.fault = {Field::size, 1};
    return refuse(WitnessAnswer::malformed, Status::bad_argument);
  }
  const Status status = store_.get(store_.user, request.checkpoint.origin, reply_.state);
  if (status != Status::ok) return refuse(WitnessAnswer::unavailable, status);
  if (reply_.state.size == 0) reply_.state.root = empty_root;
  if (request.frame.old_size == reply_.state.size) return true;
  return refuse(WitnessAnswer::conflict, Status::bad_state);
}

bool Witness::check_proof(const Request& request) {
  const Checkpoint& to = request.checkpoint;
  const Status status =
      verify_consistency(reply_.state.size, to.size, reply_.state.root, to.root, request.proof);
  return status == Status::ok || refuse(WitnessAnswer::inconsistent, status);
}

bool Witness::advance(const Request& request) {
  const ByteView origin = request.checkpoint.origin;
  const WitnessState next = {request.checkpoint.size, request.checkpoint.root};
  const Status status =
      store_.compare_and_set(store_.user, origin, reply_.state, next, request.frame.checkpoint);
  if (status == Status::ok) {
    reply_.state = next;
    return true;
  }
  // Somebody else was faster: tell how far.
  if (status != Status::bad_state || store_.get(store_.user, origin, reply_.state) != Status::ok) {
    return refuse(WitnessAnswer::unavailable, status);
  }
  return refuse(WitnessAnswer::conflict, status);
}

// Whatever would keep the cosignature from being made is found before the state moves.
Status can_cosign(const Signer& cosigner, ByteView name, uint64_t time_s, MutableBytes out) {
  if (cosigner.public_key.algorithm != CAIRN_ED25519) return Status::bad_argument;
  if (!is_key_name(name) || time_s == 0 || time_s >> 63 != 0) return Status::bad_argument;
  return out.size < cosignature_line_size(name) ? Status::full : Status::ok;
}

}  // namespace

Status parse_add_checkpoint(ByteView body, AddCheckpoint& out, ProofBuffer& proof, Fault* fault) {
  Note note;
  Checkpoint checkpoint;
  return parse_request(body, out, note, checkpoint, proof, fault);
}

Result<size_t> format_add_checkpoint(uint64_t old_size, ProofView proof, ByteView signed_note,
                                     MutableBytes out) {
  Writer writer(out);
  writer.put(literal("old "));
  writer.put_decimal(old_size);
  writer.put('\n');
  put_hash_lines(writer, proof);
  writer.put('\n');
  writer.put(signed_note);
  return writer.finish();
}

WitnessReply add_checkpoint(ByteView body, const WitnessStore& store, const Verifiers& verifiers,
                            const Signer& cosigner, ByteView name, uint64_t time_s,
                            MutableBytes out) {
  WitnessReply reply;
  Witness witness(store, verifiers, reply);
  Request request;
  Status status = parse_request(body, request.frame, request.note, request.checkpoint,
                                request.proof, &reply.fault);
  if (status == Status::ok && request.note.text.size > CAIRN_MAX_NOTE_TEXT_BYTES) {
    reply.fault = {Field::limit, 0};
    status = Status::unsupported;
  }
  if (status != Status::ok) {
    witness.refuse(WitnessAnswer::malformed, status);
    return reply;
  }
  reply.checkpoint = request.checkpoint;
  status = can_cosign(cosigner, name, time_s, out);
  if (status != Status::ok) {
    witness.refuse(WitnessAnswer::unavailable, status);
    return reply;
  }
  if (!witness.check_signature(request) || !witness.check_state(request) ||
      !witness.check_proof(request) || !witness.advance(request)) {
    return reply;
  }
  const Result<size_t> line =
      sign_note(request.note.text, name, NoteType::cosignature, cosigner, time_s, out);
  if (!line.ok()) {
    witness.refuse(WitnessAnswer::unavailable, line.status);
    return reply;
  }
  reply.answer = WitnessAnswer::cosigned;
  reply.size_bytes = line.value;
  return reply;
}

}  // namespace cairn
