#include "progress.hpp"

#include <unistd.h>

#include <cstdio>

#include "text.hpp"

namespace command {

namespace {

std::string duration(double seconds) {
  const auto whole = static_cast<uint64_t>(seconds + 0.5);
  if (whole >= 3600)
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
  if (whole >= 60) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole) + " s";
}

}  // namespace

Progress::Progress(std::string what, std::string unit, uint64_t total)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      began_(Clock::now()),
      drawn_(began_),
      terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

void Progress::at(uint64_t done) {
  if (!terminal_) return;
  const auto now = Clock::now();
  if (now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  visible_ = true;
  const std::string text = line(done, std::chrono::duration<double>(now - began_).count());
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
}

std::string Progress::line(uint64_t done, double seconds) const {
  const double rate = static_cast<double>(done) / seconds;
  std::string text = what_ + " ";
  if (total_ != 0) {
    constexpr unsigned width = 24;
    const uint64_t seen = done < total_ ? done : total_;
    const double share = static_cast<double>(seen) / static_cast<double>(total_);
    const auto filled = static_cast<size_t>(share * width);
    text += "[" + std::string(filled, '#') + std::string(width - filled, '.') + "] " +
            std::to_string(static_cast<unsigned>(share * 100)) + " %, ";
  } else {
    text += grouped(done) + " " + unit_ + ", ";
  }
  text += grouped(static_cast<uint64_t>(rate)) + " " + unit_ + "/s";
  if (total_ > done && rate > 0)
    text += ", " + duration(static_cast<double>(total_ - done) / rate) + " left";
  return text;
}

}  // namespace command
