// A client's connection to an HTTP server on 127.0.0.1 that stays open from request to request, as
// those of devices do.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace test {

class HttpConnection {
 public:
  explicit HttpConnection(uint16_t port) : port_(port) {}
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection() { close(); }

  /// The status, and the body in `answer`; 0 when the connection broke, or nothing came for half a
  /// minute. The next request opens another one.
  int get(const std::string& path, std::string& answer) { return ask("GET " + path, "", answer); }
  int post(const std::string& path, const std::string& body, std::string& answer) {
    return ask("POST " + path, body, answer);
  }

 private:
  int ask(const std::string& what, const std::string& body, std::string& answer) {
    if (socket_ < 0 && !open()) return 0;
    const std::string request =
        what + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    const bool sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) ==
                      static_cast<ssize_t>(request.size());
    const int status = sent ? receive(answer) : 0;
    if (status == 0) close();
    return status;
  }

  bool open() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    const timeval patience = {30, 0};
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return true;
    close();
    return false;
  }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  int receive(std::string& answer) {
    std::string text;
    char buffer[4096];
    for (;;) {
      const size_t head = text.find("\r\n\r\n");
      if (head != std::string::npos) {
        const size_t at = text.find("Content-Length: ");
        const size_t length = at == std::string::npos ? 0 : std::stoul(text.substr(at + 16));
        if (text.size() >= head + 4 + length) {
          answer = text.substr(head + 4, length);
          return std::stoi(text.substr(9, 3));
        }
      }
      const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) return 0;
      text.append(buffer, static_cast<size_t>(count));
    }
  }

  const uint16_t port_;
  int socket_ = -1;
};

}  // namespace test
