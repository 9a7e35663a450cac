// The worlds by their names, as replay strings have them.
#pragma once

#include "explore.hpp"
#include "log_world.hpp"

namespace powercut {

/// Three different memories in one program.
constexpr char several[] = "several";

/// The media of the world with this name; none when there is no such world.
inline std::vector<const Medium*> media_of(const std::string& name) {
  const auto find = [](const std::string& wanted) -> const Medium* {
    for (const auto* list : {&media(), &small_media()})
      for (const Medium& medium : *list)
        if (wanted == medium.name) return &medium;
    return wanted == lying_disk().name ? &lying_disk() : nullptr;
  };
  if (name == several) return {find("ecc16-held"), find("nor-page16"), find("file")};
  const Medium* medium = find(name);
  return medium == nullptr ? std::vector<const Medium*>{} : std::vector<const Medium*>{medium};
}

/// Lives one case of a log. The violation; nothing when all is well; "no such case".
inline std::string replay_log(const std::string& text) {
  std::string name;
  std::vector<Cut> cuts;
  const bool parsed = parse_case(text, name, cuts);
  const std::vector<const Medium*> list = media_of(name);
  return parsed && !list.empty() ? replay(LogWorld(list), cuts) : "no such case";
}

}  // namespace powercut
