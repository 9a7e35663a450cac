#include <cairn/gateway/tile_source.hpp>
#include <cairn/linux/file.hpp>

#include "http_client.hpp"

namespace cairn::gateway {
namespace {

bool is_url(const std::string& place) {
  return place.rfind("http://", 0) == 0 || place.rfind("https://", 0) == 0;
}

}  // namespace

TileSource::TileSource(std::string place, std::string ca_file)
    : place_(std::move(place)), ca_file_(std::move(ca_file)) {
  while (place_.size() > 1 && place_.back() == '/')
    place_.pop_back();
}

Error TileSource::read(const std::string& name, size_t bytes_max, std::string& bytes) const {
  const std::string path = place_ + "/" + name;
  if (!is_url(place_)) return host::read_file(path, bytes_max, bytes);
  HttpRequest request;
  request.url = path;
  request.answer_bytes_max = bytes_max;
  request.ca_file = ca_file_;
  HttpAnswer answer;
  const Error error = send_request(request, answer);
  if (error.status == Status::full) return {Status::bad_argument, error.message};
  CAIRN_HOST_TRY(error);
  if (answer.status == 404) return {Status::not_found, path + " is not there."};
  if (answer.status != 200)
    return {Status::io, path + " answers " + std::to_string(answer.status) + "."};
  bytes = std::move(answer.body);
  return {};
}

}  // namespace cairn::gateway
