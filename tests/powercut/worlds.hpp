// The worlds by their names, as replay strings have them.
#pragma once

#include "explore.hpp"
#include "log_world.hpp"
#include "recorder_world.hpp"

namespace powercut {

/// Three different memories in one program.
constexpr char several[] = "several";

inline const Medium* find_medium(const std::vector<Medium>& list, const std::string& name) {
  for (const Medium& medium : list)
    if (name == medium.name) return &medium;
  return nullptr;
}

/// The media of the logs with this name; none when there are no such logs.
inline std::vector<const Medium*> media_of(const std::string& name) {
  const auto find = [](const std::string& wanted) {
    const Medium* medium = find_medium(media(), wanted);
    if (medium == nullptr) medium = find_medium(small_media(), wanted);
    return medium == nullptr && wanted == lying_disk().name ? &lying_disk() : medium;
  };
  if (name == several) return {find("ecc16-held"), find("nor-page16"), find("file")};
  const Medium* medium = find(name);
  return medium == nullptr ? std::vector<const Medium*>{} : std::vector<const Medium*>{medium};
}

/// Calls `use` with the world of this name. False when there is none.
template <typename Use>
bool with_world(const std::string& name, const Use& use) {
  const Medium* recorder = find_medium(recorder_media(), name);
  const std::vector<const Medium*> logs = media_of(name);
  if (recorder != nullptr) use(RecorderWorld(*recorder));
  if (!logs.empty()) use(LogWorld(logs));
  return recorder != nullptr || !logs.empty();
}

/// Lives one case. The violation; nothing when all is well; "no such case".
inline std::string replay_case(const std::string& text) {
  std::string name, violation = "no such case";
  std::vector<Cut> cuts;
  if (parse_case(text, name, cuts))
    with_world(name, [&](auto world) { violation = replay(std::move(world), cuts); });
  return violation;
}

}  // namespace powercut
