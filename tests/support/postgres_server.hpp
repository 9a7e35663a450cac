// PostgreSQL servers for tests: real ones, in a folder, reached by sockets in it alone, and gone
// when the test is.
#pragma once

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/prctl.h>
#include <sys/shm.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "support/host.hpp"

namespace postgres_tests {

using Settings = std::vector<std::string>;

/// The folder of the newest PostgreSQL's programs; empty when there is none.
inline std::string programs() {
  std::string newest;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    const std::string folder = version.path().string() + "/bin";
    if (host_tests::exists(folder + "/postgres") && folder > newest) newest = folder;
  }
  return newest;
}

/// Where the servers' files lie: in memory where that has room, for a new database is a thousand
/// files that are flushed one by one, and no test here cuts the power.
inline std::filesystem::path parent_folder() {
  constexpr uintmax_t room = uintmax_t{1} << 30;
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const auto space = std::filesystem::space(memory, error);
  const bool fits = !error && space.available >= room && access(memory.c_str(), W_OK) == 0;
  return fits ? memory : std::filesystem::temp_directory_path();
}

/// A folder that belongs to who runs the servers: PostgreSQL does not run as root.
class ServersFolder {
 public:
  static constexpr unsigned nobody = 65534;

  explicit ServersFolder(const std::filesystem::path& parent = parent_folder()) : folder_(parent) {
    if (geteuid() == 0 && chown(folder_.path().c_str(), nobody, nobody) != 0) {
      throw std::runtime_error("cannot give away a folder");
    }
  }
  const std::string& path() const { return folder_.path(); }

  /// Starts a program as that user; its output goes to `log`. It ends when this thread ends.
  pid_t start(const std::vector<std::string>& arguments, const std::string& log) const {
    const pid_t child = fork();
    if (child != 0) return child;
    const bool is_root = geteuid() == 0;
    if (is_root && (setgid(nobody) != 0 || setuid(nobody) != 0)) _exit(126);
    (void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(output, 1);
    dup2(output, 2);
    (void)!chdir(path().c_str());
    std::vector<char*> words;
    for (const std::string& argument : arguments)
      words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    execv(words[0], words.data());
    _exit(127);
  }

  void run(const std::vector<std::string>& arguments) const {
    const std::string log = path() + "/run.log";
    int status = 0;
    waitpid(start(arguments, log), &status, 0);
    if (status == 0) return;
    std::ifstream file(log);
    throw std::runtime_error(arguments[0] + " failed:\n" +
                             std::string(std::istreambuf_iterator<char>(file), {}));
  }

 private:
  host_tests::TemporaryFolder folder_;
};

class Server {
 public:
  Server(const ServersFolder& folder, std::string name)
      : folder_(folder), name_(std::move(name)), home_(folder.path() + "/" + name_) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() { end(SIGQUIT); }

  /// For libpq: where it listens.
  const std::string& host() const { return home_; }
  std::string connection() const { return "host=" + home_ + " user=cairn dbname=postgres"; }

  /// Makes an empty database and starts it.
  void make(const Settings& settings) {
    make_home();
    folder_.run({programs() + "/initdb", "-D", data(), "-U", "cairn", "-A", "trust", "-N",
                 "--no-instructions", "--locale=C", "-E", "UTF8"});
    configure(settings);
    start();
  }

  /// Makes a copy of a server that runs, and starts it as its standby.
  void follow(const Server& primary, const Settings& settings) {
    make_home();
    folder_.run({programs() + "/pg_basebackup", "-D", data(), "-d", primary.connection(), "-N",
                 "-c", "fast", "-X", "stream"});
    folder_.run({"/usr/bin/touch", data() + "/standby.signal"});
    configure(settings, &primary);
    start();
  }

  /// Replaces all settings; a server that runs takes them over.
  void configure(const Settings& settings, const Server* primary = nullptr) {
    std::string text = "listen_addresses = ''\nunix_socket_directories = '" + home_ +
                       "'\nshared_buffers = 32MB\nmax_connections = 60\nwal_keep_size = 64MB\n"
                       "max_wal_size = 128MB\ndynamic_shared_memory_type = mmap\n"
                       "wal_retrieve_retry_interval = 100\nmax_wal_senders = 4\n";
    if (primary != nullptr) {
      text += "primary_conninfo = '" + primary->connection() + " application_name=" + name_ + "'\n";
    }
    for (const std::string& setting : settings)
      text += setting + "\n";
    host_tests::write(data() + "/postgresql.conf", text);
    if (process_ > 0) ::kill(process_, SIGHUP);
  }

  void start() {
    process_ = folder_.start({programs() + "/postgres", "-D", data()}, home_ + "/log");
    wait_for("SELECT 1", "1");
  }
  void stop() { end(SIGINT); }
  void kill() {
    // The one thing that it leaves behind outside its folder: a segment of shared memory.
    std::ifstream file(data() + "/postmaster.pid");
    std::string word;
    for (int line = 0; line < 6; ++line)
      std::getline(file, word);
    int key = 0, segment = -1;
    file >> key >> segment;
    end(SIGKILL);
    if (segment >= 0) shmctl(segment, IPC_RMID, nullptr);
  }

  /// The first field that a query returns; "" when the server does not answer.
  std::string ask(const std::string& query) const {
    PGconn* const connection = PQconnectdb(connection_quickly().c_str());
    PGresult* const result = PQexec(connection, query.c_str());
    const bool is_there = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
    std::string answer = is_there ? PQgetvalue(result, 0, 0) : "";
    PQclear(result);
    PQfinish(connection);
    return answer;
  }

  /// Asks until the answer is the one that is waited for.
  void wait_for(const std::string& query, const std::string& answer) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (ask(query) != answer) {
      if (std::chrono::steady_clock::now() > end) {
        throw std::runtime_error(name_ + " does not come to answer " + query + " with " + answer);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

 private:
  std::string data() const { return home_ + "/data"; }
  std::string connection_quickly() const { return connection() + " connect_timeout=2"; }

  void make_home() { folder_.run({"/usr/bin/mkdir", "-m", "0755", home_}); }

  void end(int signal) {
    if (process_ <= 0) return;
    ::kill(process_, signal);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }

  const ServersFolder& folder_;
  std::string name_;
  std::string home_;
  pid_t process_ = 0;
};

/// A primary that commits on its standby too, which is called "b".
struct Pair {
  Server primary, standby;

  Pair(const ServersFolder& folder, Settings settings)
      : primary(folder, "a"), standby(folder, "b") {
    primary.make(settings);
    standby.follow(primary, settings);
    settings.push_back("synchronous_standby_names = 'b'");
    primary.configure(settings);
    primary.wait_for("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", "1");
  }
};

}  // namespace postgres_tests
