// Whether a PostgreSQL server may hold what a gateway must not forget, and its tables.
#pragma once

#include <cairn/gateway/postgres_store.hpp>

#include "postgres.hpp"

namespace cairn::gateway {

/// Looks at the server behind a new connection, and makes the tables where there are none. It ends
/// with a commit: behind it, all that the server shows has reached a standby. Without one that is
/// attached the commit is not tried: it would wait, and hold a place on the server.
///
/// Statuses of PostgresStore::open().
Error adopt_server(PostgresConnection& connection, bool single, Deadline deadline);

/// Behind every use of a connection, in the same exchange: whether synchronous_standby_names is
/// set, and when this session has read its settings. Whoever empties synchronous_standby_names has
/// the commits that wait for a standby shown to everybody at once, without one. A session reads its
/// settings before it does anything else, so what it showed under the settings that it was adopted
/// with had reached a standby.
extern const char* const look_again;

/// What the rows of `look_again` say: ok; io, and then the connection is discarded.
Error judge_again(PostgresConnection& connection, const Rows& seen);

/// How it replicates now.
Error ask_replication(PostgresConnection& connection, Deadline deadline, Replication& out);

}  // namespace cairn::gateway
