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

/// How it replicates now.
Error ask_replication(PostgresConnection& connection, Deadline deadline, Replication& out);

}  // namespace cairn::gateway
