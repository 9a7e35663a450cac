#include "explore.hpp"

#include <algorithm>

namespace powercut {

using fake::Operation;
using fake::Tear;

namespace {

constexpr char units[] = "gbu";
constexpr uint32_t few_pieces = 3;  // of a file: all their lots are tried
constexpr uint32_t draws = 24;      // else

// Places in a program call of `count` units at which it is interrupted.
std::vector<uint32_t> places(uint32_t count, bool ends) {
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < count; ++i) {
    const bool end = i < 2 || i + 2 >= count || i == count / 2;
    if (!ends || end) out.push_back(i);
  }
  return out;
}

}  // namespace

std::string Cut::text() const {
  const std::string number = std::to_string(op);
  const std::string place = std::to_string(tear.units_done);
  const char unit = units[int(tear.unit)];
  if (tear.draw != 0) return number + "f" + std::to_string(tear.draw);
  if (tear.erase != 0) return number + "e" + place + "s" + std::to_string(tear.erase);
  switch (tear.extent) {
    case Tear::Extent::none:
      return number + "n";
    case Tear::Extent::all:
      return number + "d";
    case Tear::Extent::in_order:
      return number + "i" + place + unit;
    case Tear::Extent::random_order:
      return number + "r" + place + unit;
    case Tear::Extent::page:
      return number + "p" + place + unit;
  }
  return "";
}

bool Cut::parse(const std::string& text) {
  unsigned long long number = 0;
  unsigned place = 0, value = 0;
  char style = 0, unit = 0, more = 0;
  const char* from = text.c_str();
  *this = {};
  if (std::sscanf(from, "%llu%c", &number, &style) != 2 || number == 0) return false;
  op = number;
  if (style == 'n' || style == 'd') {
    tear.extent = style == 'n' ? Tear::Extent::none : Tear::Extent::all;
    return std::sscanf(from, "%llu%c%c", &number, &style, &more) == 2;
  }
  if (style == 'f')
    return std::sscanf(from, "%lluf%u%c", &number, &tear.draw, &more) == 2 && tear.draw != 0;
  if (style == 'e') {
    const int found = std::sscanf(from, "%llue%us%u%c", &number, &place, &value, &more);
    tear.units_done = place;
    tear.erase = uint8_t(value);
    return found == 3 && value >= 1 && value <= 5;
  }
  if (std::sscanf(from, "%llu%c%u%c%c", &number, &style, &place, &unit, &more) != 4) return false;
  const char* which = std::strchr(units, unit);
  if (which == nullptr || *which == 0) return false;
  tear.unit = Tear::Unit(which - units);
  tear.units_done = place;
  tear.extent = style == 'i'   ? Tear::Extent::in_order
                : style == 'r' ? Tear::Extent::random_order
                               : Tear::Extent::page;
  return style == 'i' || style == 'r' || style == 'p';
}

Tears::Tears(const Medium& medium, const Operation& operation, bool ends) {
  if (medium.kind == CAIRN_FLASH_FILE) {
    add_file(operation);
  } else if (operation.kind == Operation::Kind::erase) {
    add_erase(medium, operation);
  } else {
    add_program(medium, operation, ends);
  }
}

void Tears::add_program(const Medium& medium, const Operation& operation, bool ends) {
  list_.push_back({Tear::Extent::none, 0, Tear::Unit::garbage, 0, 0});
  list_.push_back({Tear::Extent::all, 0, Tear::Unit::garbage, 0, 0});
  const uint32_t unit_styles = medium.kind == CAIRN_FLASH_ONCE ? 3 : 2;
  for (const uint32_t place : places(operation.parts, ends)) {
    const uint32_t at = operation.offset + place * medium.unit;
    const bool page_begins = medium.page > medium.unit && (place == 0 || at % medium.page == 0);
    for (uint32_t unit = 0; unit < unit_styles; ++unit) {
      const Tear::Unit style = Tear::Unit(unit);
      list_.push_back({Tear::Extent::in_order, place, style, 0, 0});
      if (operation.parts > 1 && medium.page != medium.unit)
        list_.push_back({Tear::Extent::random_order, place, style, 0, 0});
      if (page_begins) list_.push_back({Tear::Extent::page, place, style, 0, 0});
    }
  }
}

void Tears::add_erase(const Medium& medium, const Operation& operation) {
  list_.push_back({Tear::Extent::none, 0, Tear::Unit::garbage, 0, 0});
  if (medium.kind == CAIRN_FLASH_REWRITABLE) return;
  for (uint32_t sector = 0; sector < operation.parts; ++sector)
    for (uint8_t style = 1; style <= 5; ++style)
      list_.push_back({Tear::Extent::none, sector, Tear::Unit::garbage, style, 0});
}

void Tears::add_file(const Operation& operation) {
  if (operation.kind == Operation::Kind::sync)
    list_.push_back({Tear::Extent::all, 0, Tear::Unit::garbage, 0, 0});
  uint32_t count = draws;
  if (operation.parts <= few_pieces) {
    count = 1;
    for (uint32_t i = 0; i < operation.parts; ++i)
      count *= 3;
  }
  for (uint32_t draw = 1; draw <= count; ++draw)
    list_.push_back({Tear::Extent::none, 0, Tear::Unit::garbage, 0, draw});
}

bool Tears::next(Tear& out) {
  if (at_ == list_.size()) return false;
  out = list_[at_++];
  return true;
}

bool parse_case(const std::string& text, std::string& name, std::vector<Cut>& cuts) {
  size_t at = text.find('.');
  name = text.substr(0, at);
  cuts.clear();
  while (at != std::string::npos) {
    const size_t end = text.find('.', at + 1);
    Cut cut;
    if (!cut.parse(text.substr(at + 1, end == std::string::npos ? end : end - at - 1)))
      return false;
    cuts.push_back(cut);
    at = end;
  }
  return true;
}

}  // namespace powercut
