// C API: the log.
#include "c_api_log.hpp"

using namespace cairn;
using namespace cairn::c_api;

static_assert(CAIRN_LOG_FRAME_BYTES(1, 0) == log_frame_bytes(1, 0));
static_assert(CAIRN_LOG_FRAME_BYTES(16, 58) == log_frame_bytes(16, 58));
static_assert(CAIRN_LOG_FRAME_BYTES(256, 8190) == log_frame_bytes(256, 8190));
static_assert(CAIRN_TILES_NONE == static_cast<int>(LogTiles::none));
static_assert(CAIRN_TILES_WRITE == static_cast<int>(LogTiles::write));
static_assert(CAIRN_TILES_ARCHIVE == static_cast<int>(LogTiles::archive));
static_assert(CAIRN_ITEM_LEAF == static_cast<int>(Log::Cursor::Item::Type::leaf));
static_assert(CAIRN_ITEM_HEAD == static_cast<int>(Log::Cursor::Item::Type::head));

size_t cairn_log_leaf_limit_for(const cairn_flash* flash, size_t frame_bytes) {
  return log_leaf_limit(*flash, frame_bytes);
}

size_t cairn_log_head_bytes(uint32_t unit_bytes, uint64_t size) {
  return log_head_bytes(unit_bytes, size);
}

int cairn_log_format(cairn_log* log, const cairn_flash* flash, const cairn_log_memory* memory,
                     const cairn_log_options* options, const cairn_platform* platform) {
  if (log == nullptr || !sized(flash) || !usable(memory) || !usable(options) || !sized(platform)) {
    return bad_argument;
  }
  return number(make<Log>(log).format(*flash, from_c(*memory), from_c(*options), *platform));
}

int cairn_log_mount(cairn_log* log, const cairn_flash* flash, const cairn_log_memory* memory,
                    const cairn_log_options* options, const cairn_platform* platform) {
  if (log == nullptr || !sized(flash) || !usable(memory) || !usable(options) || !sized(platform)) {
    return bad_argument;
  }
  return number(make<Log>(log).mount(*flash, from_c(*memory), from_c(*options), *platform));
}

int cairn_log_append(cairn_log* log, uint8_t kind, const void* body, size_t size,
                     uint64_t* index_out) {
  if (log == nullptr || !readable(body, size)) return bad_argument;
  return index_of(in<Log>(log).append(kind, view(body, size)), index_out);
}

int cairn_log_append_batch(cairn_log* log, const cairn_bytes* leaves, size_t count,
                           uint64_t* first_index_out) {
  if (log == nullptr || !usable(leaves, count)) return bad_argument;
  return index_of(in<Log>(log).append_batch(from_c(leaves), count), first_index_out);
}

int cairn_log_stage(cairn_log* log, const cairn_bytes* leaves, size_t count,
                    uint64_t* first_index_out) {
  if (log == nullptr || !usable(leaves, count)) return bad_argument;
  return index_of(in<Log>(log).stage(from_c(leaves), count), first_index_out);
}

int cairn_log_commit(cairn_log* log) {
  return log == nullptr ? bad_argument : number(in<Log>(log).commit());
}

int cairn_log_write_head(cairn_log* log, const cairn_signature* signature) {
  if (log == nullptr || signature == nullptr) return bad_argument;
  return number(in<Log>(log).write_head(from_c(*signature)));
}

int cairn_log_maintain(cairn_log* log) {
  return log == nullptr ? bad_argument : number(in<Log>(log).maintain());
}

void cairn_log_keep_from(cairn_log* log, uint64_t index) {
  in<Log>(log).keep_from(index);
}

uint64_t cairn_log_size(const cairn_log* log) {
  return in<Log>(log).size();
}

uint64_t cairn_log_index_min(const cairn_log* log) {
  return in<Log>(log).index_min();
}

void cairn_log_root(const cairn_log* log, cairn_digest* out) {
  *out = to_c(in<Log>(log).root());
}

void cairn_log_frontier(const cairn_log* log, cairn_frontier* out) {
  in<Frontier>(out) = in<Log>(log).frontier();
}

void cairn_log_report(const cairn_log* log, cairn_mount_report* out) {
  const MountReport& report = in<Log>(log).report();
  *out = {flag(report.damaged), report.torn_bytes, report.segments_read};
}

int cairn_log_head(const cairn_log* log, cairn_signed_head* out) {
  if (log == nullptr || out == nullptr) return bad_argument;
  const SignedHead* head = in<Log>(log).head();
  if (head == nullptr) return CAIRN_E_NOT_FOUND;
  *out = {head->size, to_c(head->root), to_c(head->signature)};
  return CAIRN_OK;
}

uint64_t cairn_log_used_bytes(const cairn_log* log) {
  return in<Log>(log).used_bytes();
}

const cairn_flash* cairn_log_flash(const cairn_log* log) {
  return &in<Log>(log).flash();
}

int cairn_log_options_of(const cairn_log* log, cairn_log_options* out) {
  if (log == nullptr || out == nullptr) return bad_argument;
  const LogOptions& options = in<Log>(log).options();
  *out = {sizeof(cairn_log_options), options.log_id, flag(options.recycle), options.keep_from,
          static_cast<uint8_t>(options.tiles)};
  return CAIRN_OK;
}

int cairn_log_writable(const cairn_log* log) {
  return log == nullptr ? bad_argument : number(in<Log>(log).writable());
}

size_t cairn_log_leaf_limit(const cairn_log* log) {
  return in<Log>(log).leaf_limit();
}

int cairn_log_room_for(const cairn_log* log, uint64_t frame_bytes) {
  return log == nullptr ? bad_argument : number(in<Log>(log).room_for(frame_bytes));
}

int cairn_log_read(const cairn_log* log, uint64_t index, void* out, size_t capacity) {
  if (log == nullptr || !readable(out, capacity)) return bad_argument;
  return size_of(in<Log>(log).read(index, room(out, capacity)));
}

int cairn_log_node(const cairn_log* log, unsigned level, uint64_t index, cairn_digest* out) {
  if (log == nullptr || out == nullptr) return bad_argument;
  return number(in<Log>(log).node(level, index, *from_c(out)));
}

int cairn_log_nodes(const cairn_log* log, cairn_node_source* out) {
  if (log == nullptr || out == nullptr) return bad_argument;
  const auto node = [](void* user, unsigned level, uint64_t index, cairn_digest* digest) {
    return cairn_log_node(static_cast<const cairn_log*>(user), level, index, digest);
  };
  *out = {sizeof(cairn_node_source), const_cast<cairn_log*>(log), node};
  return CAIRN_OK;
}

int cairn_log_cursor_open(cairn_log_cursor* cursor, const cairn_log* log, void* buffer,
                          size_t buffer_bytes, uint64_t from) {
  if (cursor == nullptr || log == nullptr || !readable(buffer, buffer_bytes)) return bad_argument;
  return number(make<Log::Cursor>(cursor).open(in<Log>(log), room(buffer, buffer_bytes), from));
}

int cairn_log_cursor_next(cairn_log_cursor* cursor, cairn_log_item* out) {
  if (cursor == nullptr || out == nullptr) return bad_argument;
  Log::Cursor::Item item;
  const Status status = in<Log::Cursor>(cursor).next(item);
  if (status == Status::ok) {
    *out = {static_cast<uint8_t>(item.type), item.index, to_c(item.leaf), item.size,
            to_c(item.signature)};
  }
  return number(status);
}
